from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models.run_list import ENTRY_ROLE, RunEntry, RunListModel

MakeSnapshot = Callable[..., RunSnapshot]
MakeEntry = Callable[..., RunEntry]


@pytest.fixture
def make_entry(make_snapshot: MakeSnapshot) -> MakeEntry:
    def make(run_id: int, state: RunState = RunState.COMPLETED, name: str = "reads.fastq", reads: int = 10) -> RunEntry:
        return RunEntry.of(make_snapshot(run_id, name, state, reads=reads))

    return make


@pytest.fixture
def model(qtbot: QtBot) -> RunListModel:
    model = RunListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


def ids(model: RunListModel) -> list[int]:
    entries = [model.index(row).data(ENTRY_ROLE) for row in range(model.rowCount())]
    return [entry.run_id for entry in entries]


def test_what_lives_stands_on_top_in_the_order_it_runs(model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries(
        [
            make_entry(1),
            make_entry(2, RunState.FAILED),
            make_entry(5, RunState.CREATED),
            make_entry(4, RunState.CREATED),
            make_entry(3, RunState.RUNNING),
        ]
    )

    assert ids(model) == [3, 4, 5, 2, 1]


def test_a_run_that_ends_joins_the_others_and_stays_selected(model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries([make_entry(1), make_entry(2, RunState.RUNNING), make_entry(3, RunState.CREATED)])
    selected = QPersistentModelIndex(model.index_of(2))

    model.update([make_entry(2), make_entry(3, RunState.RUNNING)])

    assert ids(model) == [3, 2, 1]
    assert selected.row() == 1


def test_nothing_moves_under_the_pointer(model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries([make_entry(1), make_entry(2, RunState.RUNNING), make_entry(3, RunState.CREATED)])

    model.hold(True)
    model.update([make_entry(2), make_entry(3, RunState.RUNNING)])
    assert ids(model) == [2, 3, 1]

    model.update([make_entry(4, RunState.CREATED)])
    assert ids(model) == [4, 2, 3, 1]

    model.hold(False)
    assert ids(model) == [3, 4, 2, 1]


def test_search_finds_all_words_anywhere(model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries(
        [make_entry(1, name="NA12878_L001.fastq"), make_entry(2, RunState.FAILED, "NA12878_L002.fastq"), make_entry(3)]
    )

    model.search("na12878")
    assert ids(model) == [2, 1]
    model.search("na12878 FAILED")
    assert ids(model) == [2]
    model.search("nothing like it")
    assert ids(model) == []
    assert model.total == 3
    model.search("  ")
    assert ids(model) == [3, 2, 1]


def test_a_run_that_the_search_leaves_out_is_kept_up_to_date(model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries([make_entry(1, RunState.RUNNING, "a.fastq"), make_entry(2, name="b.fastq")])
    model.search("b.fastq")

    model.update([make_entry(1, RunState.RUNNING, "a.fastq", reads=99)])

    assert ids(model) == [2]
    entry = model.entry(1)
    assert entry is not None
    assert entry.reads == 99


def test_progress_is_announced_without_moving(qtbot: QtBot, model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries([make_entry(1, RunState.RUNNING), make_entry(2)])

    with qtbot.waitSignal(model.dataChanged) as changed, qtbot.assertNotEmitted(model.layoutChanged):
        model.update([make_entry(1, RunState.RUNNING, reads=99)])

    assert changed.args is not None
    assert changed.args[0].row() == 0
    with qtbot.assertNotEmitted(model.dataChanged):
        model.update([make_entry(1, RunState.RUNNING, reads=99)])


def test_removing_many_at_once(model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries([make_entry(run_id) for run_id in range(10)])

    model.remove([9, 8, 5, 3, 0])

    assert ids(model) == [7, 6, 4, 2, 1]
    assert not model.index_of(5).isValid()
    assert model.index_of(4).row() == 2


def test_a_line_is_spoken_in_full(model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries([make_entry(1, RunState.FAILED, reads=1234)])

    assert model.index(0).data() == "reads.fastq"
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "reads.fastq, failed, 1,234 reads, mean quality 35.8"


def test_runs_are_dragged_as_their_files(model: RunListModel, make_entry: MakeEntry) -> None:
    model.set_entries([make_entry(1, name="a & b.fastq"), make_entry(2, name="c.fastq")])
    index = model.index(0)
    assert model.flags(index) & Qt.ItemFlag.ItemIsDragEnabled
    assert model.mimeTypes() == ["text/uri-list"]
    data = model.mimeData([model.index(1), index])
    assert [Path(url.toLocalFile()).name for url in data.urls()] == ["c.fastq", "a & b.fastq"]


def test_all_files_of_a_run_are_dragged_and_none_of_a_pipe(
    model: RunListModel, make_snapshot: MakeSnapshot, tmp_path: Path
) -> None:
    lanes = tuple(tuple(tmp_path / f"s_L{lane}_R{mate}.fastq" for lane in (1, 2)) for mate in (1, 2))
    odd = tmp_path / os.fsdecode(b"a\xff %41#?.fastq")
    model.set_entries(
        [
            RunEntry.of(make_snapshot(3, "s", RunState.COMPLETED, path=lanes[0][0], inputs=lanes)),
            RunEntry.of(make_snapshot(2, "odd", RunState.COMPLETED, path=odd)),
            RunEntry.of(make_snapshot(1, "standard input", RunState.COMPLETED, path=Path("-"))),
        ]
    )
    data = model.mimeData([model.index(row) for row in range(3)])
    assert [Path(url.toLocalFile()) for url in data.urls()[:4]] == [*lanes[0], *lanes[1]]
    assert bytes(data.urls()[4].toEncoded().data()).endswith(b"a%FF%20%2541%23%3F.fastq")
    assert len(data.urls()) == 5
    assert not model.flags(model.index(2)) & Qt.ItemFlag.ItemIsDragEnabled
