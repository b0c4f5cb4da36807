from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.gui.heartbeat import Heartbeat


def test_a_block_shows(qtbot: QtBot) -> None:
    heartbeat = Heartbeat()
    heartbeat.start()
    qtbot.waitUntil(lambda: len(heartbeat.delays) > 2, timeout=30_000)
    QTimer.singleShot(0, lambda: time.sleep(0.12))
    qtbot.waitUntil(lambda: heartbeat.longest > 0.1, timeout=30_000)
    heartbeat.stop()

    beats = len(heartbeat.delays)
    qtbot.wait(50)
    assert len(heartbeat.delays) == beats
