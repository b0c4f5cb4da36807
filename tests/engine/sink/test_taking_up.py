"""Outputs that another process left, cut back to a mark and gone on with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.checkpoint.state import decode, encode
from engine.errors import CheckpointError
from engine.sink.codecs import Packing
from engine.sink.errors import OutputError
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan
from engine.sink.state import SinkState
from tests.engine.sink.test_ordered import batches_of, numbered_reads
from tests.strategies import four_lines

ENDING = "0123456789ab"


def some_batches(count: int = 400, size: int = 700) -> list[ReadBatch]:
    return batches_of(b"".join(map(four_lines, numbered_reads(count))), size)


def with_mates(batches: list[ReadBatch]) -> list[ReadBatch]:
    """Of every third pair the mate is dropped, of every fifth the first read."""
    paired = []
    for batch in batches:
        rows = np.arange(batch.first_record, batch.first_record + len(batch))
        mate = replace(batch, dropped=(rows % 3 == 0).astype(np.uint8))
        paired.append(replace(batch, dropped=(rows % 5 == 0).astype(np.uint8), mate=mate))
    return paired


def written(plan: OutputPlan, batches: list[ReadBatch]) -> dict[str, bytes]:
    sink = OrderedSink(plan)
    for batch in batches:
        sink.write(batch)
    return {file.path.name: file.path.read_bytes() for file in sink.finish()}


def state_in_a_checkpoint(sink: OrderedSink) -> SinkState:
    state = sink.state_at_mark()
    assert state is not None
    return SinkState.of(decode(b"".join(encode({"sink": state.settled().state()})))["sink"])


def left(plan: OutputPlan, batches: list[ReadBatch], mark: int, end: int) -> SinkState:
    """A sink that is told of a mark and goes on to batch `end`, and what a checkpoint has of it."""
    sink = OrderedSink(plan, token=ENDING)
    for batch in batches[:mark]:
        sink.write(batch)
    sink.mark(mark)
    for batch in batches[mark:end]:
        sink.write(batch)
    state = state_in_a_checkpoint(sink)
    sink.leave()
    return state


def taken_up(plan: OutputPlan, batches: list[ReadBatch], state: SinkState) -> dict[str, bytes]:
    assert state.difference() is None
    sink = OrderedSink(plan, token=ENDING, start=state)
    for batch in batches[state.number :]:
        sink.write(batch)
    return {file.path.name: file.path.read_bytes() for file in sink.finish()}


@pytest.mark.parametrize("packing", list(Packing))
@pytest.mark.parametrize(
    "plan",
    [
        OutputPlan(Path("out")),
        OutputPlan(Path("out"), split_reads=33),
        OutputPlan(Path("{sample}.out"), samples=("a", "b")),
        OutputPlan(Path("out"), Path("second"), Path("alone"), split_reads=33),
        OutputPlan(Path("both"), with_singletons=True),
    ],
    ids=["one", "by reads", "samples", "pairs", "interleaved"],
)
def test_what_is_taken_up_ends_as_if_nothing_had_happened(tmp_path: Path, plan: OutputPlan, packing: Packing) -> None:
    batches = some_batches()
    if plan.second is not None or plan.with_singletons:
        batches = with_mates(batches)
    if plan.samples:
        batches = [replace(batch, samples=np.arange(len(batch), dtype=np.int32) % 3) for batch in batches]
    folders = [tmp_path / name for name in ("whole", "lost")]
    plans = []
    for folder in folders:
        folder.mkdir()
        names = [None if path is None else folder / path for path in (plan.first, plan.second, plan.singletons)]
        assert names[0] is not None
        plans.append(replace(plan, first=names[0], second=names[1], singletons=names[2], packing=packing))
    whole = written(plans[0], batches)
    half = len(batches) // 2
    for mark, end in ((0, 0), (0, 2), (half, half), (half, len(batches)), (len(batches), len(batches))):
        state = left(plans[1], batches, mark, end)
        kept = {file.place for file in state.files()}
        for path in folders[1].iterdir():  # as `Leftovers` does: parts that were begun after the mark
            if path not in kept:
                path.unlink()
        assert taken_up(plans[1], batches, state) == whole
        for path in folders[1].iterdir():
            assert not path.name.startswith(".")
            path.unlink()


def test_it_can_be_lost_again_and_again(tmp_path: Path) -> None:
    plan = OutputPlan(tmp_path / "out.fastq.gz")
    batches = some_batches()
    (tmp_path / "whole").mkdir()
    whole = written(OutputPlan(tmp_path / "whole" / "out.fastq.gz"), batches)
    state = left(plan, batches, 1, 4)
    for mark in range(2, len(batches), 3):
        sink = OrderedSink(plan, token=ENDING, start=state)
        for batch in batches[state.number : mark]:
            sink.write(batch)
        sink.mark(mark)
        state = state_in_a_checkpoint(sink)
        for batch in batches[mark : mark + 2]:
            sink.write(batch)
        sink.leave()
    assert taken_up(plan, batches, state) == whole


def test_a_mark_is_kept_when_every_batch_before_it_is_written(tmp_path: Path) -> None:
    batches = some_batches()
    sink = OrderedSink(OutputPlan(tmp_path / "out.fastq"))
    sink.mark(3)
    for number in (1, 2):
        sink.write(batches[number])
        assert sink.state_at_mark() is None
    sink.write(batches[0])
    state = sink.state_at_mark()
    assert state is not None
    assert [file.reads for file in state.files()] == [sum(map(len, batches[:3]))]
    sink.abandon()


def test_what_was_changed_is_noticed(tmp_path: Path) -> None:
    batches = some_batches()
    state = left(OutputPlan(tmp_path / "out.fastq"), batches, 3, 5)
    [file] = state.files()
    text = file.place.read_bytes()
    file.place.write_bytes(text[: file.file_bytes - 1])
    assert "out.fastq has" in str(state.difference())
    with pytest.raises(OutputError, match="should have"):
        OrderedSink(OutputPlan(tmp_path / "out.fastq"), start=state)
    assert file.place.exists()
    file.place.write_bytes(text[: file.file_bytes - 1] + b"?" + text[file.file_bytes :])
    assert state.difference() == "What was written of out.fastq has been changed."
    file.place.unlink()
    assert state.difference() == "What was written of out.fastq is gone."
    with pytest.raises(OutputError, match="cannot be written"):
        OrderedSink(OutputPlan(tmp_path / "out.fastq"), start=state)


def test_a_pipe_cannot_be_left() -> None:
    sink = OrderedSink(OutputPlan(Path("/dev/null")))
    assert not sink.can_be_left
    sink.abandon()


def test_another_state_is_refused() -> None:
    with pytest.raises(CheckpointError, match="how far the output was written"):
        SinkState.of({"number": 3})
