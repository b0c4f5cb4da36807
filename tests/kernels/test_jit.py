from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

import kernels
from kernels import select
from kernels.collectors import bases
from kernels.jit import COMPILES, cache_folder, registered
from kernels.parse import lines
from kernels.select import has_vectors

REPOSITORY = Path(kernels.__path__[0]).parent

for module in pkgutil.walk_packages(kernels.__path__, "kernels."):
    if not module.name.startswith("kernels.cuda."):  # which has kernels of its own
        importlib.import_module(module.name)


def run_python(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    child = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    return child.stdout.strip()


@pytest.mark.skipif(not COMPILES, reason="not on this platform: the compiler is switched off")
@pytest.mark.timeout(600)  # all are compiled, where none is in the cache yet
def test_every_kernel_can_be_made_ready_and_runs_without_the_gil() -> None:
    names, functions = set(), set()
    for compiled in registered():
        compiled.prepare()
        assert compiled.dispatcher.nopython_signatures
        assert compiled.dispatcher.targetoptions["nogil"]
        names.add(compiled.name)
        functions.add(compiled.dispatcher)
    assert {"line_index", "record_table", "base_counts", "quality_counts"} <= names
    assert len(names) == len(functions), "two kernels of one name"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANESCOPE_KERNEL_CACHE": "chosen", "LANESCOPE_HOME": "home"}, Path("chosen")),
        ({"LANESCOPE_HOME": "home"}, Path("home", "cache", "kernels")),
    ],
)
def test_the_cache_is_where_the_user_wants_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: Path
) -> None:
    monkeypatch.delenv("LANESCOPE_KERNEL_CACHE", raising=False)
    monkeypatch.delenv("LANESCOPE_HOME", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_folder().parent == expected


def test_the_cache_is_else_the_user_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANESCOPE_KERNEL_CACHE", raising=False)
    monkeypatch.delenv("LANESCOPE_HOME", raising=False)
    assert cache_folder().parent == platformdirs.user_cache_path("lanescope") / "kernels"


def test_each_place_of_the_sources_has_a_cache_of_its_own(tmp_path: Path) -> None:
    """What is ready at one place would pass for ready at the other, and be compiled by its first run."""
    shutil.copytree(REPOSITORY / "kernels", tmp_path / "kernels", ignore=shutil.ignore_patterns("__pycache__"))
    code = "import sys; sys.path.insert(0, {!r}); from kernels import jit; print(jit.cache_folder())"
    here, there = (Path(run_python(code.format(str(place)))) for place in (REPOSITORY, tmp_path))
    assert here.parent == there.parent
    assert here != there


@pytest.mark.skipif(not COMPILES, reason="not on this platform: the compiler is switched off")
def test_probes_are_indexed_by_the_kernel_that_is_made_ready() -> None:
    code = """
from kernels import jit
from kernels.collectors import probes
[ready] = [each for each in jit.registered() if each.name == "word_hashes"]
ready.prepare()
probes.probe_index([b"AGATCGGAAGAGC"])
print(len(ready.dispatcher.signatures))
"""
    assert run_python(code) == "1"


def test_the_portable_kernels_run_where_there_is_no_compiler() -> None:
    code = """
import numpy as np
from kernels import jit, select
from kernels.collectors import bases
from kernels.parse import lines
assert not jit.COMPILES and not select.has_vectors() and not list(jit.registered())
assert select.line_index is lines.line_index_portable
assert select.base_counts is bases.base_counts_portable
newlines, oddities = np.empty((2, 4), np.int32)
print(select.line_index(np.frombuffer(b"A\\n \\n", np.uint8), 4, newlines, oddities), newlines[:2], oddities[:1])
"""
    assert run_python(code, NUMBA_DISABLE_JIT="1") == "(2, 1) [1 3] [2]"


def test_the_chosen_kernels_are_those_that_run_here() -> None:
    vectors = has_vectors()
    assert select.line_index is (lines.line_index if vectors else lines.line_index_portable)
    assert select.base_counts is (bases.base_counts if vectors else bases.base_counts_portable)
    assert COMPILES or not vectors


@pytest.mark.skipif(not COMPILES, reason="not on this platform: the compiler is switched off")
def test_what_was_made_ready_is_not_compiled_again_by_a_call_of_another_process(tmp_path: Path) -> None:
    cache = {"LANESCOPE_KERNEL_CACHE": str(tmp_path)}
    ready = (
        "from kernels import jit\n"
        "import kernels.collectors.histograms\n"
        "[each.prepare() for each in jit.registered() if each.name == {!r}]"
    )
    run_python(ready.format("length_counts"), **cache)
    call = (
        "import numpy as np\n"
        "from kernels.collectors.histograms import length_counts as count\n"
        "count(np.zeros(3, np.int32), np.zeros(1, np.int64))\n"
        "print(sum(count.stats.cache_hits.values()), sum(count.stats.cache_misses.values()))"
    )
    assert run_python(call, **cache) == "1 0"
    assert run_python(call, LANESCOPE_KERNEL_CACHE=str(tmp_path / "other")) == "0 1"
