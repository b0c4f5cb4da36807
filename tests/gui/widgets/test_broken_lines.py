"""Names that take two lines where one does not hold them."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF

from gui.models.pipelines.chain_model import STAGE_ROLE
from gui.theme.fonts import font
from gui.views.broken_lines import broken_lines
from gui.views.pipeline.chain_delegate import title_lines
from tests.gui.desk import Desk
from tests.gui.pipelines.hands import open_pipelines

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def width(text: str) -> float:
    return QFontMetricsF(font("strong")).horizontalAdvance(text)


def test_words_are_broken_between_them_and_only_where_they_must(desk: Desk) -> None:
    name = "Adapter trimming by overlap"
    assert broken_lines(name, "strong", width(name) + 1) == [name]
    assert broken_lines(name, "strong", width("Adapter trimming") + 1) == ["Adapter trimming", "by overlap"]
    first, second = broken_lines(name, "strong", width("Adapter by") + 1)
    assert first == "Adapter"
    assert second.endswith("…")
    assert broken_lines(name, "strong", width("Adapter by") + 1, width(name)) == ["Adapter", "trimming by overlap"]
    assert broken_lines("", "strong", 10) == [""]
    [only] = broken_lines("Deduplication", "strong", width("Dedup") + 1)
    assert only.startswith("D")
    assert only.endswith("…")
    assert len(broken_lines(name, "strong", -5)) == 2


def test_no_name_of_a_stage_is_cut_in_a_window_of_800(desk: Desk) -> None:
    desk.open()
    window = desk.window
    window.resize(800, 600)
    pipelines = open_pipelines(desk)
    pipelines.open("rna-seq")
    desk.until(lambda: pipelines.builder.draft.name == "rna-seq")
    chain = pipelines.bench.chain
    row = chain.chain.index(0)
    one_line = 66
    desk.until(lambda: chain.visualRect(row).height() > one_line)
    places = [chain.visualRect(chain.chain.index(number)) for number in range(chain.chain.rowCount())]
    tops = [place.top() for place in places]
    assert tops == [sum(place.height() for place in places[:number]) for number in range(len(places))]
    for entry, place in zip((chain.chain.index(n).data(STAGE_ROLE) for n in range(len(places))), places, strict=True):
        lines = title_lines(entry, place.width() - 5)
        assert place.height() == one_line + 18 * (len(lines) - 1)
        assert " ".join(lines) == entry.title
    window.resize(1500, 800)
    desk.until(lambda: chain.visualRect(row).height() == one_line)
