"""The application: Qt, the event loop, and the window in them."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import qasync
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from engine.errors import LanescopeError
from engine.home import Home, HomeError, find_home
from gui.interrupts import Interrupts
from gui.models.session import Session
from gui.models.settings import Settings
from gui.theme.icons import icon
from gui.theme.theme import theme
from gui.views.conductor import Conductor
from gui.views.defects import Defects
from gui.views.dialogs import Telling
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


def assemble(home: Home, executor: Executor) -> Assembly:
    """Build a window on the home folder ``home``. It is not shown yet, and the store not opened."""
    settings = Settings(home.settings)
    theme().set_mode(settings.mode)
    session = Session(executor, workers=settings.workers, device=settings.device)
    session.engine.set_tuning(on=settings.tuning)
    window = Window(session, settings, home.root)
    session.setParent(window)
    return Assembly(window, session, Conductor(window, session, settings, home))


def run_window(paths: Sequence[Path], executor: Executor) -> int:
    """Show the window and stay until it is closed.

    Args:
        paths: files and folders to run.
        executor: threads for what blocks.

    Returns:
        The exit status.
    """
    app = make_application()
    try:
        home = find_home()
    except HomeError as error:
        _tell(error)
        return _FAILED
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    loop.set_default_executor(executor)
    defects = Defects(home.root / "lanescope.log")
    interrupts = Interrupts()
    try:
        with loop:
            assembly = assemble(home, executor)
            defects.watch(loop, assembly.window)
            interrupts.interrupted.connect(lambda: assembly.conductor.closing.close(ask=False))
            assembly.conductor.closing.closed.connect(loop.stop)
            assembly.session.engine.warming.connect(_settle)
            assembly.window.fit(assembly.window.screen().availableGeometry())
            assembly.conductor.start(paths)
            loop.run_forever()
    finally:
        interrupts.close()
        defects.close()
    return _FAILED if assembly.conductor.gave_up else 0


def _settle(done: int, total: int) -> None:
    """Once all is loaded: what is here now stays, so that the garbage collector need not look at it during a run."""
    if 0 < total == done:
        gc.collect()
        gc.freeze()


def make_application() -> QApplication:
    """Qt's application, in Lanescope's look; ends the process in plain words where there is no display."""
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


def _tell(error: LanescopeError) -> None:
    Telling(None, error.title, f"{error}\n\n{error.hint}").exec()
