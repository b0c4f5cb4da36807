"""A window as a person has it: on real files, a real store and the real engine."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.home import find_home
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.application import Assembly, assemble
from gui.models.run_list import ENTRY_ROLE, RunEntry
from gui.models.run_page import Key, RunPage
from gui.models.session import Session
from gui.views.conductor import Conductor
from gui.views.dialogs import Question
from gui.views.window import Window

SAMPLES = Path(__file__).resolve().parents[2] / "resources" / "samples"


class Desk:
    """A window that can be opened and closed as often as wanted on the same home folder.

    Attributes:
        is_closed: whether the window has closed for good.
    """

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._executor: ThreadPoolExecutor | None = None
        self._assembly: Assembly | None = None
        self.is_closed = True

    def open(self, paths: Iterable[Path] = (), *, wait: bool = True) -> None:
        """Open the window, and wait until it has fetched runs, plots and engine."""
        self._executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="lanescope")
        self._assembly = assemble(find_home(), self._executor)
        self.is_closed = False
        self.conductor.closing.closed.connect(self._note_closing)
        self.conductor.start(tuple(paths))
        self.window.activateWindow()
        # A question may have come up over it already.
        self.until(QApplication.activeWindow)
        if wait:
            plots = self.window.runs.run.plots
            self.until(lambda: plots.is_built and self.session.engine.current is not None)
            # The first start of all compiles kernels.
            self.until(lambda: self.session.engine.is_warm, timeout=110)

    def close(self) -> None:
        """Close the window without a question and wait until nothing is left of it."""
        if not self.is_closed:
            self.conductor.closing.close(ask=False)
            self.until(lambda: self.is_closed)
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None
        if self._assembly is not None:
            self._assembly.window.deleteLater()
            self._assembly = None
            QApplication.processEvents()
            # Which leaves what is to be deleted to the next event loop: the next test would dress a dead window anew.
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    @property
    def window(self) -> Window:
        """The open window."""
        assert self._assembly is not None
        return self._assembly.window

    @property
    def session(self) -> Session:
        """What is behind it."""
        assert self._assembly is not None
        return self._assembly.session

    @property
    def conductor(self) -> Conductor:
        """What brings them together."""
        assert self._assembly is not None
        return self._assembly.conductor

    @property
    def page(self) -> RunPage:
        """What the page of the run that is shown says."""
        page = self.window.runs.run.page
        assert page is not None
        return page

    @property
    def shown(self) -> RunSnapshot:
        """The snapshot that is shown."""
        snapshot = self.window.runs.run.snapshot
        assert snapshot is not None
        return snapshot

    def number(self, key: Key) -> str:
        """One of the seven numbers as it is written."""
        return str(self.page.numbers[key].quantity)

    def entries(self) -> list[RunEntry]:
        """The lines of the list of runs."""
        model = self.session.runs
        return [model.index(row).data(ENTRY_ROLE) for row in range(model.rowCount())]

    def states(self) -> list[RunState]:
        """States of all runs in the list, from top to bottom."""
        return [entry.state for entry in self.entries()]

    def until(self, condition: Callable[[], object], timeout: float = 30.0) -> None:
        """Let the window live until ``condition`` holds."""
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=round(timeout * 1000))

    def drop(self, *paths: Path, on: QWidget | None = None) -> None:
        """Drop files or folders, the way the window system does, on a widget or the middle of the window."""
        self.drop_urls(*[QUrl.fromLocalFile(str(path)) for path in paths], on=on)

    def drop_urls(self, *urls: QUrl, on: QWidget | None = None) -> None:
        """Drop addresses, after holding them over the place for a moment."""
        target = self.window if on is None else on
        data = QMimeData()
        data.setUrls(list(urls))
        place = QPoint(target.width() // 2, target.height() // 2)
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(place, copy, data, left, none)
        QApplication.sendEvent(target, enter)
        assert enter.isAccepted()
        hint = self.window.reads.drop.hover if self.window.place == "reads" else self.window.drop_hint.isVisible()
        assert hint
        QApplication.sendEvent(target, QDropEvent(QPointF(place), copy, data, left, none))
        assert not self.window.reads.drop.hover
        assert not self.window.drop_hint.isVisible()

    def run(self, *paths: Path) -> None:
        """Drop files and wait until all of their runs are over."""
        before = {entry.run_id for entry in self.entries()}
        self.drop(*paths)
        self.until(lambda: self.session.runs.total >= len(before) + len(paths) and not self.session.is_busy)
        # What is shown follows, and a short run may be over sooner.
        self.until(lambda: self.window.runs.run.snapshot is not None and self.shown.run_id not in before)
        self.until(lambda: self.shown.state.is_final)

    def question(self) -> Question:
        """The question that is open; waits for it."""
        self.until(lambda: self.window.findChildren(Question))
        return self.window.findChildren(Question)[0]

    def _note_closing(self) -> None:
        self.is_closed = True


def write_reads(path: Path, count: int, *, length: int = 80, seed: int = 7) -> Path:
    """Write ``count`` random reads, plain or gzip by the suffix."""
    source = random.Random(seed)  # noqa: S311 - reads, not secrets
    records = [
        f"@read{number} of test\n{''.join(source.choices('ACGTN', (30, 20, 21, 28, 1), k=length))}\n+\n"
        f"{''.join(chr(33 + source.randrange(2, 41)) for _ in range(length))}\n"
        for number in range(count)
    ]
    data = "".join(records).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


MANY_READS = 160_000_000


def write_many_reads(path: Path, reads: int = MANY_READS) -> Path:
    """Write so many reads that a run is caught in its middle: gzip members of 400,000 equal reads, 60 MB by default."""
    record = b"@read\nACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTAC\n+\n" + b"I" * 50 + b"\n"
    member = gzip.compress(record * 400_000, 9)
    path.write_bytes(member * (reads // 400_000))
    return path
