"""A plot as a figure of its own, with its title, what it is of, and all names of its legend."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import as_file, files

from engine.report.html.elements import Html, element
from engine.report.plots.legend import HEIGHT, ROW, TOP, WIDTH, legend, legend_entries, legend_rows
from engine.report.plots.plot import Plot
from engine.report.plots.svg import plot_parts

_HEADING = 46
_LONGEST = 100

_FOREIGN = re.compile("[\u0590-\u1dff\u2e80-\ud7ff\uf900-\ufaff\U00010000-\U0010ffff]")
"""Letters that the font that comes along does not have; Latin, Greek and Cyrillic ones it has."""


def figure_svg(plot: Plot, name: str) -> str:
    """The plot as an SVG document in the colours of paper.

    Args:
        plot: with at least one place.
        name: what it is of, such as the name of a file.
    """
    rows = legend_rows(legend_entries(plot))
    above = _HEADING + ROW * len(rows) - (0 if plot.heat else TOP - 12)
    height = above + HEIGHT
    shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 31]}\N{HORIZONTAL ELLIPSIS}{name[-30:]}"
    whole = element(
        "svg",
        _style(),
        element("title", f"{plot.title}, {name}"),
        element("rect", class_="plot-ground", width=WIDTH, height=height),
        element("text", plot.title, class_="plot-title", x=14, y=22),
        element("text", shown, x=14, y=39),
        *legend(rows, top=_HEADING),
        element("g", *plot_parts(plot), transform=f"translate(0 {above})"),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH,
        height=height,
        class_="plot-svg",
    )
    return f"{whole}\n"


def figure_png(svg: str, scale: float = 1.0) -> bytes:
    """A figure as a PNG image; needs no display, and no fonts but Lanescope's own where names are Latin.

    Args:
        svg: what `figure_svg` gives.
        scale: pixels a unit of the drawing, above 0; 2 for dense screens and for print.
    """
    import resvg_py  # where it is needed: reports without images do without

    with as_file(files("resources").joinpath("fonts")) as folder:
        fonts = [str(folder / f"Inter-{weight}.ttf") for weight in ("Regular", "SemiBold")]
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=scale,
            skip_system_fonts=_FOREIGN.search(svg) is None,
            font_files=fonts,
            font_family="Inter",
        )


@cache
def _style() -> Html:
    """The style sheet with colours in the place of variables, which few programs for drawing know."""
    style = files("resources").joinpath("report", "plots.css").read_text("utf-8")
    colours = dict(re.findall(r"--([\w-]+):\s*(#\w+);", style.partition("}")[0]))
    rules = re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], style.partition("/* rules */")[2])
    return Html(f"<style>{rules}</style>")
