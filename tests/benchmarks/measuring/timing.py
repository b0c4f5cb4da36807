"""Timing contenders side by side, so that what else the machine does meets all of them alike."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tests.benchmarks.measuring import quiet

REPEATS = 7

Contender = Callable[[], float | None]
"""Does the work once. Returns the seconds it took where it knows better than a clock around it."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each round, in order."""

    rounds: tuple[float, ...]

    @property
    def best(self) -> float:
        """The shortest."""
        return min(self.rounds)

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.rounds)

    def ratio(self, other: Times) -> float:
        """How many times as long as `other`: the median of the rounds' own ratios."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.rounds, other.rounds, strict=True))

    def best_ratio(self, other: Times) -> float:
        """How many times as long as `other`, best against best."""
        return self.best / other.best


def interleaved(contenders: Mapping[str, Contender], repeats: int = REPEATS) -> dict[str, Times]:
    """Times every contender once a round; one round more goes before and is not counted."""
    rounds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(repeats + 1):
        for name, contender in contenders.items():
            seconds = quiet.measured(partial(_clocked, contender))
            if number:
                rounds[name].append(seconds)
    return {name: Times(tuple(seconds)) for name, seconds in rounds.items()}


def _clocked(contender: Contender) -> float:
    began = time.perf_counter()
    reported = contender()
    return time.perf_counter() - began if reported is None else reported


def command(*arguments: str, env: Mapping[str, str] | None = None) -> Contender:
    """A program as a contender; what it prints is thrown away."""

    def contender() -> None:
        subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env, check=True)

    return contender


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * percent // 100) - 1)]
