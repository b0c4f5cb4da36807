"""How the modules of a run came out, in words and symbols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.collectors.profiles import Profile
from engine.collectors.results import QcResults
from engine.collectors.verdicts import Status, Verdict, verdicts
from gui.models.format import plural
from gui.models.plot_modules import Module, module_of

_DASH = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Look:
    """How a status is told, never by colour alone.

    Attributes:
        symbol: icon of ``resources/icons``; its token has the same name.
        word: what it is called.
    """

    symbol: str
    word: str


LOOKS: dict[Status, Look] = {
    Status.PASS: Look("passed", "passed"),
    Status.WARN: Look("warned", "warning"),
    Status.FAIL: Look("failed", "failed"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A module and how it came out.

    Attributes:
        module: which.
        status: how it came out.
        number: the number that decided, with its place.
        brief: the number without its place, for where there is little room.
        words: all of it in one sentence, for tooltips and screen readers.
    """

    module: Module
    status: Status
    number: str
    brief: str
    words: str

    @property
    def look(self) -> Look:
        """How its status is told."""
        return LOOKS[self.status]


def judge(results: QcResults, profile: Profile) -> tuple[Judged, ...]:
    """All modules that have a result, in FastQC's order; none before there are reads."""
    if not results.basic.reads:
        return ()
    judged = []
    for key, verdict in verdicts(results, profile).items():
        module = module_of(key)
        if module is not None:
            number, brief = deciding_number(key, verdict, results)
            judged.append(Judged(module, verdict.status, number, brief, _sentence(verdict, number)))
    return tuple(judged)


def judge_mates(results: QcResults, profile: Profile) -> tuple[Judged, ...]:
    """As `judge`, but of pairs how the worse mate of each module came out, and which that is."""
    first = judge(results, profile)
    if results.mate is None:
        return first
    second = {entry.module.key: entry for entry in judge(results.mate, profile)}
    return tuple(_worse(entry, second.get(entry.module.key, entry)) for entry in first)


def _worse(first: Judged, second: Judged) -> Judged:
    if first.status is second.status:
        return first
    ranks = list(Status)
    number, worse = max((1, first), (2, second), key=lambda each: ranks.index(each[1].status))
    return replace(worse, words=f"{worse.words}, of read {number}")


def tally(judged: Sequence[Judged]) -> str:
    """``9 pass · 1 warn · 1 fail``, without what there is none of."""
    counts = {status: sum(entry.status is status for entry in judged) for status in Status}
    return " · ".join(f"{count} {status.value}" for status, count in counts.items() if count)


def deciding_number(key: str, verdict: Verdict, results: QcResults) -> tuple[str, str]:
    """The number that decided about the module ``key``: with its unit and place, and as short as it goes."""
    value, where = verdict.value, verdict.where.replace("-", _DASH)
    if key in _FROM_RESULTS:
        return _FROM_RESULTS[key](results)
    if value is None:
        words = _WITHOUT.get(key, "nothing to judge")
        return words, words
    place, _, _ = where.partition(",")
    pair = verdict.measure.removeprefix("difference between ").replace(" and ", _DASH)
    found = {
        "base_quality": (f"{verdict.measure} {value:.0f}", f" at {where} bp"),
        "tile_quality": (f"{value:.1f} Phred", f", {place}"),
        "sequence_quality": (f"mostly Q{value:.0f}", ""),
        "base_content": (f"{pair} {value:.1f} %", f" at {where} bp"),
        "gc_content": (f"{value:.1f} % off", " the curve"),
        "n_content": (f"up to {value:.2f} %" if value else "none", ""),
        "overrepresented": (f"up to {value:.2f} %", f" of reads, {_found(results)}"),
        "adapters": (f"{value:.2f} %", f" {place}") if value else ("none found", ""),
    }
    if key == "duplication":  # a share alone would read as that of the duplicates
        return f"{value:.1f} % would remain", f"{value:.3g} % remain"
    brief, rest = found.get(key, (f"{verdict.measure} {value:.3g}", ""))
    return brief + rest, brief


def _reads(results: QcResults) -> tuple[str, str]:
    return plural(results.basic.reads, "read"), f"{results.basic.reads:,}"


def _lengths(results: QcResults) -> tuple[str, str]:
    shortest, longest = results.basic.shortest, results.basic.longest
    if shortest == longest:
        return f"{shortest:,} bp", f"{shortest:,} bp"
    return f"{shortest:,}{_DASH}{longest:,} bp", f"to {longest:,} bp"


def _found(results: QcResults) -> str:
    return plural(len(results.overrepresented.sequences) if results.overrepresented else 0, "sequence")


_FROM_RESULTS: dict[str, Callable[[QcResults], tuple[str, str]]] = {"basic": _reads, "lengths": _lengths}
_WITHOUT = {"overrepresented": "none above 0.1 %", "adapters": "reads too short"}


def _sentence(verdict: Verdict, number: str) -> str:
    word = LOOKS[verdict.status].word
    if verdict.limit is None or verdict.value is None:
        return f"{word}: {number}"
    side = "limit" if verdict.status is not Status.PASS else "warns at"
    return f"{word}: {number} ({side} {verdict.limit:g})"
