from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.views.defects import Defects

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def defects(qtbot: QtBot, loop: asyncio.AbstractEventLoop, window: QWidget, tmp_path: Path) -> Generator[Defects]:
    defects = Defects(tmp_path / "lanescope.log")
    defects.watch(loop, window)
    yield defects
    if defects.dialog is not None:
        defects.dialog.close()
    defects.close()


def _fail() -> None:
    raise ZeroDivisionError("the details")


def test_a_defect_is_told_plainly_and_written_down(qtbot: QtBot, defects: Defects) -> None:
    try:
        _fail()
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: defects.dialog is not None)

    assert defects.dialog is not None
    assert defects.dialog.text() == "Something went wrong inside Lanescope."
    assert "Traceback" not in defects.dialog.text() + defects.dialog.informativeText()
    assert "ZeroDivisionError: the details" in defects.dialog.detailedText()
    assert "ZeroDivisionError: the details" in defects.log.read_text()

    defects.dialog.close()
    qtbot.waitUntil(lambda: defects.dialog is None)


def test_defects_in_threads_and_in_the_loop_are_caught(
    qtbot: QtBot, defects: Defects, loop: asyncio.AbstractEventLoop
) -> None:
    # pytest's own hook is put over it for the time of a test.
    threading.excepthook = defects._catch_in_thread
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: defects.dialog is not None)
    loop.call_soon(_fail)
    qtbot.waitUntil(lambda: defects.log.read_text().count("Traceback") == 2)
