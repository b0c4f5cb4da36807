"""Groups of buttons of which one is on, by the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QRadioButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui.models.grouping import Grouping
from gui.views.choice_group import ChoiceGroup
from gui.views.grouping_bar import GroupingBar

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    """A window with these from top to bottom."""
    window = QWidget()
    column = QVBoxLayout(window)
    for widget in widgets:
        column.addWidget(widget)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=30_000)
    return window


def with_focus(qtbot: QtBot, widget: QWidget) -> None:
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus, timeout=30_000)


def press(qtbot: QtBot, key: Qt.Key) -> QWidget | None:
    focused = QApplication.focusWidget()
    assert focused is not None
    qtbot.keyClick(focused, key)
    return QApplication.focusWidget()


def test_tab_enters_the_ways_to_group_files_at_the_chosen_one(qtbot: QtBot) -> None:
    before, after, bar = QPushButton("before"), QPushButton("after"), GroupingBar()
    window = shown(qtbot, before, bar, after)
    bar.show_grouping(Grouping.INTERLEAVED)
    with_focus(qtbot, before)
    assert press(qtbot, Qt.Key.Key_Tab) is bar.buttons[Grouping.INTERLEAVED]
    assert press(qtbot, Qt.Key.Key_Tab) is after
    assert press(qtbot, Qt.Key.Key_Backtab) is bar.buttons[Grouping.INTERLEAVED]
    press(qtbot, Qt.Key.Key_Left)
    assert bar.grouping is Grouping.PAIRS
    assert bar.buttons[Grouping.PAIRS].hasFocus()
    bar.show_grouping(Grouping.EACH)
    with_focus(qtbot, before)
    assert press(qtbot, Qt.Key.Key_Tab) is bar.buttons[Grouping.EACH]
    window.close()


def test_where_none_is_on_tab_enters_at_the_first(qtbot: QtBot) -> None:
    before, buttons = QPushButton("before"), [QRadioButton(name) for name in "abc"]
    window = shown(qtbot, before, *buttons)
    group = ChoiceGroup(window)
    for button in buttons:
        group.addButton(button)
    with_focus(qtbot, before)
    assert press(qtbot, Qt.Key.Key_Tab) is buttons[0]
    window.close()
