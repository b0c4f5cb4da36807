"""Runs whose process is killed go on from their last checkpoint, and end as if nothing had happened."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.checkpoint.folder import CheckpointFolder
from engine.collectors.results import QcResults
from engine.errors import CheckpointError
from engine.run.checkpointing import checkpoints_beside
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.source.naming import Dataset
from engine.store.errors import RunNotLostError
from engine.store.store import Store
from tests.stored_files import bgzf

REPOSITORY = Path(__file__).resolve().parents[3]
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": lambda text: gzip.compress(text[: len(text) // 2], 1) + gzip.compress(text[len(text) // 2 :], 1),
    "bgzf": bgzf,
}

# What it is asked to do comes as Python values; a queue that is closed would cancel the run.
CHILD = """
import sys
from pathlib import Path
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.source.naming import Dataset
from engine.store.store import Store
database, again, *files = sys.argv[1:]
store = Store.open(Path(database))
settings = RunSettings(workers=2, batch_bytes=1 << 16, checkpoint_seconds=0.02)
queue = RunQueue(store, settings=settings)
if again != "0":
    queue.continue_run(int(again))
elif len(files) == 1:
    queue.submit(Path(files[0]))
else:
    queue.submit_dataset(Dataset("pair", ((Path(files[0]), Path(files[1])),)))
queue.wait()
queue.close()
store.close()
"""


def reads_of(seed: int, count: int, mate: int = 1) -> bytes:
    """Illumina reads of different lengths, many of them more than once."""
    chance = random.Random(seed)  # noqa: S311 - reads, not secrets
    known = ["".join(chance.choices("ACGTN", (30, 20, 21, 28, 1), k=chance.randrange(30, 120))) for _ in range(2000)]
    lines = []
    for number in range(count):
        bases = chance.choice(known)
        qualities = chr(33 + chance.randrange(2, 41)) * len(bases)
        tile = 1101 + number * 8 // count
        lines.append(f"@M0:1:FC:1:{tile}:{number}:7 {mate}:N:0\n{bases}\n+\n{qualities}\n")
    return "".join(lines).encode()


def killed(database: Path, again: int, files: list[Path], chance: random.Random) -> None:
    """Starts or continues a run in another process, and kills that when it has taken a checkpoint, or soon after."""
    command = [sys.executable, "-c", CHILD, str(database), str(again), *map(str, files)]
    with subprocess.Popen(command, cwd=REPOSITORY) as child:
        folder = CheckpointFolder(checkpoints_beside(database) / str(again or 1))
        before = max((each.number for each in folder.checkpoints()), default=0)
        deadline = time.monotonic() + 60
        while child.poll() is None and time.monotonic() < deadline:
            if any(each.number > before for each in folder.checkpoints()):
                time.sleep(chance.random() * 0.05)
                break
            time.sleep(0.002)
        child.kill()


def finished(queue: RunQueue, run: RunSnapshot) -> RunSnapshot:
    assert queue.wait(60)
    end = queue.snapshot(run.run_id)
    assert end is not None
    return end


def uninterrupted(folder: Path, files: list[Path]) -> QcResults:
    with Store.open(folder / "other.sqlite") as store:
        queue = RunQueue(store, settings=RunSettings(workers=1))
        try:
            one = queue.submit(files[0]) if len(files) == 1 else None
            run = one or queue.submit_dataset(Dataset("pair", ((files[0], files[1]),)))
            return finished(queue, run).results
        finally:
            queue.close()


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_killed_run_ends_as_if_nothing_had_happened(tmp_path: Path, packing: str) -> None:
    files = [tmp_path / "reads.fastq"]
    files[0].write_bytes(PACKINGS[packing](reads_of(1, 60_000) * 8))
    check(tmp_path, files, kills=2)


def test_a_killed_run_of_pairs(tmp_path: Path) -> None:
    files = [tmp_path / "a_R1.fastq.gz", tmp_path / "a_R2.fastq.gz"]
    for mate, file in enumerate(files, start=1):
        file.write_bytes(gzip.compress(reads_of(mate, 40_000, mate) * 4, 1))
    check(tmp_path, files, kills=2)


def check(folder: Path, files: list[Path], kills: int) -> None:
    chance = random.Random(len(files))  # noqa: S311 - moments, not secrets
    database = folder / "runs.sqlite"
    gone_on = 0
    for attempt in range(kills):
        killed(database, int(attempt > 0), files, chance)
        with Store.open(database) as store:
            gone_on += store.load(1).state is RunState.INTERRUPTED
            if store.load(1).state is not RunState.INTERRUPTED:  # it was quicker
                break
    assert gone_on, "every attempt ended before it was killed"
    with Store.open(database) as store:
        queue = RunQueue(store, settings=RunSettings(workers=3, batch_bytes=100_000))
        try:
            if store.load(1).state is RunState.INTERRUPTED:
                end = finished(queue, queue.continue_run(1))
                assert end.elapsed > 0
        finally:
            queue.close()
        store.flush()
        end = store.load(1)
        assert end.state is RunState.COMPLETED
        assert end.results == uninterrupted(folder, files)
        assert end.samples[-1].reads == end.results.basic.reads
        times = [sample.time for sample in end.samples]
        assert times == sorted(times)
    assert not (checkpoints_beside(database) / "1").exists()


def interrupted(folder: Path, file: Path) -> Path:
    """A database with one run that was lost after a checkpoint."""
    database = folder / "runs.sqlite"
    killed(database, 0, [file], random.Random(0))  # noqa: S311 - a moment, not a secret
    return database


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("lost")
    file = folder / "reads.fastq"
    file.write_bytes(reads_of(5, 60_000) * 16)
    return interrupted(folder, file), file


def test_what_has_changed_since_is_noticed(lost: tuple[Path, Path]) -> None:
    database, file = lost
    text = file.read_bytes()
    with Store.open(database) as store:
        assert store.load(1).state is RunState.INTERRUPTED
        queue = RunQueue(store)
        try:
            file.write_bytes(text[: len(text) // 2])
            with pytest.raises(CheckpointError, match=r"reads\.fastq shrank"):
                queue.continue_run(1)
            file.unlink()
            with pytest.raises(CheckpointError, match=r"reads\.fastq cannot be read"):
                queue.continue_run(1)
            assert store.load(1).state is RunState.INTERRUPTED
        finally:
            queue.close()
            file.write_bytes(text)


def test_two_cannot_go_on_with_one_run(lost: tuple[Path, Path]) -> None:
    database, _ = lost
    with Store.open(database) as store, Store.open(database) as other:
        one, two = RunQueue(store), RunQueue(other)
        try:
            run = one.continue_run(1)
            with pytest.raises(RunNotLostError):
                two.continue_run(1)
            assert finished(one, run).state is RunState.COMPLETED
            with pytest.raises(CheckpointError, match="no checkpoint"):
                two.continue_run(1)
        finally:
            one.close()
            two.close()
