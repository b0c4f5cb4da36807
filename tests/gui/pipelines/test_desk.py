from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.run.state import RunState
from gui.models.pipelines.choice import RunChoice
from gui.views.pipeline.versions_dialog import VersionsDialog
from tests.gui.desk import Desk, write_many_reads, write_reads
from tests.gui.pipelines.hands import SHORT, drop_on, open_pipelines, write_pipeline

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_pipeline_is_imported_changed_saved_and_deleted(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    bench, builder, shelf = pipelines.bench, pipelines.builder, pipelines.library.shelf
    presets = {entry.name for entry in shelf.entries}
    assert {"illumina-whole-genome", "rna-seq", "novaseq-poly-g", "amplicon", "nanopore"} <= presets

    drop_on(bench, write_pipeline(tmp_path / "short.toml"))
    desk.until(lambda: builder.draft.name == "short-reads")
    assert [stage.kind for stage in builder.draft.stages] == ["cut", "length"]
    assert not builder.is_dirty

    builder.set(builder.draft.stages[1].key, ("parameters", "minimum"), 65)
    QTest.mouseClick(bench.head.save, Qt.MouseButton.LeftButton)
    desk.until(lambda: builder.saved_version == "1.0.1")
    assert not builder.is_dirty
    kept = shelf.entry("short-reads")
    assert kept is not None
    assert kept.definition.stages[1].parameters == {"minimum": 65}

    QTest.mouseClick(bench.head.versions, Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.window.findChildren(VersionsDialog))
    dialog = desk.window.findChildren(VersionsDialog)[0]
    assert [dialog.versions.item(row).text() for row in range(2)] == ["1.0.1", "1.0.0"]
    assert dialog.changes.isVisible()
    assert dialog.changes.item(0).text() == "~  length / parameters.minimum: 60 → 65"
    dialog.versions.setCurrentRow(1)
    assert not dialog.changes.isVisible()  # nothing came before it
    assert dialog.changes.count() == 0
    dialog.open_button.click()
    desk.until(lambda: builder.draft.stages[1].data["parameters"] == {"minimum": 60})
    bench.head.save.click()
    desk.until(lambda: builder.saved_version == "1.0.2")

    pipelines.delete("short-reads")
    desk.question().go.click()
    desk.until(lambda: shelf.entry("short-reads") is None)


def test_what_came_with_lanescope_is_copied(desk: Desk) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    pipelines.open("rna-seq")
    desk.until(lambda: pipelines.builder.draft.name == "rna-seq")
    builder = pipelines.builder
    assert not builder.troubles
    builder.remove(builder.draft.stages[-1].key)
    pipelines.bench.head.save.click()

    desk.until(lambda: not builder.is_dirty)
    assert builder.draft.name == "my-rna-seq"
    entry = pipelines.library.shelf.entry("rna-seq")
    assert entry is not None
    assert entry.is_preset
    assert len(entry.definition.stages) == len(builder.draft.stages) + 1


def test_changes_are_not_lost_without_a_question(desk: Desk) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    pipelines.open("amplicon")
    desk.until(lambda: pipelines.builder.draft.name == "amplicon")
    pipelines.builder.remove(pipelines.builder.draft.stages[0].key)
    pipelines.open("nanopore")
    desk.question().keep.click()
    assert pipelines.builder.draft.name == "amplicon"


def test_what_was_not_saved_is_there_the_next_day(desk: Desk) -> None:
    desk.open()
    builder = open_pipelines(desk).builder
    desk.conductor.pipelines.open("amplicon")
    desk.until(lambda: builder.draft.name == "amplicon")
    builder.set(builder.draft.stages[-1].key, ("parameters", "minimum"), "a word")
    left = builder.draft.as_data()
    desk.close()

    desk.open()
    pipelines = open_pipelines(desk)
    assert pipelines.builder.draft.as_data() == left
    assert pipelines.builder.is_dirty
    assert pipelines.builder.saved_version == "1.0.0"
    assert len(pipelines.builder.troubles) == 1


def test_a_pipeline_as_a_stage_of_another(desk: Desk) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    builder, model = pipelines.builder, pipelines.bench.palette_panel.model
    note = model.note(model.row_of("rna-seq"))
    assert note is not None
    builder.add(note)
    assert builder.draft.stages[0].data == {"name": "rna-seq", "type": "composite", "pipeline": "rna-seq"}
    assert not builder.troubles
    builder.set(None, ("name",), "mine")
    pipelines.bench.head.save.click()
    # Now that it is kept, it is a stage itself, and must not become one of its own.
    desk.until(lambda: model.row_of("mine") >= 0)
    own = model.note(model.row_of("mine"))
    assert own is not None
    builder.add(own)
    desk.until(lambda: builder.troubles)


def test_what_is_wrong_with_a_file_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    drop_on(pipelines.bench, write_pipeline(tmp_path / "bad.toml", SHORT.replace("minimum = 60", 'least = "x"')))
    desk.until(lambda: desk.window.notices.notices)
    drop_on(pipelines.bench, write_pipeline(tmp_path / "worse.toml", "name = "))
    desk.until(lambda: len(desk.window.notices.notices) == 2)
    assert pipelines.builder.draft.name == "new-pipeline"


def test_menus_and_keys_work_on_the_pipeline(desk: Desk) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    commands, builder = desk.window.commands, pipelines.builder
    pipelines.open("novaseq-poly-g")
    desk.until(lambda: builder.draft.name == "novaseq-poly-g")
    count = len(builder.draft.stages)
    chain = pipelines.bench.chain
    chain.setFocus()
    QTest.keyClick(chain, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(builder.draft.stages) == count + 1
    QTest.keyClick(chain, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(builder.draft.stages) == count
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(chain, Qt.Key.Key_Z, both)
    assert len(builder.draft.stages) == count + 1
    assert commands.undo.text().startswith("&Undo: duplicate")

    desk.window.go_to("runs")
    assert not commands.undo.isEnabled()
    assert not commands.redo.isEnabled()
    assert not commands.duplicate.isEnabled()


def test_a_narrow_window_has_all_buttons_whole_and_the_keys_save(desk: Desk) -> None:
    desk.open()
    desk.window.resize(desk.window.minimumSize())
    pipelines = open_pipelines(desk)
    head, save = pipelines.bench.head, desk.window.commands.save
    desk.until(lambda: head.title.geometry().bottom() < head.undo.mapTo(head, QPoint()).y())
    for button in (head.undo, head.versions, head.export, head.save, pipelines.bench.shelf.fetch):
        assert button.width() >= button.minimumSizeHint().width()
    desk.window.resize(1440, 900)
    desk.until(lambda: head.title.geometry().bottom() > head.undo.mapTo(head, QPoint()).y())

    pipelines.open("rna-seq")
    desk.until(lambda: pipelines.builder.draft.name == "rna-seq")
    assert not save.isEnabled()
    pipelines.builder.set(None, ("description",), "another")
    desk.until(save.isEnabled)
    save.trigger()
    desk.until(lambda: pipelines.builder.saved_version == "1.0.0" and not save.isEnabled())
    assert pipelines.builder.draft.name == "my-rna-seq"
    desk.window.go_to("reads")
    assert not save.isEnabled()


def test_a_pipeline_is_written_to_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    pipelines.open("nanopore")
    desk.until(lambda: pipelines.builder.draft.name == "nanopore")
    pipelines.export(tmp_path / "mine.toml")
    desk.until((tmp_path / "mine.toml").exists)
    assert 'name = "nanopore"' in (tmp_path / "mine.toml").read_text()


@pytest.mark.parametrize("form", ["gzip", "plain"])
def test_a_run_goes_through_the_chosen_pipeline(desk: Desk, tmp_path: Path, form: str) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    drop_on(pipelines.bench, write_pipeline(tmp_path / "short.toml"))
    desk.until(lambda: pipelines.library.shelf.entry("short-reads"))
    desk.window.go_to("reads")
    bar = pipelines.bar
    assert bar.pipeline.currentText() == "QC only"
    assert not bar.writes.isVisible()
    bar.pipeline.setCurrentIndex(bar.pipeline.findData("short-reads"))
    bar.pipeline.activated.emit(bar.pipeline.currentIndex())
    bar.format.setCurrentIndex(bar.format.findData(form))
    bar.format.activated.emit(bar.format.currentIndex())
    assert bar.writes.isVisible()
    QTest.mouseClick(bar.drops, Qt.MouseButton.LeftButton, pos=QPoint(8, bar.drops.height() // 2))
    assert "reads.short-reads.dropped.fastq" in bar.note.text()

    long, short = write_reads(tmp_path / "long.fastq", 300), write_reads(tmp_path / "short.fastq.gz", 200, length=50)
    desk.run(long, short)

    assert desk.states() == [RunState.COMPLETED] * 2
    ending = ".gz" if form == "gzip" else ""
    data = (tmp_path / f"long.short-reads.fastq{ending}").read_bytes()
    lines = (gzip.decompress(data) if ending else data).splitlines()
    assert len(lines) == 4 * 300
    assert {len(line) for line in lines[1::4]} == {70}
    assert (tmp_path / f"short.short-reads.fastq{ending}").exists()
    data = (tmp_path / f"short.short-reads.dropped.fastq{ending}").read_bytes()
    lines = (gzip.decompress(data) if ending else data).splitlines()
    assert len(lines) == 4 * 200
    assert all(line.endswith(b" dropped=too-short") for line in lines[::4])

    run = desk.window.runs.run
    desk.until(lambda: run.stages.isVisible() and len(run.stages.tiles) == 2)
    tiles = run.stages.tiles
    assert [tile.line.name for tile in tiles] == ["cut", "length"]
    desk.until(lambda: all(tile.line.effect for tile in tiles))
    assert all(tile.line.latency.startswith("P50") for tile in tiles)


def test_cards_follow_a_run_and_nothing_is_left_of_one_that_is_cancelled(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.conductor.pipelines.choices.choose(pipeline="novaseq-poly-g")
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"))
    run = desk.window.runs.run
    desk.until(lambda: any(tile.line.latency and tile.line.trend for tile in run.stages.tiles))
    assert desk.shown.state is RunState.RUNNING
    assert [tile.line.name for tile in run.stages.tiles][:1] == ["adapters-by-overlap"]

    desk.session.cancel(desk.shown.run_id)
    desk.until(lambda: desk.shown.state is RunState.CANCELLED)
    desk.until(lambda: not desk.session.is_busy)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["many.fastq.gz"]
    assert run.stages.isVisible()


def _longest(desk: Desk) -> int:
    """Of the reads whose QC is plotted."""
    plotted = desk.window.runs.run.plotted
    return 0 if plotted is None else plotted.results.basic.longest


def test_qc_before_and_after(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    pipelines = open_pipelines(desk)
    drop_on(pipelines.bench, write_pipeline(tmp_path / "short.toml"))
    desk.until(lambda: pipelines.library.shelf.entry("short-reads"))
    pipelines.choices.choose(pipeline="short-reads", writes=False)
    desk.window.go_to("reads")
    desk.run(write_reads(tmp_path / "a.fastq", 100))

    assert not list(tmp_path.glob("a.*.fastq*"))
    run = desk.window.runs.run
    assert desk.shown.results_after is not None
    assert desk.shown.results_after.basic.longest == 70
    desk.until(run.stages.after.isVisible)
    assert _longest(desk) == 80
    QTest.mouseClick(run.stages.after, Qt.MouseButton.LeftButton)
    assert _longest(desk) == 70
    QTest.mouseClick(run.stages.before, Qt.MouseButton.LeftButton)
    assert _longest(desk) == 80


def test_the_choice_is_remembered(desk: Desk, tmp_path: Path) -> None:
    desk.open(wait=False)
    choices = desk.conductor.pipelines.choices
    assert choices.current == RunChoice()
    choices.choose(pipeline="rna-seq", format="zstd", folder=tmp_path)
    desk.close()
    desk.open(wait=False)
    assert desk.conductor.pipelines.choices.current == RunChoice("rna-seq", True, "zstd", tmp_path)


def test_a_pipeline_that_is_gone_is_no_qc_run(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.conductor.pipelines.choices.choose(pipeline="gone")
    desk.drop(write_reads(tmp_path / "a.fastq", 3))
    desk.until(lambda: desk.window.notices.notices)
    assert desk.states() == []
