"""Runs that leave reads out and were lost: what had been left out is counted once, and what they were told holds."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.state import State, decode, encode
from engine.collectors.base import part
from engine.collectors.batch_spread import BatchSpread
from engine.errors import CheckpointError, LanescopeError
from engine.flow.backpressure import Adaptive, Block, LeftOut, Sample
from engine.run.following import Following
from engine.run.looking_into import safe_in
from engine.run.queue import RunQueue
from engine.run.resuming import beginning_of
from engine.run.run import Run
from engine.run.sampled import Sampled
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.run.work import Work
from engine.store.store import Store
from tests.engine.run.lost_runs import reads_of
from tests.engine.run.test_followed_checkpoints import snapshot_of
from tests.engine.run.test_following import wait_until
from tests.engine.run.test_piped_checkpoints import SETTINGS, Lost, fed, gone_on, lose
from tests.engine.run.test_sampled_run import POLICIES, slow_workers, whole_batches

__all__ = ["slow_workers", "whole_batches"]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")

PIECE = reads_of(9, 1000)
BATCH = 1 << 14


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints as often as can be, whatever memory tests take."""
    monkeypatch.setattr("engine.run.checkpointing._MOST_FROM_PIPES", 1 << 50)
    monkeypatch.setattr("engine.run.checkpointing._COST", 1)


def settings_of(policy: dict[str, Any]) -> RunSettings:
    return RunSettings.model_validate(
        {"workers": 2, "batch_bytes": BATCH, "queue_batches": 3, "checkpoint_seconds": 0.01, "backpressure": policy}
    )


def left_out_in(state: State) -> LeftOut:
    return Sampled.of(part(state, "sampled")).left_out


def lost(pipe: Path, policy: dict[str, Any], tmp_path: Path) -> Lost:
    """A run that was lost when a checkpoint told of something left out."""
    return lose(
        pipe,
        tmp_path,
        settings_of(policy),
        piece=PIECE,
        is_enough=lambda state: left_out_in(state).batches > 0,
        pause=0.002,
    )


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy["kind"])
def test_what_had_been_left_out_is_counted_once(policy: dict[str, Any], tmp_path: Path, slow_workers: None) -> None:
    pipe = tmp_path / "instrument"
    os.mkfifo(pipe)
    run = lost(pipe, policy, tmp_path)
    newest = run.kept.newest()
    assert newest is not None
    before = left_out_in(newest[1])
    assert before.reads > 0
    safe = safe_in(run.kept, snapshot_of(pipe))
    assert safe is not None
    assert safe.left_out == before
    assert safe.reads + before.reads == safe.files[0].place.records
    text = run.text + PIECE * 20
    end = gone_on(pipe, run.kept, text)  # with settings that leave nothing out
    assert end.state is RunState.COMPLETED, end.failure
    told = end.sampling
    assert told is not None
    assert told.policy == policy["kind"]
    assert told.reads == end.results.basic.reads
    assert told.left_out_reads >= before.reads
    assert told.reads + told.left_out_reads == text.count(b"\n") // 4
    assert told.bases + told.left_out_bases == sum(map(len, text.split(b"\n")[1::4]))
    if policy["kind"] == "sample":
        with fed(pipe, iter([text])):
            whole = Run(snapshot_of(pipe), settings_of(policy)).execute()
        assert (whole.results, whole.sampling) == (end.results, told)
        assert told.margins is not None


def test_a_file_that_grows_is_sampled_on(tmp_path: Path) -> None:
    file, folder = tmp_path / "reads.fastq", CheckpointFolder(tmp_path / "going")
    kept = CheckpointFolder(tmp_path / "kept")
    file.touch()
    settings = settings_of(POLICIES[1])
    run = Run(snapshot_of(file), settings, following=Following(silence=None), checkpoints=folder)
    thread = threading.Thread(target=run.execute, name="a run that is lost")
    thread.start()

    def has_left_out() -> bool:
        with file.open("ab") as growing:
            growing.write(PIECE)
        newest = folder.newest()
        if newest is None or not left_out_in(newest[1]).batches:
            return False
        kept.write(newest[1])
        return True

    try:
        wait_until(has_left_out)
    finally:
        run.cancel()
        thread.join(60)
    created = snapshot_of(file)
    with file.open("ab") as growing:
        growing.write(PIECE)
    beginning = beginning_of(kept, created)
    end = Run(created, SETTINGS, following=Following(silence=0.4), beginning=beginning).execute()
    assert end.state is RunState.COMPLETED, end.failure
    told = end.sampling
    assert told is not None
    assert told.policy == "sample"
    assert told.reads == end.results.basic.reads
    assert told.reads + told.left_out_reads == file.read_bytes().count(b"\n") // 4


def test_pairs_from_two_pipes_are_sampled_on(tmp_path: Path) -> None:
    pipes = [tmp_path / "first", tmp_path / "second"]
    for pipe in pipes:
        os.mkfifo(pipe)
    pieces = [reads_of(9, 1000, mate) for mate in (1, 2)]
    created = replace(snapshot_of(pipes[0]), inputs=((pipes[0],), (pipes[1],)))
    going, kept = CheckpointFolder(tmp_path / "going"), CheckpointFolder(tmp_path / "kept")
    settings = settings_of(POLICIES[1])
    run = Run(created, settings, checkpoints=going)
    thread = threading.Thread(target=run.execute, name="a run that is lost")
    counts, is_lost = [0, 0], threading.Event()

    def texts(mate: int) -> Iterator[bytes]:
        while not is_lost.is_set():
            newest = None if mate else going.newest()
            if newest is not None and left_out_in(newest[1]).batches:
                kept.write(newest[1])
                run.cancel()
                is_lost.set()
                return
            counts[mate] += 1
            yield pieces[mate]
            time.sleep(0.002)  # so that the text does not become long; nothing counts on it

    thread.start()
    with fed(pipes[0], texts(0)), fed(pipes[1], texts(1)):
        pass
    thread.join(60)
    assert not thread.is_alive()
    beginning = beginning_of(kept, created)
    count = max(counts) + 5
    ends = []
    for begin in (beginning, None):
        with fed(pipes[0], iter([pieces[0]] * count)), fed(pipes[1], iter([pieces[1]] * count)):
            ends.append(Run(created, SETTINGS if begin else settings, beginning=begin).execute())
    lost, whole = ends
    assert lost.state is RunState.COMPLETED, lost.failure
    assert lost.sampling is not None
    assert lost.sampling.left_out_reads > 0
    assert lost.sampling.reads + lost.sampling.left_out_reads == 1000 * count
    assert (lost.results, lost.sampling) == (whole.results, whole.sampling)


def test_a_checkpoint_holds_the_sampling() -> None:
    spread = BatchSpread()
    kept = Sampled(Adaptive(low=0.1, high=0.7, share=0.3, seed=5), 12, LeftOut(4, 40, 400, 800), spread)
    found = Sampled.of(decode(b"".join(encode(kept.state()))))
    assert (found.policy, found.seen, found.left_out) == (kept.policy, kept.seen, kept.left_out)
    assert found.spread.batches == 0
    for name in ("policy", "seen", "left_out", "spread"):
        with pytest.raises(CheckpointError):
            Sampled.of({**kept.state(), name: "something else"})
    with pytest.raises(CheckpointError, match="what was left out"):
        Sampled.of({**kept.state(), "seen": -1})


def test_a_run_that_begins_anew_leaves_out_what_it_was_told_to() -> None:
    usual = RunSettings(workers=3, recovery="skip")
    told = RunSettings(backpressure=Sample(share=0.5, seed=3), recovery="restart").model_dump(mode="json")
    again = Work.of(told).settings(usual)
    assert again == usual.model_copy(update={"backpressure": Sample(share=0.5, seed=3), "recovery": "restart"})
    assert Work.of({"backpressure": {"kind": "of another version"}}).settings(usual).backpressure == Block()
    assert Work().settings(usual) == usual


def test_a_file_in_the_place_of_its_pipe_is_not_sampled(tmp_path: Path) -> None:
    file = tmp_path / "instrument"
    file.write_bytes(PIECE)
    with Store.open(tmp_path / "runs.sqlite") as store:
        created = store.create_run(
            name="instrument", path=file, kind="", bytes_total=None, workers=1,
            parameters=settings_of(POLICIES[1]).model_dump(mode="json"), versions={}, inputs=(),
        )  # fmt: skip
        store.save_soon(interrupted(created))
        store.flush()
        queue = RunQueue(store)
        with pytest.raises(LanescopeError, match="is a file, which waits"):
            queue.continue_run(created.run_id, "restart")
        queue.close()


def interrupted(run: RunSnapshot) -> RunSnapshot:
    return RunSnapshot(run.run_id, run.name, run.path, "", RunState.INTERRUPTED, run.created)


def test_a_run_whose_source_waits_goes_on_with_one_that_does(tmp_path: Path) -> None:
    """Its checkpoints say nothing of samples, as those of before there were any."""
    pipe = tmp_path / "instrument"
    os.mkfifo(pipe)
    going, kept = CheckpointFolder(tmp_path / "going"), CheckpointFolder(tmp_path / "kept")
    run = Run(snapshot_of(pipe), settings_of({"kind": "block"}), checkpoints=going)
    thread = threading.Thread(target=run.execute, name="a run that is lost")
    sent = bytearray()

    def texts() -> Iterator[bytes]:
        while (newest := going.newest()) is None:
            sent.extend(PIECE)
            yield PIECE
        kept.write({name: value for name, value in newest[1].items() if name != "sampled"})
        run.cancel()

    thread.start()
    with fed(pipe, texts()):
        pass
    thread.join(60)
    created = snapshot_of(pipe)
    beginning = beginning_of(kept, created)
    with fed(pipe, iter([bytes(sent)])):
        end = Run(created, settings_of(POLICIES[0]), beginning=beginning).execute()
    assert end.state is RunState.COMPLETED, end.failure
    assert end.sampling is None
    assert end.results.basic.reads == sent.count(b"\n") // 4
