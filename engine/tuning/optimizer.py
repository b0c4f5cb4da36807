"""Finds a better setting while a run goes: one step at a time, and only what helped stays."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from engine.tuning.candidates import TIGHT, candidates
from engine.tuning.decision import Decision, Tuning, Verdict
from engine.tuning.load import Counters, Load
from engine.tuning.profiler import Profiler, margin
from engine.tuning.setting import Bounds, Knob, Setting, Step

_GAIN = 0.04
"""Share by which a step has to raise the rate to be kept."""

_CLEAR = 0.15
"""A gain above this is believed at once; a smaller one is only after a look at how it is without the step."""

_MOST_RECHECKS = 3
"""Looks at how good the best really is, on a machine that other programs use too."""

_OTHER = 0.4
"""Share by which the rate has to differ from what it was, for some time, before all is looked at anew."""

_STRANGE = 4
"""Windows that this has to last."""

_FULL = 0.92
"""Share of the memory from which on less is kept under way, whatever that costs."""

_KEPT = 200


@dataclass(frozen=True, slots=True)
class _Trial:
    step: Step
    setting: Setting
    gained: Load | None = None
    """What it gave, while the setting before is looked at once more."""


class Optimizer:
    """Moves workers, bytes of a batch and bytes under way, within bounds, by what readings of the load say.

    It tries one step, looks whether the rate rises by more than chance, and takes it back otherwise. No setting that
    was tried and left is tried again, so that it cannot go to and fro; when nothing promising is left it rests. Only
    where what it was compared with turns out to have been luck then, it looks once more, a few times at most. Where
    the load changes for good it begins anew, after a wait that doubles each time. It has no clock: time is what
    readings say.

    Args:
        setting: what to begin with.
        bounds: how far it may be moved.
        patience: seconds of work before the first step, and the first wait before it begins anew.

    Attributes:
        is_frozen: whether nothing is to be moved any more; see `freeze`.
    """

    def __init__(self, setting: Setting, bounds: Bounds, patience: float = 1.0) -> None:
        self.is_frozen = False
        self._bounds = bounds
        self._best = setting
        self._now = setting
        self._patience = patience
        self._rest = 10 * patience
        self._quiet_until = patience
        self._profiler = Profiler()
        self._base: Load | None = None
        self._trial: _Trial | None = None
        self._last: Step | None = None
        self._seen: set[Setting] = {setting}
        self._is_settled = False
        self._is_rechecking = False
        self._rechecks = 0
        self._strange = 0
        self._decisions: deque[Decision] = deque(maxlen=_KEPT)
        self._made = 0

    @property
    def setting(self) -> Setting:
        """How the run is to be carried out from now on."""
        return self._now

    @property
    def tuning(self) -> Tuning:
        """All of this for those who look on."""
        decisions = tuple(self._decisions)
        return Tuning(self._now, self.is_frozen, decisions, self._made - len(decisions))

    def freeze(self) -> None:
        """Goes back to what was best so far, and stays there."""
        self.is_frozen = True
        self._go(self._best)
        self._trial, self._is_rechecking = None, False

    def thaw(self) -> None:
        """Goes on after `freeze`; does nothing otherwise."""
        if not self.is_frozen:
            return
        self.is_frozen = False
        self._base, self._is_settled = None, False
        self._profiler.restart()

    def skip(self) -> None:
        """What is measured now is no measure: the run was paused."""
        self._profiler.restart()

    def observe(self, now: Counters) -> Setting:
        """Takes a reading, some times a second, and gives the setting from now on."""
        if now.memory >= _FULL and not self.is_frozen:
            self._relieve(now)
        if self.is_frozen or now.time < self._quiet_until:
            return self._now
        load = self._profiler.add(now, self._now.workers)
        if load is not None and load.rate > 0:  # batches and bytes are not read at the same moment
            if self._is_settled:
                self._watch(now.time, load)
            elif self._is_rechecking:
                self._recheck(now.time, load)
            elif self._trial is None:
                self._base = load
                self._try_next(now.time)
            else:
                self._judge(now.time, self._trial, load)
        return self._now

    def _judge(self, time: float, trial: _Trial, load: Load) -> None:
        assert self._base is not None  # noqa: S101 - measured before anything is tried
        if trial.gained is not None:  # this is how it is without the step
            if trial.gained.rate > load.rate * (1 + margin(load, _GAIN)):
                self._keep(time, trial, trial.gained, load)
            else:
                self._take_back(time, trial, trial.gained, load)
            return
        gain = load.rate / self._base.rate - 1
        if gain <= margin(load, _GAIN):
            self._take_back(time, trial, load, self._base)
        elif gain > max(_CLEAR, 2 * margin(load, _GAIN)):
            self._keep(time, trial, load, self._base)
        else:
            self._trial = _Trial(trial.step, trial.setting, load)
            self._go(self._best)

    def _keep(self, time: float, trial: _Trial, load: Load, before: Load) -> None:
        reason = f"{_speed(load)} instead of {_speed(before)}"
        self._note(time, Verdict.KEPT, trial.step.knob, self._best, trial.setting, reason)
        self._best, self._base, self._last, self._trial = trial.setting, load, trial.step, None
        self._go(self._best)
        self._try_next(time)

    def _take_back(self, time: float, trial: _Trial, load: Load, before: Load) -> None:
        reason = f"{_speed(load)} is no gain on {_speed(before)}"
        self._note(time, Verdict.TAKEN_BACK, trial.step.knob, self._best, trial.setting, reason)
        self._base, self._trial = before, None
        self._go(self._best)
        self._try_next(time)

    def _try_next(self, time: float) -> None:
        assert self._base is not None  # noqa: S101 - measured before anything is tried
        for step, setting, reason in candidates(self._base, self._best, self._bounds, self._seen, self._last):
            self._seen.add(setting)
            self._trial = _Trial(step, setting)
            self._note(time, Verdict.TRIED, step.knob, self._best, setting, reason)
            self._go(setting)
            return
        if self._rechecks < _MOST_RECHECKS:
            self._is_rechecking = True
            self._profiler.restart()
            return
        self._settle(time)

    def _recheck(self, time: float, load: Load) -> None:
        """Steps that were judged by a rate that was good luck are tried once more."""
        assert self._base is not None  # noqa: S101 - measured before anything is tried
        self._is_rechecking = False
        self._rechecks += 1
        if load.rate >= self._base.rate * (1 - max(_CLEAR, 2 * margin(load, _GAIN))):
            self._settle(time)
            return
        self._base, self._last, self._seen = load, None, {self._best}
        self._try_next(time)

    def _settle(self, time: float) -> None:
        assert self._base is not None  # noqa: S101 - measured before anything is tried
        self._is_settled, self._strange = True, 0
        self._note(time, Verdict.SETTLED, None, self._best, self._best, f"{_speed(self._base)}; {_limit(self._base)}")

    def _watch(self, time: float, load: Load) -> None:
        """Looks for a load that has become another one for good."""
        assert self._base is not None  # noqa: S101 - measured before it settled
        is_strange = abs(load.rate / self._base.rate - 1) > max(_OTHER, 2 * margin(load, _GAIN))
        self._strange = self._strange + 1 if is_strange else 0
        if self._strange >= _STRANGE:
            self._is_settled, self._rechecks = False, 0
            self._base, self._last, self._seen = None, None, {self._best}
            self._quiet_until = time + self._rest
            self._rest *= 2
            self._profiler.restart()

    def _relieve(self, now: Counters) -> None:
        """Keeps less under way, since memory is nearly full."""
        moved = self._bounds.step(self._best, Step(Knob.IN_FLIGHT, up=False))
        moved = moved or self._bounds.step(self._best, Step(Knob.BATCH, up=False))
        if moved is None or now.time < self._quiet_until:
            return
        knob = Knob.IN_FLIGHT if moved.in_flight_bytes != self._best.in_flight_bytes else Knob.BATCH
        reason = f"{100 * now.memory:.0f} % of the memory is taken"
        self._note(now.time, Verdict.FORCED, knob, self._best, moved, reason)
        self._best, self._trial, self._base = moved, None, None
        self._is_settled = self._is_rechecking = False
        self._seen.add(moved)
        self._quiet_until = now.time + self._patience
        self._go(moved)

    def _go(self, setting: Setting) -> None:
        if setting != self._now:
            self._now = setting
            self._profiler.restart(self._base.rate if self._base is not None else 0.0)

    def _note(
        self, time: float, verdict: Verdict, knob: Knob | None, before: Setting, after: Setting, reason: str
    ) -> None:
        values = (before.value(knob), after.value(knob)) if knob is not None else (0, 0)
        self._decisions.append(Decision(time, verdict, knob, *values, reason))
        self._made += 1


def _speed(load: Load) -> str:
    return f"{load.rate / 1e6:,.1f} MB/s"


def _limit(load: Load) -> str:
    words = {"reading": "reading limits the speed", "workers": "the workers limit the speed"}
    tight = ", and memory is short" if load.memory >= TIGHT else ""
    return words.get(load.limit.value, "nothing that can be moved limits the speed") + tight
