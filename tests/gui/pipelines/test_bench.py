from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.home import Home
from gui.models.pipelines.builder import Builder, Check
from gui.models.pipelines.chain_model import KIND_MIME
from gui.models.pipelines.library import make_check, make_palette
from gui.models.pipelines.palette import Palette
from gui.models.pipelines.shelf import ShelfModel
from gui.theme.theme import theme
from gui.views.pipeline.bench import Bench
from gui.views.pipeline.editors import ChoiceEditor, Editor, FieldRow, LineEditor, SwitchEditor
from gui.views.pipeline.form import Form, GroupRow, ListRow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

_COPY = Qt.DropAction.CopyAction
_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier
_ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Palette, Check]:
    """All stages, and what finds faults."""
    home = Home(tmp_path_factory.mktemp("home"))
    return make_palette(home), make_check(home, {})


@pytest.fixture(scope="module")
def dressed(qapp: QApplication) -> None:
    """The application in Lanescope's look."""
    theme().apply(qapp)


@pytest.fixture
def bench(qtbot: QtBot, dressed: None, known: tuple[Palette, Check]) -> Generator[Bench]:
    """The bench on the screen, with three stages on it."""
    palette, check = known
    builder = Builder()
    bench = Bench(builder, ShelfModel())
    qtbot.addWidget(bench)
    bench.set_palette(palette)
    builder.set_check(check)
    bench.resize(1300, 800)
    bench.show()
    bench.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is bench, timeout=30_000)
    for name in ("adapters", "quality", "length"):
        note = palette.note(f"native:{name}")
        assert note is not None
        builder.add(note)
    yield bench
    builder.deleteLater()


def _names(bench: Bench) -> list[str]:
    return [stage.name for stage in bench.builder.draft.stages]


def _place(bench: Bench, row: int, *, below: bool = False) -> QPoint:
    """In the upper or lower half of a stage."""
    area = bench.chain.visualRect(bench.chain.chain.index(row))
    return QPoint(area.center().x(), area.bottom() - 5 if below else area.top() + 5)


def _drag(data: QMimeData, target: QWidget, place: QPoint) -> bool:
    """Drag over a widget and drop there, the way the window system does; whether it was taken."""
    enter = QDragEnterEvent(place, _COPY, data, _LEFT, _NONE)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(target, QDragMoveEvent(place, _COPY, data, _LEFT, _NONE))
    drop = QDropEvent(QPointF(place), _COPY, data, _LEFT, _NONE)
    QApplication.sendEvent(target, drop)
    return drop.isAccepted()


def _editor(bench: Bench, key: str) -> Editor:
    assert bench.form.parameters is not None
    row = bench.form.parameters.rows[key]
    assert isinstance(row, FieldRow)
    return row.editor


def _fault(bench: Bench, key: str) -> str:
    assert bench.form.parameters is not None
    row = bench.form.parameters.rows[key]
    assert isinstance(row, FieldRow)
    return row.fault.text() if row.fault.isVisible() else ""


def _type(editor: Editor, text: str) -> None:
    assert isinstance(editor, LineEditor)
    editor.line.setFocus()
    editor.line.selectAll()
    QTest.keyClicks(editor.line, text)


@pytest.mark.parametrize(
    ("row", "place", "below", "after"),
    [
        (2, 0, False, ["length", "adapters", "quality"]),
        (0, 2, True, ["quality", "length", "adapters"]),
        (0, 1, True, ["quality", "adapters", "length"]),
        (1, 1, False, ["adapters", "quality", "length"]),
    ],
)
def test_stages_are_dragged_into_order(bench: Bench, row: int, place: int, below: bool, after: list[str]) -> None:
    dragged = bench.chain.chain.mimeData([bench.chain.chain.index(row)])
    assert _drag(dragged, bench.chain.viewport(), _place(bench, place, below=below))
    assert _names(bench) == after
    if after != ["adapters", "quality", "length"]:
        bench.builder.undo()
    assert _names(bench) == ["adapters", "quality", "length"]


def test_stages_are_dragged_from_the_palette(bench: Bench) -> None:
    model = bench.palette_panel.model
    dragged = model.mimeData([model.index(model.row_of("max_n"))])
    assert _drag(dragged, bench.chain.viewport(), _place(bench, 1))
    assert _names(bench) == ["adapters", "max_n", "quality", "length"]
    assert bench.chain.currentIndex().row() == 1
    assert bench.form.heading.text() == "Number of N"


def test_what_is_no_stage_is_not_taken(bench: Bench) -> None:
    strange = QMimeData()
    strange.setText("length")
    assert not _drag(strange, bench.chain.viewport(), _place(bench, 1))
    unknown = QMimeData()
    unknown.setData(KIND_MIME, b"native:nothing")
    _drag(unknown, bench.chain.viewport(), _place(bench, 1))
    assert _names(bench) == ["adapters", "quality", "length"]


def test_the_chain_by_keyboard(bench: Bench) -> None:
    chain = bench.chain
    chain.setFocus()
    chain.setCurrentIndex(chain.chain.index(2))
    QTest.keyClick(chain, Qt.Key.Key_Up, _ALT)
    assert _names(bench) == ["adapters", "length", "quality"]
    assert chain.currentIndex().row() == 1
    QTest.keyClick(chain, Qt.Key.Key_Up, _ALT)
    QTest.keyClick(chain, Qt.Key.Key_Up, _ALT)
    QTest.keyClick(chain, Qt.Key.Key_Down, _ALT)
    assert _names(bench) == ["adapters", "length", "quality"]

    QTest.keyClick(chain, Qt.Key.Key_Space)
    assert not bench.builder.draft.stages[1].is_enabled
    QTest.keyClick(chain, Qt.Key.Key_Delete)
    assert _names(bench) == ["adapters", "quality"]
    assert bench.builder.chosen == bench.builder.draft.stages[1].key
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):  # which is the only one on a Mac's keyboard
        QTest.keyClick(chain, key)
    assert _names(bench) == []


def test_an_empty_chain_says_where_stages_come_from(bench: Bench) -> None:
    assert bench.chain.accessibleDescription().startswith("Alt and the arrow keys")
    for stage in bench.builder.draft.stages:
        bench.builder.remove(stage.key)
    assert "double-click" in bench.chain.accessibleDescription()


def test_enter_adds_what_a_search_has_found(bench: Bench) -> None:
    search = bench.palette_panel.search
    search.setFocus()
    QTest.keyClicks(search, "expected errors")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert _names(bench)[-1] == "expected_errors"

    search.clear()
    QTest.keyClicks(search, "no such thing")
    assert bench.palette_panel.nothing.isVisible()


def test_a_click_on_the_switch(bench: Bench) -> None:
    area = bench.chain.visualRect(bench.chain.chain.index(1))
    at = QPoint(area.right() - 30, area.top() + 22)
    QTest.mouseClick(bench.chain.viewport(), _LEFT, _NONE, at)
    assert [stage.is_enabled for stage in bench.builder.draft.stages] == [True, False, True]
    bench.builder.undo()
    assert bench.builder.draft.stages[1].is_enabled


def test_values_are_edited_and_faults_stand_beside_them(bench: Bench) -> None:
    _type(_editor(bench, "minimum"), "35")
    assert bench.builder.draft.stages[2].data["parameters"] == {"minimum": 35}
    assert not bench.builder.troubles

    _type(_editor(bench, "minimum"), "-3")
    assert "at least 0" in _fault(bench, "minimum")
    assert "at least 0" in bench.chain.chain.entry(2).trouble
    assert not bench.head.save.isEnabled()
    _type(_editor(bench, "minimum"), "many")
    assert "whole number" in _fault(bench, "minimum")
    editor = _editor(bench, "minimum")
    assert isinstance(editor, LineEditor)
    assert editor.line.text() == "many"

    _type(_editor(bench, "minimum"), "20")  # the default
    assert "parameters" not in bench.builder.draft.stages[2].data
    assert _fault(bench, "minimum") == ""
    assert bench.head.save.isEnabled()


def test_an_empty_field_is_no_value(bench: Bench) -> None:
    _type(_editor(bench, "maximum"), "300")
    assert bench.builder.value(bench.builder.chosen, ("parameters", "maximum")) == 300
    editor = _editor(bench, "maximum")
    assert isinstance(editor, LineEditor)
    editor.line.selectAll()
    QTest.keyClick(editor.line, Qt.Key.Key_Backspace)
    assert bench.builder.value(bench.builder.chosen, ("parameters", "maximum")) is None
    assert not bench.builder.troubles


def test_faults_of_two_values_together(bench: Bench) -> None:
    _type(_editor(bench, "maximum"), "5")
    assert "no read can pass" in bench.form.fault.text() + _fault(bench, "maximum") + _fault(bench, "minimum")


def test_numbers_step_by_key(bench: Bench) -> None:
    editor = _editor(bench, "minimum")
    assert isinstance(editor, LineEditor)
    QTest.keyClick(editor.line, Qt.Key.Key_Up)
    assert editor.line.text() == "21"
    assert bench.builder.value(bench.builder.chosen, ("parameters", "minimum")) == 21


def test_undo_brings_the_form_back(bench: Bench) -> None:
    _type(_editor(bench, "minimum"), "77")
    bench.chain.setFocus()
    bench.builder.undo()
    editor = _editor(bench, "minimum")
    assert isinstance(editor, LineEditor)
    assert editor.line.text() == "20"
    bench.builder.redo()
    assert editor.line.text() == "77"


def test_adapters_are_added_and_taken_away(bench: Bench) -> None:
    bench.builder.choose(bench.builder.draft.stages[0].key)
    assert bench.form.parameters is not None
    row = bench.form.parameters.rows["adapters"]
    assert isinstance(row, ListRow)
    QTest.mouseClick(row.add, _LEFT)
    assert len(row.entries) == 1
    form = row.entries[0]
    assert isinstance(form, Form)
    sequence = form.rows["sequence"]
    assert isinstance(sequence, FieldRow)
    assert not sequence.fault.isHidden()

    _type(sequence.editor, "AGATCGGAAGAGC")
    assert sequence.fault.isHidden()
    assert bench.chain.chain.entry(0).setting == "Adapters: 1"
    place = form.rows["place"]
    assert isinstance(place, FieldRow)
    assert isinstance(place.editor, ChoiceEditor)
    place.editor.box.setFocus()
    QTest.keyClick(place.editor.box, Qt.Key.Key_Down)
    adapters = bench.builder.value(bench.builder.chosen, ("parameters", "adapters"))
    assert adapters == [{"sequence": "AGATCGGAAGAGC", "place": "5'"}]

    bench.builder.set(bench.builder.chosen, ("parameters", "adapters", 0), None)
    assert not row.entries


def test_a_linked_part_shows_what_belongs_to_it(bench: Bench) -> None:
    key = bench.builder.draft.stages[0].key
    bench.builder.choose(key)
    place = ("parameters", "adapters", 0)
    bench.builder.set(key, place, {"sequence": "ACGTACGT"})
    assert bench.form.parameters is not None
    row = bench.form.parameters.rows["adapters"]
    assert isinstance(row, ListRow)
    form = row.entries[0]
    assert isinstance(form, Form)
    group = form.rows["front"]
    assert isinstance(group, GroupRow)
    first, *others = group.form.rows.values()
    assert isinstance(first, FieldRow)
    hidden = [*others, form.rows["required"]]
    assert not first.isHidden()
    assert all(row.isHidden() for row in hidden)

    _type(first.editor, "^TTGATTGA")
    assert not any(row.isHidden() for row in hidden)
    assert bench.builder.value(key, (*place, "front")) == {"sequence": "^TTGATTGA"}
    assert not bench.builder.troubles
    _type(first.editor, "!")
    assert not first.fault.isHidden()
    assert isinstance(first.editor, LineEditor)
    QTest.keyClick(first.editor.line, Qt.Key.Key_Backspace)
    assert bench.builder.value(key, place) == {"sequence": "ACGTACGT"}
    assert all(row.isHidden() for row in hidden)


def test_switches_and_choices(bench: Bench) -> None:
    bench.builder.choose(bench.builder.draft.stages[0].key)
    known, action = _editor(bench, "known"), _editor(bench, "action")
    assert isinstance(known, SwitchEditor)
    assert isinstance(action, ChoiceEditor)
    QTest.mouseClick(known.box, _LEFT, _NONE, QPoint(8, known.box.height() // 2))
    assert bench.builder.value(bench.builder.chosen, ("parameters", "known")) is True
    action.box.setFocus()
    QTest.keyClick(action.box, Qt.Key.Key_End)
    assert bench.builder.value(bench.builder.chosen, ("parameters", "action")) == "none"


def test_policies_show_what_they_need(bench: Bench) -> None:
    key = bench.builder.chosen
    assert bench.form.general is not None
    group = bench.form.general.rows["on_failure"]
    attempts = group.findChildren(FieldRow)[1]
    assert not attempts.isVisible()
    bench.builder.set(key, ("on_failure", "action"), "retry")
    assert attempts.isVisible()
    _type(attempts.editor, "7")
    assert bench.builder.value(key, ("on_failure",)) == {"action": "retry", "attempts": 7}

    action = group.findChildren(FieldRow)[0].editor
    assert isinstance(action, ChoiceEditor)
    action.box.setFocus()
    QTest.keyClick(action.box, Qt.Key.Key_Home)
    assert bench.builder.value(key, ("on_failure",)) is None
    assert not bench.builder.troubles


def test_the_pipeline_itself_is_edited(bench: Bench) -> None:
    QTest.mouseClick(bench.head.general, _LEFT)
    assert bench.form.heading.text() == "The pipeline"
    assert bench.form.general is not None
    name = bench.form.general.rows["name"]
    assert isinstance(name, FieldRow)
    _type(name.editor, "My pipeline")
    assert name.fault.isVisible()
    _type(name.editor, "my-pipeline")
    assert not name.fault.isVisible()
    assert bench.head.title.text() == "my-pipeline"


def test_files_go_to_the_page(bench: Bench, qtbot: QtBot, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "mine.toml"))])
    # Over the chain too, which itself takes stages alone.
    for target in (bench, bench.chain.viewport()):
        with qtbot.waitSignal(bench.files_dropped) as dropped:
            assert _drag(data, target, QPoint(10, 10))
        assert dropped.args == [[tmp_path / "mine.toml"]]


def test_everything_can_be_reached_by_tab(bench: Bench) -> None:
    reached: set[QWidget] = set()
    widget: QWidget | None = bench.head.undo
    bench.palette_panel.search.setFocus()
    for _ in range(100):
        bench.focusNextChild()
        widget = QApplication.focusWidget()
        if widget is None or widget in reached:
            break
        reached.add(widget)
    editor = _editor(bench, "minimum")
    assert isinstance(editor, LineEditor)
    wanted = {bench.chain, bench.shelf.list, bench.palette_panel.list, bench.palette_panel.search, bench.shelf.new}
    assert wanted | {bench.head.save, bench.trial.choose, editor.line} <= reached
    nameless = [each for each in reached if not each.accessibleName() and not isinstance(each, QPushButton)]
    assert all(each.property("text") for each in nameless)
