from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from engine.run.snapshot import RunSnapshot
from gui.models.run_list import RunEntry
from gui.models.undo import Deletion, UndoStack


def test_the_newest_comes_back_first(qtbot: QtBot, make_snapshot: Callable[..., RunSnapshot]) -> None:
    one, two, three = (RunEntry.of(make_snapshot(run_id, f"{run_id}.fastq")) for run_id in (1, 2, 3))
    stack = UndoStack()
    assert stack.pop() is None

    with qtbot.waitSignal(stack.changed):
        stack.push(Deletion((one,)))
    stack.push(Deletion((two, three)))

    assert len(stack) == 2
    newest = stack.pop()
    assert newest is not None
    assert (newest.run_ids, newest.text) == ([2, 3], "Deleted 2 runs")
    assert stack.next is not None
    assert stack.next.text == "Deleted 1.fastq"
