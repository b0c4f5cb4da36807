"""Which of many runs are unlike the others, by the same measures as the page about many samples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from engine.report.mates import mates
from engine.report.standing_out import FEWEST, Measured, StandsOut, measured, unlike_the_rest
from engine.run.snapshot import RunSnapshot

HEADING = "Stands out"
WHY = (
    "Further from the median of all runs here than five times the usual spread, and far enough to matter. "
    "Mates are compared with mates of the same side."
)
_BETWEEN = "; "


class PartMeasured(NamedTuple):
    """What of a run is compared: all of its reads, or those of one mate."""

    name: str
    measured: Measured


class Unlike(NamedTuple):
    """What of a run is unlike the others.

    Attributes:
        short: the furthest of all, as short as it goes.
        words: all of it, the furthest first, apart by semicolons.
        distance: of the furthest, 1 or more of what it takes to stand out.
    """

    short: str
    words: str
    distance: float


def parts_measured(run: RunSnapshot) -> tuple[PartMeasured, ...]:
    """What of a run is compared, by its ``results``; nothing where it was not read to its end."""
    both = mates(run)
    found = ((f"read {number}" if len(both) > 1 else "", measured(mate)) for number, mate in enumerate(both, 1))
    return tuple(PartMeasured(name, values) for name, values in found if values is not None)


def unlike_others(runs: Mapping[int, tuple[PartMeasured, ...]]) -> dict[int, Unlike]:
    """The runs that stand out, by key.

    Args:
        runs: what `parts_measured` gives of each, by key.
    """
    parts = [(run_id, part) for run_id, found in runs.items() for part in found]
    by_run: defaultdict[int, list[tuple[str, StandsOut]]] = defaultdict(list)
    for one in unlike_the_rest([part.measured for _, part in parts]):
        run_id, part = parts[one.at]
        by_run[run_id].append((part.name, one))
    return {run_id: _told(found) for run_id, found in by_run.items()}


def in_words(found: Unlike | None, runs: int, is_known: bool, between: str = _BETWEEN) -> str:
    """Why a run stands out, or why nothing is told of it.

    Args:
        found: what of it is unlike the others.
        runs: how many there are.
        is_known: whether all have been compared.
        between: one measure and the next.
    """
    if found is not None:
        return found.words.replace(_BETWEEN, between)
    if runs < FEWEST:
        return f"of fewer than {FEWEST} runs nobody can say"
    return "no, like the others" if is_known else "not known before all runs are"


def _told(found: list[tuple[str, StandsOut]]) -> Unlike:
    first = found[0][1]
    words = _BETWEEN.join(
        f"{one.measure} {one.value}, usually {one.usual}{f' ({name})' if name else ''}" for name, one in found
    )
    return Unlike(f"{first.short} {first.value}", words, first.distance)
