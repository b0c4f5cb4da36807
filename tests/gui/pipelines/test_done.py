"""What a pipeline has done in all its runs, in the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.home import find_home
from engine.pipeline.keeping.lasting import LastingTallies
from engine.store.store import Store
from gui.views.pipeline.done_dialog import DoneDialog
from tests.gui.desk import Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def _runs(name: str) -> int:
    with Store.open(find_home().database) as store:
        return sum(done.runs for done in LastingTallies(store.pipelines).of(name))


def _dialog(desk: Desk) -> DoneDialog:
    QTest.mouseClick(desk.conductor.pipelines.bench.head.done, Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.window.findChildren(DoneDialog))
    return desk.window.findChildren(DoneDialog)[0]


def test_runs_add_up_in_the_window(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.window.go_to("pipelines")
    pipelines = desk.conductor.pipelines
    desk.until(lambda: pipelines.is_ready)
    assert not pipelines.bench.head.done.isEnabled()
    pipelines.open("nanopore")
    desk.until(lambda: pipelines.builder.draft.name == "nanopore")
    empty = _dialog(desk)
    assert "has not run yet" in empty.line.text()
    assert not empty.table.isVisible()
    assert empty.line.height() >= empty.line.heightForWidth(empty.line.width())
    assert empty.height() < 300
    empty.close_button.click()
    desk.until(lambda: not desk.window.findChildren(DoneDialog))

    pipelines.choices.choose(pipeline="nanopore", writes=False)
    desk.window.go_to("reads")
    desk.run(write_reads(tmp_path / "a.fastq", 20), write_reads(tmp_path / "b.fastq", 30))
    desk.until(lambda: _runs("nanopore") == 2)  # kept once a run has been shown to its end
    desk.window.go_to("pipelines")
    dialog = _dialog(desk)
    assert dialog.line.text().startswith("2 runs · ")
    model = dialog.table.model()
    rows = [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    stages = [stage.name for stage in pipelines.builder.draft.stages]
    assert [row[0] for row in rows] == ["All stages", *stages]
    assert rows[0][6] == "50"
    assert all(row[-1].endswith("s") for row in rows)
    table = dialog.table
    assert table.verticalScrollBar().maximum() == table.horizontalScrollBar().maximum() == 0
    assert dialog.height() < 400  # three stages do not fill a page
    titles = [table.horizontalHeaderItem(column) for column in range(1, table.columnCount())]
    assert all(title is not None and title.toolTip() for title in titles)
    gone = next(row for row, cells in enumerate(rows) if row and cells[6] != cells[7])
    dialog.table.setCurrentCell(gone, 0)
    assert "dropped: " in dialog.details.text()
