"""The application: Qt, the event loop, and the window in them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

import qasync
from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QMessageBox

from engine.errors import LanescopeError
from gui.interrupts import Interrupts
from gui.models.session import Session
from gui.models.settings import Settings
from gui.opening import Opened, open_temporary_store
from gui.theme.icons import icon
from gui.theme.theme import theme
from gui.views.conductor import Conductor
from gui.views.defects import Defects
from gui.views.notice import Message
from gui.views.window import Window

_NO_DISPLAY = (
    "Lanescope cannot open a window here: there is no display, or a library for it is missing.\n"
    "To work without a window: lanescope run FILE…"
)
_FAILED = 1


@dataclass(frozen=True, slots=True)
class Assembly:
    """A window and what is behind it."""

    window: Window
    session: Session
    conductor: Conductor


def assemble(opened: Opened, executor: Executor) -> Assembly:
    """Build a window on a home and a store. It is not shown yet."""
    settings = Settings(opened.home.settings)
    theme().set_mode(settings.mode)
    session = Session(opened.store, executor, workers=settings.workers)
    window = Window(session, settings, opened.home.root)
    session.setParent(window)
    return Assembly(window, session, Conductor(window, session, settings))


def run_window(paths: Sequence[Path], opening: Future[Opened], executor: Executor) -> int:
    """Show the window and stay until it is closed.

    Args:
        paths: files and folders to run at once.
        opening: what the window works on, being opened in a thread.
        executor: threads for what blocks.

    Returns:
        The exit status.
    """
    app = _make_application()
    opened = _opened_or_asked(opening)
    if opened is None:
        return _FAILED
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    loop.set_default_executor(executor)
    defects = Defects(opened.home.root / "lanescope.log")
    interrupts = Interrupts()
    try:
        with loop:
            assembly = assemble(opened, executor)
            defects.watch(loop, assembly.window)
            interrupts.interrupted.connect(lambda: assembly.conductor.close(ask=False))
            assembly.conductor.closed.connect(loop.stop)
            if opened.is_temporary:
                assembly.window.notices.add(
                    Message("Runs of this session are not kept", "They go away when the window closes.")
                )
            assembly.session.tasks.start(assembly.conductor.start(paths))
            loop.run_forever()
    finally:
        interrupts.close()
        defects.close()
        opened.clean_up()
    return 0


def _make_application() -> QApplication:
    # Qt ends the process with SIGABRT where it finds no display.
    previous = qInstallMessageHandler(_end_plainly)
    app = QApplication(sys.argv[:1])
    qInstallMessageHandler(previous)
    app.setApplicationName("Lanescope")
    app.setDesktopFileName("lanescope")
    app.setQuitOnLastWindowClosed(False)
    theme().apply(app)
    app.setWindowIcon(icon("logo", "accent"))
    return app


def _end_plainly(kind: QtMsgType, _context: QMessageLogContext, _message: str | None) -> None:
    if kind is QtMsgType.QtFatalMsg:
        sys.stderr.write(f"{_NO_DISPLAY}\n")
        sys.stderr.flush()
        os._exit(_FAILED)


def _opened_or_asked(opening: Future[Opened]) -> Opened | None:
    """What was opened; where that failed, what the user chooses instead, which may be to quit."""
    try:
        return opening.result()
    except LanescopeError as error:
        box = QMessageBox(QMessageBox.Icon.Warning, "Lanescope", error.title)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(f"{error}\n\n{error.hint}")
        leave = box.addButton("Quit", QMessageBox.ButtonRole.RejectRole)
        go_on = box.addButton("Go on without keeping runs", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(leave)
        box.setEscapeButton(leave)
        box.exec()
        return open_temporary_store() if box.clickedButton() is go_on else None
