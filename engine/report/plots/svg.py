"""Plots as SVG, by hand: on paper, without scripts, and in figures of their own."""

from __future__ import annotations

from typing import NamedTuple

from engine.report.html.elements import Html, element, join
from engine.report.plots.heat import DEVIATION, heat_png, shade
from engine.report.plots.legend import HEIGHT, LEFT, LETTER, ROW, TOP, WIDTH, legend, legend_entries, legend_rows, look
from engine.report.plots.plot import Heat, Plot, Series
from engine.report.plots.ticks import ticks

_RIGHT, _BOTTOM = 24, 46


class _Frame(NamedTuple):
    """The place of values in the drawing."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        return LEFT + (value - self.x_low) / (self.x_high - self.x_low) * (WIDTH - LEFT - _RIGHT)

    def y(self, value: float) -> float:
        inside = min(max(value, self.y_low), self.y_high)
        return HEIGHT - _BOTTOM - (inside - self.y_low) / (self.y_high - self.y_low) * (HEIGHT - TOP - _BOTTOM)


def plot_svg(plot: Plot) -> Html:
    """The plot as an ``<svg>`` element in the colours of the page around it.

    Args:
        plot: with at least one place.
    """
    rows = [] if plot.heat else legend_rows(legend_entries(plot))
    more = ROW * max(0, len(rows) - 1)
    return element(
        "svg",
        element("title", plot.title),
        *legend(rows, top=6),
        element("g", *plot_parts(plot), transform=f"translate(0 {more})" if more else None),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT + more}",
        role="img",
        class_="plot-svg",
    )


def plot_parts(plot: Plot) -> list[Html]:
    """What is drawn: axes and values, and the colours of a map. The legend of lines is apart."""
    frame = _frame(plot)
    body = [_heat_image(plot.heat), _heat_key(plot.heat)] if plot.heat else _drawn(plot, frame)
    return [*_zones(plot, frame), *_axes(plot, frame), *body]


def x_range(plot: Plot) -> tuple[float, float]:
    """Where the x axis begins and ends: half a place beyond the outer places."""
    places = plot.places
    before = (places[1] - places[0]) / 2 if len(places) > 1 else 0.5
    after = (places[-1] - places[-2]) / 2 if len(places) > 1 else 0.5
    return places[0] - before, places[-1] + after


def _frame(plot: Plot) -> _Frame:
    if plot.heat:
        return _Frame(0, len(plot.places), 0, len(plot.heat.rows))
    return _Frame(*x_range(plot), *plot.y_range())


def _drawn(plot: Plot, frame: _Frame) -> list[Html]:
    drawn = [
        element("path", class_=f"fill-{band.colour} band", d=_outline(plot, band.upper, band.lower, frame))
        for band in plot.bands
    ]
    for series in plot.series:
        if plot.bars:
            drawn.append(element("path", class_=look(plot, series), d=_columns(plot, series, frame)))
        elif not series.hidden:
            drawn.append(element("path", class_=look(plot, series), d=_path(plot, series, frame)))
    return drawn


def _path(plot: Plot, series: Series, frame: _Frame) -> str:
    """A line that breaks where a value is missing; a value alone becomes a dot by the round ends of the line."""
    commands, drawing = [], False
    for place, value in zip(plot.places, series.values, strict=True):
        if value is None:
            drawing = drawing and plot.bridged
            continue
        point = f"{frame.x(place):.1f} {frame.y(value):.1f}"
        commands.append(f"L{point}" if drawing else f"M{point}h0")
        drawing = True
    return "".join(commands)


def _outline(plot: Plot, upper: int, lower: int, frame: _Frame) -> str:
    above, below = plot.series[upper].values, plot.series[lower].values
    known = [(x, a, b) for x, a, b in zip(plot.places, above, below, strict=True) if a is not None and b is not None]
    if not known:
        return ""
    there = [f"{frame.x(x):.1f} {frame.y(a):.1f}" for x, a, _ in known]
    back = [f"{frame.x(x):.1f} {frame.y(b):.1f}" for x, _, b in reversed(known)]
    return f"M{'L'.join([*there, *back])}Z"


def _columns(plot: Plot, series: Series, frame: _Frame) -> str:
    gaps = [b - a for a, b in zip(plot.places, plot.places[1:], strict=False)]
    half = min(gaps, default=1.0) * 0.42
    foot = frame.y(0)
    return "".join(
        f"M{frame.x(place - half):.1f} {foot:.1f}V{frame.y(value):.1f}H{frame.x(place + half):.1f}V{foot:.1f}Z"
        for place, value in zip(plot.places, series.values, strict=True)
        if value
    )


def _zones(plot: Plot, frame: _Frame) -> list[Html]:
    return [
        element(
            "rect",
            class_=f"zone-{zone.colour}",
            x=LEFT,
            y=f"{frame.y(zone.high):.1f}",
            width=WIDTH - LEFT - _RIGHT,
            height=f"{frame.y(zone.low) - frame.y(zone.high):.1f}",
        )
        for zone in plot.zones
    ]


def _heat_image(heat: Heat) -> Html:
    return element(
        "image",
        class_="cells",
        href=heat_png(heat),
        x=LEFT,
        y=TOP,
        width=WIDTH - LEFT - _RIGHT,
        height=HEIGHT - TOP - _BOTTOM,
        preserveAspectRatio="none",
    )


def _heat_key(heat: Heat) -> Html:
    keys, x = [], float(LEFT)
    scale = heat.scale or DEVIATION
    for value, label in scale.keys:
        colour = "#{:02x}{:02x}{:02x}".format(*shade(value, scale))
        keys.append(element("rect", x=f"{x:.0f}", y=11, width=10, height=10, rx=2, fill=colour))
        keys.append(element("text", label, x=f"{x + 15:.0f}", y=20))
        x += 34 + LETTER * len(label)
    return join(*keys)


def _axes(plot: Plot, frame: _Frame) -> list[Html]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    parts = []
    for y, label in _y_ticks(plot, frame):
        if not plot.heat:
            parts.append(element("path", class_="grid", d=f"M{LEFT} {y:.1f}H{right}"))
        parts.append(element("text", label, class_="end", x=LEFT - 6, y=f"{y + 4:.1f}"))
    for x, label in _x_ticks(plot, frame):
        parts.append(element("path", class_="axis", d=f"M{x:.1f} {bottom}v4"))
        parts.append(element("text", label, class_="middle", x=f"{x:.1f}", y=bottom + 17))
    middle = (TOP + bottom) / 2
    return [
        *parts,
        element("path", class_="axis", d=f"M{LEFT} {bottom}H{right}"),
        element("text", plot.x_label, class_="middle", x=(LEFT + right) / 2, y=HEIGHT - 8),
        element("text", plot.y_label, class_="middle", x=14, y=middle, transform=f"rotate(-90 14 {middle})"),
    ]


def _y_ticks(plot: Plot, frame: _Frame) -> list[tuple[float, str]]:
    if not plot.heat:
        return [(frame.y(value), label) for value, label in ticks(frame.y_low, frame.y_high, 6)]
    rows = plot.heat.marks or plot.heat.rows
    every = -(-len(rows) // 10)
    return [(frame.y(len(rows) - at - 0.5), row) for at, row in enumerate(rows) if at % every == 0 and row]


def _x_ticks(plot: Plot, frame: _Frame) -> list[tuple[float, str]]:
    if plot.heat:
        widest = LETTER * max(map(len, plot.names)) + 10
        room = max(1, min(12, int((WIDTH - LEFT - _RIGHT) / widest)))
        every = -(-len(plot.names) // room)
        return [(frame.x(at + 0.5), name) for at, name in enumerate(plot.names) if at % every == 0]
    if plot.named or len(plot.places) == 1:
        return [(frame.x(place), name) for place, name in zip(plot.places, plot.names, strict=True)]
    return [(frame.x(value), label) for value, label in ticks(frame.x_low, frame.x_high, 12, least=1.0)]
