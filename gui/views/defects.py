"""What to do when Lanescope itself is wrong: tell plainly, write it down, go on."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.views.dialogs import PlainBox

_LOG_SIZE = 1 << 20
_log = logging.getLogger("lanescope.defects")


class Defects(QObject):
    """Catches exceptions that nothing else caught, in any thread and in the event loop.

    Attributes:
        log: the file they are written to.
        dialog: the message that is open now, or ``None``.

    Signals:
        found: a traceback, as text.
    """

    found = Signal(str)

    def __init__(self, log: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = log
        self.dialog: QMessageBox | None = None
        self._window: QWidget | None = None
        self._handler = RotatingFileHandler(log, maxBytes=_LOG_SIZE, backupCount=1, encoding="utf-8", delay=True)
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
        logging.getLogger().addHandler(self._handler)
        self._hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._catch
        threading.excepthook = self._catch_in_thread
        # Whatever thread it happened in, the dialog belongs to this one.
        self.found.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def watch(self, loop: asyncio.AbstractEventLoop, window: QWidget) -> None:
        """Catch what fails in ``loop`` too, and tell of it over ``window``."""
        self._window = window
        loop.set_exception_handler(self._catch_in_loop)

    def close(self) -> None:
        """Catch no more."""
        sys.excepthook, threading.excepthook = self._hooks
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()

    def _catch(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        self._take(error)

    def _catch_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._take(arguments.exc_value)

    def _catch_in_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._take(error)
        else:
            _log.error("%s", context.get("message"))

    def _take(self, error: BaseException) -> None:
        _log.error("A defect", exc_info=error)
        self.found.emit("".join(traceback.format_exception(error)))

    def _tell(self, details: str) -> None:
        if self.dialog is not None:
            # One at a time: whatever follows is in the log.
            return
        box = PlainBox(
            self._window,
            "Something went wrong inside Lanescope.",
            "This is a defect of Lanescope, not of your files. Finished runs are safe. "
            f"If it happens again, please report it with the details, which are also in {self.log}.",
        )
        box.setDetailedText(details)
        close = box.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(close)
        box.setEscapeButton(close)
        box.finished.connect(self._forget)
        self.dialog = box
        box.open()

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
