from __future__ import annotations

from types import SimpleNamespace

import pytest

from engine.run.activity import ActivityLog, LoadHistory
from engine.run.snapshot import Activity


def test_time_goes_to_what_the_thread_does(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.0, 1.0, 4.0, 5.0, 5.0])  # made, looked at, computes, waits, looked at twice
    monkeypatch.setattr("engine.run.activity.time", SimpleNamespace(perf_counter=lambda: next(clock)))
    log = ActivityLog("worker 1")
    history = LoadHistory(log)
    log.switch(Activity.COMPUTING)
    log.switch(Activity.WAITING)
    history.sample()
    load = history.load()
    assert load.name == "worker 1"
    assert load.activity is Activity.WAITING
    (shares,) = load.shares
    assert shares == {Activity.COMPUTING: pytest.approx(0.6), Activity.WAITING: pytest.approx(0.4)}
    assert load.busy == pytest.approx(0.6)


def test_history_is_bounded() -> None:
    log = ActivityLog("worker 1")
    history = LoadHistory(log)
    for _ in range(1000):
        history.sample()
    assert len(history.load().shares) <= 300
