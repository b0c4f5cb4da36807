"""From a source that cannot be compiled to a plugin that runs, once for all who want it."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from engine.home import find_home
from engine.pipeline.definition import FailurePolicy
from engine.pipeline.plan import PluginPlan, user_plugin
from engine.pipeline.policies import NEVER, Rules
from engine.pipeline.steps.cancellation import Cancellation, ExecutionCancelled
from engine.wasm.components.building import BUILDING, build_component
from engine.wasm.components.host import ComponentHost
from engine.wasm.components.stage import ComponentPlugin
from engine.wasm.errors import GuestCancelled, PluginError
from engine.wasm.host import Host
from engine.wasm.limits import Watch
from engine.wasm.plugins.build import SLOWER, build_plugin
from engine.wasm.plugins.conformance import check_plugin
from engine.wasm.plugins.library import PluginLibrary
from engine.wasm.plugins.package import read_package
from engine.wasm.private_files import PrivateFiles
from tests.conftest import REPOSITORY
from tests.engine.wasm.components.sources import READS, READS_MANIFEST
from tests.guests import batch_of, manifest_for, reads_in
from tests.naive_parser import Read

ONE_OF_TWO = """
import sys, time
from pathlib import Path
from engine.wasm.components.host import ComponentHost
from engine.wasm.components.stage import ComponentPlugin
from engine.wasm.private_files import PrivateFiles
folder, log = Path(sys.argv[1]), Path(sys.argv[2])
def make():
    with log.open("a") as file:
        file.write("made\\n")
    return b"thing"
host = ComponentHost(folder)
print("ready", flush=True)
sys.stdin.readline()
assert host.kept(PrivateFiles(folder, ".wasm", 5), "key", make, lambda: None) == b"thing"
"""


def plugin_folder(folder: Path, text: str, **changes: Any) -> Path:
    folder.mkdir()
    manifest = manifest_for(b"", **(READS_MANIFEST | changes)).model_dump(mode="json", exclude_defaults=True)
    (folder / "plugin.toml").write_text(tomli_w.dumps(manifest), "utf-8")
    (folder / "plugin.py").write_text(text, "utf-8")
    return folder


def test_the_reason_and_the_cost_are_told_and_the_plugin_behaves(
    tmp_path: Path, components: ComponentHost, reads_component: bytes
) -> None:
    told: list[str] = []
    folder = plugin_folder(tmp_path / "guest", READS)
    assert build_plugin(folder, told.append, components).read_bytes() == reads_component
    line = READS.splitlines().index("import collections") + 1
    assert told[0].startswith(f"guest: plugin.py, line {line}: only functions, constants, 'import math'")
    assert told[0].endswith(SLOWER)
    package = read_package(folder)
    assert [finding.trouble for finding in check_plugin(Host(None), package, components=components)] == [""] * 7


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def process(bases) -> bool:\n    return basis.count(b'A') > {}\n", "line 2: there is nothing of the name"),
        (
            "import numpy\ndef process(bases) -> bool:\n    return {} == bases\n",
            "line 1: there is no module numpy",
        ),
        ("import re\ndef process(bases) -> tuple[int, int]:\n    return 0, 1\n", "name trim among the changes"),
    ],
)
def test_what_is_wrong_either_way_is_not_built(
    tmp_path: Path, components: ComponentHost, text: str, words: str
) -> None:
    told: list[str] = []
    with pytest.raises(PluginError, match=words):
        build_plugin(plugin_folder(tmp_path / "guest", text), told.append, components)
    assert BUILDING not in told


def test_what_goes_wrong_while_the_source_is_loaded_is_told_with_its_line(tmp_path: Path) -> None:
    text = "import re\nX = {}\nMOTIF = re.compile(X['no'])\ndef process(bases) -> bool:\n    return True\n"
    with pytest.raises(PluginError, match=r"guest: plugin\.py, line 3: KeyError: 'no'\."):
        build_component(text, manifest_for(b""), ComponentHost(tmp_path))
    assert not list(tmp_path.glob("*.wasm"))


def test_building_can_be_called_off(tmp_path: Path) -> None:
    watch, told = Watch(), []

    def tell(words: str) -> None:
        told.append(words)
        watch.cancel()

    with pytest.raises(GuestCancelled):
        build_component("import re\n\ndef process(bases) -> bool:\n    return True\n", manifest_for(b""),
                        ComponentHost(tmp_path), tell, watch)  # fmt: skip
    assert told == [BUILDING]


def test_compiled_code_that_was_changed_is_not_run(
    tmp_path: Path, components: ComponentHost, documents_component: bytes
) -> None:
    from wasmtime import wat2wasm

    small = bytes(wat2wasm("(component)"))
    told: list[str] = []
    ComponentHost(tmp_path / "own").component("guest", small, told.append)
    ComponentHost(tmp_path / "own").component("guest", small, told.append)
    assert len(told) == 1
    entry = next((tmp_path / "own").glob("*.cwasm"))
    entry.write_bytes(entry.read_bytes()[:-1] + b"\1")
    ComponentHost(tmp_path / "own").component("guest", small, told.append)
    assert len(told) == 2
    PrivateFiles(tmp_path / "own", ".cwasm", 5).write(entry, b"made on another processor")
    for _ in range(2):
        ComponentHost(tmp_path / "own").component("guest", small, told.append)
    assert len(told) == 3


def test_those_wanted_last_are_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wasmtime import wat2wasm

    monkeypatch.setattr("engine.wasm.components.host._MOST_LOADED", 2)
    host = ComponentHost(tmp_path / "own")
    first, second, third = (bytes(wat2wasm(f"(component {inner})")) for inner in ("", "(component)", "(core module)"))
    kept = [host.component("guest", wasm) for wasm in (first, second)]
    assert host.component("guest", first) is kept[0]
    host.component("guest", third)  # for which the second makes room
    assert host.component("guest", first) is kept[0]
    assert host.component("guest", second) is not kept[1]


def test_threads_that_want_the_same_make_it_once(tmp_path: Path) -> None:
    host, made, results = ComponentHost(tmp_path / "own"), [], []
    first_is_at_it, may_end = threading.Event(), threading.Event()

    def make() -> bytes:
        made.append(1)
        first_is_at_it.set()
        assert may_end.wait(30)
        return b"thing"

    def want() -> None:
        results.append(host.kept(PrivateFiles(host.folder, ".wasm", 5), "key", make, may_end.set))

    threads = [threading.Thread(target=want) for _ in range(2)]
    threads[0].start()
    assert first_is_at_it.wait(30)
    threads[1].start()  # which waits, and lets the first one end by waiting
    for thread in threads:
        thread.join()
    assert (made, results) == ([1], [b"thing"] * 2)


def test_processes_that_want_the_same_make_it_once(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir(mode=0o700)
    command = [sys.executable, "-c", ONE_OF_TWO, str(tmp_path / "own"), str(tmp_path / "log")]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY, text=True)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [(process.communicate()[0], process.returncode) for process in both] == [("", 0)] * 2
    assert (tmp_path / "log").read_text() == "made\n"


def test_who_waits_can_be_called_off(tmp_path: Path) -> None:
    host, waiting, done = ComponentHost(tmp_path / "own"), threading.Event(), threading.Event()

    def make() -> bytes:
        waiting.set()
        assert done.wait(30)
        return b"thing"

    first = threading.Thread(target=host.kept, args=[PrivateFiles(host.folder, ".wasm", 5), "key", make, lambda: None])
    first.start()
    assert waiting.wait(30)

    def stop() -> None:
        raise GuestCancelled("it was called off", plugin="guest", export="the build")

    with pytest.raises(GuestCancelled):
        host.kept(PrivateFiles(host.folder, ".wasm", 5), "other", lambda: b"", stop)
    done.set()
    first.join()


def test_installed_it_is_a_stage_of_pipelines(
    tmp_path: Path, components: ComponentHost, reads_component: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.wasm.plugins.opening.application_components", lambda: components)
    folder = plugin_folder(tmp_path / "guest", READS)
    build_plugin(folder, components=components)
    PluginLibrary(find_home()).install(folder)
    reads = [Read(b"one", b"ACGT", b"FFFF"), Read(b"two", b"GGCCA", b"##F##")]
    rules = Rules("guest", "guest", "guest", FailurePolicy(), NEVER)

    plugin = user_plugin("guest", {})
    assert isinstance(plugin, ComponentPlugin)
    step = PluginPlan(rules, plugin).build({}, Cancellation())
    kept = step.process(batch_of(reads), NEVER)
    step.close()
    assert reads_in(kept) == reads[1:]

    endless = user_plugin("guest", {"what": "filter spin"})
    assert isinstance(endless, ComponentPlugin)
    cancellation = Cancellation()
    step = PluginPlan(rules, endless).build({}, cancellation)
    timer = threading.Timer(0.2, cancellation.cancel)
    timer.start()
    with pytest.raises(ExecutionCancelled):
        step.process(batch_of(reads), NEVER)
    step.close()
    timer.join()
