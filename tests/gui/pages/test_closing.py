from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from engine.home import find_home
from engine.run.state import RunState
from engine.store.store import Store
from tests.gui.desk import Desk, write_many_reads, write_reads
from tests.gui.heartbeat import Heartbeat

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_closing_in_mid_run_asks_and_keep_means_keep(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"))
    desk.until(lambda: desk.states() == [RunState.RUNNING])

    desk.window.close()
    question = desk.question()
    assert question.text() == "many.fastq.gz is not finished"
    assert question.go.text() == "Cancel run and close"
    # Closing again while the question is open asks no second time.
    desk.window.close()
    QTest.qWait(50)
    assert desk.question() is question
    question.keep.click()
    QTest.qWait(100)

    assert desk.window.isVisible()
    assert desk.states() == [RunState.RUNNING]


def test_closing_in_mid_run_cancels_and_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.drop(write_many_reads(tmp_path / "many.fastq.gz"), write_reads(tmp_path / "waiting.fastq", 5))
    desk.until(lambda: desk.states() == [RunState.RUNNING, RunState.CREATED])
    desk.until(lambda: desk.shown.results.basic.reads > 0)
    reads = desk.shown.results.basic.reads

    desk.window.close()
    question = desk.question()
    assert question.text() == "2 runs are not finished"
    heartbeat = Heartbeat()
    heartbeat.start()
    question.go.click()
    desk.until(lambda: desk.is_closed)
    heartbeat.stop()

    # The window lived on while the engine was being stopped; how lively is measured by the benchmark.
    assert heartbeat.longest < 5
    desk.close()
    with Store.open(find_home().database) as store:
        states = {row.name: row.state for row in store.list_runs()}
        kept = next(row for row in store.list_runs() if row.name == "many.fastq.gz")
    assert states == {"many.fastq.gz": RunState.CANCELLED, "waiting.fastq": RunState.CANCELLED}
    assert kept.reads >= reads


def test_closing_without_a_run_asks_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    desk.run(write_reads(tmp_path / "a.fastq", 5))

    desk.window.commands.quit.trigger()

    desk.until(lambda: desk.is_closed)
    assert not desk.window.isVisible()


def test_closing_before_the_engine_is_there(desk: Desk) -> None:
    desk.open(wait=False)
    desk.window.close()
    desk.until(lambda: desk.is_closed, timeout=20)


def test_closing_while_files_are_being_opened(desk: Desk, tmp_path: Path) -> None:
    paths = [write_reads(tmp_path / f"{number}.fastq", 2) for number in range(30)]
    desk.open(paths, wait=False)
    desk.until(lambda: desk.session.runs.total >= 2)

    desk.conductor.closing.close(ask=False)

    desk.until(lambda: desk.is_closed, timeout=20)
    desk.close()
    with Store.open(find_home().database) as store:
        assert all(row.state.is_final for row in store.list_runs())
