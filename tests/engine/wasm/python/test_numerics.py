"""The functions of ``math`` that are compiled into Python plugins, against Python's own."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.wasm.host import Host
from engine.wasm.python import numerics
from engine.wasm.python.compiling import compile_python
from engine.wasm.stage.stage import StagePlugin
from tests.guests import batch_of, manifest_for
from tests.naive_parser import Read

SINGLE: list[tuple[str, float, float]] = [
    ("exp", -740.0, 709.0), ("expm1", -2.0, 2.0), ("log1p", -0.9, 3.0), ("log", 0.0, 3.0), ("log2", 0.0, 1e9),
    ("log10", 0.0, 1e-3),
]  # fmt: skip
ODD = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e300, 5e-324, math.inf, -math.inf, math.nan)


def said_by_python(function: Callable[..., float], *values: float) -> float:
    """Where Python raises, C has infinities and not-a-number; NumPy says which."""
    with np.errstate(all="ignore"):
        return float(function(*map(np.float64, values)))


@pytest.mark.parametrize(("name", "low", "high"), SINGLE)
def test_functions_are_right_to_some_units_in_the_last_place(name: str, low: float, high: float) -> None:
    for value in np.random.default_rng(1).uniform(low, high, 1000).tolist():
        found, wanted = getattr(numerics, name)(value), getattr(math, name)(value)
        assert found == pytest.approx(wanted, rel=2e-15, abs=5e-324)


def test_powers_and_rests() -> None:
    random = np.random.default_rng(1)
    for value, power in zip(random.uniform(0, 100, 1000).tolist(), random.uniform(-40, 40, 1000).tolist(), strict=True):
        assert numerics.pow(value, power) == pytest.approx(math.pow(value, power), rel=1e-13)
        assert numerics.fmod(value * 1e6, power) == math.fmod(value * 1e6, power)
    assert [numerics.log10(10.0**power) for power in range(23)] == list(range(23))
    assert [numerics.exp2(power) for power in range(-1000, 1000)] == [2.0**power for power in range(-1000, 1000)]
    assert numerics.pow(-8.0, 3.0) == -512.0


@pytest.mark.parametrize("name", ["exp", "expm1", "log", "log1p", "log2", "log10"])
def test_values_at_the_edges(name: str) -> None:
    for value in ODD:
        found, wanted = getattr(numerics, name)(value), said_by_python(getattr(np, name), value)
        assert found == pytest.approx(wanted, rel=2e-15, nan_ok=True), value


def test_powers_at_the_edges() -> None:
    assert numerics.pow(-math.inf, 0.5) == math.inf
    for value in ODD[:-2] + ODD[-1:]:  # of whose last but one NumPy takes the square root instead
        for power in ODD:
            found, wanted = numerics.pow(value, power), said_by_python(np.power, value, power)
            assert found == pytest.approx(wanted, rel=1e-13, nan_ok=True), (value, power)


def test_plugins_use_them_in_the_sandbox(host: Host) -> None:
    text = """
import math

def process(qualities, share: float) -> float:
    chance = 0.0
    for quality in qualities:
        chance += 10.0 ** ((33 - quality) / 10)
    much = math.exp(share) + math.log(share) + math.log2(share) + math.log1p(share) + math.expm1(share)
    return chance + much + math.sqrt(share) + math.log10(share) + math.pow(share, 2.5) + 7.5 % share
"""
    manifest = manifest_for(
        b"", changes=[], metrics=[{"name": "sum", "kind": "per_read"}],
        parameters=[{"name": "share", "type": "number", "default": 0.7}],
    )  # fmt: skip
    with StagePlugin(host, manifest, compile_python(text, manifest)).open() as stage:
        found = stage.process(batch_of([Read(b"a", b"ACGT", b"+5?I")])).metrics.values()["sum"].value
    share = 0.7
    much = math.exp(share) + math.log(share) + math.log2(share) + math.log1p(share) + math.expm1(share)
    much += math.sqrt(share) + math.log10(share) + math.pow(share, 2.5) + 7.5 % share
    assert found == pytest.approx(0.1 + 0.01 + 0.001 + 0.0001 + much, rel=1e-6)  # a float32 for each read
