"""What the plugins of a run have counted, ready to be drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.run.snapshot import RunSnapshot, StageMetric, StageSummary
from gui.models.format import NOTHING, plural
from gui.models.tabbed import tabbed

_MOST_POINTS = 300


@dataclass(frozen=True, slots=True)
class MetricPlot:
    """One metric of one plugin.

    Attributes:
        stage: name of the stage.
        title: what is counted.
        unit: of the values; may be empty.
        value: the number so far, with its unit.
        note: what is drawn, and between which bounds.
        low: value at the left edge of the first bin.
        high: value at the right edge of the last bin.
        counts: of a histogram, reads or whatever it counts, one number a bin; empty where there is none.
        trend: of a single number, (seconds of the run, number) as the run was watched, oldest first.
    """

    stage: str
    title: str
    unit: str
    value: str
    note: str
    low: float = 0.0
    high: float = 0.0
    counts: tuple[float, ...] = ()
    trend: tuple[tuple[float, float], ...] = ()

    def at(self, share: float) -> str:
        """What stands at a place of the plot, from 0 at its left edge to 1 at its right one; empty for nothing."""
        unit = f" {self.unit}" if self.unit else ""
        if self.counts:
            place = min(int(share * len(self.counts)), len(self.counts) - 1)
            width = (self.high - self.low) / len(self.counts)
            start = self.low + place * width
            return f"{start:g} to {start + width:g}{unit}: {self.counts[place]:,.0f}"
        if not self.trend:
            return ""
        wanted = self.trend[0][0] + share * (self.trend[-1][0] - self.trend[0][0])
        time, number = min(self.trend, key=lambda point: abs(point[0] - wanted))
        return f"{time:.1f} s: {_number(number)}{unit}"

    @property
    def rows(self) -> tuple[list[str], list[list[float | int | str | None]]]:
        """The values as a header and rows."""
        if not self.counts:
            return ["seconds", "value"], [[time, number] for time, number in self.trend]
        width = (self.high - self.low) / len(self.counts)
        starts = [self.low + place * width for place in range(len(self.counts))]
        return ["from", "to", "count"], [
            [start, start + width, count] for start, count in zip(starts, self.counts, strict=True)
        ]

    @property
    def table(self) -> str:
        """The values as text with tabs, for other programs."""
        header, rows = self.rows
        numbers = ([f"{value:g}" for value in row if isinstance(value, float | int)] for row in rows)
        return f"{tabbed([header, *numbers])}\n"

    @property
    def spoken(self) -> str:
        """The plot as a screen reader says it."""
        return f"{self.title} of {self.stage}: {self.value}. {self.note}"


class MetricBoard:
    """Follows one run after the other; of single numbers it keeps how they went."""

    def __init__(self) -> None:
        self._run_id = 0
        self._trends: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def present(self, snapshot: RunSnapshot) -> tuple[MetricPlot, ...]:
        """The metrics of all plugins of a run, in the order of its stages; none where it has none."""
        if snapshot.run_id != self._run_id:
            self._run_id, self._trends = snapshot.run_id, {}
        if snapshot.pipeline is None:
            return ()
        stages = _stages(snapshot.pipeline.stages)
        return tuple(self._plot(stage.name, metric, snapshot.elapsed) for stage in stages for metric in stage.metrics)

    def _plot(self, stage: str, metric: StageMetric, time: float) -> MetricPlot:
        unit = f" {metric.unit}" if metric.unit else ""
        value = NOTHING if metric.value is None else f"{_number(metric.value)}{unit}"
        title = metric.title or metric.name
        if metric.histogram:
            note, counted = f"Reads by {title.lower()}", sum(metric.histogram)
            if metric.kind == "histogram":
                value, note = f"{counted:,.0f} counted", f"How many, by {title.lower()}"
            else:
                value = f"mean {value}" if metric.value is not None else value
                note += f", {plural(metric.count, 'read')}"
                if metric.least is not None and metric.most is not None:
                    note += f", {_number(metric.least)} to {_number(metric.most)}{unit}"
            return MetricPlot(stage, title, metric.unit, value, note, metric.low, metric.high, metric.histogram)
        trend = self._trend((stage, metric.name), time, metric.value)
        words = {"minimum": "Least so far", "maximum": "Greatest so far"}.get(metric.kind, "In all so far")
        return MetricPlot(stage, title, metric.unit, value, f"{words}, over the run's time in s", trend=trend)

    def _trend(self, key: tuple[str, str], time: float, value: float | None) -> tuple[tuple[float, float], ...]:
        points = self._trends.setdefault(key, [])
        if value is not None and (not points or time > points[-1][0]):
            points.append((time, value))
            if len(points) > _MOST_POINTS:
                del points[1:-1:2]
        return tuple(points)


def _stages(stages: Sequence[StageSummary]) -> Iterator[StageSummary]:
    for stage in stages:
        yield stage
        yield from _stages(stage.stages)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"
