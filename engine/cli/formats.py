"""Which reports a command writes and where, how large its images are, and how FastQC's files take qualities."""

from __future__ import annotations

import argparse
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.cli.console import WrongUse, named_path
from engine.cli.limits import add_profile_option

_FORMATS = ("html", "json", "tsv", "fastqc", "svg", "png")
_SMALLEST, _LARGEST = 0.5, 8.0


def add_telling_options(parser: argparse.ArgumentParser, usual_profile: str) -> None:
    """Adds what says how results of runs are told: ``--out``, formats, ``--profile``, ``--json`` and ``--quiet``."""
    parser.add_argument("--out", type=named_path, metavar="DIR", help="write all reports into this folder")
    add_format_options(parser)
    add_profile_option(parser, usual_profile)
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--json", action="store_true", help="print the results as JSON instead of a summary")
    told.add_argument("-q", "--quiet", action="store_true", help="print no summary, only what goes wrong")


def add_format_options(parser: argparse.ArgumentParser) -> None:
    """Adds ``--format``, ``--scale`` and ``--guess-encoding``, kept as `formats`, `scale` and `guess_encoding`."""
    parser.add_argument(
        "--format",
        action="append",
        choices=_FORMATS,
        dest="formats",
        help="what to write; may be given several times (default: all but png)",
    )
    parser.add_argument(
        "--scale",
        type=_scale,
        default=1.0,
        metavar="N",
        help="size of png images: 1 for screens (default), 2 for dense screens and print; from 0.5 to 8",
    )
    parser.add_argument(
        "--guess-encoding",
        action="store_true",
        help="in FastQC's files, take qualities for offset by 64 where no character is below @, as FastQC 0.12.1 does; "
        "default: always by 33",
    )


def ready_for_reports(folder: Path) -> None:
    """Makes the folder for reports, and finds out now, and not after hours, whether they can be written there.

    Raises:
        WrongUse: they cannot.
    """
    from engine.report.pieces import ready_folders

    with told_as_wrong_use():
        ready_folders([folder])


@contextmanager
def told_as_wrong_use() -> Generator[None]:
    """Tells of places where no report can be as of a wrong command line, since nothing has been done."""
    from engine.report.pieces import ReportPlaceError

    try:
        yield
    except ReportPlaceError as error:
        raise WrongUse(str(error), hint=error.hint) from error


def _scale(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a number") from None
    if not _SMALLEST <= number <= _LARGEST:
        raise argparse.ArgumentTypeError(f"must be from {_SMALLEST} to {_LARGEST:g}")
    return number
