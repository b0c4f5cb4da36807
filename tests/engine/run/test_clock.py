from __future__ import annotations

import sys
import threading
import time

from engine.run.clock import RunClock, Stopwatch


def test_pauses_do_not_count() -> None:
    watch = Stopwatch()
    watch.stop()
    watch.start()
    watch.start()
    time.sleep(0.02)
    watch.stop()
    stood = watch.seconds
    time.sleep(0.02)
    assert stood == watch.seconds >= 0.02
    watch.start()
    assert watch.seconds >= stood


def test_time_can_be_read_while_another_thread_pauses() -> None:
    watch, is_over = Stopwatch(), threading.Event()

    def pause_and_resume() -> None:
        while not is_over.is_set():
            watch.start()
            watch.stop()

    pausing = threading.Thread(target=pause_and_resume)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        pausing.start()
        end, last = time.monotonic() + 0.5, 0.0
        while time.monotonic() < end:
            now = watch.seconds
            assert now >= last
            last = now
    finally:
        is_over.set()
        pausing.join()
        sys.setswitchinterval(interval)


def test_preparing_may_have_begun_before() -> None:
    clock = RunClock(worked=5.0, prepared=7.0)
    clock.go_on()
    clock.work()
    clock.end()
    assert clock.prepared == 7.0
    assert clock.worked >= 5.0


def test_preparing_and_work_are_told_apart() -> None:
    clock = RunClock(worked=5.0)
    clock.go_on()
    time.sleep(0.02)
    assert (clock.prepared, clock.worked) == (0.0, 5.0)
    clock.prepare()
    time.sleep(0.02)
    clock.hold()
    prepared = clock.prepared
    assert prepared >= 0.02
    clock.work()
    time.sleep(0.02)
    assert (clock.prepared, clock.worked) == (prepared, 5.0)
    clock.go_on()
    time.sleep(0.02)
    clock.end()
    clock.go_on()
    worked = clock.worked
    assert worked >= 5.02
    assert (clock.prepared, clock.worked) == (prepared, worked)
