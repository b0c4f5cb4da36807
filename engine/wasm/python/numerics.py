"""Functions of ``math`` that WebAssembly has no instruction for, in arithmetic that it has.

They are compiled into the plugins that use them, so that these import nothing. All are right to a few units in
the last place, ``pow`` to a relative 1e-13, and the same on every computer. Out of range they give infinities and
not-a-number instead of raising, as everything in a plugin does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

_LN2_HIGH = 0.6931471803691238  # ln 2 in two parts: this one times a whole number of 20 bits is exact
_LN2_LOW = 1.9082149292705877e-10
_LN10 = math.log(10.0)
_LOG2_E = 1.0 / math.log(2.0)
_MOST, _LEAST = 709.782712893384, -745.1332191019412
_TINY = 2.0**-1022
_MANTISSA = (1 << 52) - 1
_ROOT_2 = math.sqrt(2.0)
_WHOLE = 1024.0
_TENS = 1e23
_ALL_WHOLE = 2.0**53


def _bits(value: float) -> int:
    return np.float64(value).view(np.int64)  # type: ignore[return-value] # NumPy's, which Numba knows as an integer


def _of_bits(bits: int) -> float:
    return np.int64(bits).view(np.float64)


def _two_to(power: int) -> float:
    """2 to a whole number from -1022 to 1023."""
    return _of_bits((power + 1023) << 52)


def exp(value: float) -> float:
    """The exponential function."""
    if math.isnan(value):
        return value
    if value > _MOST:
        return math.inf
    if value < _LEAST:
        return 0.0
    power = math.floor(value * _LOG2_E + 0.5)
    rest = (value - power * _LN2_HIGH) - power * _LN2_LOW
    total = 1.0
    for step in range(14, 0, -1):
        total = 1.0 + total * rest / step
    half = int(power) // 2
    return total * _two_to(half) * _two_to(int(power) - half)


def expm1(value: float) -> float:
    """The exponential function less 1, exact for small values."""
    if abs(value) > 0.3:
        return exp(value) - 1.0
    total = 1.0
    for step in range(15, 1, -1):
        total = 1.0 + total * value / step
    return total * value


def _log_near_1(value: float) -> float:
    """Of 0.7 to 1.42: the area under a hyperbola as a series."""
    part = (value - 1.0) / (value + 1.0)
    square = part * part
    total = 0.0
    for step in range(25, 1, -2):
        total = (total + 1.0 / step) * square
    return 2.0 * part * (1.0 + total)


def _exponent(value: float) -> int:
    """The power of two that brings a positive, finite value near 1."""
    scaled, shift = value, 0
    if value < _TINY:
        scaled, shift = value * 2.0**54, -54
    bits = _bits(scaled)
    power = (bits >> 52) - 1023
    if _of_bits((bits & _MANTISSA) | (1023 << 52)) > _ROOT_2:
        power += 1
    return power + shift


def _divided(value: float, power: int) -> float:
    """A value over 2 to a power, neither of them out of range on the way."""
    half = power // 2
    return value * _two_to(-half) * _two_to(half - power)


def log(value: float) -> float:
    """The natural logarithm."""
    if math.isnan(value) or value == math.inf:
        return value
    if value < 0.0:
        return math.nan
    if value == 0.0:
        return -math.inf
    power = _exponent(value)
    return power * _LN2_HIGH + (power * _LN2_LOW + _log_near_1(_divided(value, power)))


def log1p(value: float) -> float:
    """The natural logarithm of 1 more, exact for small values."""
    if abs(value) > 0.3:
        return log(1.0 + value)
    part = value / (2.0 + value)
    square = part * part
    total = 0.0
    for step in range(25, 1, -2):
        total = (total + 1.0 / step) * square
    return 2.0 * part * (1.0 + total)


def log2(value: float) -> float:
    """The logarithm to base 2, exact for powers of 2."""
    if not 0.0 < value < math.inf:
        return log(value)
    power = _exponent(value)
    return power + _log_near_1(_divided(value, power)) * _LOG2_E


def log10(value: float) -> float:
    """The logarithm to base 10, exact for powers of 10 up to 1e22."""
    found = log(value) / _LN10
    if 0.5 < value < _TENS:
        near = math.floor(found + 0.5)
        if _whole_power(10.0, int(near)) == value:
            return float(near)
    return found


def _whole_power(value: float, times: int) -> float:
    result, square = 1.0, value
    while times:
        if times & 1:
            result *= square
        times >>= 1
        if times:
            square *= square
    return result


def pow(value: float, power: float) -> float:  # noqa: A001 - it is the power function of C that it stands for
    """A value to a power."""
    if power == 0.0 or value == 1.0:
        return 1.0
    if math.isnan(value) or math.isnan(power):
        return math.nan
    whole = abs(power) >= _ALL_WHOLE or math.floor(power) == power
    if whole and abs(power) <= _WHOLE:
        result = _whole_power(value, int(abs(power)))
        if _TINY < abs(result) < math.inf:
            return result if power > 0.0 else 1.0 / result
    if -math.inf < value < 0.0 and not whole:
        return math.nan
    odd = whole and abs(power) < _ALL_WHOLE and int(power) & 1 == 1
    size = _positive_power(abs(value), power)
    return math.copysign(size, value) if odd else size


def _positive_power(value: float, power: float) -> float:
    if value in (0.0, math.inf):
        return 0.0 if (value == 0.0) == (power > 0.0) else math.inf
    if abs(power) == math.inf:
        return 1.0 if value == 1.0 else math.inf if (value > 1.0) == (power > 0.0) else 0.0
    return exp(power * log(value))


def exp2(value: float) -> float:
    """2 to a power."""
    return pow(2.0, value)


def fmod(value: float, divisor: float) -> float:
    """The rest of a division, exact, with the sign of the value."""
    if math.isnan(value) or math.isnan(divisor) or abs(value) == math.inf or divisor == 0.0:
        return math.nan
    rest, step = abs(value), abs(divisor)
    while rest >= step:
        part = step
        while part <= rest * 0.5:
            part *= 2.0
        rest -= part
    return math.copysign(rest, value)


Numeric = Callable[..., Any]

NUMERICS: dict[str, tuple[Numeric, int]] = {
    "exp": (exp, 1), "exp2": (exp2, 1), "expm1": (expm1, 1), "log": (log, 1), "log1p": (log1p, 1), "log2": (log2, 1),
    "log10": (log10, 1), "pow": (pow, 2), "fmod": (fmod, 2),
}  # fmt: skip
"""What code asks a linker for, to the function and how many numbers it takes."""
