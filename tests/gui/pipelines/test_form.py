from __future__ import annotations

from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from gui.models.pipelines.fields import Field, Kind
from gui.views.pipeline.form import GroupRow, ListRow


def test_a_list_of_groups_within_a_group_grows(qtbot: QtBot) -> None:
    part = Field("", "part", kind=Kind.GROUP, fields=(Field("sequence", "Sequence", is_required=True),))
    parts = Field("parts", "Parts", kind=Kind.LIST, item=part)
    group = GroupRow(Field("group", "Group", kind=Kind.GROUP, fields=(parts, Field("words", "Words"))))
    qtbot.addWidget(group)
    spy = QSignalSpy(group.edited)
    row = group.form.rows["parts"]
    assert isinstance(row, ListRow)
    row.add.click()
    assert spy.at(0) == [("parts", 0), {"sequence": ""}]
    row.edited.emit((), [])
    assert spy.at(1) == [("parts",), []]
