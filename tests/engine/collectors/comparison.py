"""How results are compared."""

from __future__ import annotations

import math

from pydantic import BaseModel

TOLERANCE = 1e-12
"""Relative: the order in which numbers are added may cost the last digits."""


def assert_close(found: BaseModel, expected: BaseModel) -> None:
    """Asserts that two results are equal, integers exactly and other numbers within `TOLERANCE`."""
    assert type(found) is type(expected)
    _compare(found.model_dump(), expected.model_dump(), type(found).__name__)


def assert_all_close(found: tuple[float | None, ...], expected: tuple[float | None, ...]) -> None:
    """Asserts that two series are equal within `TOLERANCE`."""
    _compare(found, expected, "")


def _compare(found: object, expected: object, where: str) -> None:
    if isinstance(found, dict) and isinstance(expected, dict):
        assert found.keys() == expected.keys(), where
        for key, value in found.items():
            _compare(value, expected[key], f"{where}.{key}")
    elif isinstance(found, tuple) and isinstance(expected, tuple):
        assert len(found) == len(expected), where
        for i, (one, other) in enumerate(zip(found, expected, strict=True)):
            _compare(one, other, f"{where}[{i}]")
    elif isinstance(found, float) and isinstance(expected, float):
        assert math.isclose(found, expected, rel_tol=TOLERANCE, abs_tol=1e-15), f"{where}: {found} != {expected}"
    else:
        assert found == expected, where
