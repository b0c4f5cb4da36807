from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.views.reflow import ReflowGrid
from gui.views.stagger import Stagger


def test_each_turn_does_one_thing_and_only_its_newest_version(qtbot: QtBot) -> None:
    stagger = Stagger()
    done: list[str] = []
    stagger.ask("a", lambda: done.append("old a"))
    stagger.ask("b", lambda: done.append("b"))

    def work() -> None:
        done.append("a")
        QTimer.singleShot(0, lambda: done.append("a turn of the loop"))

    stagger.ask("a", work)
    assert done == []

    qtbot.waitUntil(lambda: stagger.is_idle)
    assert done == ["a", "a turn of the loop", "b"]


def test_what_waits_can_be_dropped(qtbot: QtBot) -> None:
    stagger = Stagger()
    done: list[str] = []
    stagger.ask("a", lambda: done.append("a"))
    stagger.clear()
    qtbot.wait(30)

    assert done == []


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_rows_are_filled_evenly(qtbot: QtBot) -> None:
    cards = [QWidget() for _ in range(7)]
    grid = ReflowGrid(cards, least_width=100, most_columns=7, even=True)
    qtbot.addWidget(grid)
    grid.show()

    for width, columns in ((800, 7), (700, 4), (500, 4), (360, 3), (90, 1)):
        grid.resize(width, 300)
        assert grid.columns == columns, width


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_card_without_a_place_leaves_no_gap(qtbot: QtBot) -> None:
    cards = [QWidget() for _ in range(4)]
    grid = ReflowGrid(cards, least_width=100, most_columns=2)
    qtbot.addWidget(grid)
    grid.resize(400, 300)
    grid.show()
    qtbot.waitExposed(grid)
    grid.set_shown(cards[1], False)
    qtbot.waitUntil(lambda: cards[2].y() == cards[0].y() and cards[3].x() == cards[0].x(), timeout=30_000)
    assert not cards[1].isVisible()
    grid.set_shown(cards[1], True)
    qtbot.waitUntil(lambda: cards[1].isVisible() and cards[1].y() == cards[0].y(), timeout=30_000)
    assert cards[2].y() > cards[0].y()
