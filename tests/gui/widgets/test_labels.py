from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.run.state import RunState
from gui.models.run_page import STATE_WORDS
from gui.theme.theme import Theme
from gui.theme.tokens import DARK, LIGHT
from gui.views.plain_label import PlainLabel
from gui.views.widgets.badge import Badge
from gui.views.widgets.card import Card, TitledCard
from gui.views.widgets.elided_label import ElidedLabel
from gui.views.widgets.stat_card import StatCard


def colors(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_a_long_name_is_shortened_in_the_middle(qtbot: QtBot) -> None:
    label = ElidedLabel("NA12878_S1_L003_R1_001.fastq.gz")
    qtbot.addWidget(label)
    label.resize(120, 20)
    label.grab()
    shown = label.shown_text()
    assert shown.startswith("NA")
    assert shown.endswith("gz")
    assert "…" in shown
    assert "NA12878_S1_L003_R1_001.fastq.gz" in label.toolTip()
    label.resize(600, 20)
    label.grab()
    assert label.shown_text() == label.text()
    assert not label.toolTip()


def test_names_are_data_and_never_markup(qtbot: QtBot) -> None:
    label = ElidedLabel("<b>bold</b>\n.fastq " + "x" * 100)
    qtbot.addWidget(label)
    label.resize(100, 20)
    label.grab()
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert "\n" not in label.text()
    assert "&lt;b&gt;bold&lt;/b&gt;" in label.toolTip()


def test_a_long_name_does_not_widen_its_place(qtbot: QtBot) -> None:
    label = ElidedLabel("x" * 300)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 80


def test_numbers_that_change_ask_for_the_same_place(qtbot: QtBot) -> None:
    card = StatCard("Throughput")
    qtbot.addWidget(card)
    before = card.sizeHint(), card.minimumSizeHint()
    card.set_value("1,234,567,890", "M reads/s", "of very many")
    assert (card.sizeHint(), card.minimumSizeHint()) == before


def test_a_number_is_read_out(qtbot: QtBot) -> None:
    card = StatCard("Reads")
    qtbot.addWidget(card)
    card.set_value("41.28", "M", "of 64.5 M")
    assert card.accessibleName() == "Reads"
    assert card.accessibleDescription() == "41.28 M of 64.5 M"


def test_equal_figures_keep_the_unit_in_place(qtbot: QtBot) -> None:
    card = StatCard("Reads")
    qtbot.addWidget(card)
    card.resize(180, 72)
    images = []
    for value in ("11.11", "88.88"):
        card.set_value(value, "M")
        unit = card.grab().toImage().copy(88, 30, 80, 36)
        images.append(unit)
    assert images[0] == images[1]
    assert len(colors(images[0])) > 1


@pytest.mark.parametrize("state", list(RunState))
def test_a_state_is_word_symbol_and_colour(qtbot: QtBot, state: RunState) -> None:
    badge = Badge()
    qtbot.addWidget(badge)
    badge.set_state(state)
    assert badge.state == state
    assert badge.accessibleDescription() == STATE_WORDS[state]
    badge.resize(badge.sizeHint())
    symbol = badge.grab().toImage().copy(9, 6, 12, 12)
    assert len(colors(symbol)) > 1


def test_no_two_states_that_matter_share_a_symbol(qtbot: QtBot) -> None:
    symbols = []
    for state in (RunState.CREATED, RunState.RUNNING, RunState.PAUSED, RunState.COMPLETED, RunState.FAILED,
                  RunState.CANCELLED, RunState.INTERRUPTED):  # fmt: skip
        badge = Badge()
        qtbot.addWidget(badge)
        badge.set_state(state)
        badge.resize(badge.sizeHint())
        drawn = badge.grab().toImage().copy(9, 6, 12, 12).convertToFormat(QImage.Format.Format_Mono)
        symbols.append(drawn)
    assert all(one != other for at, one in enumerate(symbols) for other in symbols[at + 1 :])


def test_a_change_of_state_moves_nothing(qtbot: QtBot) -> None:
    badge = Badge()
    qtbot.addWidget(badge)
    before = badge.sizeHint()
    badge.set_state(RunState.INTERRUPTED)
    assert badge.sizeHint() == before


def test_a_card_is_drawn_in_the_theme(qtbot: QtBot, dark: Theme) -> None:
    card = Card()
    qtbot.addWidget(card)
    card.resize(100, 60)
    assert card.grab().toImage().pixelColor(50, 30) == QColor(DARK.panel)
    assert card.grab().toImage().pixelColor(50, 0) == QColor(DARK.line)
    card.set_outline("accent")
    assert card.grab().toImage().pixelColor(50, 0) == QColor(DARK.accent)
    dark.set_mode("light")
    assert card.grab().toImage().pixelColor(50, 30) == QColor(LIGHT.panel)


def test_a_titled_card_has_title_and_note(qtbot: QtBot) -> None:
    card = TitledCard("Workers", "queue 3 of 8")
    qtbot.addWidget(card)
    assert (card.title, card.note) == ("Workers", "queue 3 of 8")
    card.set_note("<i>queue 4 of 8</i>")
    assert card.note == "<i>queue 4 of 8</i>"


LONG = "reads_" + "x" * 150 + "_R1.fastq is empty."


def test_names_longer_than_a_line_are_wrapped_and_not_cut(qtbot: QtBot) -> None:
    label = PlainLabel(LONG, wraps=True)
    qtbot.addWidget(label)
    assert label.text() == LONG
    one_line = label.fontMetrics().height()
    assert label.heightForWidth(300) >= 3 * one_line
    assert QLabel.text(label).replace("\N{ZERO WIDTH SPACE}", "") == LONG
    assert not label.toolTip()


def test_no_line_ends_between_a_number_and_its_unit(qtbot: QtBot) -> None:
    words = "GC 53.6 %, usually 49.9 % (read 1); 150 bp of 3 lanes"
    label = PlainLabel(words, wraps=True)
    qtbot.addWidget(label)
    assert label.text() == words
    assert QLabel.text(label) == words.replace(" %", "\N{NO-BREAK SPACE}%").replace(" bp", "\N{NO-BREAK SPACE}bp")
    copied = PlainLabel(words, wraps=True, selectable=True)
    qtbot.addWidget(copied)
    assert QLabel.text(copied) == words


def test_what_may_be_copied_is_shortened_and_told_whole(qtbot: QtBot) -> None:
    label = PlainLabel(LONG, wraps=True, selectable=True)
    qtbot.addWidget(label)
    assert QLabel.text(label) == f"reads_{'x' * 22}\N{HORIZONTAL ELLIPSIS}{'x' * 11}_R1.fastq is empty."
    assert "xxx_R1.fastq is empty." in label.toolTip()
    label.setText("/a/path/of/many/folders/whose/whole/length/is/more/than/fifty/letters")
    assert QLabel.text(label) == label.text()
    assert not label.toolTip()


def test_a_short_name_takes_no_more_room_than_its_letters(qtbot: QtBot) -> None:
    label = ElidedLabel("broken")
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() <= label.fontMetrics().horizontalAdvance("broken") + 2  # rounded up
    label.setText("il")
    assert label.minimumSizeHint().width() <= label.fontMetrics().horizontalAdvance("il") + 2
