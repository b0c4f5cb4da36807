from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.collectors.modules.binomial import probability_above, probability_of


def exactly(hits: int, trials: int, chance: float) -> Fraction:
    share = Fraction(chance)
    return math.comb(trials, hits) * share**hits * (1 - share) ** (trials - hits)


def test_by_hand() -> None:
    assert probability_of(1, 2, 0.5) == pytest.approx(0.5, rel=1e-14)
    assert probability_above(0, 3, 0.5) == pytest.approx(7 / 8, rel=1e-14)
    assert probability_above(2, 3, 0.25) == pytest.approx(1 / 64, rel=1e-14)
    assert probability_above(3, 3, 0.25) == 0


@settings(max_examples=150)
@given(trials=st.integers(1, 300), share=st.floats(1e-6, 0.6), seed=st.floats(0, 1))
def test_probabilities_agree_with_fractions(trials: int, share: float, seed: float) -> None:
    hits = int(seed * trials)
    assume(hits <= trials)
    assert probability_of(hits, trials, share) == pytest.approx(float(exactly(hits, trials, share)), rel=1e-11)


@settings(max_examples=100)
@given(trials=st.integers(2, 120), share=st.floats(1e-6, 0.1), seed=st.floats(0, 1))
def test_tails_agree_with_fractions(trials: int, share: float, seed: float) -> None:
    # The tail is asked for far above the mean only.
    hits = min(trials - 1, int(5 * trials * share) + int(seed * 20))
    tail = float(sum(exactly(number, trials, share) for number in range(hits + 1, trials + 1)))
    assume(tail > 1e-250)
    assert probability_above(hits, trials, share) == pytest.approx(tail, rel=1e-11)


def test_large_numbers_keep_their_digits() -> None:
    # Poisson's distribution is the limit: a mean of 10, more than 59 hits.
    trials = 2_000_000_000
    poisson = sum(math.exp(-10 + k * math.log(10) - math.lgamma(k + 1)) for k in range(60, 200))
    assert probability_above(59, trials, 10 / trials) == pytest.approx(poisson, rel=1e-5)
