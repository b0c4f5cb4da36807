"""Everything there is to write about some runs, into one folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from engine.collectors.results import PairStatistics
from engine.errors import InputError
from engine.report import multiqc
from engine.report.after import before_and_after
from engine.report.colour_text import are_colours
from engine.report.damage_text import skipped_in
from engine.report.fastqc import fastqc_archive, fastqc_data, report_name, summary
from engine.report.html.overview import Entry
from engine.report.html.report import run_page
from engine.report.html.samples import samples_page
from engine.report.json_report import run_json
from engine.report.mates import mates, sample_path
from engine.report.names import distinct_filenames, stem
from engine.report.pieces import Piece, write_pieces
from engine.report.plots.figure import figure_png, figure_svg
from engine.report.plots.of_run import pair_plots, run_plots
from engine.report.plots.overlay import overlaid_plots
from engine.report.plots.overlay_beyond import insert_sizes_plot, tile_plots
from engine.report.plots.plot import Plot
from engine.report.sampling_text import sampling_sentences
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
    PNG = "png"


USUAL = (Format.HTML, Format.JSON, Format.TSV, Format.FASTQC, Format.SVG)
"""What is written if nobody says what."""


class _Compared(NamedTuple):
    stem: str
    title: str
    entries: tuple[_Named, ...]
    sides: tuple[_Named, ...]


class _Named(NamedTuple):
    run: RunSnapshot
    filename: str
    parts: tuple[_Named, ...] = ()

    @property
    def mates(self) -> tuple[_Named, ...]:
        """The mates of pairs; of single reads, the run itself."""
        return self.parts or (self,)

    @property
    def stem(self) -> str:
        return stem(self.filename)


def write_reports(
    runs: Sequence[RunSnapshot],
    folder: Path,
    formats: Collection[Format] = USUAL,
    *,
    scale: float = 1.0,
    guess_encoding: bool = False,
    refused: Sequence[InputError] = (),
) -> list[Path]:
    """Writes reports about runs into a folder, which is made if it is missing.

    For each file, NAME being its own without the endings that FastQC drops: ``NAME.html``, ``NAME.json``, FastQC's
    ``NAME_fastqc/fastqc_data.txt``, ``NAME_fastqc/summary.txt`` and ``NAME_fastqc.zip``, ``NAME_plots/MODULE.svg`` and
    ``NAME_plots/MODULE.png``.
    Of pairs, this is for each mate; what they tell together is in ``NAME_pair.html`` and ``NAME_pair.json``, the
    only JSON. For all: ``lanescope.tsv``, ``lanescope_modules.tsv``, with FastQC's files ``lanescope_mqc.tsv`` for
    MultiQC, and, of more than one run, ``index.html``.

    Of a run with a pipeline, all this is there twice: for the reads as they came, and, with ``_after`` behind NAME, for
    those that the pipeline kept; ``NAME_compared.html`` and ``NAME_compared_plots`` show both in the same plots.

    Of a run that left reads out, ``NAME_fastqc/sampling.txt`` tells how many; of one that passed damage over,
    ``NAME_fastqc/damage.txt`` tells where.

    Each run is judged by its own limits.

    FastQC's files know no failure: a run that did not read its whole file gets none, lest its part pass for the whole.

    Args:
        runs: ended or not.
        folder: where to.
        formats: what to write.
        scale: of PNG images, above 0.
        guess_encoding: of FastQC's files; see `fastqc_data`.
        refused: inputs of which there is no run, told of where all runs are.

    Returns:
        The files written.

    Raises:
        ReportPlaceError: one can be seen to be impossible to write; there is none, then.
        LanescopeError: one cannot be written after all; those before it are there.
    """
    return write_pieces(_pieces(runs, folder, formats, scale, refused, guess_encoding=guess_encoding), folder)


def _pieces(
    runs: Sequence[RunSnapshot],
    folder: Path,
    formats: Collection[Format],
    scale: float,
    refused: Sequence[InputError],
    *,
    guess_encoding: bool,
) -> list[Piece]:
    files = _named([part for run in runs for part in before_and_after(run)])
    each = [mate for mate_files in files for mate in mate_files.mates]
    compared = _compared(files)
    pieces = []
    if Format.HTML in formats:
        pieces += [_page(entry, folder) for entry in each]
    if Format.FASTQC in formats:
        pieces += [piece for entry in each for piece in _fastqc(entry, folder, guess_encoding=guess_encoding)]
        named = [(entry.stem, entry.run) for entry in each]
        pieces.append(Piece(folder / multiqc.FILE, partial(multiqc.multiqc_table, named)))
    if Format.JSON in formats:
        pieces += [Piece(folder / f"{entry.stem}.json", partial(run_json, entry.run)) for entry in files]
    if Format.HTML in formats:
        pieces += [piece for entry in files for piece in _pair_page(entry, folder)]
        pieces += [_compared_page(both, folder) for both in compared]
        if len(files) > 1 or refused:
            page = partial(samples_page, _linked(each), pairs=_pairs(files), refused=refused)
            pieces.append(Piece(folder / "index.html", page))
    if images := {Format.SVG, Format.PNG}.intersection(formats):
        pieces += [piece for entry in files for piece in _plots(entry, folder, images, scale)]
        pieces += [piece for both in compared for piece in _compared_plots(both, folder, images, scale)]
    if Format.TSV in formats:
        listed = [(entry.stem, entry.run) for entry in each]
        pieces.append(Piece(folder / "lanescope.tsv", partial(runs_tsv, listed, refused)))
        pieces.append(Piece(folder / "lanescope_modules.tsv", partial(modules_tsv, listed)))
    return pieces


def _named(runs: Sequence[RunSnapshot]) -> list[_Named]:
    """The runs and, in those of pairs, the mates, all under names of their own."""
    parts = [mates(run) for run in runs]
    paths = [sample_path(run) for part in parts for run in part]
    # A pair has a page of its own beside those of its mates.
    paths += [_pair_path(run) for run, part in zip(runs, parts, strict=True) if len(part) > 1]
    names = iter(distinct_filenames(paths))
    singles = [tuple(_Named(mate, next(names)) for mate in part) for part in parts]
    return [
        part[0] if len(part) == 1 else _Named(run, next(names), part) for run, part in zip(runs, singles, strict=True)
    ]


def _pair_path(run: RunSnapshot) -> Path:
    path = sample_path(run)
    return path.with_name(f"{stem(path.name)}_pair")


def _compared(files: Sequence[_Named]) -> list[_Compared]:
    """The runs of which there is a before and an after, each with all its files."""
    taken = {entry.stem for one in files for entry in (one, *one.parts)}
    found = []
    for before, after in pairwise(files):
        if before.run.results_after is not None:
            name = f"{before.stem}_compared"
            while name in taken:
                name += "_"
            taken.add(name)
            pipeline = before.run.pipeline.name if before.run.pipeline else "the pipeline"
            title = f"{before.run.name}, before and after {pipeline}"
            found.append(_Compared(name, title, (*before.mates, *after.mates), (before, after)))
    return found


def _compared_page(both: _Compared, folder: Path) -> Piece:
    page = partial(samples_page, _linked(both.entries), title=both.title, pairs=_pairs(both.sides))
    return Piece(folder / f"{both.stem}.html", page)


def _compared_plots(both: _Compared, folder: Path, images: Collection[Format], scale: float) -> list[Piece]:
    named = [(entry.filename, entry.run.results) for entry in both.entries]
    insert = insert_sizes_plot(_pairs(both.sides))
    plots = ({"pairs": insert} if insert is not None else {}) | overlaid_plots(named) | tile_plots(named)
    return _figures(plots, both.title, folder / f"{both.stem}_plots", images, scale)


def _linked(entries: Iterable[_Named]) -> list[Entry]:
    return [Entry(entry.run, entry.filename, f"{entry.stem}.html") for entry in entries]


def _pair_page(entry: _Named, folder: Path) -> list[Piece]:
    if not entry.parts:
        return []
    page = partial(samples_page, _linked(entry.parts), title=entry.run.name, pairs=_pairs([entry]))
    return [Piece(folder / f"{entry.stem}.html", page)]


def _pairs(files: Iterable[_Named]) -> list[tuple[str, PairStatistics]]:
    """What mates tell together, of the runs of pairs among ``files``."""
    found = ((entry.filename, entry.run.results.pairs) for entry in files)
    return [(name, pairs) for name, pairs in found if pairs is not None]


def _page(entry: _Named, folder: Path) -> Piece:
    return Piece(folder / f"{entry.stem}.html", partial(run_page, entry.run, entry.filename))


def _fastqc(entry: _Named, folder: Path, *, guess_encoding: bool) -> list[Piece]:
    run, filename, limits = entry.run, entry.filename, entry.run.limits
    if run.state is not RunState.COMPLETED:
        return []
    inner = folder / report_name(filename)
    as_read = {"guess_encoding": guess_encoding, "are_colours": are_colours(run.kind)}

    def archive() -> bytes:
        return fastqc_archive(run.results, filename, limits, **as_read, html=run_page(run, filename))

    return [
        Piece(inner / "fastqc_data.txt", partial(fastqc_data, run.results, filename, limits, **as_read)),
        Piece(inner / "summary.txt", partial(summary, run.results, filename, limits, guess_encoding=guess_encoding)),
        *_notes(run, inner),
        Piece(folder / f"{inner.name}.zip", archive),
    ]


def _notes(run: RunSnapshot, folder: Path) -> list[Piece]:
    """FastQC's files know neither samples nor damage: what they rest on is told beside them."""
    said = sampling_sentences(run.sampling) if run.sampling is not None else []
    notes = {"sampling.txt": said, "damage.txt": skipped_in(run)}
    return [Piece(folder / name, partial(_text, lines)) for name, lines in notes.items() if lines]


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _plots(entry: _Named, folder: Path, images: Collection[Format], scale: float) -> list[Piece]:
    """The plots of a file, or those of both mates and of what they tell together."""
    pieces = [piece for mate in entry.parts for piece in _plots(mate, folder, images, scale)]
    plots = pair_plots(entry.run) if entry.parts else run_plots(entry.run.results)
    return pieces + _figures(plots, entry.run.name, folder / f"{entry.stem}_plots", images, scale)


def _figures(
    plots: Mapping[str, Plot], name: str, folder: Path, images: Collection[Format], scale: float
) -> list[Piece]:
    """Plots as files of a folder."""
    pieces = []
    for module, plot in plots.items():
        if Format.SVG in images:
            pieces.append(Piece(folder / f"{module}.svg", partial(figure_svg, plot, name)))
        if Format.PNG in images:
            pieces.append(Piece(folder / f"{module}.png", partial(_picture, plot, name, scale)))
    return pieces


def _picture(plot: Plot, name: str, scale: float) -> bytes:
    return figure_png(figure_svg(plot, name), scale)
