from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from engine.collectors.results import LengthDistribution, QcResults
from engine.errors import LanescopeError
from engine.run.snapshot import RunSnapshot, Sample
from engine.run.state import RunState
from gui.theme.theme import Theme
from gui.theme.tokens import LIGHT
from gui.views.plots.adapter_plot import AdapterPlot
from gui.views.plots.base_content_plot import BaseContentPlot
from gui.views.plots.base_quality_plot import BaseQualityPlot
from gui.views.plots.duplication_plot import DuplicationPlot
from gui.views.plots.gc_plot import GcPlot
from gui.views.plots.length_plot import LengthPlot
from gui.views.plots.n_content_plot import NContentPlot
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.sequence_quality_plot import SequenceQualityPlot
from gui.views.plots.throughput_plot import ThroughputPlot
from gui.views.plots.tile_plot import TilePlot

CARDS = [
    ThroughputPlot,
    BaseQualityPlot,
    TilePlot,
    SequenceQualityPlot,
    BaseContentPlot,
    GcPlot,
    NContentPlot,
    LengthPlot,
    DuplicationPlot,
    AdapterPlot,
]
MakeSnapshot = Callable[..., RunSnapshot]
every_card = pytest.mark.parametrize("kind", CARDS)
CardKind = Callable[[], PlotCard]

# Said by Qt's screenless platform itself, whenever a window with a least size opens.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def snapshot(make_snapshot: MakeSnapshot, results: QcResults, samples: tuple[Sample, ...]) -> RunSnapshot:
    return make_snapshot(results=results, samples=samples, elapsed=120.0)


@pytest.fixture
def shown(qtbot: QtBot, dark: Theme, snapshot: RunSnapshot) -> Callable[[CardKind], PlotCard]:
    def show(kind: CardKind) -> PlotCard:
        card = kind()
        qtbot.addWidget(card)
        card.resize(480, 320)
        card.set_snapshot(snapshot)
        card.show()
        qtbot.waitExposed(card)
        QApplication.processEvents()
        return card

    return show


def says(card: PlotCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


@every_card
def test_every_axis_names_its_unit(kind: CardKind, shown: Callable[[CardKind], PlotCard]) -> None:
    card = shown(kind)
    assert card.canvas.isVisible()
    for axis in (card.canvas.x_axis, card.canvas.y_axis):
        assert axis.label
        assert len(axis.ticks()) >= 2
    assert card.note


@every_card
def test_nothing_to_draw_is_said(
    kind: CardKind, shown: Callable[[CardKind], PlotCard], make_snapshot: MakeSnapshot
) -> None:
    card = shown(kind)
    card.set_snapshot(make_snapshot(run_id=2, reads=0, samples=(), results=QcResults()))
    assert "No reads yet" in says(card)
    assert not card.canvas.isVisible()


@every_card
def test_a_run_that_ended_without_results_says_so(
    kind: CardKind, shown: Callable[[CardKind], PlotCard], make_snapshot: MakeSnapshot
) -> None:
    card = shown(kind)
    card.set_snapshot(make_snapshot(run_id=2, state=RunState.COMPLETED, samples=(), results=QcResults()))
    wanted = "The load of this run was not recorded" if kind is ThroughputPlot else "This run has no reads"
    assert wanted in says(card)


@every_card
def test_png_is_twice_as_fine_and_not_empty(
    kind: CardKind, shown: Callable[[CardKind], PlotCard], tmp_path: Path
) -> None:
    card = shown(kind)
    path = tmp_path / "plot.png"
    card.save(path)
    image = QImage(str(path))
    assert image.width() >= 2 * 640
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colors) > 4
    assert image.pixelColor(2, 2) == QColor("#151c25")


@every_card
def test_svg_holds_title_and_axes_as_text(
    kind: CardKind, shown: Callable[[CardKind], PlotCard], tmp_path: Path
) -> None:
    card = shown(kind)
    path = tmp_path / "plot.svg"
    card.save(path)
    text = path.read_text("utf-8")
    for words in (card.title, card.note, card.canvas.x_axis.label, card.canvas.y_axis.label):
        assert f">{words}<" in text
    assert any(f">{words}<" in text for _, words in card.canvas.x_axis.ticks())
    assert QSvgRenderer(str(path)).isValid()


@every_card
def test_csv_holds_the_table(kind: CardKind, shown: Callable[[CardKind], PlotCard], tmp_path: Path) -> None:
    card = shown(kind)
    path = tmp_path / "plot.csv"
    card.save(path)
    header, rows = card.table()
    with path.open(encoding="utf-8", newline="") as file:
        read = list(csv.reader(file))
    assert read[0] == header
    assert len(read) == len(rows) + 1
    assert read[-1][0] == str(rows[-1][0])


@every_card
def test_a_plot_that_was_never_shown_can_be_saved(
    kind: CardKind, dark: Theme, qtbot: QtBot, snapshot: RunSnapshot, tmp_path: Path
) -> None:
    card = kind()
    qtbot.addWidget(card)
    card.set_snapshot(snapshot)
    before = card.canvas.size()
    card.save(tmp_path / "plot.svg")
    assert card.canvas.size() == before
    image = card.image()
    ground = QColor("#151c25")
    middle = image.copy(300, 150, image.width() - 400, image.height() - 320)
    places = [(x, y) for x in range(0, middle.width(), 3) for y in range(0, middle.height(), 3)]
    assert any(middle.pixelColor(x, y) != ground for x, y in places)


@every_card
def test_unknown_kinds_are_refused_in_plain_words(
    kind: CardKind, shown: Callable[[CardKind], PlotCard], tmp_path: Path
) -> None:
    with pytest.raises(LanescopeError, match=r"PNG, SVG or CSV") as caught:
        shown(kind).save(tmp_path / "plot.pdf")
    assert caught.value.hint
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(shown: Callable[[CardKind], PlotCard], tmp_path: Path) -> None:
    with pytest.raises(LanescopeError, match=r"plot\.png could not be written"):
        shown(GcPlot).save(tmp_path / "nowhere" / "plot.png")


def test_a_save_that_fails_leaves_the_old_file(
    shown: Callable[[CardKind], PlotCard], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = shown(GcPlot)
    path = tmp_path / "plot.csv"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(LanescopeError, match="no space left"):
        card.save(path)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["plot.csv"]


@every_card
def test_the_same_results_are_not_drawn_again(
    kind: CardKind,
    shown: Callable[[CardKind], PlotCard],
    make_snapshot: MakeSnapshot,
    results: QcResults,
    samples: tuple[Sample, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = shown(kind)

    def fail() -> bool:
        pytest.fail("drawn again")

    monkeypatch.setattr(card, "_draw", fail)
    same = QcResults.model_validate_json(results.model_dump_json())
    card.set_snapshot(make_snapshot(results=same, samples=tuple(samples), elapsed=120.0))


@every_card
def test_a_plot_nobody_sees_waits(
    kind: CardKind, dark: Theme, qtbot: QtBot, snapshot: RunSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = kind()
    qtbot.addWidget(card)
    draws: list[bool] = []
    draw = card._draw

    def counted() -> bool:
        draws.append(draw())
        return draws[-1]

    monkeypatch.setattr(card, "_draw", counted)
    card.set_snapshot(snapshot)
    assert not draws
    card.show()
    assert draws


@every_card
def test_the_theme_changes_live(kind: CardKind, shown: Callable[[CardKind], PlotCard], dark: Theme) -> None:
    card = shown(kind)
    dark.set_mode("light")
    image = card.grab().toImage()
    assert image.pixelColor(image.width() // 2, 4) == QColor(LIGHT.panel)
    area = card.canvas.plot_area()
    corner = card.canvas.mapTo(card, QPoint(round(area.right()) + 8, round(area.top()) + 30))
    assert image.pixelColor(corner) == QColor(LIGHT.panel)


@every_card
def test_keys_walk_along_the_values(kind: CardKind, shown: Callable[[CardKind], PlotCard], qtbot: QtBot) -> None:
    card = shown(kind)
    qtbot.keyClick(card.canvas, Qt.Key.Key_Right)
    first = card.canvas.accessibleDescription()
    assert first in [text.replace("\n", ", ") for text in says(card)]
    qtbot.keyClick(card.canvas, Qt.Key.Key_Right)
    moved = card.canvas.accessibleDescription()
    assert (moved == first) == (kind is LengthPlot)  # which has but one length here
    qtbot.keyClick(card.canvas, Qt.Key.Key_Escape)
    assert moved.replace(", ", "\n") not in says(card)


@every_card
def test_the_pointer_tells_values(kind: CardKind, shown: Callable[[CardKind], PlotCard], qtbot: QtBot) -> None:
    card = shown(kind)
    before = len(says(card))
    point_at(card, card.canvas.plot_area().center())
    assert len(says(card)) == before + 1
    QApplication.sendEvent(card.canvas, QEvent(QEvent.Type.Leave))
    assert len(says(card)) == before


@every_card
def test_menus_can_be_reached_by_keys(kind: CardKind, shown: Callable[[CardKind], PlotCard], qtbot: QtBot) -> None:
    card = shown(kind)
    assert card.menu.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert card.menu.accessibleName()
    menu = card.menu.make_menu()
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [
        "Save as PNG…",
        "Save as SVG…",
        "Save as CSV…",
        "Copy image",
    ]
    menu.close()


def test_copying_fills_the_clipboard(shown: Callable[[CardKind], PlotCard]) -> None:
    card = shown(GcPlot)
    card.copy_image()
    assert QGuiApplication.clipboard().image().size() == card.image().size()


def test_saving_asks_for_a_file(shown: Callable[[CardKind], PlotCard], qtbot: QtBot, tmp_path: Path) -> None:
    card = shown(GcPlot)
    card.run_name = "a/b <c>.fastq"
    assert card.menu.file_name("png") == "a_b _c_.fastq per sequence gc content.png"
    menu = card.menu.make_menu()
    menu.actions()[0].trigger()
    dialog = card.findChild(QFileDialog) or card.window().findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "chosen.png"))
    dialog.close()
    menu.close()
    assert (tmp_path / "chosen.png").exists()


def test_a_failed_save_is_told(shown: Callable[[CardKind], PlotCard], tmp_path: Path) -> None:
    card = shown(GcPlot)
    card.menu.save_or_tell(str(tmp_path / "nowhere" / "plot.png"))
    box = card.findChild(QMessageBox)
    assert box is not None
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert "could not be written" in box.text()
    assert box.informativeText()
    box.close()


def point_at(card: PlotCard, place: QPointF, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    # Not by QTest, which sends nothing where the pointer happens to be there already.
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        QPointF(card.canvas.mapToGlobal(place.toPoint())),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(card.canvas.viewport(), event)


def wheel(card: PlotCard, turns: int, modifiers: Qt.KeyboardModifier) -> bool:
    center = card.canvas.plot_area().center()
    event = QWheelEvent(
        center,
        QPointF(card.canvas.mapToGlobal(center.toPoint())),
        QPoint(),
        QPoint(0, 120 * turns),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(card.canvas.viewport(), event)
    return event.isAccepted()


def test_the_wheel_belongs_to_the_page(shown: Callable[[CardKind], PlotCard]) -> None:
    card = shown(BaseQualityPlot)
    assert not wheel(card, 1, Qt.KeyboardModifier.NoModifier)
    assert not card.is_zoomed


def test_ctrl_and_wheel_zoom_and_a_double_click_shows_all(
    shown: Callable[[CardKind], PlotCard], qtbot: QtBot, tmp_path: Path
) -> None:
    card = shown(BaseQualityPlot)
    whole, height = card.canvas.x_range, card.canvas.y_range
    assert wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    low, high = card.canvas.x_range
    assert whole[0] < low < high < whole[1]
    assert card.canvas.y_range == height
    qtbot.mouseDClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    assert card.canvas.x_range == whole
    wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    wheel(card, -9, Qt.KeyboardModifier.ControlModifier)
    assert not card.is_zoomed


def test_dragging_moves_along_a_zoomed_plot(shown: Callable[[CardKind], PlotCard], qtbot: QtBot) -> None:
    card = shown(BaseQualityPlot)
    wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    before = card.canvas.x_range
    place = card.canvas.plot_area().center().toPoint()
    qtbot.mousePress(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    point_at(card, QPointF(place - QPoint(40, 0)), Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(card.canvas.viewport(), Qt.MouseButton.LeftButton)
    after = card.canvas.x_range
    assert after[0] > before[0]
    assert after[1] - after[0] == pytest.approx(before[1] - before[0])


def test_a_zoomed_drawing_stays_within_its_frame(shown: Callable[[CardKind], PlotCard], tmp_path: Path) -> None:
    card = shown(BaseQualityPlot)
    wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    path = tmp_path / "plot.svg"
    card.save(path)
    renderer = QSvgRenderer(str(path))
    image = QImage(renderer.defaultSize(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    for x in (3, image.width() - 4):
        assert {image.pixelColor(x, y).name() for y in range(60, image.height())} == {"#151c25"}


def test_another_run_shows_all_again(
    shown: Callable[[CardKind], PlotCard], make_snapshot: MakeSnapshot, results: QcResults
) -> None:
    card = shown(BaseQualityPlot)
    wheel(card, 3, Qt.KeyboardModifier.ControlModifier)
    card.set_snapshot(make_snapshot(run_id=7, results=results))
    assert not card.is_zoomed


def test_a_working_run_shows_its_last_minute_an_ended_one_all(
    shown: Callable[[CardKind], PlotCard],
    make_snapshot: MakeSnapshot,
    results: QcResults,
    samples: tuple[Sample, ...],
) -> None:
    card = shown(ThroughputPlot)
    assert card.canvas.x_range == (-60.0, 0.0)
    assert card.canvas.x_axis.label == "seconds ago"
    assert card.canvas.y_axis.label == "k reads/s"
    card.set_snapshot(make_snapshot(state=RunState.COMPLETED, results=results, samples=samples))
    assert card.canvas.x_range == (0.0, 120.0)
    assert card.canvas.x_axis.label == "time (s)"


def test_a_run_of_one_sample_has_a_throughput(
    shown: Callable[[CardKind], PlotCard], make_snapshot: MakeSnapshot, samples: tuple[Sample, ...]
) -> None:
    card = shown(ThroughputPlot)
    card.set_snapshot(make_snapshot(run_id=3, state=RunState.COMPLETED, samples=samples[:1]))
    assert card.canvas.isVisible()
    assert card.canvas.y_range[1] >= 1


def test_one_length_stands_in_the_middle(shown: Callable[[CardKind], PlotCard]) -> None:
    card = shown(LengthPlot)
    low, high = card.canvas.x_range
    assert low < 149.5
    assert high > 150.5
    assert (low + high) / 2 == 150
    assert card.note == "all reads 150 bp"


def test_nanopore_lengths_get_a_logarithmic_axis(
    shown: Callable[[CardKind], PlotCard], make_snapshot: MakeSnapshot
) -> None:
    card = shown(LengthPlot)
    lengths = LengthDistribution(starts=(200, 1000, 20_000), ends=(999, 19_999, 49_999), counts=(10, 90, 20))
    card.set_snapshot(make_snapshot(results=QcResults(lengths=lengths)))
    assert "logarithmic" in card.canvas.x_axis.label
    assert "1 k" in [text for _, text in card.canvas.x_axis.ticks()]
