from __future__ import annotations

import os
import sys
import threading

import pytest

from engine.run.priority import give_way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="priorities of single threads are Linux's")


def _niceness_after_giving_way(before: int) -> int:
    found: list[int] = []

    def live() -> None:
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, before)
        give_way()
        found.append(os.getpriority(os.PRIO_PROCESS, thread))

    thread = threading.Thread(target=live)
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.parametrize("steps", [2, 10])
def test_a_thread_gives_way_and_never_comes_forward(steps: int) -> None:
    before = min(os.getpriority(os.PRIO_PROCESS, 0) + steps, 19)
    assert _niceness_after_giving_way(before) == min(before + 5, 19)


def test_where_it_is_forbidden_the_thread_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_which: int, _who: int, _priority: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    give_way()
