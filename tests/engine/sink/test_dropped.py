"""Files for the reads that are dropped."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.reasons import Reason
from engine.sink.dropped import DroppedFile
from engine.sink.errors import OutputError
from engine.sink.kept_plan import plan_from
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan
from tests.engine.sink.reading import text_of_file
from tests.engine.sink.test_ordered import batches_of, write_in_threads
from tests.naive_parser import Read
from tests.strategies import batch_of, four_lines

SHORT, LONG, N = Reason.TOO_SHORT, Reason.TOO_LONG, Reason.TOO_MANY_N


def reads_of(base: bytes, count: int) -> list[Read]:
    return [Read(b"r%d of %s" % (i, base), base * (i + 1), b"I" * (i + 1)) for i in range(count)]


def batch(reasons: list[int], mates: list[int] | None = None) -> ReadBatch:
    """Reads of As, and mates of Cs, that are dropped for these reasons."""
    made = replace(batch_of(reads_of(b"A", len(reasons))), dropped=np.array(reasons, np.uint8))
    if mates is None:
        return made
    mate = replace(batch_of(reads_of(b"C", len(mates))), dropped=np.array(mates, np.uint8))
    return replace(made, mate=mate)


def lines(base: bytes, *rows: int, words: str = "") -> bytes:
    reads = reads_of(base, 20)
    return b"".join(four_lines(replace(reads[row], name=reads[row].name + words.encode())) for row in rows)


def written(plan: OutputPlan, batches: list[ReadBatch]) -> dict[str, bytes]:
    sink = OrderedSink(plan)
    write_in_threads(sink, batches)
    return {file.path.name: file.path.read_bytes() for file in sink.finish()}


def test_all_that_is_dropped_goes_to_one_file(tmp_path: Path) -> None:
    plan = OutputPlan(tmp_path / "kept.fq", dropped=(DroppedFile(tmp_path / "gone.fq"),))
    assert written(plan, [batch([0, SHORT, 0, N, LONG])]) == {
        "kept.fq": lines(b"A", 0, 2),
        "gone.fq": lines(b"A", 1, 3, 4),
    }


def test_each_reason_may_have_a_file_and_all_others_one(tmp_path: Path) -> None:
    files = [DroppedFile(tmp_path / f"{name}.fq", reason=name) for name in ("too-short", "merged", "duplicate")]
    plan = OutputPlan(tmp_path / "kept.fq", dropped=(*files, DroppedFile(tmp_path / "rest.fq")))
    assert written(plan, [batch([0, SHORT, Reason.MERGED, N, LONG, SHORT])]) == {
        "kept.fq": lines(b"A", 0),
        "too-short.fq": lines(b"A", 1, 5),
        "merged.fq": lines(b"A", 2),
        "duplicate.fq": b"",
        "rest.fq": lines(b"A", 3, 4),
    }


def test_reasons_stand_behind_the_names(tmp_path: Path) -> None:
    plan = OutputPlan(tmp_path / "kept.fq", dropped=(DroppedFile(tmp_path / "gone.fq"),), tells_reasons=True)
    assert written(plan, [batch([0, SHORT, N])]) == {
        "kept.fq": lines(b"A", 0),
        "gone.fq": lines(b"A", 1, words=" dropped=too-short") + lines(b"A", 2, words=" dropped=too-many-n"),
    }


def test_pairs_go_to_two_files_or_take_turns_in_one(tmp_path: Path) -> None:
    pairs = batch([0, SHORT, SHORT, N, 0], [0, SHORT, SHORT, N, LONG])
    two = DroppedFile(tmp_path / "short.1.fq", tmp_path / "short.2.fq", "too-short")
    rest = DroppedFile(tmp_path / "rest.fq")
    plan = OutputPlan(tmp_path / "1.fq", tmp_path / "2.fq", tmp_path / "alone.fq", dropped=(two, rest))
    assert written(plan, [pairs]) == {
        "1.fq": lines(b"A", 0),
        "2.fq": lines(b"C", 0),
        "alone.fq": lines(b"A", 4),
        "short.1.fq": lines(b"A", 1, 2),
        "short.2.fq": lines(b"C", 1, 2),
        "rest.fq": lines(b"A", 3) + lines(b"C", 3, 4),
    }


def test_mates_that_live_on_in_merged_reads_are_not_lost(tmp_path: Path) -> None:
    pairs = batch([0, N], [Reason.MERGED, N])
    plan = OutputPlan(tmp_path / "all.fq", with_singletons=True, dropped=(DroppedFile(tmp_path / "gone.fq"),))
    assert written(plan, [pairs]) == {"all.fq": lines(b"A", 0), "gone.fq": lines(b"A", 1) + lines(b"C", 1)}


def test_samples_have_files_of_their_own(tmp_path: Path) -> None:
    plan = OutputPlan(tmp_path / "k.fq", samples=("s", "t"), dropped=(DroppedFile(tmp_path / "{sample}_gone.fq"),))
    told = replace(batch([0, SHORT, SHORT, 0, N]), samples=np.array([0, 0, 1, 1, -1], np.int32))
    assert written(plan, [told]) == {
        "k.s.fq": lines(b"A", 0),
        "k.t.fq": lines(b"A", 3),
        "k.unknown.fq": b"",
        "s_gone.fq": lines(b"A", 1),
        "t_gone.fq": lines(b"A", 2),
        "unknown_gone.fq": lines(b"A", 4),
    }


@pytest.mark.parametrize("workers", [1, 4])
def test_the_order_is_that_of_the_input_whoever_brings_batches(tmp_path: Path, workers: int) -> None:
    text = b"".join(map(four_lines, reads_of(b"G", 400)))
    batches = batches_of(text, 2000)
    assert len(batches) > 20
    chance = random.Random(3)  # noqa: S311 - not a secret
    reasons = [chance.choice([0, 0, SHORT, N]) for _ in range(400)]
    at, marked = 0, []
    for each in batches:
        marked.append(replace(each, dropped=np.array(reasons[at : at + len(each)], np.uint8)))
        at += len(each)
    plan = OutputPlan(tmp_path / "k.fq.gz", split_reads=50, dropped=(DroppedFile(tmp_path / "gone.fq.gz"),))
    sink = OrderedSink(plan, ahead=2)
    write_in_threads(sink, marked, workers)
    files = {file.path.name: file for file in sink.finish()}
    reads = reads_of(b"G", 400)
    gone = [read for read, reason in zip(reads, reasons, strict=True) if reason]
    assert text_of_file(files["gone.fq.gz"].path) == b"".join(map(four_lines, gone))
    assert files["gone.fq.gz"].reads == len(gone)
    assert len(files) == 1 + -(-(400 - len(gone)) // 50)


def test_what_was_left_is_gone_on_with(tmp_path: Path) -> None:
    plan = OutputPlan(tmp_path / "k.fq.gz", dropped=(DroppedFile(tmp_path / "gone.fq.gz"),))
    first, second = batch([0, SHORT, 0]), replace(batch([N, 0, SHORT]), number=1)
    sink = OrderedSink(plan)
    sink.write(first)
    sink.mark(1)
    state = sink.state_at_mark()
    assert state is not None
    state = state.settled()
    sink.write(second)
    sink.leave()
    again = OrderedSink(plan, start=state)
    again.write(second)
    again.finish()
    assert text_of_file(tmp_path / "gone.fq.gz") == lines(b"A", 1, 0, 2)


def test_a_plan_is_kept_with_them(tmp_path: Path) -> None:
    files = (DroppedFile(tmp_path / "a.fq", tmp_path / "b.fq", "trimmed"), DroppedFile(tmp_path / "c.fq"))
    plan = OutputPlan(tmp_path / "k.fq", tmp_path / "l.fq", dropped=files, tells_reasons=True)
    assert plan_from(json.loads(json.dumps(asdict(plan), default=str))) == plan
    assert [path.name for path in plan.paths()] == ["k.fq", "l.fq", "a.fq", "b.fq", "c.fq"]
    with pytest.raises(ValueError, match="too-short"):
        DroppedFile(tmp_path, reason="too_short")
    with pytest.raises(ValueError, match="one file"):
        OutputPlan(tmp_path / "k.fq", dropped=(files[1], replace(files[1], path=tmp_path / "d.fq")))
    with pytest.raises(OutputError, match="same file"):
        OutputPlan(tmp_path / "k.fq", dropped=(DroppedFile(tmp_path / "k.fq"),)).check()
