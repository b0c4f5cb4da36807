"""Runs without a store, and files to run on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime
from pathlib import Path

import pytest

from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.store.store import Store
from tests.pools import all_buffers_given_back

__all__ = ["all_buffers_given_back"]

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"
RECORD = b"@read\nACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTAC\n+\n" + b"I" * 50 + b"\n"

MakeRun = Callable[..., Run]


@pytest.fixture
def sample() -> Path:
    """Ten thousand real Illumina reads, gzip."""
    return SAMPLES / "illumina_single.fastq.gz"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Two million equal reads: too much to be read before a test can act on the run."""
    path = tmp_path / "large.fastq"
    block = RECORD * 20_000
    with path.open("wb") as file:
        for _ in range(100):
            file.write(block)
    return path


@pytest.fixture
def make_run() -> Generator[MakeRun]:
    """Makes a run that no store knows; what a failed test leaves running is cancelled."""
    made: list[Run] = []

    def make(path: Path, on_change: Callable[[RunSnapshot], None] | None = None, **settings: int) -> Run:
        now = datetime.now().astimezone()
        created = RunSnapshot(run_id=1, name=path.name, path=path, kind="", state=RunState.CREATED, created=now)
        made.append(Run(created, RunSettings.model_validate(settings), on_change))
        return made[-1]

    yield make
    for run in made:
        run.cancel()


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    """An empty store."""
    with Store.open(tmp_path / "runs.sqlite") as store:
        yield store
