from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from gui.theme.tokens import DARK
from gui.views.widgets.drop_area import DropArea
from gui.views.widgets.rail import Rail, RailEntry

# Said by Qt's screenless platform itself, whenever a window with a least size opens.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

ENTRIES = (
    RailEntry("reads", "Reads", "reads"),
    RailEntry("runs", "Runs", "runs"),
    RailEntry("settings", "Settings", "settings", foot=True),
)


@pytest.fixture
def rail(qtbot: QtBot) -> Rail:
    made = Rail(ENTRIES)
    qtbot.addWidget(made)
    made.resize(80, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def buttons(rail: Rail) -> dict[str, QAbstractButton]:
    return {button.accessibleName(): button for button in rail.findChildren(QAbstractButton)}


def test_selecting_by_hand_is_told(rail: Rail, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rail.selected) as told:
        qtbot.mouseClick(buttons(rail)["Runs"], Qt.MouseButton.LeftButton)
    assert told.args == ["runs"]
    assert rail.current() == "runs"


def test_selecting_by_code_is_not(rail: Rail, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(rail.selected):
        rail.select("reads")
    assert rail.current() == "reads"
    with pytest.raises(KeyError):
        rail.select("nowhere")


def test_arrows_walk_along_the_rail(rail: Rail, qtbot: QtBot) -> None:
    rail.select("reads")
    buttons(rail)["Reads"].setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(rail.selected) as told:
        qtbot.keyClick(buttons(rail)["Reads"], Qt.Key.Key_Down)
    assert told.args == ["runs"]


def test_return_chooses(rail: Rail, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rail.selected) as told:
        qtbot.keyClick(buttons(rail)["Settings"], Qt.Key.Key_Return)
    assert told.args == ["settings"]


def test_settings_stand_at_the_foot(rail: Rail) -> None:
    places = {name: button.geometry().bottom() for name, button in buttons(rail).items()}
    assert places["Settings"] > rail.height() - 40
    assert places["Reads"] < places["Runs"] < rail.height() // 2


def test_a_ring_shows_where_the_keys_are_but_not_where_a_click_was(rail: Rail, qtbot: QtBot) -> None:
    button = buttons(rail)["Reads"]
    edge = QPoint(button.width() // 2, 0)
    button.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
    assert button.grab().toImage().pixelColor(edge) != QColor(DARK.accent)
    button.clearFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.grab().toImage().pixelColor(edge) == QColor(DARK.accent)


@pytest.fixture
def area(qtbot: QtBot) -> DropArea:
    made = DropArea()
    qtbot.addWidget(made)
    made.resize(700, 460)
    return made


def test_buttons_ask(area: DropArea, qtbot: QtBot) -> None:
    with qtbot.waitSignal(area.open_requested):
        area.open_button.click()
    with qtbot.waitSignal(area.samples_requested):
        area.samples_button.click()


def test_files_held_over_the_area_light_it_up(area: DropArea) -> None:
    before = area.grab().toImage()
    area.set_hover(True)
    lit = area.grab().toImage()
    assert area.hover
    assert lit.pixelColor(60, 60) == QColor(DARK.soft("accent"))
    assert lit != before
    area.set_hover(False)
    assert area.grab().toImage() == before


def test_widgets_do_not_load_the_plotting_library() -> None:
    names = ("badge", "card", "drop_area", "progress_line", "queue_gauge", "rail", "stat_card", "worker_strip")
    imports = "; ".join(f"import gui.views.widgets.{name}" for name in names)
    loaded = "print([name for name in ('pyqtgraph', 'numpy', 'numba') if name in sys.modules])"
    code = f"import sys; import gui.theme.theme; import gui.theme.icons; {imports}; {loaded}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
