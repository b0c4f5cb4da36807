from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from engine.errors import LanescopeError
from engine.run.snapshot import RunSnapshot
from gui.theme.theme import Theme
from gui.views.plots.gc_plot import GcPlot
from gui.views.plots.plot_card import PlotCard
from tests.gui.plots.cards import CardKind, every_card

# Said by Qt's screenless platform itself, whenever a window with a least size opens.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


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
    assert box.text() == "The plot was not saved"
    assert "could not be written" in box.informativeText()
    assert box.informativeText()
    box.close()


def test_pictures_name_the_run(shown: Callable[[CardKind], PlotCard], tmp_path: Path) -> None:
    card = shown(GcPlot)
    card.run_name = "a & <b>.fastq"
    card.save(tmp_path / "plot.svg")
    assert ">a &amp; &lt;b&gt;.fastq<" in (tmp_path / "plot.svg").read_text("utf-8")
    with_name = card.image()
    card.run_name = ""
    assert card.image().height() == with_name.height() - 2 * 16
