from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from engine.collectors.results import LengthDistribution, QcResults
from engine.run.snapshot import RunSnapshot, Sample
from engine.run.state import RunState
from gui.theme.theme import Theme
from gui.theme.tokens import LIGHT
from gui.views.plots.length_plot import LengthPlot
from gui.views.plots.plot_card import PlotCard
from gui.views.plots.throughput_plot import ThroughputPlot
from tests.gui.plots.cards import CardKind, MakeSnapshot, every_card, says

# Said by Qt's screenless platform itself, whenever a window with a least size opens.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


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
    assert not card.note


@every_card
def test_notes_go_with_their_run_and_come_back(
    kind: CardKind, shown: Callable[[CardKind], PlotCard], make_snapshot: MakeSnapshot, snapshot: RunSnapshot
) -> None:
    card = shown(kind)
    note = card.note
    card.set_snapshot(make_snapshot(run_id=2, state=RunState.COMPLETED, samples=(), results=QcResults()))
    assert not card.note
    card.set_snapshot(snapshot)
    assert card.note == note


@every_card
def test_a_run_that_ended_without_results_says_so(
    kind: CardKind, shown: Callable[[CardKind], PlotCard], make_snapshot: MakeSnapshot
) -> None:
    card = shown(kind)
    card.set_snapshot(make_snapshot(run_id=2, state=RunState.COMPLETED, samples=(), results=QcResults()))
    wanted = "The load of this run was not recorded" if kind is ThroughputPlot else "This run has no reads"
    assert wanted in says(card)


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
