from __future__ import annotations

import itertools
import threading
import time

from pytestqt.qtbot import QtBot

from gui.bridge import Bridge


def test_a_storm_of_changes_makes_few_updates_and_the_last_one_is_heard(qtbot: QtBot) -> None:
    bridge = Bridge()
    value = 0
    heard: list[tuple[float, int]] = []
    threads: set[str] = set()

    def hear() -> None:
        heard.append((time.monotonic(), value))
        threads.add(threading.current_thread().name)

    def storm() -> None:
        nonlocal value
        end = time.monotonic() + 0.55
        while time.monotonic() < end:
            value += 1
            bridge.publish()
            time.sleep(0.0005)

    bridge.updated.connect(hear)
    thread = threading.Thread(target=storm)
    thread.start()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=3000)
    thread.join()
    qtbot.waitUntil(lambda: heard[-1][1] == value, timeout=1000)

    assert 4 <= len(heard) <= 8
    assert threads == {"MainThread"}
    gaps = [after - before for (before, _), (after, _) in itertools.pairwise(heard)]
    assert min(gaps) >= 0.095


def test_the_first_change_is_heard_at_once(qtbot: QtBot) -> None:
    bridge = Bridge()

    with qtbot.waitSignal(bridge.updated):
        bridge.publish()


def test_nothing_is_heard_after_the_end(qtbot: QtBot) -> None:
    bridge = Bridge()
    bridge.publish()

    with qtbot.assertNotEmitted(bridge.updated, wait=200):
        bridge.close()
        bridge.publish()
