from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.collectors.results import BasicStatistics, QcResults
from engine.run.snapshot import RunSnapshot, Sample
from engine.run.state import RunState
from gui.theme.theme import Theme, theme
from tests.gui.desk import Desk

MakeSnapshot = Callable[..., RunSnapshot]


def _snapshot(
    run_id: int = 1,
    name: str = "reads.fastq",
    state: RunState = RunState.RUNNING,
    *,
    reads: int = 1000,
    share: float = 0.5,
    **more: object,
) -> RunSnapshot:
    bases = reads * 150
    basic = BasicStatistics(
        reads=reads,
        bases=bases,
        shortest=150 if reads else 0,
        longest=150 if reads else 0,
        gc_percent=41.25,
        mean_quality=35.8,
        q20_bases=bases * 97 // 100,
        q30_bases=bases * 91 // 100,
        lowest_quality_byte=35,
        highest_quality_byte=73,
    )
    size = 1_000_000
    sample = Sample(
        time=2.0, reads=reads, bases=bases, bytes_read=int(size * share), text_bytes=size, queue_size=3, memory=1 << 28
    )
    values: dict[str, object] = {
        "path": Path("/data") / name,
        "kind": "plain",
        "created": datetime(2025, 3, 12, 14, 1, run_id % 60, tzinfo=UTC),
        "started": datetime(2025, 3, 12, 14, 2, tzinfo=UTC),
        "elapsed": 2.0,
        "bytes_total": size,
        "samples": (sample,),
        "results": QcResults(basic=basic),
        "workers": 2,
    }
    return RunSnapshot(run_id=run_id, name=name, state=state, **(values | more))  # type: ignore[arg-type] # any field


@pytest.fixture
def dark(qapp: QApplication) -> Generator[Theme]:
    """The theme, dark, with the application dressed in it."""
    theme().set_mode("dark")
    theme().apply(qapp)
    yield theme()
    theme().set_mode("dark")


@pytest.fixture(autouse=True)
def deleted() -> Generator[None]:
    """Delete what the test is done with, which otherwise waits for an event loop and is dressed anew till then."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def make_snapshot() -> MakeSnapshot:
    """Builds a snapshot of a run of ``reads`` reads of 150 bases; keywords set any other field."""
    return _snapshot


@pytest.fixture(scope="session")
def _session_loop(qapp: QApplication) -> Generator[asyncio.AbstractEventLoop]:
    loop = qasync.QEventLoop(qapp, already_running=True)
    asyncio._set_running_loop(None)  # until a test asks for it
    yield loop
    loop.stop()
    loop.close()


@contextmanager
def _at_work(loop: asyncio.AbstractEventLoop) -> Generator[None]:
    """Have asyncio take ``loop`` for the one that runs in this thread, as it does in the window."""
    asyncio.set_event_loop(loop)
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)
        asyncio.set_event_loop(None)


@pytest.fixture
def loop(_session_loop: asyncio.AbstractEventLoop) -> Generator[asyncio.AbstractEventLoop]:
    """The window's event loop; whatever fails in it unheard fails the test. Other tests find no loop in its place."""
    failures: list[object] = []
    _session_loop.set_exception_handler(lambda _loop, context: failures.append(context.get("exception", context)))
    with _at_work(_session_loop):
        yield _session_loop
    _session_loop.set_exception_handler(None)
    assert not failures


@pytest.fixture
def desk(
    qtbot: QtBot,
    qapp: QApplication,
    loop: asyncio.AbstractEventLoop,
    lanescope_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Generator[Desk]:
    """A window, not opened yet, on a home folder of its own; cancels without asking, however slow the machine is."""
    monkeypatch.setattr("gui.models.run_page._CONFIRM_AFTER", math.inf)
    theme().apply(qapp)
    desk = Desk(qtbot)
    yield desk
    desk.close()
    theme().set_mode("system")
