"""Whether a step helped, by windows with it and without it in turns, and by how much windows differ of themselves."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from engine.tuning.load import Load
from engine.tuning.profiler import margin
from engine.tuning.setting import Setting, Step

GAIN = 0.04
"""Share by which a step has to raise the rate to be kept."""

_CLEAR = 0.15
"""A difference above this may be believed after one window; a smaller one never is."""

_ROUND = 2
"""Windows with the step in a round; one without it stands before them and one behind: whatever goes up and down from
window to window, or steadily one way, is no gain."""

_MOST = 3 * _ROUND
"""Windows with the step after which it is decided in any case."""

_PRIOR, _PRIOR_COUNT = 0.03, 2
"""What windows differ by on a quiet machine, and how many differences that is worth."""

_REMEMBERED = 16


class Noise:
    """By how much the rates of windows differ that ought to be the same."""

    def __init__(self) -> None:
        self._squares: deque[float] = deque(maxlen=_REMEMBERED)

    def add(self, one: Load, other: Load) -> None:
        """Takes two windows at the same setting, not long after each other."""
        self._squares.append(math.log(one.rate / other.rate) ** 2 / 2)

    @property
    def deviation(self) -> float:
        """Standard deviation of the logarithm of a window's rate."""
        known = sum(self._squares) + _PRIOR_COUNT * _PRIOR**2
        return math.sqrt(known / (len(self._squares) + _PRIOR_COUNT))


class Finding(Enum):
    """What is known of a step."""

    HELPS = "helps"
    DOES_NOT = "does not"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Trial:
    """A step that is being tried.

    Attributes:
        step: which.
        setting: where it leads to.
        is_usual: it leads to where runs begin that nobody has set otherwise: it is kept unless it does harm.
        without: windows without it, the first from before.
        tried: windows with it.
    """

    step: Step
    setting: Setting
    is_usual: bool
    without: list[Load]
    tried: list[Load] = field(default_factory=list)

    def add(self, load: Load, noise: Noise, *, is_with: bool) -> None:
        """Takes a window.

        Args:
            load: of the window.
            noise: is told what can be learned of it.
            is_with: whether the step was in force.
        """
        windows = self.tried if is_with else self.without
        if windows:
            noise.add(windows[-1], load)
        windows.append(load)

    @property
    def wants_step(self) -> bool:
        """Whether the next window is one with the step."""
        return len(self.tried) < _ROUND * len(self.without)

    def finding(self, noise: Noise) -> Finding:
        """What can be said by now."""
        gain = _mean(self.tried) - _mean(self.without)
        error = max(
            noise.deviation * math.sqrt(1 / len(self.tried) + 1 / len(self.without)),
            margin(self.tried[-1], 0.0) / math.sqrt(len(self.tried)),
        )
        if len(self.without) == 1:  # the first windows: only what is plain
            if abs(gain) <= max(_CLEAR, 4 * error) or (self.is_usual and gain < 0):
                return Finding.UNKNOWN
            return Finding.HELPS if gain > 0 else Finding.DOES_NOT
        if self.is_usual:
            return self._harm(gain, error)
        is_last = len(self.tried) >= _MOST
        is_sure = len(self.without) > 2  # one round may go along with whatever goes up and down
        if is_sure and gain > max(GAIN, (2 if is_last else 2.5) * error):
            return Finding.HELPS
        return Finding.DOES_NOT if is_last or gain + error < GAIN else Finding.UNKNOWN

    def _harm(self, gain: float, error: float) -> Finding:
        if gain < -max(GAIN, 3 * error):
            return Finding.DOES_NOT
        return Finding.HELPS if gain >= 0 or len(self.tried) >= _MOST else Finding.UNKNOWN


def typical(loads: list[Load]) -> float:
    """The rate of windows at one setting, bytes a second: their geometric mean."""
    return math.exp(_mean(loads))


def _mean(loads: list[Load]) -> float:
    return sum(math.log(load.rate) for load in loads) / len(loads)
