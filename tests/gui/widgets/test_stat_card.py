"""Numbers on narrow cards."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.views.reflow import ReflowGrid
from gui.views.widgets.stat_card import LEAST_WIDTH, StatCard


@pytest.mark.parametrize(
    ("value", "unit"),
    [("488.8", "Mbp"), ("38.8", "Phred"), ("48.88", "M"), ("88,888", ""), ("8:58:58", "h"), ("100.0", "%")],
)
def test_a_narrow_card_drops_the_note_and_never_the_unit(qtbot: QtBot, value: str, unit: str) -> None:
    card = StatCard("Number")
    qtbot.addWidget(card)
    card.set_value(value, unit, "of ≈ 157 M")
    for width in range(LEAST_WIDTH, 160):
        card.resize(width, card.sizeHint().height())
        assert card.beside.startswith(unit)
    card.resize(400, card.sizeHint().height())
    assert card.beside == f"{unit} of ≈ 157 M".strip()


@pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
def test_seven_stand_side_by_side_in_a_window_of_1280_pixels(qtbot: QtBot) -> None:
    cards: list[QWidget] = [StatCard(f"{number}") for number in range(7)]
    grid = ReflowGrid(cards, least_width=LEAST_WIDTH, most_columns=7, even=True)
    qtbot.addWidget(grid)
    grid.show()
    grid.resize(1280 - 80 - 257 - 2 * 20, 200)  # rail, list of runs, sides of the page
    assert grid.columns == 7
