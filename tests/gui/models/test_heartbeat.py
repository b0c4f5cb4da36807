from __future__ import annotations

import time

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.models.heartbeat import Heartbeat


def test_a_block_shows(qtbot: QtBot) -> None:
    heartbeat = Heartbeat()
    heartbeat.start()
    qtbot.wait(50)
    QTimer.singleShot(0, lambda: time.sleep(0.12))
    qtbot.wait(200)
    heartbeat.stop()

    assert 0.1 < heartbeat.longest < 1.0
    beats = len(heartbeat.delays)
    qtbot.wait(50)
    assert len(heartbeat.delays) == beats > 5
