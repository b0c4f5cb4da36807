from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from engine.errors import InputError
from engine.run.snapshot import RunFailure, RunSnapshot
from engine.run.state import RunState
from gui.models.input_list import InputListModel, names_of

MakeSnapshot = Callable[..., RunSnapshot]


def test_inputs_keep_their_places(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    model = InputListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)

    model.update([make_snapshot(1, "a.fastq"), make_snapshot(2, "b.fastq", RunState.CREATED)])
    model.refuse([InputError("c.txt holds no reads.", path=Path("/data/c.txt"))])
    failure = RunFailure("Not valid", "record 3 has no @", "")
    model.update([make_snapshot(2, "b.fastq"), make_snapshot(1, "a.fastq", RunState.FAILED, failure=failure)])

    assert [(entry.name, entry.word, entry.detail) for entry in model.entries] == [
        ("a.fastq", "failed", "record 3 has no @"),
        ("b.fastq", "running", "1,000 reads"),
        ("c.txt", "refused", "Holds no reads."),
    ]


def test_what_became_of_all_inputs_is_told_in_a_line(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    model = InputListModel()
    model.update([make_snapshot(number, state=RunState.COMPLETED) for number in (2, 3)])
    model.update([make_snapshot(1), make_snapshot(4, state=RunState.FAILED), make_snapshot(5, state=RunState.CREATED)])
    model.refuse([InputError("c.txt holds no reads.", path=Path("/data/c.txt"))])
    assert model.summary == "6 inputs · 1 queued · 1 running · 2 completed · 1 failed · 1 refused"


def test_of_one_input_its_line_tells_enough(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    model = InputListModel()
    model.update([make_snapshot(1)])
    assert model.summary == ""


def test_what_is_over_can_be_cleared(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    model = InputListModel()
    model.update([make_snapshot(1, state=RunState.COMPLETED), make_snapshot(2), make_snapshot(3)])
    model.refuse([InputError("c.txt holds no reads.", path=Path("/data/c.txt"))])

    model.clear_finished()
    assert [entry.run_id for entry in model.entries] == [2, 3]

    model.remove_runs([2])
    model.update([make_snapshot(3, state=RunState.COMPLETED)])
    assert [(entry.run_id, entry.word) for entry in model.entries] == [(3, "completed")]


def test_many_names_are_counted() -> None:
    assert names_of([Path("a")]) == "a"
    assert names_of([Path("x/a"), Path("b")]) == "a and b"
    assert names_of([Path("a"), Path("b"), Path("c")]) == "a and 2 more"
