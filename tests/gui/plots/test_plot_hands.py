from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.collectors.results import QcResults
from gui.views.plots.base_quality_plot import BaseQualityPlot
from gui.views.plots.length_plot import LengthPlot
from gui.views.plots.plot_card import PlotCard
from tests.gui.plots.cards import CardKind, MakeSnapshot, every_card, says

# Said by Qt's screenless platform itself, whenever a window with a least size opens.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def point_at(card: PlotCard, place: QPointF, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    # Not by QTest, which sends nothing where the pointer happens to be there already.
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        QPointF(card.canvas.mapToGlobal(place.toPoint())),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(card.canvas.viewport(), event)


def wheel(card: PlotCard, turns: int, modifiers: Qt.KeyboardModifier) -> bool:
    center = card.canvas.plot_area().center()
    event = QWheelEvent(
        center,
        QPointF(card.canvas.mapToGlobal(center.toPoint())),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(card.canvas.viewport(), event)
    return event.isAccepted()


@every_card
def test_keys_walk_along_the_values(kind: CardKind, shown: Callable[[CardKind], PlotCard], qtbot: QtBot) -> None:
    card = shown(kind)
    qtbot.keyClick(card.canvas, Qt.Key.Key_Right)
    first = card.canvas.accessibleDescription()
    assert first in [text.replace("\n", ", ") for text in says(card)]
    qtbot.keyClick(card.canvas, Qt.Key.Key_Right)
    moved = card.canvas.accessibleDescription()
    assert (moved == first) == (kind is LengthPlot)  # which has but one length here
    qtbot.keyClick(card.canvas, Qt.Key.Key_Escape)
    assert moved.replace(", ", "\n") not in says(card)


@every_card
def test_the_pointer_tells_values(kind: CardKind, shown: Callable[[CardKind], PlotCard], qtbot: QtBot) -> None:
    card = shown(kind)
    before = len(says(card))
    point_at(card, card.canvas.plot_area().center())
    assert len(says(card)) == before + 1
    QApplication.sendEvent(card.canvas, QEvent(QEvent.Type.Leave))
    assert len(says(card)) == before


@every_card
def test_menus_can_be_reached_by_keys(kind: CardKind, shown: Callable[[CardKind], PlotCard], qtbot: QtBot) -> None:
    card = shown(kind)
    assert card.menu.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert card.menu.accessibleName()
    menu = card.menu.make_menu()
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [
        "Save as PNG…",
        "Save as SVG…",
        "Save as CSV…",
        "Copy image",
        "Copy values",
    ]
    card.copy_values()
    lines = QGuiApplication.clipboard().text().split("\n")
    header, rows = card.table()
    assert lines[0].split("\t") == header
    assert len(lines) == 1 + len(rows)
    menu.close()


def test_the_wheel_belongs_to_the_page(shown: Callable[[CardKind], PlotCard]) -> None:
    card = shown(BaseQualityPlot)
    assert not wheel(card, 1, Qt.KeyboardModifier.NoModifier)
    assert not card.is_zoomed


def test_ctrl_and_wheel_zoom_and_a_double_click_shows_all(
    shown: Callable[[CardKind], PlotCard], qtbot: QtBot, tmp_path: Path
) -> None:
    card = shown(BaseQualityPlot)
    whole, height = card.canvas.x_range, card.canvas.y_range
    assert wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    low, high = card.canvas.x_range
    assert whole[0] < low < high < whole[1]
    assert card.canvas.y_range == height
    qtbot.mouseDClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    assert card.canvas.x_range == whole
    wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    wheel(card, -9, Qt.KeyboardModifier.ControlModifier)
    assert not card.is_zoomed


def test_dragging_moves_along_a_zoomed_plot(shown: Callable[[CardKind], PlotCard], qtbot: QtBot) -> None:
    card = shown(BaseQualityPlot)
    wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    before = card.canvas.x_range
    place = card.canvas.plot_area().center().toPoint()
    qtbot.mousePress(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    point_at(card, QPointF(place - QPoint(40, 0)), Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(card.canvas.viewport(), Qt.MouseButton.LeftButton)
    after = card.canvas.x_range
    assert after[0] > before[0]
    assert after[1] - after[0] == pytest.approx(before[1] - before[0])


def test_a_zoomed_drawing_stays_within_its_frame(shown: Callable[[CardKind], PlotCard], tmp_path: Path) -> None:
    card = shown(BaseQualityPlot)
    wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    path = tmp_path / "plot.svg"
    card.save(path)
    renderer = QSvgRenderer(str(path))
    image = QImage(renderer.defaultSize(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    for x in (3, image.width() - 4):
        assert {image.pixelColor(x, y).name() for y in range(60, image.height())} == {"#151c25"}


def test_another_run_shows_all_again(
    shown: Callable[[CardKind], PlotCard], make_snapshot: MakeSnapshot, results: QcResults
) -> None:
    card = shown(BaseQualityPlot)
    wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    card.set_snapshot(make_snapshot(run_id=7, results=results))
    assert not card.is_zoomed
