"""Floating-point numbers as Java prints them."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np

_PLAIN_FROM = 1e-3
_PLAIN_BELOW = 1e7


def double_text(value: float) -> str:
    """What ``Double.toString`` gives: the fewest digits that tell the number from its neighbours, two at least.

    As specified since Java 19. Older ones now and then print a digit too many; the number is the same.
    """
    return _text(value, repr(value), f"{value:.1e}", float(value))


def single_text(value: float) -> str:
    """What ``Float.toString`` gives for the number of single precision nearest to `value`."""
    single = np.float32(value)
    return _text(float(single), str(single), f"{single:.1e}", single)


def _text(value: float, shortest: str, two_digits: str, original: float | np.float32) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    sign, digits, exponent = Decimal(shortest).as_tuple()
    if len(digits) == 1 and digits != (0,) and type(original)(two_digits) == original:
        # With two digits at least, those nearest to the number count: 4.9E-324, not 5.0E-324.
        sign, digits, exponent = Decimal(two_digits).as_tuple()
    prefix = "-" if sign else ""
    if digits == (0,) or value == 0:
        return f"{prefix}0.0"
    text = "".join(map(str, digits)).rstrip("0") or "0"
    # The number is 0.text x 10^point.
    point = len(digits) + int(exponent)
    if _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        return prefix + _plain(text, point)
    return f"{prefix}{text[0]}.{text[1:] or '0'}E{point - 1}"


def _plain(digits: str, point: int) -> str:
    if point <= 0:
        return f"0.{'0' * -point}{digits}"
    whole = digits[:point].ljust(point, "0")
    return f"{whole}.{digits[point:] or '0'}"
