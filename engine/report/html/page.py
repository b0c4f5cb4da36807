"""One HTML file that needs nothing else: styles, script and data within, everything else forbidden."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from engine.report.html.elements import Child, Html, element, legible
from engine.report.plots.plot import Plot
from engine.report.plots.svg import plot_svg


def page(title: str, body: Sequence[Child], plots: dict[str, Plot]) -> str:
    """A whole page.

    Args:
        title: for the tab.
        body: what stands on it.
        plots: what the script draws anew, by the ``id`` of the figure: those of `figure`.
    """
    style, script = _style(), _script()
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", style),
    )
    data = element(
        "script", _json({name: _drawn(plot) for name, plot in plots.items()}), id="plots", type="application/json"
    )
    whole = element("html", head, element("body", *body, data, element("script", script)), lang="en")
    return f"<!DOCTYPE html>\n{whole}\n"


def figure(name: str, plot: Plot, caption: str) -> Html:
    """A plot: as it stands on paper and without scripts, and the place where the script draws it anew."""
    return element(
        "figure",
        element("div", plot_svg(plot), class_="still"),
        element("div", class_="live"),
        element("figcaption", caption) if caption else None,
        id=name,
        class_="plot",
    )


@cache
def _style() -> Html:
    return Html("\n".join(_resource(name) for name in ("uPlot.min.css", "plots.css", "report.css")))


@cache
def _script() -> Html:
    # The licence of what is inlined asks to come along.
    licence = f"/*!\n{_resource('uPlot-LICENSE.txt')}*/"
    return Html("\n".join((licence, _resource("uPlot.iife.min.js"), _resource("report.js"))))


def _resource(name: str) -> str:
    return files("resources").joinpath("report", name).read_text("utf-8")


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _json(value: object) -> Html:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return Html(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


_CELLS = 60_000
"""Maps of more cells than this show no values under the pointer: the page would grow too large."""


def _drawn(plot: Plot) -> dict[str, Any]:
    low, high = plot.y_range()
    heat = plot.heat
    small = heat is not None and len(heat.rows) * len(plot.places) <= _CELLS
    return {
        "title": legible(plot.title),
        "xLabel": plot.x_label,
        "xName": plot.x_label.partition(" (")[0],
        "yLabel": plot.y_label,
        "x": [_short(place) for place in plot.places],
        "names": [legible(name) for name in plot.names],
        "low": low,
        "high": high,
        "bars": plot.bars,
        "named": plot.named,
        "bridged": plot.bridged,
        "series": [
            {
                "name": legible(series.name),
                "colour": series.colour,
                "dashed": series.dashed,
                "hidden": series.hidden,
                "plain": series.plain,
                "values": [_short(value) for value in series.values],
            }
            for series in plot.series
        ],
        "bands": [{"upper": band.upper, "lower": band.lower, "colour": band.colour} for band in plot.bands],
        "zones": [{"low": zone.low, "high": zone.high, "colour": zone.colour} for zone in plot.zones],
        "rows": [legible(row) for row in heat.rows] if heat else None,
        "rowName": heat.row_name if heat else None,
        "unit": heat.unit if heat else None,
        "cells": [[None if v is None else round(v, 1) for v in row] for row in heat.values] if heat and small else None,
    }


def _short(value: float | None) -> float | None:
    """A number as exact as a plot needs it; counts stay whole."""
    return value if value is None or value == int(value) else float(f"{value:.5g}")
