from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report.java_numbers import double_text, single_text

_FORM = re.compile(r"-?(\d+\.\d+|\d\.\d+E-?\d+)")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (100.0, "100.0"),
        (-12.5, "-12.5"),
        (0.1, "0.1"),
        (0.001, "0.001"),
        (0.00123, "0.00123"),
        (9.999e-4, "9.999E-4"),
        (1e-4, "1.0E-4"),
        (3.3333333333333335e-5, "3.3333333333333335E-5"),
        (9999999.0, "9999999.0"),
        (1234567.25, "1234567.25"),
        (1e7, "1.0E7"),
        (12345678.0, "1.2345678E7"),
        (1e21, "1.0E21"),
        (2e23, "2.0E23"),
        (1 / 3, "0.3333333333333333"),
        (28.000000000000004, "28.000000000000004"),
        (5e-324, "4.9E-324"),
        (2.2250738585072014e-308, "2.2250738585072014E-308"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
    ],
)
def test_doubles_by_hand(value: float, text: str) -> None:
    assert double_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0"),
        (0.1, "0.1"),
        (0.001468981383368373, "0.0014689814"),
        (1.8189894e-12, "1.8189894E-12"),
        (245.10540771484375, "245.10541"),
        (1e7, "1.0E7"),
        (1e-45, "1.4E-45"),
        (3.4028235e38, "3.4028235E38"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
    ],
)
def test_singles_by_hand(value: float, text: str) -> None:
    assert single_text(value) == text


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_can_be_read_back(value: float) -> None:
    text = double_text(value)
    assert float(text) == value
    assert math.copysign(1, float(text)) == math.copysign(1, value)
    assert _FORM.fullmatch(text)
    assert ("E" in text) == (value != 0 and not 1e-3 <= abs(value) < 1e7)
    digits = re.sub(r"E.*|[-.]", "", text).strip("0")
    assert len(digits) <= max(2, len(re.sub(r"e.*|[-.]", "", repr(value)).strip("0")))


@given(value=st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_singles_can_be_read_back(value: float) -> None:
    text = single_text(value)
    assert np.float32(text) == np.float32(value)
    assert _FORM.fullmatch(text)
