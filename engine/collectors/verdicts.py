"""Whether each module's result is as it should be, by FastQC 0.12.1's rules and a profile's limits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum
from functools import reduce
from operator import add

from engine.collectors.profiles import LowerLimits, Profile, UpperLimits
from engine.collectors.results import Floats, ModuleResult, PositionGroups, QcResults


class Status(StrEnum):
    """How a module came out."""

    PASS = "pass"  # noqa: S105 - a word of FastQC's, not a password
    WARN = "warn"
    FAIL = "fail"


class Verdict(ModuleResult):
    """How a module came out, and why.

    ``value`` is the number that decided, the worst there is; ``None`` where there is no such number.
    ``limit`` is the limit it has crossed, else the first it would cross. ``measure`` says what the
    number is, ``where`` its place: cycles, a tile, an adapter.
    """

    status: Status
    value: float | None = None
    limit: float | None = None
    measure: str = ""
    where: str = ""


def verdicts(results: QcResults, profile: Profile) -> dict[str, Verdict]:
    """A verdict for every module that has a result and is shown, by its name in `QcResults`, in FastQC's order."""
    judged = {
        "basic": Verdict(status=Status.PASS),
        "base_quality": _base_quality(results, profile),
        "tile_quality": _tile_quality(results, profile),
        "sequence_quality": _sequence_quality(results, profile),
        "base_content": _base_content(results, profile),
        "gc_content": _gc_content(results, profile),
        "n_content": _n_content(results, profile),
        "lengths": _lengths(results, profile),
        "duplication": _duplication(results, profile),
        "overrepresented": _overrepresented(results, profile),
        "adapters": _adapters(results, profile),
        "kmers": _kmers(results, profile),
    }
    return {
        module: verdict
        for module, verdict in judged.items()
        if verdict is not None and (module == "basic" or getattr(profile, module).shown)
    }


def cycle_labels(groups: PositionGroups) -> list[str]:
    """Groups of cycles as FastQC writes them: ``7`` or ``10-14``."""
    return [
        str(start) if start == end else f"{start}-{end}" for start, end in zip(groups.starts, groups.ends, strict=True)
    ]


def _base_quality(results: QcResults, profile: Profile) -> Verdict | None:
    quality = results.base_quality
    if quality is None or not quality.starts:
        return None
    limits, labels = profile.base_quality, cycle_labels(quality)
    quartile = _below(limits.lower_quartile, *_lowest(quality.lower_quartile, labels), "lower quartile")
    median = _below(limits.median, *_lowest(quality.median, labels), "median")
    return median if _BADNESS[median.status] > _BADNESS[quartile.status] else quartile


def _tile_quality(results: QcResults, profile: Profile) -> Verdict | None:
    quality = results.tile_quality
    if quality is None:
        return None
    places = (
        # A tile that no read reaches counts as 0.
        (abs(average if deviation is None else deviation), f"tile {tile}, cycle {label}")
        for tile, row in zip(quality.tiles, quality.deviation, strict=True)
        for deviation, average, label in zip(row, quality.average, cycle_labels(quality), strict=True)
    )
    return _above(profile.tile_quality.deviation, *_highest(places), "deviation from the average tile")


def _sequence_quality(results: QcResults, profile: Profile) -> Verdict | None:
    quality = results.sequence_quality
    if quality is None or not quality.counts:
        return None
    mode = quality.qualities[quality.counts.index(max(quality.counts))]
    limits = profile.sequence_quality.most_frequent
    failed, warned = mode <= limits.fail, mode <= limits.warn
    return _verdict(failed, warned, limits, mode, "most frequent mean quality", "")


def _base_content(results: QcResults, profile: Profile) -> Verdict | None:
    content = results.base_content
    if content is None:
        return None
    labels = cycle_labels(content)
    between_g_and_c = _highest(_differences(content.c, content.g, labels))
    between_a_and_t = _highest(_differences(content.t, content.a, labels))
    if (between_a_and_t[0] or 0) > (between_g_and_c[0] or 0):
        return _above(profile.base_content.difference, *between_a_and_t, "difference between A and T")
    return _above(profile.base_content.difference, *between_g_and_c, "difference between G and C")


def _gc_content(results: QcResults, profile: Profile) -> Verdict | None:
    content = results.gc_content
    if content is None:
        return None
    # Added up in FastQC's order. Less than one read, as a long one can leave, and one in one place are not judged.
    total = reduce(add, content.counts, 0.0)
    off = reduce(add, (abs(theory - seen) for theory, seen in zip(content.theory, content.counts, strict=True)), 0.0)
    is_judged = total > 1 or (total == 1 and max(content.counts) < 1)
    value = off / total * 100 if is_judged else None
    return _above(profile.gc_content.deviation, value, "", "reads off the normal curve")


def _n_content(results: QcResults, profile: Profile) -> Verdict | None:
    content = results.n_content
    if content is None:
        return None
    places = ((n, label) for n, label in zip(content.n, cycle_labels(content), strict=True) if n is not None)
    return _above(profile.n_content.percent, *_highest(places), "N")


def _lengths(results: QcResults, profile: Profile) -> Verdict | None:
    if results.lengths is None:
        return None
    limits, shortest, longest = profile.lengths, results.basic.shortest, results.basic.longest
    if results.basic.reads and shortest == 0:
        empty = Verdict(status=Status(limits.empty), value=0, measure="shortest read")
        if empty.status is not Status.PASS:
            return empty
    status = Status(limits.different) if shortest != longest else Status.PASS
    return Verdict(status=status, value=shortest, measure="shortest read")


def _duplication(results: QcResults, profile: Profile) -> Verdict | None:
    if results.duplication is None:
        return None
    return _below(profile.duplication.remaining, results.duplication.remaining, "", "remaining if deduplicated")


def _overrepresented(results: QcResults, profile: Profile) -> Verdict | None:
    found = results.overrepresented
    if found is None:
        return None
    percent, sequence = next(((top.percent, top.sequence) for top in found.sequences), (None, ""))
    return _above(profile.overrepresented.percent, percent, sequence, "reads with the most frequent sequence")


def _adapters(results: QcResults, profile: Profile) -> Verdict | None:
    content = results.adapters
    if content is None:
        return None
    if content.too_short:
        return Verdict(status=Status.WARN, measure="reads too short to look for adapters")
    places = (
        (percent, f"{name}, cycle {label}")
        for name, row in zip(content.names, content.percent, strict=True)
        for percent, label in zip(row, cycle_labels(content), strict=True)
    )
    return _above(profile.adapters.percent, *_highest(places), "reads with adapter")


def _kmers(results: QcResults, profile: Profile) -> Verdict | None:
    if results.kmers is None:
        return None
    p_value, sequence = next(((top.p_value, top.sequence) for top in results.kmers.kmers), (1.0, ""))
    significance = -math.log10(p_value) if p_value > 0 else math.inf
    return _above(profile.kmers.significance, significance, sequence, "-log10 of the p-value")


_BADNESS = {Status.PASS: 0, Status.WARN: 1, Status.FAIL: 2}


def _differences(one: Floats, other: Floats, labels: list[str]) -> Iterable[tuple[float, str]]:
    for a, b, label in zip(one, other, labels, strict=True):
        if a is not None and b is not None:
            yield abs(a - b), label


def _highest(places: Iterable[tuple[float, str]]) -> tuple[float | None, str]:
    return max(places, key=lambda place: place[0], default=(None, ""))


def _lowest(values: Floats, labels: list[str]) -> tuple[float | None, str]:
    places = ((value, label) for value, label in zip(values, labels, strict=True) if value is not None)
    return min(places, key=lambda place: place[0], default=(None, ""))


def _above(limits: UpperLimits, value: float | None, where: str, measure: str) -> Verdict:
    failed, warned = value is not None and value > limits.fail, value is not None and value > limits.warn
    return _verdict(failed, warned, limits, value, measure, where)


def _below(limits: LowerLimits, value: float | None, where: str, measure: str) -> Verdict:
    failed, warned = value is not None and value < limits.fail, value is not None and value < limits.warn
    return _verdict(failed, warned, limits, value, measure, where)


def _verdict(
    failed: bool, warned: bool, limits: UpperLimits | LowerLimits, value: float | None, measure: str, where: str
) -> Verdict:
    status = Status.FAIL if failed else Status.WARN if warned else Status.PASS
    limit = limits.fail if failed else limits.warn
    return Verdict(status=status, value=value, limit=limit, measure=measure, where=where)
