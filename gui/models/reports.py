"""Reports of runs, written beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gui.models.session import Session

if TYPE_CHECKING:
    from engine.run.snapshot import RunSnapshot

KINDS = {
    "html": ("Pages to read", "HTML: plots and verdicts, each page a file of its own"),
    "svg": ("Plots to place in documents", "SVG: a file for each plot"),
    "png": ("Plots as pictures", "PNG, twice the size of the screen"),
    "tsv": ("Tables of numbers", "TSV: all files in two tables"),
    "fastqc": ("FastQC's files", "fastqc_data.txt, summary.txt and the zip that MultiQC reads"),
    "json": ("Numbers for programs", "JSON: everything that was measured"),
}
"""What can be written, by the name of its format: a title, and what it is."""

USUAL = ("html", "tsv")
_PICTURE_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """What to write, and where.

    Attributes:
        run_ids: keys of the runs.
        folder: where to; made where it is missing.
        kinds: of :data:`KINDS`.
    """

    run_ids: tuple[int, ...]
    folder: Path
    kinds: tuple[str, ...]


async def write(session: Session, order: ReportOrder) -> tuple[Path, ...]:
    """Write reports of runs as they stand, each judged by its own profile.

    Args:
        session: knows the runs.
        order: what to write.

    Returns:
        The files written: the page of all runs first, or that of the only one, where pages were wanted.

    Raises:
        LanescopeError: a run cannot be read, or a file not be written.
    """
    runs = [await session.load(run_id) for run_id in order.run_ids]
    return await session.tasks.aside(_write, runs, order)


def _write(runs: Sequence[RunSnapshot], order: ReportOrder) -> tuple[Path, ...]:
    # Here, beside the window: it takes a while to import.
    from engine.report.bundle import Format, write_reports

    formats = [Format(kind) for kind in order.kinds]
    written = write_reports(runs, order.folder, formats, scale=_PICTURE_SCALE)
    return tuple(sorted(written, key=_first))


def _first(path: Path) -> int:
    if path.suffix != ".html":
        return 4
    if path.name == "index.html":
        return 0
    return 1 if path.stem.endswith("_compared") else 2 if path.stem.endswith("_pair") else 3
