"""A pipeline made of a command that somebody has."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from gui.views.pipeline.command_dialog import CommandDialog
from tests.gui.desk import Desk
from tests.gui.pipelines.hands import open_pipelines

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_command_becomes_the_pipeline_on_the_table(desk: Desk) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    shelf = pipelines.bench.shelf
    shelf.fetch.click()
    desk.until(shelf.origins.isVisible)
    shelf.origins.actions()[1].trigger()
    shelf.origins.hide()
    desk.until(lambda: desk.window.findChildren(CommandDialog))
    (dialog,) = desk.window.findChildren(CommandDialog)
    assert not dialog.make.isEnabled()

    dialog.command.setPlainText("bwa mem x y")
    assert "Begin with cutadapt or fastp" in dialog.told.text()
    dialog.command.setPlainText("cutadapt --fasta -a ACGT a")
    assert "--fasta has no counterpart" in dialog.told.text()
    dialog.command.setPlainText("cutadapt -a 'ACGT")
    assert "quotation mark" in dialog.told.text()
    assert not dialog.make.isEnabled()

    dialog.command.setPlainText("time cutadapt -a ^ACGTAC...TTGACC \\\n  -m 25 --json x.json in.fastq")
    assert dialog.told.text().startswith("2 stages: adapters, length\n--json ")
    dialog.make.click()
    builder = pipelines.builder
    desk.until(lambda: builder.draft.name == "translated")
    assert builder.is_new
    assert [stage.kind for stage in builder.draft.stages] == ["adapters", "length"]
    desk.until(lambda: not builder.troubles)
    QApplication.processEvents()
