"""How ``lanescope run`` is asked to carry runs out."""

from __future__ import annotations

import argparse
from typing import Any

from engine.cli.console import WrongUse, whole_number

_SHARE = 0.1
_DAY = 86_400


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options for sources that may be too fast, for tuning and for how often checkpoints are taken."""
    group = parser.add_argument_group("load")
    group.add_argument(
        "--backpressure",
        choices=("block", "drop", "sample", "adaptive"),
        default="block",
        help="what becomes of reads that come faster than they are worked on, for standard input, pipes and --follow: "
        "block: the source waits (default, and the only one for files); drop: what finds no room is left out; sample: "
        "a share of all batches is worked on; adaptive: all, until there is no room, then a share",
    )
    group.add_argument(
        "--sample-share", type=_share, metavar="SHARE", help=f"of sample and adaptive, 0 to 1 (default: {_SHARE})"
    )
    group.add_argument(
        "--sample-seed", type=_seed, metavar="N", help="of sample and adaptive: another one chooses others"
    )
    group.add_argument("--in-flight", type=_mebibytes, metavar="MIB", help="text that may be under way at once, in MiB")
    group.add_argument(
        "--tune",
        action="store_true",
        help="move workers, batches and what is under way by the load that is measured; no result depends on it",
    )
    group.add_argument(
        "--checkpoint-seconds", type=_seconds, metavar="S", help="between two checkpoints; 0: none by time (default: 5)"
    )
    group.add_argument(
        "--checkpoint-batches", type=_batches, metavar="N", help="between two checkpoints, if these come first"
    )
    group.add_argument("--verbose", action="store_true", help="tell how each run was carried out, and what tuning did")


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a number") from None
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 1")
    return share


def _seed(text: str) -> int:
    return whole_number(text, 0, (1 << 63) - 1)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a number") from None
    if not 0 <= seconds <= _DAY:
        raise argparse.ArgumentTypeError(f"must be from 0 to {_DAY}")
    return seconds


def _batches(text: str) -> int:
    return whole_number(text, 1, (1 << 63) - 1)


def _mebibytes(text: str) -> int:
    return whole_number(text, 1, 1 << 20) << 20


def load_wanted(arguments: argparse.Namespace) -> dict[str, Any]:
    """What of `RunSettings` is said about the load.

    Raises:
        WrongUse: options do not go together.
    """
    kind = arguments.backpressure
    policy: dict[str, Any] = {"kind": kind}
    given = {"share": arguments.sample_share, "seed": arguments.sample_seed}
    given = {name: value for name, value in given.items() if value is not None}
    if kind in {"sample", "adaptive"}:
        policy |= {"share": _SHARE} | given
    elif given:
        raise WrongUse(f"--sample-{next(iter(given))} needs --backpressure sample or adaptive.")
    wanted: dict[str, Any] = {"backpressure": policy, "tuning": arguments.tune}
    for name in ("checkpoint_seconds", "checkpoint_batches"):
        if (often := getattr(arguments, name)) is not None:
            wanted[name] = often
    if arguments.in_flight is not None:
        wanted["in_flight_bytes"] = arguments.in_flight
    return wanted
