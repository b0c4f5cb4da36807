from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from engine.home import find_home
from engine.run.state import RunState
from engine.store.store import Store
from gui.models.settings import Mode
from gui.theme.theme import theme
from gui.views.dialogs import Question
from gui.views.shortcuts_dialog import ShortcutsDialog
from tests.gui.desk import SAMPLES, Desk, write_many_reads, write_reads
from tests.gui.heartbeat import Heartbeat

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class _Shown(QObject):
    """Notes every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


def test_one_window_comes_up_and_nothing_flashes(desk: Desk, qapp: QApplication, tmp_path: Path) -> None:
    shown = _Shown()
    qapp.installEventFilter(shown)
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 3))
    desk.drop(tmp_path / "missing.fastq")
    desk.until(lambda: desk.window.notices.notices)
    qapp.removeEventFilter(shown)

    assert shown.windows == ["Window"]


def test_the_window_is_remembered(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    usual = desk.window.size()
    desk.run(write_reads(tmp_path / "a.fastq", 3))
    desk.window.resize(1210, 777)
    desk.window.runs.splitter.setSizes([231, 700])
    width = desk.window.runs.panel.width()
    desk.window.go_to("settings")
    desk.window.settings_page.modes["light"].click()
    desk.window.settings_page.workers.setValue(1)
    desk.close()

    desk.open()

    # Brought back as far as this screen allows.
    assert desk.window.size() != usual
    assert desk.window.place == "runs"
    assert desk.window.runs.panel.width() == width
    assert theme().mode == "light"
    assert desk.session.engine.workers == 1
    assert desk.window.status.engine.text() == "engine: 1 worker"


def test_the_list_of_runs_leaves_its_room_to_the_run(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 3))
    runs, listing = desk.window.runs, desk.window.commands.list
    desk.until(lambda: desk.window.place == "runs")
    width = runs.panel.width()
    runs.panel.list.setFocus()
    QTest.keyClick(desk.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert not listing.isChecked()
    assert not runs.panel.isVisible()
    desk.until(lambda: runs.right.width() == runs.width())
    assert desk.window.focusWidget() is runs.run

    listing.trigger()
    desk.window.commands.overview.trigger()
    runs.panel.list.setFocus()
    listing.trigger()
    shown, holder = runs.right.currentWidget(), desk.window.focusWidget()
    assert shown is not None
    assert holder is not None
    assert shown.isAncestorOf(holder), "the overview takes the keys"
    desk.close()

    desk.open()
    runs, listing = desk.window.runs, desk.window.commands.list
    assert not runs.panel.isVisible()
    desk.window.go_to("reads")
    assert not listing.isEnabled()
    desk.window.commands.search.trigger()
    assert runs.panel.search.hasFocus(), "a search needs its list"
    assert listing.isChecked()
    desk.until(lambda: runs.panel.width() == width)


def test_it_opens_on_reads_while_there_are_no_runs(desk: Desk) -> None:
    desk.open()
    assert desk.window.place == "reads"
    assert desk.window.rail.current() == "reads"
    assert desk.window.reads.drop.isVisible()
    assert not desk.window.reads.card.isVisible()


def test_while_there_are_no_runs_their_page_leads_to_reads(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    commands, nothing = desk.window.commands, desk.window.runs.nothing
    assert not commands.overview.isEnabled()
    desk.window.go_to("runs")
    nothing.go.click()
    assert desk.window.place == "reads"
    desk.run(write_reads(tmp_path / "a.fastq", 3))
    assert nothing.go.isHidden()
    assert commands.overview.isEnabled()
    assert not commands.compare.isEnabled()  # it takes two
    desk.run(write_reads(tmp_path / "b.fastq", 3))
    desk.window.runs.panel.list.selectAll()
    assert commands.compare.isEnabled()


def test_the_number_of_workers_holds_from_the_next_run_on(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 3))
    desk.window.settings_page.workers.setValue(3)
    desk.run(write_reads(tmp_path / "b.fastq", 3))

    assert desk.shown.workers == 3
    assert [thread.name for thread in desk.shown.threads[1:]] == ["worker 1", "worker 2", "worker 3"]
    assert desk.states() == [RunState.COMPLETED] * 2


def test_the_theme_changes_at_once(desk: Desk, qapp: QApplication) -> None:
    desk.open()
    modes: tuple[tuple[Mode, bool], ...] = (("dark", True), ("light", False), ("dark", True))
    for mode, is_dark in modes:
        desk.window.settings_page.modes[mode].click()
        assert theme().is_dark is is_dark
        ground = desk.window.grab().toImage().pixelColor(desk.window.width() // 2, desk.window.height() - 3)
        assert ground.name() == theme().tokens.ground


@pytest.mark.parametrize(("width", "columns"), [(1024, 2), (1440, 3), (2000, 4)])
def test_cards_reflow(desk: Desk, tmp_path: Path, width: int, columns: int) -> None:
    desk.open([write_reads(tmp_path / "a.fastq", 50)])
    desk.until(lambda: desk.states() == [RunState.COMPLETED])
    desk.window.resize(width, 900)
    QTest.qWait(50)
    run = desk.window.runs.run

    assert run.plots.verdict is not None
    desk.until(lambda: sum(plot.isVisible() for plot in run.plots.plots) == 13)
    # Throughput, ten modules, statistics and quality by errors; not k-mers, nor what these reads do not tell.
    cards = [run.plots.verdict.card, *(plot for plot in run.plots.plots if plot.isVisible())]
    assert len(cards) == 14
    tops = {card.mapTo(run, QPoint(0, 0)).y() for card in cards}
    assert len(tops) == -(-14 // columns)
    for card in (*cards, *run.numbers.values(), run.flow):
        right = card.mapTo(run, QPoint(card.width(), 0)).x()
        assert right <= run.width(), card
        assert card.width() >= card.minimumSizeHint().width()


def test_the_window_fits_the_screen(desk: Desk) -> None:
    desk.open(wait=False)
    window = desk.window
    window.fit(QRect(0, 0, 2000, 1200))
    assert window.size() == QSize(1440, 900)
    window.fit(QRect(0, 0, 1100, 2000))
    assert window.size() == QSize(1100, 900)
    window.resize(window.minimumSize())
    desk.until(lambda: window.reads.drop.height() < 300)
    sentence = next(label for label in window.reads.drop.findChildren(QLabel))
    assert sentence.geometry().bottom() < window.reads.drop.open_button.geometry().top()


def test_every_button_can_be_reached_by_tab(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"))
    desk.until(lambda: desk.states() == [RunState.RUNNING] and desk.page.can_pause)

    for place in ("reads", "runs", "settings"):
        desk.window.go_to(place)
        desk.window.rail.setFocus()
        page = desk.window.pages.currentWidget()
        assert page is not None
        wanted = {
            button
            for button in page.findChildren(QPushButton)
            if button.isVisibleTo(desk.window) and button.isEnabled()
        }
        reached: set[QWidget] = set()
        for _ in range(80):
            QTest.keyClick(desk.window, Qt.Key.Key_Tab)
            focus = QApplication.focusWidget()
            assert focus is not None
            reached.add(focus)
        assert wanted <= reached, [button.text() for button in wanted - reached]


def test_everything_with_focus_has_a_name(desk: Desk, tmp_path: Path) -> None:
    desk.open([write_reads(tmp_path / "a.fastq", 50)])
    desk.until(lambda: desk.states() == [RunState.COMPLETED])
    for place in ("reads", "runs", "settings"):
        desk.window.go_to(place)
        nameless = [
            widget
            for widget in desk.window.findChildren(QWidget)
            if widget.isVisible()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not (widget.accessibleName() or getattr(widget, "text", str)())
            and widget.focusProxy() is None
        ]
        assert not nameless


def test_the_keyboard_goes_from_page_to_page(desk: Desk) -> None:
    desk.open()
    for keys, place in (("Ctrl+3", "runs"), ("Ctrl+,", "settings"), ("Ctrl+1", "reads"), ("Ctrl+F", "runs")):
        QTest.keySequence(desk.window, keys)
        assert desk.window.place == place
    QTest.keySequence(desk.window, "F1")
    dialog = desk.window.findChild(ShortcutsDialog)
    assert dialog is not None
    assert {"Open files", "Run again", "Walk along the values"} <= set(dialog.shown())
    dialog.search.setText("RUN again")
    assert dialog.shown() == ["Run again"]
    dialog.close()


def test_a_store_that_is_newer_is_told_of_and_left_alone(desk: Desk, tmp_path: Path) -> None:
    database = find_home().database
    with Store.open(database):
        pass
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = database.read_bytes()

    desk.open(wait=False)
    question = desk.question()
    assert question.text() == "The database of runs is from a newer Lanescope"
    question.go.click()
    desk.until(lambda: desk.session.engine.current is not None)
    assert desk.window.notices.notices[0].message.title == "Runs of this session are not kept"
    desk.run(write_reads(tmp_path / "a.fastq", 5))
    desk.close()

    assert database.read_bytes() == before
    desk.open(wait=False)
    desk.question().keep.click()
    desk.until(lambda: desk.is_closed, timeout=5)
    assert desk.conductor.gave_up


def test_a_store_that_cannot_be_written_is_told_of(desk: Desk) -> None:
    home = find_home()
    home.database.mkdir()

    desk.open(wait=False)

    assert desk.question().text().startswith("The database of runs")


def test_the_window_stays_lively_during_a_run(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(SAMPLES / "illumina_single.fastq.gz")
    heartbeat = Heartbeat()
    heartbeat.start()
    desk.run(write_many_reads(tmp_path / "many.fastq.gz", reads=3_200_000))
    heartbeat.stop()

    # How lively is measured by the benchmark; here, that the loop turned all the while.
    assert len(heartbeat.delays) > 10
    assert heartbeat.longest < 5


def test_hidden_pages_are_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"))
    desk.until(lambda: desk.states() == [RunState.RUNNING] and desk.page.can_pause)
    desk.window.go_to("reads")
    page = desk.page
    reads = desk.shown.results.basic.reads
    desk.until(lambda: desk.shown.results.basic.reads > reads)

    assert desk.page is page
    desk.window.go_to("runs")
    assert desk.page is not page


def test_a_question_is_answered_by_escape_with_care(desk: Desk) -> None:
    desk.open()
    question = Question(desk.window, "Really?", "It cannot be undone.", keep="No", go="Yes")
    answers: list[bool] = []

    async def ask() -> None:
        answers.append(await question.ask())

    desk.session.tasks.start(ask())
    desk.until(question.isVisible)
    QTest.keyClick(question, Qt.Key.Key_Escape)
    desk.until(lambda: answers)

    assert answers == [False]


def test_memory_and_database_are_told(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 3))
    desk.until(lambda: desk.window.status.database.text().startswith("database: 1 run,"))

    assert desk.window.status.memory.text().endswith(("MB", "GB"))
    assert desk.window.status.engine.text() == f"engine: {len(os.sched_getaffinity(0))} workers"


def test_tab_goes_down_the_page_of_reads(desk: Desk) -> None:
    desk.open()
    reads, bar = desk.window.reads, desk.conductor.pipelines.bar
    bar.pipeline.setFocus()
    reached = []
    for _ in range(4):
        QTest.keyClick(desk.window.focusWidget(), Qt.Key.Key_Tab)
        reached.append(desk.window.focusWidget())
    assert reached[0] in reads.grouping.buttons.values()
    assert reached[1:] == [reads.drop.open_button, reads.drop.follow_button, reads.drop.samples_button]
