"""Whether the limits that files are judged by were made for such reads."""

from __future__ import annotations

from collections.abc import Iterable

from engine.collectors.profiles import Profile, profile
from engine.collectors.results import QcResults

_LONG = 1000
"""Bases; more than instruments for short reads give, merged mates included."""

_FITTING = "nanopore"


def limits_note(results: Iterable[QcResults], limits: Profile) -> str:
    """What to say where long reads are judged by limits for short ones; empty where there is nothing to say."""
    if limits != profile() or not any(_are_long(found) for found in results):
        return ""
    fitting = profile(_FITTING).title
    return (
        f"There are long reads here, and the limits of \N{LEFT DOUBLE QUOTATION MARK}{limits.title}"
        f"\N{RIGHT DOUBLE QUOTATION MARK} are made for short ones: for nanopore reads choose the profile {fitting} "
        f"(--profile {_FITTING}, or the Verdict card of the window), and they are judged by what is usual for them."
    )


def _are_long(results: QcResults) -> bool:
    # Channels are named by nanopore sequencers alone.
    return results.yield_by_channel is not None or results.basic.longest >= _LONG
