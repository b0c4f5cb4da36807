"""Which reports a command writes, how large its images are, and how FastQC's files take qualities."""

from __future__ import annotations

import argparse

_FORMATS = ("html", "json", "tsv", "fastqc", "svg", "png")
_SMALLEST, _LARGEST = 0.5, 8.0


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


def _scale(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a number") from None
    if not _SMALLEST <= number <= _LARGEST:
        raise argparse.ArgumentTypeError(f"must be from {_SMALLEST} to {_LARGEST:g}")
    return number
