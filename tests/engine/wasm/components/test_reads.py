"""Python plugins that cannot be compiled, over reads."""

from __future__ import annotations

import re
import threading
from typing import Any

import numpy as np
import psutil
import pytest

from engine.wasm.components.host import ComponentHost
from engine.wasm.components.stage import ComponentPlugin
from engine.wasm.errors import GuestCancelled, GuestTimeout, GuestTrap, ModuleRefused, OutputRefused, PluginError
from engine.wasm.host import Host
from engine.wasm.limits import Watch
from engine.wasm.plugins.conformance import make_batch, rows_of
from engine.wasm.plugins.opening import open_read_plugin
from engine.wasm.python.compiling import compile_python
from engine.wasm.stage.stage import StagePlugin
from tests.engine.wasm.components.sources import READS, READS_MANIFEST, TYPED
from tests.guests import batch_of, manifest_for, reads_in
from tests.naive_parser import Read

SOME = [Read(b"one", b"ACGT", b"FFFF"), Read(b"x\xe9", b"", b""), Read(b"two", b"GGCCA", b"##F##")]
METRIC = [{"name": "value", "kind": "per_read", "high": 60}]


@pytest.fixture
def plugin(components: ComponentHost, reads_component: bytes) -> Any:
    def make(what: str, values: dict[str, object] | None = None, **changes: Any) -> ComponentPlugin:
        manifest = manifest_for(reads_component, **(READS_MANIFEST | changes))
        return ComponentPlugin(components, manifest, reads_component, {"what": what, **(values or {})}, reason=7)

    return make


@pytest.mark.parametrize(
    ("kind", "function", "returns", "changes"),
    [
        ("filter", "filtered", "bool", {}),
        ("metric", "measured", "float", {"changes": [], "metrics": METRIC}),
        ("trim", "trimmed", "tuple[int, int]", {"changes": ["trim"]}),
    ],
)
def test_the_same_function_does_the_same_compiled_and_not(
    plugin: Any, host: Host, kind: str, function: str, returns: str, changes: dict[str, Any]
) -> None:
    call = f"return {function}(name, bases, qualities, least, share)"
    text = f"{TYPED}\ndef process(name, bases, qualities, least: int, share: float) -> {returns}:\n    {call}\n"
    settings = [each for each in READS_MANIFEST["parameters"] if each["name"] in ("least", "share")]
    manifest = manifest_for(b"", **({"parameters": settings} | changes))
    compiled = StagePlugin(host, manifest, compile_python(text, manifest), {"share": 0.4}, reason=7)
    slow = plugin(f"{kind} {function}", {"share": 0.4}, **changes)
    for number, reads in enumerate((400, 1, 0)):
        batch = make_batch(reads, 150, number=number)
        with compiled.open() as fast_stage, slow.open() as slow_stage:
            fast, other = fast_stage.process(batch), slow_stage.process(batch)
        assert rows_of(fast.batch) == rows_of(other.batch)
        assert fast.metrics.raw() == other.metrics.raw()


def test_what_no_compiler_takes_is_run(plugin: Any) -> None:
    with plugin("filter motif").open() as stage:
        assert reads_in(stage.process(batch_of(SOME)).batch) == SOME[2:]


def test_parameters_and_parts_come_as_they_are_declared(plugin: Any) -> None:
    words = r"Refused: \[b'x\\xe9', b'', -3, 0\.5, 0, 'b', False\] \(read 1\)"
    made = plugin("tell", {"least": -3, "which": "a", "on": False})
    with made.open() as stage, pytest.raises(PluginError, match=words):
        stage.process(batch_of(SOME[1:2]))


def test_nothing_leaves_reads_as_they_are(plugin: Any) -> None:
    for kind, changes in (("filter", ["keep"]), ("trim", ["trim"]), ("nothing", [])):
        with plugin(f"{kind} nothing", changes=changes).open() as stage:
            assert reads_in(stage.process(batch_of(SOME)).batch) == SOME
    with plugin("filter some_nothing").open() as stage:
        assert reads_in(stage.process(batch_of(SOME)).batch) == [SOME[0], SOME[2]]
    with plugin("trim bounds_or_nothing", changes=["trim"]).open() as stage:
        assert reads_in(stage.process(batch_of(SOME[::2])).batch) == [Read(b"one", b"C", b"F"), SOME[2]]
    with plugin("metric some_nothing", metrics=METRIC, changes=[]).open() as stage:
        value = stage.process(batch_of(SOME)).metrics.values()["value"]
        assert (value.count, value.least, value.most) == (2, 0, 1)


def test_dropped_reads_are_not_shown_and_mates_are(plugin: Any) -> None:
    from dataclasses import replace

    batch = make_batch(300, 150)
    dropped = (np.arange(300) % 3 == 0).astype(np.uint8) * np.uint8(200)
    with plugin("filter motif").open() as stage:
        whole = stage.process(batch).batch
        some = stage.process(replace(batch, dropped=dropped)).batch
        pairs = stage.process(replace(batch, mate=make_batch(300, 150, number=1))).batch
        mates = stage.process(make_batch(300, 150, number=1)).batch
    assert rows_of(some) == [
        (200, *row[1:]) if gone else row for row, gone in zip(rows_of(whole), dropped, strict=True)
    ]
    assert pairs.mate is not None
    assert (rows_of(pairs), rows_of(pairs.mate)) == (rows_of(whole), rows_of(mates))


def test_large_batches_go_in_portions(plugin: Any) -> None:
    batch = make_batch(9_000, 150, shortest=140)
    with plugin("filter motif", {"least": 0}).open() as stage:
        whole = rows_of(stage.process(batch).batch)
        halves = [rows_of(stage.process(batch.rows(part)).batch) for part in (slice(0, 4500), slice(4500, 9000))]
    assert whole == halves[0] + halves[1]


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        ("read_file", "open: a plugin gets no files"),
        ("list_files", r"os\.listdir: a plugin gets no files"),
        ("dial", r"socket\.create_connection: a plugin gets no network"),
        ("look_around", r"os\.environ: a plugin gets no environment"),
        ("ask_the_time", r"time\.time: a plugin gets no clock"),
        ("roll", r"random\.random: a plugin gets no randomness"),
        ("say", "print: a plugin gets no terminal"),
        ("run", "OSError"),
        ("fork", "fork"),
        ("leave", "SystemExit: 3"),
        ("import_late", "import it at the top"),
    ],
)
def test_what_is_outside_is_refused_at_the_line_that_asks(plugin: Any, attempt: str, words: str) -> None:
    line = next(number for number, text in enumerate(READS.splitlines(), 1) if text == f"def {attempt}(_):")
    with plugin(f"filter {attempt}").open() as stage, pytest.raises(PluginError, match=words) as caught:
        stage.process(batch_of(SOME))
    assert any(f"guest: it cannot go on: plugin.py, line {line + more}:" in str(caught.value) for more in (1, 2))
    assert str(caught.value).endswith("(read 1).")


@pytest.mark.parametrize(("attempt", "what"), [("ask_the_date", "the clock"), ("roll_deeper", "randomness")])
def test_what_slips_past_the_words_is_refused_all_the_same(plugin: Any, attempt: str, what: str) -> None:
    with (
        plugin(f"filter {attempt}").open() as stage,
        pytest.raises(GuestTrap, match=rf"guest: process stopped: it asked for {what}, which plugins do not get\.$"),
    ):
        stage.process(batch_of(SOME))


def test_randomness_of_ones_own_is_fine(plugin: Any) -> None:
    with plugin("filter roll_of_ones_own").open() as stage:
        assert reads_in(stage.process(batch_of(SOME)).batch) == SOME


def test_exceptions_are_told_with_read_and_line_and_harm_nothing(plugin: Any) -> None:
    line = READS.splitlines().index('        raise Refused("too long: " + json.dumps(bases.decode()))') + 1
    words = f'guest: it cannot go on: plugin.py, line {line}: Refused: too long: "GGCCA" (read 103).'
    with plugin("filter boom").open() as stage:
        for _ in range(2):
            assert reads_in(stage.process(batch_of(SOME[:2])).batch) == SOME[:2]
            with pytest.raises(PluginError, match=f"^{re.escape(words)}$"):
                stage.process(batch_of(SOME, first_record=100))


@pytest.mark.parametrize("what", ["spin", "backtrack"])
def test_endless_loops_end(plugin: Any, what: str) -> None:
    limits = {"memory_mib": 128, "call_seconds": 0.2}
    with plugin(f"filter {what}", limits=limits).open() as stage, pytest.raises(GuestTimeout, match="its time was up"):
        stage.process(batch_of(SOME))


def test_a_running_plugin_can_be_called_off(plugin: Any) -> None:
    watch = Watch()
    threading.Timer(0.3, watch.cancel).start()
    with plugin("filter spin").open(watch) as stage, pytest.raises(GuestCancelled):
        stage.process(batch_of(SOME))
    with plugin("filter motif").open(watch) as stage, pytest.raises(GuestCancelled):
        stage.process(batch_of(SOME))


def test_bombs_go_off_inside(plugin: Any) -> None:
    with plugin("filter bomb").open() as stage, pytest.raises(PluginError, match="it needs more memory than its limit"):
        stage.process(batch_of(SOME))
    with plugin("filter deep").open() as stage, pytest.raises(PluginError, match="RecursionError"):
        stage.process(batch_of(SOME))
    with plugin("filter nested").open() as stage, pytest.raises((GuestTrap, PluginError)):
        stage.process(batch_of(SOME))
    with pytest.raises(ModuleRefused, match="does not fit its limits of 4 MiB of memory"):
        plugin("filter motif", limits={"memory_mib": 4, "call_seconds": 9}).open().process(batch_of(SOME))


@pytest.mark.parametrize(
    ("what", "changes", "words"),
    [
        ("metric bad_word", {"metrics": METRIC}, r"process returned 'yes', and says that it returns bool \(read 1\)"),
        ("trim bad_word", {"changes": ["trim"]}, "process returned 'yes'"),
        ("trim bad_bounds", {"changes": ["trim"]}, "from base 3 up to base 1 of 4"),
        ("trim past_the_end", {"changes": ["trim"]}, "from base 0 up to base 1,000 of 4"),
        ("metric endless", {"metrics": METRIC}, "a metric is infinite"),
        ("metric huge", {"metrics": METRIC}, "makes no sense"),
        ("metric filtered", {"metrics": []}, "read_metrics is not 0 lists"),
    ],
)
def test_results_that_make_no_sense_are_refused(plugin: Any, what: str, changes: dict[str, Any], words: str) -> None:
    with plugin(what, **changes).open() as stage, pytest.raises((OutputRefused, PluginError), match=words):
        stage.process(batch_of(SOME))


def test_what_components_cannot_do_is_refused(plugin: Any, components: ComponentHost, reads_component: bytes) -> None:
    with pytest.raises(ModuleRefused, match="a component cannot change names"):
        plugin("filter motif", changes=["names"])
    with pytest.raises(PluginError, match="the parameter least cannot be set so"):
        plugin("filter motif", {"least": "many"})
    manifest = manifest_for(reads_component, capabilities=["log"])
    with pytest.raises(PluginError, match="it asks for log, which components are not given"):
        open_read_plugin(Host(None), manifest, reads_component, components=components)


def test_many_traps_and_many_batches_leave_nothing(plugin: Any) -> None:
    traps, spins = plugin("filter roll_deeper"), plugin("filter motif")
    batch = make_batch(50, 100)

    def turns(count: int) -> None:
        with traps.open() as stage, spins.open() as healthy:
            for _ in range(count):
                with pytest.raises(GuestTrap):
                    stage.process(batch)
                healthy.process(batch)

    process = psutil.Process()
    turns(30)
    before = process.memory_info().rss
    turns(150)
    assert process.memory_info().rss - before < 64 << 20


def test_threads_do_not_get_in_each_others_way(plugin: Any) -> None:
    made, batch = plugin("filter motif"), make_batch(200, 150)
    failing = plugin("filter roll_deeper")
    with made.open() as stage:
        expected = rows_of(stage.process(batch).batch)
    wrong: list[object] = []

    def work(number: int) -> None:
        with (failing if number % 2 else made).open() as stage:
            for _ in range(20):
                try:
                    if rows_of(stage.process(batch).batch) != expected:
                        wrong.append(number)
                except GuestTrap as error:
                    if not number % 2:
                        wrong.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
