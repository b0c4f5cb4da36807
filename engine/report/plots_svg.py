"""Plots as SVG, by hand: on paper, without scripts, and as files of their own."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import NamedTuple

from engine.report.html_elements import Html, element, join
from engine.report.plots import Heat, Plot, Series
from engine.report.plots_heat import DEVIATION, heat_png, shade
from engine.report.plots_ticks import ticks

WIDTH, HEIGHT = 720, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 24, 30, 46
_LETTER = 6.2
"""About the width of a letter of the legend, in units of the drawing."""


class _Frame(NamedTuple):
    """The place of values in the drawing."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def x(self, value: float) -> float:
        return _LEFT + (value - self.x_low) / (self.x_high - self.x_low) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        inside = min(max(value, self.y_low), self.y_high)
        return HEIGHT - _BOTTOM - (inside - self.y_low) / (self.y_high - self.y_low) * (HEIGHT - _TOP - _BOTTOM)


def plot_svg(plot: Plot, *, standalone: bool = False) -> Html:
    """The plot as an ``<svg>`` element.

    Args:
        plot: with at least one place.
        standalone: with its own colours, those of paper, for a file of its own; else the page's.
    """
    frame = _frame(plot)
    body = [_heat_image(plot.heat)] if plot.heat else _drawn(plot, frame)
    return element(
        "svg",
        _own_style() if standalone else None,
        element("title", plot.title),
        element("rect", class_="plot-ground", width=WIDTH, height=HEIGHT) if standalone else None,
        *_zones(plot, frame),
        *_axes(plot, frame),
        *body,
        _heat_key(plot.heat) if plot.heat else _legend(plot),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        class_="plot-svg",
    )


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
            drawn.append(element("path", class_=f"fill-{series.colour}", d=_columns(plot, series, frame)))
        elif not series.hidden:
            drawn.append(element("path", class_=_stroke(series), d=_path(plot, series, frame)))
    return drawn


def _stroke(series: Series) -> str:
    return f"line stroke-{series.colour}{' dashed' if series.dashed else ''}"


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
            x=_LEFT,
            y=f"{frame.y(zone.high):.1f}",
            width=WIDTH - _LEFT - _RIGHT,
            height=f"{frame.y(zone.low) - frame.y(zone.high):.1f}",
        )
        for zone in plot.zones
    ]


def _heat_image(heat: Heat) -> Html:
    return element(
        "image",
        class_="cells",
        href=heat_png(heat),
        x=_LEFT,
        y=_TOP,
        width=WIDTH - _LEFT - _RIGHT,
        height=HEIGHT - _TOP - _BOTTOM,
        preserveAspectRatio="none",
    )


def _heat_key(heat: Heat) -> Html:
    keys, x = [], float(_LEFT)
    scale = heat.scale or DEVIATION
    for value, label in scale.keys:
        colour = "#{:02x}{:02x}{:02x}".format(*shade(value, scale))
        keys.append(element("rect", x=f"{x:.0f}", y=11, width=10, height=10, rx=2, fill=colour))
        keys.append(element("text", label, x=f"{x + 15:.0f}", y=20))
        x += 34 + _LETTER * len(label)
    return join(*keys)


def _axes(plot: Plot, frame: _Frame) -> list[Html]:
    bottom, right = HEIGHT - _BOTTOM, WIDTH - _RIGHT
    parts = []
    for y, label in _y_ticks(plot, frame):
        if not plot.heat:
            parts.append(element("path", class_="grid", d=f"M{_LEFT} {y:.1f}H{right}"))
        parts.append(element("text", label, class_="end", x=_LEFT - 6, y=f"{y + 4:.1f}"))
    for x, label in _x_ticks(plot, frame):
        parts.append(element("path", class_="axis", d=f"M{x:.1f} {bottom}v4"))
        parts.append(element("text", label, class_="middle", x=f"{x:.1f}", y=bottom + 17))
    middle = (_TOP + bottom) / 2
    return [
        *parts,
        element("path", class_="axis", d=f"M{_LEFT} {bottom}H{right}"),
        element("text", plot.x_label, class_="middle", x=(_LEFT + right) / 2, y=HEIGHT - 8),
        element("text", plot.y_label, class_="middle", x=14, y=middle, transform=f"rotate(-90 14 {middle})"),
    ]


def _y_ticks(plot: Plot, frame: _Frame) -> list[tuple[float, str]]:
    if not plot.heat:
        return [(frame.y(value), label) for value, label in ticks(frame.y_low, frame.y_high, 6)]
    rows = plot.heat.rows
    every = -(-len(rows) // 10)
    return [(frame.y(len(rows) - at - 0.5), row) for at, row in enumerate(rows) if at % every == 0 and row]


def _x_ticks(plot: Plot, frame: _Frame) -> list[tuple[float, str]]:
    if plot.heat:
        widest = _LETTER * max(map(len, plot.names)) + 10
        room = max(1, min(12, int((WIDTH - _LEFT - _RIGHT) / widest)))
        every = -(-len(plot.names) // room)
        return [(frame.x(at + 0.5), name) for at, name in enumerate(plot.names) if at % every == 0]
    if plot.named or len(plot.places) == 1:
        return [(frame.x(place), name) for place, name in zip(plot.places, plot.names, strict=True)]
    return [(frame.x(value), label) for value, label in ticks(frame.x_low, frame.x_high, 12, least=1.0)]


def _legend(plot: Plot) -> Html:
    """Names beside their colours, in one line as far as they fit; a page tells the rest below."""
    entries = [(series.name, _stroke(series), False) for series in plot.series if not series.hidden]
    entries += [(band.name, f"fill-{band.colour} band", True) for band in plot.bands]
    parts: list[Html] = []
    x = float(_LEFT)
    for name, look, filled in entries if len(entries) > 1 else []:
        shown = name if len(name) <= 40 else f"{name[:39]}\N{HORIZONTAL ELLIPSIS}"
        if x + 24 + _LETTER * len(shown) > WIDTH:
            parts.append(element("text", "\N{HORIZONTAL ELLIPSIS}", x=f"{x:.0f}", y=20))
            break
        mark = f"M{x:.0f} 11h14v10h-14Z" if filled or plot.bars else f"M{x:.0f} 16h14"
        parts += [element("path", class_=look, d=mark), element("text", shown, x=f"{x + 19:.0f}", y=20)]
        x += 36 + _LETTER * len(shown)
    return join(*parts)


def _own_style() -> Html:
    """The style sheet with colours in the place of variables, which few programs for drawing know."""
    style = files("resources").joinpath("report", "plots.css").read_text("utf-8")
    colours = dict(re.findall(r"--([\w-]+):\s*(#\w+);", style.partition("}")[0]))
    rules = re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], style.partition("/* rules */")[2])
    return Html(f"<style>{rules}</style>")
