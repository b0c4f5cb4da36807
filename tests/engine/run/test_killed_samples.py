"""Runs that leave reads out are killed: what they had left out is kept, and samples by seed stay the same."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from engine.checkpoint.beside import checkpoints_beside, reads_counted
from engine.checkpoint.folder import CheckpointFolder
from engine.cli.checkpoint import main
from engine.collectors.base import part
from engine.flow.backpressure import Adaptive, Backpressure, Drop, LeftOut, Sample
from engine.pipeline.definition import PipelineDefinition, StageDefinition
from engine.run.queue import RunQueue
from engine.run.reading_place import ReadingPlace
from engine.run.sampled import Sampled
from engine.run.settings import RunSettings
from engine.store.store import Store
from tests.engine.run.killing import Case, Executioner, executioner, lost_run, result_of, written
from tests.engine.run.lost_runs import reads_of
from tests.engine.run.test_piped_checkpoints import fed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")

PIECE = reads_of(9, 200)
READS = 200
ONCE = PipelineDefinition(
    name="once",
    stages=(
        StageDefinition(name="tails", stage="quality"),
        StageDefinition(name="first", stage="deduplicate"),
    ),
)


@pytest.fixture(autouse=True)
def alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever memory tests take, and however slowly a pipe is fed."""
    monkeypatch.setattr("engine.run.checkpointing._MOST_FROM_PIPES", 1 << 50)
    monkeypatch.setattr("engine.parse.fastq._LIVE", 3600.0)


@pytest.fixture(scope="module")
def by() -> Generator[Executioner]:
    with executioner([ONCE]) as found:
        yield found


class Sender:
    """Sends the same text into a pipe again and again, from its beginning.

    Attributes:
        most: pieces that have been sent at once.
    """

    def __init__(self, pipe: Path) -> None:
        os.mkfifo(pipe)
        self._pipe = pipe
        self.most = 0

    def until_lost(self) -> contextlib.AbstractContextManager[None]:
        """More and more of the text, until nobody reads it any more."""

        def texts() -> Iterator[bytes]:
            for number in range(1, 1_000_000):
                yield PIECE
                self.most = max(self.most, number)
                time.sleep(0.0005)  # so that the text does not become long; nothing counts on it

        return fed(self._pipe, texts())

    def whole(self) -> contextlib.AbstractContextManager[None]:
        """All that has been sent, and a little more."""
        return fed(self._pipe, iter([PIECE] * (self.most + 20)))

    @property
    def reads(self) -> int:
        """In the whole text."""
        return READS * (self.most + 20)


def kept_in(database: Path) -> tuple[int, LeftOut]:
    """Reads that had been worked on, and what had been left out, by the newest checkpoint of the first run.

    All that had been read until there is one of them.
    """
    newest = CheckpointFolder(checkpoints_beside(database) / "1").newest()
    assert newest is not None
    state = newest[1]
    sampled = Sampled.of(part(state, "sampled"))
    [text] = ReadingPlace.of(state["place"]).reader.texts
    reads, number = reads_counted(state), state["number"]
    assert isinstance(number, int)
    assert text.records == reads + sampled.left_out.reads
    assert sampled.seen == number + sampled.left_out.batches
    assert sampled.spread.batches == number
    return reads, sampled.left_out


def lost_and_gone_on(case: Case, folder: Path, sender: Sender, by: Executioner, kills: int) -> dict[str, bytes]:
    """All that a run writes that is lost so many times, each time after two checkpoints more."""
    (folder / "out").mkdir(parents=True)
    order, database = case.order(folder), folder / "runs.sqlite"
    chance = random.Random(kills)  # noqa: S311 - moments, not secrets
    reads, left_out = 0, LeftOut()
    for _ in range(kills):
        order["again"] = lost_run(database)
        with sender.until_lost():
            by.lose(order, marks=2, delay=chance.random() * 0.03)
        before, left_out_before = reads, left_out
        reads, left_out = kept_in(database)
        assert reads >= before  # what came since may all have been left out
        assert left_out.reads >= left_out_before.reads
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        assert main(["show", "1", "--database", str(database)]) == 0
    assert f"left out       {left_out.reads:,} reads\n" in shown.getvalue()
    with Store.open(database) as store:
        # Others than before, which would leave nothing out: what the run was told holds.
        queue = RunQueue(store, settings=RunSettings(workers=3, checkpoint_seconds=0.05))
        try:
            with sender.whole():
                queue.continue_run(lost_run(database))
                found = written(queue, 1, folder)
        finally:
            queue.close()
        store.flush()
        told = store.load(1).sampling
    assert told is not None
    assert told.policy == case.backpressure.kind
    assert told.reads + told.left_out_reads == sender.reads
    assert told.reads >= reads
    assert told.left_out_reads >= left_out.reads
    assert told.left_out_batches >= left_out.batches
    return found


@pytest.mark.parametrize("kills", [1, 2])
def test_a_sample_is_the_same_as_if_nothing_had_happened(tmp_path: Path, by: Executioner, kills: int) -> None:
    sender = Sender(tmp_path / "pipe")
    case = Case([tmp_path / "pipe"], ONCE, [".fastq.gz"], backpressure=Sample(share=0.4, seed=7))
    lost = lost_and_gone_on(case, tmp_path / "lost", sender, by, kills)
    with sender.whole():
        whole = result_of(case, tmp_path / "whole")
    assert sorted(lost) == sorted(whole)
    assert [name for name in whole if lost[name] != whole[name]] == []


@pytest.mark.parametrize("policy", [Drop(), Adaptive(low=0.2, high=0.5, share=0.3)], ids=["drop", "adaptive"])
def test_processed_and_left_out_are_all_that_was_sent(tmp_path: Path, by: Executioner, policy: Backpressure) -> None:
    sender = Sender(tmp_path / "pipe")
    case = Case([tmp_path / "pipe"], backpressure=policy)
    reports = lost_and_gone_on(case, tmp_path / "lost", sender, by, 2)
    [text] = (text for name, text in reports.items() if name.endswith(".json"))
    told = json.loads(text)
    assert told["sampling"]["reads"] == told["results"]["basic"]["reads"]
    assert told["sampling"]["reads"] + told["sampling"]["left_out_reads"] == sender.reads
