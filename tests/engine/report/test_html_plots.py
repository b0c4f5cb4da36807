"""Plots without Qt and without scripts: SVG that any program can draw."""

from __future__ import annotations

import base64
import struct
import xml.etree.ElementTree as ET
import zlib

import pytest

from engine.collectors.results import TileQuality
from engine.report.plots.heat import heat_png, shade
from engine.report.plots.modules import module_plots
from engine.report.plots.plot import Heat, Plot, Series
from engine.report.plots.svg import plot_svg
from engine.report.plots.ticks import short, ticks
from tests.engine.report.running import SAMPLES, ran

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - made a moment ago by ourselves


def test_text_is_escaped() -> None:
    plot = Plot("m", "<b>", "x & y", "y", (1.0, 2.0), ("1", "2"), (Series('"<i>', "line-1", (1, 2)),) * 2)
    root = parsed(plot_svg(plot))
    assert root.findtext(f"{SVG}title") == "<b>"
    assert '"<i>' in [text.text for text in root.iter(f"{SVG}text")]


def test_a_line_breaks_where_nothing_is_known_unless_bridged() -> None:
    values = (1.0, None, 3.0)
    plot = Plot("m", "t", "x", "y", (1.0, 2.0, 3.0), ("1", "2", "3"), (Series("s", "line-1", values),))
    bridged = Plot("m", "t", "x", "y", (1.0, 2.0, 3.0), ("1", "2", "3"), (Series("s", "line-1", values),), bridged=True)
    assert [_moves(plot), _moves(bridged)] == [2, 1]


def _moves(plot: Plot) -> int:
    (path,) = [path for path in parsed(plot_svg(plot)).iter(f"{SVG}path") if "stroke-line-1" in path.attrib["class"]]
    return path.attrib["d"].count("M")


def test_one_place_alone_can_be_drawn() -> None:
    plot = Plot("m", "t", "x", "y", (150.0,), ("150",), (Series("s", "line-1", (7,)),), bars=True)
    assert "150" in [text.text for text in parsed(plot_svg(plot)).iter(f"{SVG}text")]


def test_cells_are_pixels_in_the_colour_of_their_value() -> None:
    heat = Heat(("1101", "1102"), ((0.0, -5.0, -20.0), (None, 3.0, -10.0)))
    png = base64.b64decode(heat_png(heat).partition(",")[2])
    assert struct.unpack(">II", png[16:24]) == (3, 2)
    at = png.index(b"PLTE") + 4
    palette = [tuple(png[at + 3 * n : at + 3 * n + 3]) for n in range(65)]
    data = png.index(b"IDAT") + 4
    rows = zlib.decompress(png[data : png.index(b"IEND") - 8])
    assert [len(rows), rows[0], rows[4]] == [8, 0, 0]
    assert [palette[rows[n]] for n in (1, 3, 6, 7)] == [shade(0), shade(-10), shade(0), shade(-10)]
    assert rows[5] == 0  # transparent


def test_no_tiles_no_map() -> None:
    results = ran(SAMPLES / "nanopore.fastq.gz").results
    assert "tile_quality" not in module_plots(results.model_copy(update={"tile_quality": TileQuality()}))


@pytest.mark.parametrize(
    ("low", "high", "least", "labels"),
    [
        (0, 40, 0, ["0", "10", "20", "30", "40"]),
        (-3, 0, 0, ["\N{MINUS SIGN}3", "\N{MINUS SIGN}2", "\N{MINUS SIGN}1", "0"]),
        (149.5, 150.5, 1, ["150"]),
        (5, 5, 0, ["5"]),
    ],
)
def test_ticks_are_round(low: float, high: float, least: float, labels: list[str]) -> None:
    assert [label for _, label in ticks(low, high, 5, least)] == labels


def test_counts_are_short() -> None:
    assert [short(value) for value in (0, 0.25, 9_999, 20_000, 1_500_000, 3e9)] == [
        "0", "0.25", "9999", "20k", "1.5M", "3G",
    ]  # fmt: skip
