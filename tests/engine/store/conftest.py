"""A store on a real database, runs to put in it, and real processes beside it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.collectors.results import (
    BaseContent,
    BaseQuality,
    BasicStatistics,
    GcContent,
    LengthDistribution,
    NContent,
    QcResults,
    SequenceQuality,
)
from engine.run.skipped import Skipped
from engine.run.snapshot import (
    Activity,
    BufferLoad,
    DeviceLoad,
    DeviceState,
    Margins,
    PipelineSummary,
    QueueLoad,
    RunFailure,
    RunOutput,
    RunSnapshot,
    Sample,
    Sampling,
    StageMetric,
    StageSummary,
    ThreadLoad,
)
from engine.run.state import RunState
from engine.store.store import Store
from engine.tuning.decision import Decision, Tuning, Verdict
from engine.tuning.setting import Knob, Setting

REPOSITORY = Path(__file__).resolve().parents[3]

MakeRun = Callable[..., RunSnapshot]
Child = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of the database, not made yet."""
    return tmp_path / "lanescope.sqlite"


@pytest.fixture
def store(path: Path) -> Generator[Store]:
    """An empty store that gives up on locks soon."""
    with Store.open(path, lock_timeout=0.3) as store:
        yield store


@pytest.fixture
def make_run() -> MakeRun:
    """Creates a run in a store; keywords replace fields of its snapshot, which is then saved."""

    def make(store: Store, name: str = "reads.fastq.gz", **fields: object) -> RunSnapshot:
        run = store.create_run(
            name=name,
            path=Path("/data") / name,
            kind="gzip",
            bytes_total=1000,
            workers=2,
            parameters={},
            versions={"lanescope": "0.1.0"},
        )
        if fields:
            run = replace(run, **fields)  # type: ignore[arg-type] # fields are named by the tests
            store.save(run)
        return run

    return make


@pytest.fixture
def series() -> Callable[[int], tuple[Sample, ...]]:
    """A load series of so many samples. Longer ones share the samples of shorter ones, as those of a run do."""
    made: list[Sample] = []

    def make(length: int) -> tuple[Sample, ...]:
        while len(made) < length:
            i = len(made)
            made.append(Sample(0.1 * i, 100 * i, 15000 * i, 4096 * i, 35000 * i, i % 8, 10**8 + i))
        return tuple(made[:length])

    return make


@pytest.fixture
def full(series: Callable[[int], tuple[Sample, ...]]) -> Callable[[RunSnapshot], RunSnapshot]:
    """Fills in everything that a failed run can hold."""
    shares: tuple[dict[Activity, float], ...] = (
        {Activity.READING: 0.25, Activity.PARSING: 0.75},
        {Activity.WAITING: 1.0},
        {},
    )
    cycles = {"starts": (1, 2, 10), "ends": (1, 9, 14)}
    results = QcResults(
        basic=BasicStatistics(
            reads=12, bases=1800, shortest=0, longest=151, gc_percent=41.7, mean_quality=33.123456789
        ),
        base_quality=BaseQuality(mean=(33.1, None, 0.1 + 0.2), median=(34.0, None, 35.5), **cycles),
        sequence_quality=SequenceQuality(qualities=(30, 31), counts=(5, 7)),
        base_content=BaseContent(a=(25.0, None, 1e-9), **cycles),
        gc_content=GcContent(counts=(0.5,) * 101, theory=(1 / 3,) * 101),
        n_content=NContent(n=(0.0, None, 100.0), **cycles),
        lengths=LengthDistribution(starts=(0, 150), ends=(149, 151), counts=(1, 11)),
    )

    metric = StageMetric("gc", "GC", "%", "per_read", None, 3, 1.5, 99.0, 0.0, 100.0, (1.0, 2.0))
    stage = StageSummary(
        "cut", "length", 9, 8, 1, 2, 1, 100, 90, 1000, 900, 5, 7, {"too short": 10}, {"adapter": {"12": 3}},
        1.25, 0.1, 0.2, None, ("cut: no",), (metric,),
    )  # fmt: skip

    def fill(run: RunSnapshot) -> RunSnapshot:
        return replace(
            run,
            state=RunState.FAILED,
            started=datetime(2025, 11, 21, 9, 30, 0, 123456, tzinfo=UTC),
            finished=datetime(2025, 11, 21, 9, 31, tzinfo=UTC),
            elapsed=59.876543,
            prepared=12.25,
            time_left=1.5,
            samples=series(30),
            threads=(
                ThreadLoad("read + parse", Activity.READING, shares, 7, 0.5),
                ThreadLoad("worker 1", Activity.WAITING, (), 0, 0.0),
            ),
            queue=QueueLoad(1, 8, 7, 0.25, 1.75),
            results=results,
            pipeline=PipelineSummary("trimming", "1.0.0", stage, (stage, replace(stage, stages=(stage,)))),
            results_after=QcResults(basic=BasicStatistics(reads=11, bases=1500), lengths=results.lengths),
            outputs=(RunOutput(Path("/data/out\udcff.fastq.gz"), 11, 3400, 1200),),
            buffers=(BufferLoad(1 << 22, 0, 9, 9, 70), BufferLoad(1 << 23, 1, 0, 3, 2)),
            tuning=Tuning(
                Setting(2, 1 << 22, 40 << 20),
                is_frozen=True,
                decisions=(
                    Decision(1.5, Verdict.TRIED, Knob.WORKERS, 1, 2, "workers were busy 99 % of the time"),
                    Decision(2.25, Verdict.SETTLED, None, 0, 0, "750.0 MB/s"),
                ),
                left_out=3,
            ),
            sampling=Sampling("sample", 40, 400, 40_000, 60, 600, 60_000, 130_000, Margins(0.1, 0.2, 0.3)),
            skipped=Skipped(2, 300, 40, ("reads.fastq.gz: damaged.",)),
            devices=(DeviceLoad("cuda:0", "Tesla", DeviceState.FAILED, 0, 12, 0.5, 0.25, 0.75, 0.125),),
            device_choice="Counting on cuda:0 was 2.1 times as fast.",
            warnings=("cuda:0 cannot be used.",),
            failure=RunFailure("This is not valid FASTQ", "reads.fastq: no '+' here", "Mend it.", 13, 52, 1234),
        )

    return fill


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Waits for what another thread or process is about to do."""

    def wait(happened: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not happened():
            assert time.monotonic() < end
            time.sleep(0.01)

    return wait


@pytest.fixture
def child() -> Generator[Child]:
    """Starts Python processes that run a piece of code; killed when the test ends, should they still run."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def hold_lock(child: Child) -> Callable[[Path], AbstractContextManager[None]]:
    """Has another process hold an exclusive lock on a database."""
    code = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
connection.close()
"""

    @contextmanager
    def hold(path: Path) -> Generator[None]:
        process = child(code, path)
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        try:
            yield
        finally:
            process.communicate("done\n", timeout=20)
            assert process.returncode == 0

    return hold


@pytest.fixture
def check_sound() -> Callable[[Path], None]:
    """Has SQLite itself check every page, index and foreign key."""

    def check(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []

    return check


@pytest.fixture
def open_folder() -> Generator[Path]:
    """A folder that every user of the machine may enter, unlike ``tmp_path``."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@pytest.fixture
def unprivileged() -> Callable[[], AbstractContextManager[None]]:
    """Where root runs the tests, has it act as a user whom permissions bind."""

    @contextmanager
    def act() -> Generator[None]:
        if sys.platform == "win32" or os.geteuid() != 0:
            yield
            return
        import sqlite_utils  # noqa: F401 (the store imports it late, from where another user may not read)

        nobody = 65534
        os.seteuid(nobody)
        try:
            yield
        finally:
            os.seteuid(0)

    return act
