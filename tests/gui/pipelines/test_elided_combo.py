from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.views.pipeline.elided_combo import ElidedComboBox

# With a theme a choice has a smallest size, which the platform of the tests cannot tell anybody.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_LONG = "trim-adapters-and-poly-g-of-the-second-flow-cell-<b>2024</b>-then-filter"


def test_long_names_keep_both_ends_and_have_a_tooltip(qtbot: QtBot) -> None:
    box = ElidedComboBox()
    qtbot.addWidget(box)
    box.addItems([_LONG, "short"])
    box.resize(320, 40)
    with qtbot.waitExposed(box):
        box.show()
    shown = box.shown_text()
    assert "…" in shown
    assert shown.startswith("tr")
    assert shown.endswith("er")
    assert "&lt;b&gt;2024" in box.toolTip()
    assert not box.grab().isNull()

    box.setCurrentIndex(1)
    assert box.shown_text() == "short"
    assert not box.toolTip()


def test_what_fits_is_whole(qtbot: QtBot) -> None:
    box = ElidedComboBox()
    qtbot.addWidget(box)
    box.addItem("short")
    box.resize(300, 30)
    assert box.shown_text() == "short"
