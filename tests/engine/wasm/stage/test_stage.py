from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.batch import PADDING
from engine.wasm.errors import GuestTimeout, GuestTrap, ModuleRefused, OutputRefused, PluginError
from engine.wasm.host import Host
from engine.wasm.limits import Watch
from tests.guests import batch_of, column, reads_in, stage_module, stage_of, wasm_of
from tests.naive_parser import Read

READS = [Read(b"r%d" % number, b"ACGTACGTAC"[: number + 1], b"FFFFF#####"[: number + 1]) for number in range(10)]

KEEP, TRIM_START, TRIM_END, NEW_NAME, NEW_LENGTH = 40, 44, 48, 52, 56
METRICS, READ_METRICS, MESSAGE = 72, 80, 88


def test_a_plugin_that_does_nothing_changes_nothing(host: Host) -> None:
    batch = batch_of(READS)
    with stage_of(host, stage_module()).open() as stage:
        output = stage.process(batch)
    assert output.batch is batch


def test_dropped_reads_stay_in_their_row_with_the_reason(host: Host) -> None:
    wasm = stage_module(f"(i32.store8 {column(KEEP, 2, 1)} (i32.const 0)) (i32.const 0)")
    batch = replace(batch_of(READS), dropped=np.array([0, 9, 0, 0, 0, 0, 0, 0, 0, 0], np.uint8))
    with stage_of(host, wasm, reason=5).open() as stage:
        dropped = stage.process(batch).batch.dropped
    assert dropped is not None
    assert dropped.tolist() == [0, 9, 5, 0, 0, 0, 0, 0, 0, 0]


def test_reads_dropped_before_come_with_keep_0_and_stay_dropped(host: Host) -> None:
    process = f"""(if (i32.load8_u {column(KEEP, 1, 1)}) (then unreachable))
        (i32.store8 {column(KEEP, 1, 1)} (i32.const 1)) (i32.const 0)"""
    batch = replace(batch_of(READS[:2]), dropped=np.array([0, 3], np.uint8))
    with stage_of(host, stage_module(process)).open() as stage:
        dropped = stage.process(batch).batch.dropped
    assert dropped is not None
    assert dropped.tolist() == [0, 3]


def test_trimming_moves_columns_only(host: Host) -> None:
    process = f"""(i32.store {column(TRIM_START, 9)} (i32.const 2)) (i32.store {column(TRIM_END, 9)} (i32.const 7))
        (i32.store {column(TRIM_END, 0)} (i32.const 0)) (i32.const 0)"""
    batch = batch_of(READS)
    with stage_of(host, stage_module(process), changes=["trim"]).open() as stage:
        trimmed = stage.process(batch).batch
    assert trimmed.buffer is batch.buffer
    assert reads_in(trimmed) == [Read(b"r0", b"", b""), *READS[1:9], Read(b"r9", b"GTACG", b"FFF##")]


def test_batches_from_the_middle_of_a_buffer_and_after_trimming_are_seen_right(host: Host) -> None:
    # Upper case to lower case in place, which shows what the guest took for bases.
    lower = """(block $done (loop $reads
        (br_if $done (i32.ge_u (local.get $i) (i32.load offset=8 (local.get $batch))))
        (local.set $n (i32.add (i32.load offset=16 (local.get $batch)) (i32.load (i32.add
            (i32.load offset=28 (local.get $batch)) (i32.shl (local.get $i) (i32.const 2))))))
        (i32.store8 (local.get $n) (i32.or (i32.load8_u (local.get $n)) (i32.const 32)))
        (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $reads))) (i32.const 0)"""
    batch = batch_of(READS).rows(slice(4, 8))
    batch = replace(batch, sequence_starts=batch.sequence_starts + 1, quality_starts=batch.quality_starts + 1,
                    lengths=batch.lengths - 1)  # fmt: skip
    with stage_of(host, stage_module(lower), changes=["bases"]).open() as stage:
        changed = stage.process(batch).batch
    assert [read.bases for read in reads_in(changed)] == [b"cGTA", b"cGTAC", b"cGTACG", b"cGTACGT"]
    assert [read.name for read in reads_in(changed)] == [b"r4", b"r5", b"r6", b"r7"]
    assert reads_in(batch)[0].bases == b"CGTA"


@pytest.mark.parametrize("needs", [["names"], ["bases"], ["qualities"], ["names", "bases", "qualities"]])
def test_nothing_of_other_reads_or_parts_stands_behind_the_text(host: Host, needs: list[str]) -> None:
    # Fails where one of the 64 bytes behind the text is not zero.
    look = """(local.set $n (i32.add (i32.load offset=16 (local.get $batch)) (i32.load offset=12 (local.get $batch))))
        (block $done (loop $bytes (br_if $done (i32.ge_u (local.get $i) (i32.const 64)))
        (if (i32.load8_u (i32.add (local.get $n) (local.get $i))) (then unreachable))
        (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $bytes))) (i32.const 0)"""
    full = batch_of(READS)
    stale = np.array(full.buffer)
    stale[-64:] = ord("S")
    with stage_of(host, stage_module(look), needs=needs).open() as stage:
        stage.process(replace(full, buffer=stale))
        stage.process(replace(full, buffer=stale).rows(slice(0, 3)))


def test_mates_are_worked_on_one_side_after_the_other(host: Host) -> None:
    drop_second = f"""(if (i32.eq (i32.load offset=112 (local.get $batch)) (i32.const 2))
        (then (i32.store8 {column(KEEP, 0, 1)} (i32.const 0)))) (i32.const 0)"""
    batch = replace(batch_of(READS), mate=batch_of(READS))
    with stage_of(host, stage_module(drop_second)).open() as stage:
        both = stage.process(batch).batch
    assert both.dropped is None
    assert both.mate is not None
    assert both.mate.dropped is not None
    assert both.mate.dropped.tolist() == [1] + [0] * 9


def test_new_names_may_be_some_or_all(host: Host) -> None:
    process = f"""(i32.store8 (i32.load offset=60 (local.get $batch)) (i32.const 88))
        (i32.store {column(NEW_NAME, 1)} (i32.const 0)) (i32.store {column(NEW_LENGTH, 1)} (i32.const 1))
        (if (i32.eq (i32.load offset=8 (local.get $batch)) (i32.const 2)) (then
            (i32.store {column(NEW_NAME, 0)} (i32.const 0)) (i32.store {column(NEW_LENGTH, 0)} (i32.const 1))))
        (i32.const 0)"""
    with stage_of(host, stage_module(process), changes=["names"]).open() as stage:
        some = stage.process(batch_of(READS)).batch
        every = stage.process(batch_of(READS[:2])).batch
        again = stage.process(some.rows(slice(0, 3))).batch
    assert [read.name for read in reads_in(some)] == [b"r0", b"X", *(b"r%d" % number for number in range(2, 10))]
    assert [read.name for read in reads_in(every)] == [b"X", b"X"]
    assert [read.name for read in reads_in(again)] == [b"r0", b"X", b"r2"]
    assert [read.bases for read in reads_in(some)] == [read.bases for read in READS]
    for changed in (some, every):  # kernels read 64 bytes at a time
        assert changed.name_buffer is not None
        assert int((changed.name_starts + changed.name_lengths).max()) + PADDING <= len(changed.name_buffer)
        assert not changed.name_buffer[-PADDING:].any()


def test_metrics_of_workers_merge(host: Host) -> None:
    process = f"""(f64.store (i32.load offset={METRICS} (local.get $batch)) (f64.const 2))
        (f64.store offset=8 (i32.load offset={METRICS} (local.get $batch))
            (f64.convert_i64_u (i64.load offset=96 (local.get $batch))))
        (f64.store offset=24 (i32.load offset={METRICS} (local.get $batch)) (f64.const 7))
        (f32.store {column(READ_METRICS, 1)} (f32.const 55.5)) (i32.const 0)"""
    metrics = [
        {"name": "total", "kind": "sum"},
        {"name": "first", "kind": "minimum"},
        {"name": "none", "kind": "maximum"},
        {"name": "counts", "kind": "histogram", "bins": 3},
        {"name": "score", "kind": "per_read", "bins": 10},
    ]
    plugin = stage_of(host, stage_module(process), metrics=metrics)
    with plugin.open() as one, plugin.open() as other:
        totals = one.process(batch_of(READS, first_record=50)).metrics
        totals.merge(other.process(batch_of(READS, first_record=20)).metrics)
    values = totals.values()
    assert (values["total"].value, values["first"].value) == (4, 20)
    assert np.isnan(values["none"].value)
    assert values["counts"].histogram is not None
    assert values["counts"].histogram.tolist() == [14, 0, 0]
    score = values["score"]
    assert (score.count, score.value, score.least, score.most) == (2, 55.5, 55.5, 55.5)
    assert score.histogram is not None
    assert score.histogram.tolist() == [0, 0, 0, 0, 0, 2, 0, 0, 0, 0]


def test_parameters_reach_the_guest(host: Host) -> None:
    process = """(local.set $n (i32.load offset=68 (local.get $batch)))
        (if (i64.ne (i64.load (local.get $n)) (i64.const -7)) (then unreachable))
        (if (f64.ne (f64.load offset=8 (local.get $n)) (f64.const 0.5)) (then unreachable))
        (if (i64.ne (i64.load offset=16 (local.get $n)) (i64.const 1)) (then unreachable))
        (if (i64.ne (i64.load offset=24 (local.get $n)) (i64.const 2)) (then unreachable))
        (if (i32.ne (i32.load offset=36 (local.get $n)) (i32.const 3)) (then unreachable))
        (if (i32.ne (i32.load8_u offset=1 (i32.add (local.get $n) (i32.load offset=32 (local.get $n))))
            (i32.const 98)) (then unreachable))
        (i32.const 0)"""
    parameters = [
        {"name": "whole", "type": "integer", "default": 0, "minimum": -10},
        {"name": "real", "type": "number", "default": 0.5},
        {"name": "yes", "type": "boolean", "default": True},
        {"name": "which", "type": "choice", "default": "a", "choices": ["a", "b", "c"]},
        {"name": "text", "type": "text", "default": "abc"},
    ]
    plugin = stage_of(host, stage_module(process), {"whole": -7, "which": "c"}, parameters=parameters)
    with plugin.open() as stage:
        stage.process(batch_of(READS))
    for wrong, words in (
        ({"whole": -11}, "whole"),
        ({"real": "much"}, "real"),
        ({"which": "d"}, "which"),
        ({"no": 1}, "no"),
    ):
        with pytest.raises(PluginError, match=f"guest: the parameter {words} cannot be set so"):
            stage_of(host, stage_module(process), wrong, parameters=parameters)


@pytest.mark.parametrize(("need", "starts"), [("names", 20), ("bases", 28), ("qualities", 32)])
def test_a_plugin_gets_the_one_part_that_it_needs(host: Host, need: str, starts: int) -> None:
    # Drops every read whose part begins with the byte of the first read's part; the others' addresses are 0.
    others = "".join(
        f"(if (i32.load offset={at} (local.get $batch)) (then unreachable))" for at in {20, 28, 32} - {starts}
    )
    byte = f"""(i32.load8_u (i32.add (i32.load offset=16 (local.get $batch)) (i32.load (i32.add
        (i32.load offset={starts} (local.get $batch)) (i32.shl (local.get $i) (i32.const 2))))))"""
    process = f"""{others} (local.set $n {byte}) (block $done (loop $reads
        (br_if $done (i32.ge_u (local.get $i) (i32.load offset=8 (local.get $batch))))
        (i32.store8 (i32.add (i32.load offset=40 (local.get $batch)) (local.get $i)) (i32.ne (local.get $n) {byte}))
        (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $reads))) (i32.const 0)"""
    reads = [Read(b"x%d" % row, b"ACGTACGT" * 20, b"#FFFFFFF" * 20) for row in range(3)]
    reads += [Read(b"y%d" % row, b"CCGT" * 30, b"FFFF" * 30) for row in range(4)]
    with stage_of(host, stage_module(process), needs=[need]).open() as stage:
        dropped = stage.process(batch_of(reads)).batch.dropped
    assert dropped is not None
    assert dropped.tolist() == [1, 1, 1, 0, 0, 0, 0]


def test_larger_batches_get_a_larger_region_and_empty_ones_none(host: Host) -> None:
    with stage_of(host, stage_module()).open() as stage:
        for count in (0, 1, 50_000, 10):
            batch = batch_of([Read(b"r", b"A" * 50, b"F" * 50)] * count)
            assert stage.process(batch).batch is batch


SAYS_NO = f"(i32.store (i32.load offset={MESSAGE} (local.get $batch)) (i32.const 0x1b6f6e)) (i32.const 1)"

BAD_OUTPUT = {
    "keep = 7": (
        f"(i32.store8 {column(KEEP, 3, 1)} (i32.const 7)) (i32.const 0)",
        ["keep"],
        "read 104: keep is 7, but may only be 0 or 1",
    ),
    "bounds cross": (
        f"""(i32.store {column(TRIM_START, 5)} (i32.const 4)) (i32.store {column(TRIM_END, 5)} (i32.const 3))
            (i32.const 0)""",
        ["trim"],
        "read 106: it is to be kept from base 4 up to base 3 of 6",
    ),
    "bounds outside": (
        f"(i32.store {column(TRIM_END, 5)} (i32.const 7)) (i32.const 0)",
        ["trim"],
        "read 106: .* up to base 7 of 6",
    ),
    "huge start": (
        f"(i32.store {column(TRIM_START, 0)} (i32.const -1)) (i32.const 0)",
        ["trim"],
        "read 101: .* from base 4,294,967,295",
    ),
    "name outside": (
        f"""(i32.store {column(NEW_NAME, 0)} (i32.const 15)) (i32.store {column(NEW_LENGTH, 0)} (i32.const 6))
            (i32.const 0)""",
        ["names"],
        "read 101: its new name ends at byte 21 of the 20",
    ),
    "name far outside": (
        f"""(i32.store {column(NEW_NAME, 0)} (i32.const 1)) (i32.store {column(NEW_LENGTH, 0)} (i32.const -1))
            (i32.const 0)""",
        ["names"],
        "read 101: its new name ends at byte 4,294,967,296",
    ),
    "line end in a name": (
        f"""(i32.store16 (i32.load offset=60 (local.get $batch)) (i32.const 0x0A41))
            (i32.store {column(NEW_NAME, 2)} (i32.const 0)) (i32.store {column(NEW_LENGTH, 2)} (i32.const 2))
            (i32.const 0)""",
        ["names"],
        "read 103: its new name has a control character",
    ),
    "impossible base": (
        """(i32.store8 (i32.add (i32.load offset=16 (local.get $batch))
            (i32.load (i32.load offset=28 (local.get $batch)))) (i32.const 10)) (i32.const 0)""",
        ["bases"],
        "read 101: its new bases have a byte outside 33 to 126",
    ),
    "qualities changed unasked": (
        """(i32.store8 (i32.add (i32.load offset=16 (local.get $batch))
            (i32.load (i32.load offset=32 (local.get $batch)))) (i32.const 50)) (i32.const 0)""",
        ["bases"],
        "read 101: its qualities were changed, which the plugin's manifest does not say",
    ),
    "endless metric": (
        f"(f64.store (i32.load offset={METRICS} (local.get $batch)) (f64.const inf)) (i32.const 0)",
        ["keep"],
        "a metric is not a finite number",
    ),
}


@pytest.mark.parametrize(("process", "changes", "words"), BAD_OUTPUT.values(), ids=BAD_OUTPUT.keys())
def test_impossible_output_is_refused(host: Host, process: str, changes: list[str], words: str) -> None:
    metrics = [{"name": "total", "kind": "sum"}]
    batch = batch_of(READS, first_record=100)
    before = bytes(batch.buffer)
    with stage_of(host, stage_module(process), changes=changes, metrics=metrics).open() as stage:
        for _ in range(2):  # the second time in a new instance
            with pytest.raises(OutputRefused, match=f"guest: {words}"):
                stage.process(batch)
    assert bytes(batch.buffer) == before


@pytest.mark.parametrize(
    ("wasm", "words"),
    [
        (stage_module(reserve="(i32.const 0)"), "no room for a batch"),
        (stage_module(reserve="(i32.const 65520)"), "not inside its memory"),
        (stage_module(reserve="(i32.const -16)"), "not inside its memory"),
        (stage_module(reserve="(i32.const 1025)"), "not aligned"),
        (stage_module("unreachable"), "gave up"),
        (stage_module("(i32.const 3)"), "it cannot go on: status 3"),
        (stage_module(SAYS_NO), "go on: no"),
        (stage_module(abi=2), "version 2 of the interface, and this is version 1"),
        (stage_module("(i32.load (i32.const -4))"), "outside its memory"),
    ],
)  # fmt: skip
def test_guests_that_fail_are_told_apart(host: Host, wasm: bytes, words: str) -> None:
    with stage_of(host, wasm).open() as stage, pytest.raises(PluginError, match=f"guest: .*{words}"):
        stage.process(batch_of(READS))


@pytest.mark.parametrize(
    ("wasm", "words"),
    [
        (wasm_of("(module)"), "does not export lanescope_abi"),
        (wasm_of('(module (func (export "lanescope_abi") (result i64) i64.const 1))'), r"lanescope_abi is \(\) -> i64"),
        (stage_module().replace(b"\x06memory", b"\x06mamory"), "does not export its memory"),
        (b"rubbish", "not WebAssembly"),
    ],
)  # fmt: skip
def test_modules_for_something_else_are_refused(host: Host, wasm: bytes, words: str) -> None:
    with pytest.raises(ModuleRefused, match=f"guest: .*{words}"):
        stage_of(host, wasm)


def test_a_trap_in_the_third_batch_leaves_the_stage_usable(host: Host) -> None:
    process = (
        """(if (i64.eq (i64.load offset=104 (local.get $batch)) (i64.const 2)) (then unreachable)) (i32.const 0)"""
    )
    with stage_of(host, stage_module(process)).open() as stage:
        for number in (0, 1):
            stage.process(batch_of(READS, number=number))
        with pytest.raises(GuestTrap, match="lanescope_process stopped"):
            stage.process(batch_of(READS, number=2))
        stage.process(batch_of(READS, number=3))


def test_an_endless_loop_and_a_memory_bomb_end(host: Host) -> None:
    spin = stage_module("(loop $again (br $again)) (i32.const 0)")
    limits = {"call_seconds": 0.2, "memory_mib": 2}
    with stage_of(host, spin, limits=limits).open() as stage, pytest.raises(GuestTimeout):
        stage.process(batch_of(READS))
    bomb = stage_module("""(block $full (loop $again
        (br_if $full (i32.eq (memory.grow (i32.const 1)) (i32.const -1))) (br $again)))
        (i32.store8 (i32.load offset=40 (local.get $batch)) (i32.gt_u (memory.size) (i32.const 32))) (i32.const 0)""")
    with stage_of(host, bomb, limits=limits).open(Watch()) as stage:
        dropped = stage.process(batch_of(READS)).batch.dropped
    assert dropped is not None, "memory grew past its limit"
