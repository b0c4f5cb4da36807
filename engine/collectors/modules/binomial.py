"""The upper tail of the binomial distribution, to nearly all digits.

Probabilities after C. Loader, "Fast and accurate computation of binomial probabilities" (2000); the sum
over the tail is the continued fraction of the incomplete beta function (DLMF 8.17.22).
"""

from __future__ import annotations

import math

_STIRLING_TERMS = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)
_EXACT_BELOW = 16
"""From here on the series for Stirling's error has all digits."""

_PRECISION = 1e-16
_MOST_TERMS = 100_000


def probability_above(hits: int, trials: int, chance: float) -> float:
    """The chance of more than `hits` successes, 0 <= hits <= trials; precise where that chance is small.

    Args:
        hits: successes.
        trials: at least 1.
        chance: of one success, in 0..1, both excluded.
    """
    if hits >= trials:
        return 0.0
    a, b = hits + 1, trials - hits
    return probability_of(a, trials, chance) * (1 - chance) * _beta_fraction(chance, a, b)


def probability_of(hits: int, trials: int, chance: float) -> float:
    """The chance of exactly `hits` successes."""
    misses = trials - hits
    if hits == 0:
        return math.exp(trials * math.log1p(-chance))
    if misses == 0:
        return math.exp(trials * math.log(chance))
    exponent = (
        _stirling_error(trials)
        - _stirling_error(hits)
        - _stirling_error(misses)
        - _deviance(hits, trials * chance)
        - _deviance(misses, trials * (1 - chance))
    )
    return math.exp(exponent) * math.sqrt(trials / (2 * math.pi * hits * misses))


def _stirling_error(n: int) -> float:
    """The logarithm of n! less Stirling's formula for it."""
    if n < _EXACT_BELOW:
        return math.log(math.factorial(n)) - (0.5 * math.log(2 * math.pi * n) + n * math.log(n) - n)
    return math.fsum(term / n ** (2 * i + 1) for i, term in enumerate(_STIRLING_TERMS))


def _deviance(x: float, mean: float) -> float:
    """The value of x ln(x / mean) + mean - x, without the loss of digits where x is near the mean."""
    if abs(x - mean) < 0.1 * (x + mean):
        v = (x - mean) / (x + mean)
        total, term = (x - mean) * v, 2 * x * v
        for i in range(1, 1000):
            term *= v * v
            following = total + term / (2 * i + 1)
            if following == total:
                break
            total = following
        return total
    return x * math.log(x / mean) + mean - x


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction by Lentz's method."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _not_zero(1 + numerator * d)
            c = _not_zero(1 + numerator / c)
            value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > 1e-300 else 1e-300
