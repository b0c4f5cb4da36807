"""Plots as files of their own, SVG and PNG."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

import pytest

from engine.report.bundle import Format, write_reports
from engine.report.plots.figure import figure_png, figure_svg
from engine.report.plots.of_run import run_plots
from engine.report.plots.plot import Plot, Series
from tests.engine.report.running import SAMPLES, ran

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - made a moment ago by ourselves


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def drawn(png: bytes) -> int:
    """Bytes that the pixels take once compressed: more, the more is drawn."""
    return sum(len(part) for part in png.split(b"IDAT")[1:])


@pytest.mark.parametrize("sample", ["illumina_single", "illumina_pair_1", "nanopore"])
def test_figures_need_nothing_else(sample: str) -> None:
    plots = run_plots(ran(SAMPLES / f"{sample}.fastq.gz").results)
    assert len(plots) >= 10
    for plot in plots.values():
        text = figure_svg(plot, sample)
        root = parsed(text)
        assert root.findtext(f"{SVG}title") == f"{plot.title}, {sample}"
        texts = [found.text for found in root.iter(f"{SVG}text")]
        assert {plot.title, sample, plot.x_label, plot.y_label} <= set(texts)
        assert "var(" not in text
        assert "nan" not in text.lower().replace("nanopore", "")


def test_a_legend_has_every_name() -> None:
    names = [f"a file with a name of some length, number {number}.fastq.gz" for number in range(11)]
    lines = tuple(Series(name, "line-1", (1.0, 2.0)) for name in names)
    few = Plot("m", "t", "x", "y", (1.0, 2.0), ("1", "2"), lines[:2])
    root = parsed(figure_svg(Plot("m", "t", "x", "y", (1.0, 2.0), ("1", "2"), lines), "all"))
    assert set(names) <= {found.text for found in root.iter(f"{SVG}text")}
    assert float(root.attrib["height"]) > float(parsed(figure_svg(few, "two")).attrib["height"])


def test_text_is_escaped() -> None:
    plot = Plot("m", "<b>", "x & y", "y", (1.0, 2.0), ("1", "2"), (Series('"<i>', "line-1", (1, 2)),) * 2)
    root = parsed(figure_svg(plot, "<run> & Co"))
    assert {"<b>", "<run> & Co", '"<i>'} <= {found.text for found in root.iter(f"{SVG}text")}


def test_images_are_as_large_as_asked_and_have_their_letters() -> None:
    plot = Plot("m", "Title", "x", "y", (1.0, 2.0), ("1", "2"), (Series("s", "line-1", (1, 2)),))
    svg = figure_svg(plot, "reads.fastq.gz")
    once, twice = figure_png(svg), figure_png(svg, 2)
    width, height = size(once)
    assert size(twice) == (2 * width, 2 * height)
    assert (width, height) == (720, int(parsed(svg).attrib["height"]))
    without_words = figure_png(svg.replace("reads.fastq.gz", "").replace("Title", ""))
    assert drawn(once) > drawn(without_words) + 100
    assert zlib.crc32(once) == zlib.crc32(figure_png(svg))


def test_names_in_any_script_are_drawn_if_the_machine_can() -> None:
    plot = Plot("m", "Title", "x", "y", (1.0, 2.0), ("1", "2"), (Series("s", "line-1", (1, 2)),))
    assert size(figure_png(figure_svg(plot, "\u8aad\u307f.fastq \U0001f9ec")))[0] == 720


def test_files(tmp_path: Path) -> None:
    run = ran(SAMPLES / "illumina_single.fastq.gz")
    both = {path.name for path in write_reports([run], tmp_path, [Format.SVG, Format.PNG], scale=0.5)}
    names = set(run_plots(run.results))
    assert both == {f"{name}.{ending}" for name in names for ending in ("svg", "png")}
    assert size((tmp_path / "illumina_single_plots" / "base_quality.png").read_bytes())[0] == 360


def test_images_are_made_where_they_are_asked_for_alone(tmp_path: Path) -> None:
    run = ran(SAMPLES / "illumina_single.fastq.gz")
    assert not [path for path in write_reports([run], tmp_path) if path.suffix == ".png"]
