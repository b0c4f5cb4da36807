"""Which limits files are judged by, and whether those were made for such reads."""

from __future__ import annotations

from collections.abc import Iterable

from engine.collectors.profiles import Profile, profile
from engine.collectors.results import QcResults
from engine.run.snapshot import RunSnapshot

_LONG = 1000
"""Bases; more than instruments for short reads give, merged mates included."""

_FITTING = "nanopore"


def limits_in(runs: Iterable[RunSnapshot]) -> list[Profile]:
    """The limits that runs are judged by, each once, in order of the runs."""
    found: list[Profile] = []
    for run in runs:
        if run.limits not in found:
            found.append(run.limits)
    return found


def limits_note(runs: Iterable[RunSnapshot]) -> str:
    """What to say where long reads are judged by limits for short ones; empty where there is nothing to say."""
    short = profile()
    if not any(_are_long(run.results) and run.limits == short for run in runs):
        return ""
    fitting = profile(_FITTING).title
    return (
        f"There are long reads here, and the limits of \N{LEFT DOUBLE QUOTATION MARK}{short.title}"
        f"\N{RIGHT DOUBLE QUOTATION MARK} are made for short ones: for nanopore reads choose the profile {fitting} "
        f"(--profile {_FITTING}, or the Verdict card of the window), and they are judged by what is usual for them."
    )


def _are_long(results: QcResults) -> bool:
    # Channels are named by nanopore sequencers alone.
    return results.yield_by_channel is not None or results.basic.longest >= _LONG
