"""Round numbers for the axes of plots."""

from __future__ import annotations

import math

_STEPS = (1.0, 2.0, 5.0, 10.0)
_EPSILON = 1e-9


def ticks(low: float, high: float, most: int, least: float = 0.0) -> list[tuple[float, str]]:
    """At most about ``most`` round values within ``low``..``high``, and how they are written.

    They are ``least`` apart or more: 1 where there is nothing between whole numbers.
    """
    if high <= low:
        return [(low, short(low))]
    least = max(least, (high - low) / most)
    power = 10.0 ** math.floor(math.log10(least))
    apart = next(step * power for step in _STEPS if step * power >= least * (1 - _EPSILON))
    first, last = math.ceil(low / apart - _EPSILON), math.floor(high / apart + _EPSILON)
    return [(number * apart, short(number * apart)) for number in range(first, last + 1)]


def short(value: float) -> str:
    """A number as short as it goes: 0.5, 200, 5k, 1.2M."""
    for size, symbol in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / min(size, 1e3 if symbol == 'k' else size):.4g}{symbol}"
    text = f"{value:.4g}"
    return text.replace("-", "\N{MINUS SIGN}") if value else "0"
