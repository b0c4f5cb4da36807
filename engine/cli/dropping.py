"""What ``lanescope run`` is told of the reads that are dropped."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from engine.cli.console import WrongUse, output_path, printable
from engine.sink.dropped import REASONS, DroppedFile

_LIKE_REASON = re.compile(r"[a-z]+(-[a-z]+)*")


def add_options(group: argparse._ArgumentGroup) -> None:
    """Adds the options for files of such reads."""
    group.add_argument(
        "--dropped", type=_dropped, action="append", default=[], metavar="[REASON=]FILE",
        help="write the reads here that are dropped, or those for one reason, as too-short=FILE, which may be given "
        "for several; of pairs, the first reads, or without --dropped2 both in turn",
    )  # fmt: skip
    group.add_argument(
        "--dropped2", type=_dropped, action="append", default=[], metavar="[REASON=]FILE",
        help="write the second reads of the pairs that are dropped here",
    )  # fmt: skip
    group.add_argument(
        "--dropped-reasons", action="store_true", help="write why each read was dropped behind its name in these files"
    )


def _dropped(text: str) -> tuple[str, Path]:
    """A reason, or an empty one for all, and a file."""
    reason, equals, name = text.partition("=")
    if equals and reason in REASONS:
        return reason, output_path(name)
    if equals and _LIKE_REASON.fullmatch(reason):
        raise argparse.ArgumentTypeError(
            f"{printable(reason)} is no reason: there are {', '.join(REASONS)}; "
            f"for a file of this name write ./{printable(text)}"
        )
    return "", output_path(text)


def dropped_files(
    arguments: argparse.Namespace, first: Path | None = None, second: Path | None = None
) -> tuple[DroppedFile, ...]:
    """The files for the reads that are dropped.

    Args:
        arguments: of the command line.
        first: the output whose name they have in folders of theirs; ``None``: they are files.
        second: that of the second reads.

    Raises:
        WrongUse: they are not told once each.
    """
    told, others = dict(arguments.dropped), dict(arguments.dropped2)
    if len(told) < len(arguments.dropped) or len(others) < len(arguments.dropped2):
        raise WrongUse("--dropped takes one file for each reason, and one for all others.")
    if arguments.dropped_reasons and not told:
        raise WrongUse("--dropped-reasons needs --dropped.")
    if missing := [reason for reason in others if reason not in told]:
        raise WrongUse(f"--dropped2 needs --dropped {missing[0]}{'=' if missing[0] else ''}FILE.")
    if first is None:
        return tuple(DroppedFile(path, others.get(reason), reason) for reason, path in told.items())
    if others:
        raise WrongUse("With folders for -o and --dropped, the files for second reads get their names by themselves.")
    if files := [path for path in told.values() if not _is_folder(path)]:
        raise WrongUse(f"-o is a folder, and so has {printable(str(files[0]))} to be, which --dropped names.")
    return tuple(
        DroppedFile(path / first.name, None if second is None else path / second.name, reason)
        for reason, path in told.items()
    )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long
        return False
