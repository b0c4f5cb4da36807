"""What a line of the verdict tells where there is little room."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from engine.collectors.verdicts import Status
from gui.models.plot_modules import MODULES
from gui.models.verdict import Judged
from gui.views.verdict_row import VerdictRow

_LONGEST = {
    "basic": ("1,000,000 reads", "1,000,000"),
    "base_quality": ("lower quartile 26 at 145\N{EN DASH}149 bp", "lower quartile 26"),
    "tile_quality": ("12.2 Phred, tile 3215", "12.2 Phred"),
    "base_content": ("A\N{EN DASH}T 11.4 % at 150 bp", "A\N{EN DASH}T 11.4 %"),
    "gc_content": ("31.3 % off the curve", "31.3 % off"),
    "duplication": ("87.5 % would remain", "87.5 % remain"),
    "overrepresented": ("up to 12.57 % of reads, 338 sequences", "up to 12.57 %"),
    "adapters": ("5.27 % Illumina Universal Adapter", "5.27 %"),
}


@pytest.mark.parametrize("key", _LONGEST)
def test_no_number_is_cut_on_the_narrowest_card(qtbot: QtBot, key: str) -> None:
    row = VerdictRow(next(module for module in MODULES if module.key == key))
    qtbot.addWidget(row)
    number, brief = _LONGEST[key]
    row.set_judged(Judged(row.module, Status.WARN, number, brief, f"warning: {number}"))
    for width in range(290, 460, 10):  # a card of 310 pixels and more
        row.resize(width, 21)
        assert row.shown_number in {number, brief}
    assert row.shown_number == number
    assert number in row.toolTip()
