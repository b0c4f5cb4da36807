"""Everything there is to write about some runs, into one folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from engine.collectors.profiles import Profile, profile
from engine.errors import LanescopeError
from engine.report.atomic import write_whole
from engine.report.fastqc import fastqc_data, report_name, summary, write_fastqc
from engine.report.html_report import run_page
from engine.report.html_samples import Entry, samples_page
from engine.report.json_report import run_json
from engine.report.names import distinct_filenames, stem
from engine.report.plots_modules import module_plots
from engine.report.plots_svg import plot_svg
from engine.report.tsv import modules_tsv, runs_tsv
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState


class Format(StrEnum):
    """What can be written."""

    HTML = "html"
    JSON = "json"
    TSV = "tsv"
    FASTQC = "fastqc"
    SVG = "svg"


class _Named(NamedTuple):
    run: RunSnapshot
    filename: str

    @property
    def stem(self) -> str:
        return stem(self.filename)


def write_reports(
    runs: Sequence[RunSnapshot],
    folder: Path,
    formats: Collection[Format] = tuple(Format),
    limits: Profile | None = None,
) -> list[Path]:
    """Writes reports about runs into a folder, which is made if it is missing.

    For each run, NAME being its file's without the endings that FastQC drops: ``NAME.html``, ``NAME.json``, FastQC's
    ``NAME_fastqc/fastqc_data.txt``, ``NAME_fastqc/summary.txt`` and ``NAME_fastqc.zip``, ``NAME_plots/MODULE.svg``.
    For all: ``lanescope.tsv``, ``lanescope_modules.tsv`` and, of more than one run, ``index.html``.

    FastQC's files know no failure: a run that did not read its whole file gets none, lest its part pass for the whole.

    Args:
        runs: ended or not.
        folder: where to.
        formats: what to write.
        limits: what to judge by; default: FastQC's own limits.

    Returns:
        The files written.

    Raises:
        LanescopeError: one cannot be written; those before it are there.
    """
    limits = limits or profile()
    make_folder(folder)
    named = [_Named(*pair) for pair in zip(runs, distinct_filenames([run.path for run in runs]), strict=True)]
    written = []
    for format_, write in _WRITERS.items():
        if format_ in formats:
            written += [file for entry in named for file in write(entry, folder, limits)]
    if Format.HTML in formats and len(named) > 1:
        entries = [Entry(entry.run, entry.filename, f"{entry.stem}.html") for entry in named]
        written.append(_write(folder / "index.html", samples_page(entries, limits)))
    if Format.TSV in formats:
        listed = [(entry.stem, entry.run) for entry in named]
        written.append(_write(folder / "lanescope.tsv", runs_tsv(listed, limits)))
        written.append(_write(folder / "lanescope_modules.tsv", modules_tsv(listed)))
    return written


def make_folder(folder: Path) -> None:
    """Makes a folder for reports unless it is there.

    Raises:
        LanescopeError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LanescopeError(
            f"The folder {folder} cannot be made: {error.strerror or error}.", hint="Choose another folder."
        ) from error


def _html(entry: _Named, folder: Path, limits: Profile) -> list[Path]:
    return [_write(folder / f"{entry.stem}.html", run_page(entry.run, entry.filename, limits))]


def _json(entry: _Named, folder: Path, limits: Profile) -> list[Path]:
    return [_write(folder / f"{entry.stem}.json", run_json(entry.run, limits))]


def _fastqc(entry: _Named, folder: Path, limits: Profile) -> list[Path]:
    run, filename = entry
    if run.state is not RunState.COMPLETED:
        return []
    inner = folder / report_name(filename)
    make_folder(inner)
    return [
        _write(inner / "fastqc_data.txt", fastqc_data(run.results, filename, limits)),
        _write(inner / "summary.txt", summary(run.results, filename, limits)),
        write_fastqc(run.results, filename, folder, limits, html=run_page(run, filename, limits)),
    ]


def _svg(entry: _Named, folder: Path, _limits: Profile) -> list[Path]:
    inner = folder / f"{entry.stem}_plots"
    plots = module_plots(entry.run.results)
    if not plots:
        return []
    make_folder(inner)
    return [_write(inner / f"{module}.svg", plot_svg(plot, standalone=True) + "\n") for module, plot in plots.items()]


_WRITERS: dict[Format, Callable[[_Named, Path, Profile], list[Path]]] = {
    Format.HTML: _html,
    Format.JSON: _json,
    Format.FASTQC: _fastqc,
    Format.SVG: _svg,
}


def _write(path: Path, content: str) -> Path:
    write_whole(path, content)
    return path
