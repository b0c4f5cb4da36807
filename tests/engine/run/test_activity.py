from __future__ import annotations

import time

import pytest

from engine.run.activity import ActivityLog, LoadHistory
from engine.run.snapshot import Activity


def test_time_goes_to_what_the_thread_does() -> None:
    log = ActivityLog("worker 1")
    history = LoadHistory(log)
    log.switch(Activity.COMPUTING)
    time.sleep(0.03)
    log.switch(Activity.WAITING)
    time.sleep(0.01)
    history.sample()
    load = history.load()
    assert load.name == "worker 1"
    assert load.activity is Activity.WAITING
    (shares,) = load.shares
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[Activity.COMPUTING] > shares[Activity.WAITING]
    assert 0.5 < load.busy < 1


def test_history_is_bounded() -> None:
    log = ActivityLog("worker 1")
    history = LoadHistory(log)
    for _ in range(1000):
        history.sample()
    assert len(history.load().shares) <= 300
