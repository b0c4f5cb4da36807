"""Ranges, ticks and units of plots: pure arithmetic, so that axes seldom change and always read well."""

from __future__ import annotations

import math
from typing import NamedTuple

Ticks = list[tuple[float, str]]
"""Place on the axis, and what stands there."""

_STEPS = (1.0, 2.0, 5.0, 10.0)
_TOPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SHRINK_BELOW = 0.4
_SHORT_FROM = 10_000
_EPSILON = 1e-9
_MINUS = "\N{MINUS SIGN}"


class Prefix(NamedTuple):
    """An SI prefix: divide by ``factor`` and write ``symbol`` before the unit."""

    factor: float
    symbol: str


_PREFIXES = (Prefix(1e12, "T"), Prefix(1e9, "G"), Prefix(1e6, "M"), Prefix(1e3, "k"), Prefix(1.0, ""))


def prefix(largest: float) -> Prefix:
    """The prefix with which ``largest`` is at least 1; none below 1,000."""
    return next((entry for entry in _PREFIXES if largest >= entry.factor), _PREFIXES[-1])


def step(span: float, most: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that divides ``span`` into at most ``most`` parts."""
    if span <= 0 or most < 1:
        return 1.0
    least = span / most
    power = 10.0 ** math.floor(math.log10(least))
    return next(candidate * power for candidate in _STEPS if candidate * power >= least * (1 - _EPSILON))


def ticks(low: float, high: float, most: int) -> Ticks:
    """At most about ``most`` round values within ``low``..``high``, both included."""
    apart = step(high - low, most)
    decimals = max(0, -math.floor(math.log10(apart) + _EPSILON))
    return [(value, written(value, decimals)) for value in _multiples(low, high, apart)]


def count_ticks(low: float, high: float, most: int) -> Ticks:
    """Like :func:`ticks`, of what is counted: whole numbers only, short from 10,000 on: 5,000, 10 k."""
    values = _multiples(low, high, max(1.0, step(high - low, most)))
    return [(value, short(value) if high >= _SHORT_FROM else written(value, 0)) for value in values]


def _multiples(low: float, high: float, apart: float) -> list[float]:
    first, last = math.ceil(low / apart - _EPSILON), math.floor(high / apart + _EPSILON)
    return [number * apart for number in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int) -> Ticks:
    """Ticks of a logarithmic axis, whose places ``low``..``high`` are powers of ten: 100, 1 k, 10 k.

    Between whole powers come 2 and 5 where there is room; where that is too coarse, other round numbers.
    """
    decades = range(math.floor(low), math.ceil(high) + 1)
    dense = (high - low) * 2 <= 1.2 * most
    values = [factor * 10.0**decade for decade in decades for factor in ((1, 2, 5) if dense else (1,))]
    inside = [value for value in values if low - _EPSILON <= math.log10(value) <= high + _EPSILON]
    if len(inside) < 2:  # a range within a part of a decade
        inside = _multiples(10.0**low, 10.0**high, step(10.0**high - 10.0**low, most))
    every = 1 if dense else max(1, math.ceil(len(inside) / max(1, most)))
    return [(math.log10(value), short(value)) for value in inside[::every]]


def written(value: float, decimals: int) -> str:
    """``value`` with a true minus sign and without a negative zero."""
    text = f"{abs(value):,.{decimals}f}"
    return text if value > -_EPSILON else _MINUS + text


def short(value: float) -> str:
    """A count as short as it goes: 200, 5 k, 1.2 M."""
    factor, symbol = prefix(abs(value))
    return f"{value / factor:.4g} {symbol}".strip()


def top(largest: float, current: float = 0.0) -> float:
    """Where an axis from 0 ends so that ``largest`` fits with a little air.

    Grows in steps, and keeps ``current`` until ``largest`` falls far below it: an axis that follows every value makes
    a steady curve look restless.
    """
    if largest <= 0:
        return current or 1.0
    wanted = largest * 1.05
    if current * _SHRINK_BELOW <= wanted <= current:
        return current
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(candidate * power for candidate in _TOPS if candidate * power >= wanted * (1 - _EPSILON))
