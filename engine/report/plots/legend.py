"""Legends of plots: which colour, dash or area is what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from engine.report.html.elements import Html, element
from engine.report.plots.plot import Plot, Series

WIDTH, HEIGHT = 720, 300
"""Of the drawing, without more than one row of its legend; its own units."""

LEFT, TOP = 62, 30
"""Where the frame of the values begins."""

ROW = 18
"""Height of a row of the legend."""

LETTER = 6.2
"""About the width of a letter, in units of the drawing."""

_LONGEST = 100


class LegendEntry(NamedTuple):
    """A name in the legend, and how it looks in the plot; `filled` as an area and not as a line."""

    name: str
    look: str
    filled: bool


Rows = list[list[tuple[float, LegendEntry]]]
"""Entries with their places from the left, in rows."""


def legend_entries(plot: Plot) -> list[LegendEntry]:
    """What a legend names, in order; of maps, only what stands for rows that are marked."""
    if plot.heat:
        # Nothing is drawn before these: the mark itself stands beside the axis.
        rows = zip(plot.heat.marks, plot.heat.rows, strict=False)
        return [LegendEntry(f"{mark} {name}", "", filled=False) for mark, name in rows]
    entries = [
        LegendEntry(series.name, look(plot, series), plot.bars)
        for series in plot.series
        if not (series.hidden or series.plain)
    ]
    return entries + [LegendEntry(band.name, f"fill-{band.colour} band", filled=True) for band in plot.bands]


def legend_rows(entries: Sequence[LegendEntry]) -> Rows:
    """The entries with their places, in as many rows as they need; none where there is nothing to tell apart."""
    rows: Rows = []
    x = float(WIDTH)
    for entry in entries if len(entries) > 1 else []:
        width = 36 + LETTER * min(len(entry.name), _LONGEST)
        if x + width - 12 > WIDTH:
            rows.append([])
            x = float(LEFT)
        rows[-1].append((x, entry))
        x += width
    return rows


def legend(rows: Rows, top: float) -> list[Html]:
    """The rows, the first of which begins at ``top``."""
    return [_entry(entry, x, top + ROW * row) for row, entries in enumerate(rows) for x, entry in entries]


def _entry(entry: LegendEntry, x: float, y: float) -> Html:
    shown = entry.name if len(entry.name) <= _LONGEST else f"{entry.name[: _LONGEST - 1]}\N{HORIZONTAL ELLIPSIS}"
    label = element("text", shown, x=f"{x + 19:.0f}", y=f"{y + 14:.0f}")
    return element("g", _mark(entry, x, y), label)


def _mark(entry: LegendEntry, x: float, y: float) -> Html:
    """The mark of an entry, 14 wide, in a row whose top is `y`."""
    shape = f"M{x:.0f} {y + 5:.0f}h14v10h-14Z" if entry.filled else f"M{x:.0f} {y + 10:.0f}h14"
    return element("path", class_=entry.look, d=shape)


def look(plot: Plot, series: Series) -> str:
    """The classes of a series in the style sheet."""
    if plot.bars:
        return f"fill-{series.colour}"
    return f"line stroke-{series.colour}{' dashed' if series.dashed else ''}{' plain' if series.plain else ''}"
