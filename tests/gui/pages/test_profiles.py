from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from engine.cli.main import main
from engine.collectors.profiles import DEFAULT, read_profile
from engine.home import find_home
from engine.store.store import Store
from gui.models.verdict_choices import KEPT
from gui.views.profile_dialog import ProfileDialog
from tests.gui.desk import SAMPLES, Desk, write_reads
from tests.gui.pages.test_verdicts import judged, verdict_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")


@pytest.fixture
def dialog(desk: Desk) -> ProfileDialog:
    """The profiles, opened from the verdict of a run of nanopore reads."""
    desk.open()
    desk.run(SAMPLES / "nanopore.fastq.gz")
    desk.until(lambda: judged(desk))
    chooser = verdict_of(desk).card.profile
    chooser.setCurrentIndex(chooser.count() - 1)
    chooser.activated.emit(chooser.currentIndex())
    assert chooser.currentData() == DEFAULT
    opened = desk.conductor.profiles.dialog
    assert opened is not None
    assert opened.isVisible()
    return opened


def test_a_shipped_profile_stays_as_it_is(dialog: ProfileDialog) -> None:
    assert dialog.title.isReadOnly()
    assert all(box.isReadOnly() for box in dialog.form.limits.values())
    assert not dialog.delete.isEnabled()
    assert "Copy it" in dialog.note.text()


def test_a_changed_limit_judges_the_shown_run_at_once_until_undone(desk: Desk, dialog: ProfileDialog) -> None:
    assert judged(desk)["lengths"] == "warn"
    dialog.copy.click()
    name = str(dialog.list.currentItem().data(Qt.ItemDataRole.UserRole))
    chooser = verdict_of(desk).card.profile
    chooser.setCurrentIndex(chooser.findData(name))
    chooser.activated.emit(chooser.currentIndex())
    choice = dialog.form.judgements["lengths", "different"]
    choice.setCurrentIndex(choice.findData("pass"))
    choice.activated.emit(choice.currentIndex())
    desk.until(lambda: judged(desk)["lengths"] == "pass")
    dialog.undo.click()
    desk.until(lambda: judged(desk)["lengths"] == "warn")

    dialog.form.shown["lengths"].click()
    desk.until(lambda: "lengths" not in judged(desk))
    dialog.delete.click()
    desk.until(lambda: chooser.currentData() == KEPT)
    assert chooser.currentText() == "Kept: Standard (copy)"
    assert "lengths" not in judged(desk)
    assert chooser.findData(name) == -1
    dialog.undo.click()
    desk.until(lambda: chooser.currentData() == name)
    assert chooser.findData(KEPT) == -1
    assert "lengths" not in judged(desk)


def test_limits_that_contradict_are_told_and_wait_for_each_other(desk: Desk, dialog: ProfileDialog) -> None:
    dialog.copy.click()
    bench = desk.conductor.profiles.bench
    assert bench is not None
    warn, fail = (dialog.form.limits["base_quality", "median", side] for side in ("warn", "fail"))
    warn.setValue(12)
    assert "at or below" in dialog.error.text()
    assert bench.profile.base_quality.median.warn == 25
    assert warn.value() == 12
    fail.setValue(8)
    assert not dialog.error.text()
    assert (bench.profile.base_quality.median.warn, bench.profile.base_quality.median.fail) == (12, 8)
    assert dialog.reset.isEnabled()
    dialog.reset.click()
    assert (warn.value(), fail.value()) == (25, 20)


def test_a_profile_is_renamed_exported_imported_and_there_the_next_day(
    desk: Desk, dialog: ProfileDialog, tmp_path: Path
) -> None:
    dialog.copy.click()
    dialog.title.setText("Our <b>amplicons</b>")
    dialog.title.editingFinished.emit()
    dialog.form.limits["n_content", "percent", "warn"].setValue(2.25)
    dialog.write_to(str(tmp_path / "ours.toml"))
    assert read_profile(tmp_path / "ours.toml").n_content.percent.warn == 2.25
    dialog.take_in(str(tmp_path / "ours.toml"))
    assert dialog.title.text() == "Our <b>amplicons</b> (copy)"
    (tmp_path / "bad.toml").write_text("nothing = 1\n")
    dialog.take_in(str(tmp_path / "bad.toml"))
    assert "no setting 'nothing'" in dialog.error.text()
    dialog.close()
    desk.close()

    desk.open()
    desk.until(lambda: desk.conductor.profiles.bench is not None)
    chooser = verdict_of(desk).card.profile
    titles = [chooser.itemText(place) for place in range(chooser.count())]
    assert titles[-4:] == ["Our <b>amplicons</b>", "Our <b>amplicons</b> (copy)", "", "Edit profiles…"]


def test_profiles_that_others_keep_meanwhile_are_there_once_opened(
    desk: Desk, dialog: ProfileDialog, tmp_path: Path
) -> None:
    dialog.close()
    (tmp_path / "ours.toml").write_text("title = 'Ours'\n[lengths]\ndifferent = 'pass'\n", encoding="utf-8")
    assert main(["profile", "add", str(tmp_path / "ours.toml")]) == 0
    desk.conductor.profiles.open()
    assert dialog.list.item(dialog.list.count() - 1).text() == "Ours"
    assert verdict_of(desk).card.profile.findText("Ours") > 0
    dialog.list.setCurrentRow(dialog.list.count() - 1)
    assert dialog.form.judgements["lengths", "different"].currentData() == "pass"
    assert main(["profile", "remove", "Ours"]) == 0
    desk.conductor.profiles.open()
    assert dialog.list.currentItem().text().startswith("Standard")
    assert dialog.form.judgements["lengths", "different"].currentData() == "warn"


def test_every_limit_has_a_name_and_a_unit(dialog: ProfileDialog) -> None:
    boxes = dialog.form.limits
    assert len(boxes) == 22
    assert all(box.accessibleName() for box in boxes.values())
    assert all(box.suffix() for place, box in boxes.items() if place[0] != "kmers")


def test_new_runs_are_judged_by_what_is_used_for_them(desk: Desk, dialog: ProfileDialog) -> None:
    assert not dialog.use.isEnabled(), "the usual one is used"
    dialog.list.setCurrentRow(3)
    dialog.use.click()
    assert dialog.list.currentItem().text() == "Nanopore \N{MIDDLE DOT} new runs"
    assert not dialog.use.isEnabled()
    dialog.close()
    desk.run(SAMPLES / "nanopore.fastq.gz")
    desk.until(lambda: judged(desk).get("lengths") == "pass")
    assert verdict_of(desk).card.profile.currentData() == "nanopore"


def test_chosen_runs_are_judged_by_another_profile_together(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(*[write_reads(tmp_path / f"{name}.fastq", 30) for name in "ab"])
    panel = desk.window.runs.panel
    panel.list.selectAll()
    menu = panel._menu(panel.chosen())
    judge = next(action.menu() for action in menu.actions() if action.text() == "Judge by")
    assert isinstance(judge, QMenu)
    next(action for action in judge.actions() if action.text() == "Small RNA").trigger()
    menu.deleteLater()
    assert "2 runs are judged by Small RNA" in desk.window.toast.text.text()
    desk.until(lambda: verdict_of(desk).card.profile.currentData() == "small_rna")
    desk.close()
    with Store.open(find_home().database) as store:
        assert [store.load(row.run_id).limits.title for row in store.list_runs()] == ["Small RNA"] * 2
