from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.cli.main import main
from engine.collectors.judged_by import standard
from engine.collectors.profiles import profile
from engine.home import find_home
from engine.run.state import RunState
from engine.store.store import Store
from gui.models.compare import OVERLAYS
from gui.models.compare_tiles import TILE_MAPS
from gui.models.settings import Settings
from gui.models.verdict_table import FIRST_MODULE, JUDGED_ROLE
from gui.views.compare_page import ComparePage
from gui.views.compare_plot import ComparePlot
from gui.views.explanation_panel import ExplanationPanel
from gui.views.verdict_desk import VerdictDesk
from tests.gui.desk import SAMPLES, Desk, write_reads

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", "propagateSizeHints")


def verdict_of(desk: Desk) -> VerdictDesk:
    verdict = desk.window.runs.run.plots.verdict
    assert verdict is not None
    return verdict


def judged(desk: Desk) -> dict[str, str]:
    return {entry.module.key: entry.status.value for entry in verdict_of(desk).judged}


@pytest.fixture
def nanopore(desk: Desk) -> Desk:
    desk.open()
    desk.run(SAMPLES / "nanopore.fastq.gz")
    desk.until(lambda: judged(desk))
    return desk


def test_a_run_is_judged_on_the_card_and_on_every_plot(nanopore: Desk) -> None:
    verdict = verdict_of(nanopore)
    assert [row.module.key for row in verdict.card.rows.values() if row.isVisible()] == list(judged(nanopore))
    assert verdict.card.note.startswith("5 pass")
    told = {
        plot.module.key for plot in nanopore.window.runs.run.plots.plots if plot.module and plot.verdict.isVisible()
    }
    assert told == set(judged(nanopore)) - {"basic"}


def test_another_profile_judges_at_once_and_is_remembered(nanopore: Desk) -> None:
    reads = nanopore.session.runs.total
    assert judged(nanopore)["lengths"] == "warn"
    chooser = verdict_of(nanopore).card.profile
    chooser.setCurrentIndex(chooser.findData("nanopore"))
    chooser.activated.emit(chooser.currentIndex())
    nanopore.until(lambda: judged(nanopore)["lengths"] == "pass")
    assert nanopore.session.runs.total == reads
    nanopore.close()
    with Store.open(find_home().database) as store:
        (row,) = store.list_runs()
        assert store.load(row.run_id).limits == profile("nanopore")

    nanopore.open()
    nanopore.until(lambda: judged(nanopore))
    assert verdict_of(nanopore).card.profile.currentData() == "nanopore"
    assert judged(nanopore)["lengths"] == "pass"


def test_a_run_of_the_command_line_is_judged_as_there_and_run_again_likewise(desk: Desk) -> None:
    assert main(["run", str(SAMPLES / "nanopore.fastq.gz"), "--profile", "nanopore", "--quiet"]) == 0
    desk.open()
    desk.until(lambda: judged(desk))
    assert verdict_of(desk).card.profile.currentData() == "nanopore"
    assert judged(desk)["lengths"] == "pass"
    desk.window.runs.run.header.again.click()
    desk.until(lambda: desk.states() == [RunState.COMPLETED] * 2)
    desk.until(lambda: desk.shown.run_id == desk.entries()[0].run_id)
    assert desk.shown.limits == profile("nanopore")


def test_profiles_chosen_before_runs_kept_them_are_moved_to_the_runs(desk: Desk) -> None:
    home = find_home()
    with Store.open(home.database) as store:
        runs = [
            store.create_run(name="a", path=Path("a"), kind="", bytes_total=None, workers=1, parameters={}, versions={})
            for _ in range(3)
        ]
        store.judge_by({runs[1].run_id: standard()})
    home.settings.write_text("[profiles]\n1=nanopore\n2=amplicon\n3=gone\n", encoding="utf-8")
    desk.open()
    desk.until(lambda: "nanopore" not in home.settings.read_text("utf-8"))
    with Store.open(home.database) as store:
        kept = [store.load(run.run_id).judged_by for run in runs]
    assert [each and each.name for each in kept] == ["nanopore", "default", None]


def test_a_verdict_leads_to_its_plot(nanopore: Desk) -> None:
    run = nanopore.window.runs.run
    plot = next(plot for plot in run.plots.plots if plot.module and plot.module.key == "adapters")
    assert plot.visibleRegion().isEmpty()
    row = verdict_of(nanopore).card.rows["adapters"]
    assert row.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(row, Qt.Key.Key_Space)
    nanopore.until(lambda: not plot.visibleRegion().isEmpty())
    assert plot.visibleRegion().boundingRect().height() == plot.height()


def test_every_plot_explains_itself(nanopore: Desk, qtbot: QtBot) -> None:
    every = nanopore.window.runs.run.plots.plots
    # Ten of FastQC's modules, and what goes beyond them: statistics, quality by errors, length against quality.
    nanopore.until(lambda: sum(plot.isVisible() for plot in every if plot.module) == 13)
    plots = [plot for plot in every if plot.module and plot.isVisible()]
    for plot in plots:
        assert plot.help.isVisible()
        assert plot.help.focusPolicy() & Qt.FocusPolicy.TabFocus
        plot.help.click()
        panel = QApplication.activePopupWidget()
        assert isinstance(panel, ExplanationPanel)
        assert "What to do" in panel.accessibleDescription()
        screen = panel.screen().availableGeometry()
        # The screenless platform adds a frame of its own, of two pixels.
        assert screen.adjusted(0, 0, 2, 2).contains(panel.geometry())
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
        assert QApplication.activePopupWidget() is None


def page_of(desk: Desk) -> ComparePage:
    page = desk.window.runs.right.currentWidget()
    assert isinstance(page, ComparePage)
    return page


def test_all_runs_at_a_glance(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 30), write_reads(tmp_path / "b.fastq", 30))
    desk.window.runs.panel.overview.click()
    page = page_of(desk)
    table = page.table
    assert [table.index(row, 0).data() for row in range(2)] == ["b.fastq", "a.fastq"]
    desk.until(lambda: all(table.index(row, FIRST_MODULE).data(JUDGED_ROLE) is not None for row in range(2)))
    page.view.copy_requested.emit()
    desk.until(lambda: QGuiApplication.clipboard().text() == table.as_text())
    page.view.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
    assert [table.index(row, 0).data() for row in range(2)] == ["a.fastq", "b.fastq"]
    assert Settings(find_home().settings).overview_order == (0, False)
    menu = page.view.make_menu(page.view.visualRect(table.index(0, 0)).center())
    sorting = menu.actions()[-1].menu()
    assert isinstance(sorting, QMenu)
    assert [action.text() for action in sorting.actions() if action.isChecked()] == ["Run"]
    sorting.actions()[0].trigger()
    assert Settings(find_home().settings).overview_order == (0, True)
    assert [table.index(row, 0).data() for row in range(2)] == ["b.fastq", "a.fastq"]
    sorting.actions()[-1].trigger()
    assert Settings(find_home().settings).overview_order == (-1, False)
    menu.deleteLater()

    rectangle = page.view.visualRect(table.index(1, 3))
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=rectangle.center())
    assert desk.window.runs.right.currentWidget() is desk.window.runs.run
    assert desk.shown.name == "a.fastq"
    assert desk.window.focusWidget() is desk.window.runs.panel.list

    desk.window.runs.panel.search.setText("none is called that")
    desk.until(lambda: desk.session.runs.rowCount() == 0)
    desk.window.runs.panel.overview.click()
    assert page.nothing.isVisible()
    assert not page.nothing.go.isVisible(), "there are runs"
    assert not page.view.isVisible()
    desk.window.runs.panel.search.clear()
    desk.until(page.view.isVisible)
    assert not page.nothing.isVisible()


def test_chosen_runs_in_the_same_plots(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(*[write_reads(tmp_path / f"{name}.fastq", 30, seed=seed) for seed, name in enumerate("abc")])
    panel = desk.window.runs.panel
    panel.choose_row(0)
    assert not panel.compare.isEnabled()
    flags = QItemSelectionModel.SelectionFlag.Select
    panel.list.selectionModel().select(desk.session.runs.index(2, 0), flags)
    assert panel.compare.isEnabled()
    panel.compare.click()
    desk.until(lambda: isinstance(desk.window.runs.right.currentWidget(), ComparePage))
    page = page_of(desk)
    desk.until(lambda: len(page.plots) == len(OVERLAYS) + len(TILE_MAPS))
    quality = page.plots[0]
    assert isinstance(quality, ComparePlot)
    desk.until(lambda: quality.named)
    assert quality.named == ["c.fastq", "a.fastq"]
    # What neither has, pairs and tiles, has no place.
    desk.until(lambda: all(plot.isHidden() for plot in page.plots[len(OVERLAYS) - 1 :]))
    assert page.title.text() == "Compare 2 runs"

    QTest.keyClick(page.view, Qt.Key.Key_Escape)
    assert desk.window.runs.right.currentWidget() is desk.window.runs.run
