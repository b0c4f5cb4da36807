"""Finds a better setting while a run goes: one step at a time, and only what helped stays."""

from __future__ import annotations

import math
from collections import deque
from itertools import chain, repeat

from engine.tuning.candidates import TIGHT, candidates, usual_steps
from engine.tuning.decision import Decision, Tuning, Verdict
from engine.tuning.evidence import GAIN, Finding, Noise, Trial, typical
from engine.tuning.load import Counters, Load
from engine.tuning.profiler import Profiler, margin
from engine.tuning.setting import Bounds, Knob, Setting, Step

_FIRST = 3
"""Windows before the first step."""

_OTHER = 0.35
"""By how much the logarithm of the rate has to differ from what it was, for some time, before all is looked at anew."""

_STRANGE = 4
"""Windows that this has to last."""

_FULL = 0.92
"""Share of the memory from which on less is kept under way, whatever that costs."""

_KEPT = 200
"""Decisions that are told of one run."""


class Optimizer:
    """Moves workers, bytes of a batch and bytes under way, within bounds, by what readings of the load say.

    It tries one step at a time, in turns with how it is without, until the rates tell the two apart, by how much they
    go up and down of themselves; what does not help is taken back. First come steps to where runs usually begin, which
    stay unless they do harm. No setting that was tried and left is tried again, so that it cannot go to and fro; when
    nothing promising is left it rests. Where the load changes for good it begins anew, after a wait that doubles each
    time. It has no clock: time is what readings say.

    Args:
        setting: what to begin with.
        bounds: how far it may be moved.
        usual: what a run begins with that nobody has set otherwise; ``None``: `setting`.
        patience: seconds of work before the first step, and the first wait before it begins anew.

    Attributes:
        is_frozen: whether nothing is to be moved any more; see `freeze`.
    """

    def __init__(self, setting: Setting, bounds: Bounds, usual: Setting | None = None, patience: float = 1.0) -> None:
        self.is_frozen = False
        self._bounds = bounds
        self._usual = usual or setting
        self._noise = Noise()
        self._windows = 0
        self._led: set[Knob] = set()  # to where they usually stand: once in a run
        self._best = setting
        self._now = setting
        self._patience = patience
        self._rest = 10 * patience
        self._quiet_until = patience
        self._profiler = Profiler()
        self._base: Load | None = None
        self._trial: Trial | None = None
        self._last: Step | None = None
        self._seen: set[Setting] = {setting}
        self._is_settled = False
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
        self._trial = None

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
            elif self._trial is None:
                self._begin(now.time, load)
            else:
                self._judge(now.time, self._trial, load)
        return self._now

    def _begin(self, time: float, load: Load) -> None:
        """Some windows before the first step tell how much they differ of themselves."""
        if self._base is not None:
            self._noise.add(self._base, load)
        self._base = load
        self._windows += 1
        if self._windows >= _FIRST:
            self._windows = 0
            self._try_next(time)

    def _judge(self, time: float, trial: Trial, load: Load) -> None:
        is_with = self._now == trial.setting
        trial.add(load, self._noise, is_with=is_with)
        # Later rounds are looked at as a whole.
        found = Finding.UNKNOWN if is_with and len(trial.without) > 1 else trial.finding(self._noise)
        if found is Finding.UNKNOWN:
            self._go(trial.setting if trial.wants_step else self._best)
        else:
            self._decide(time, trial, is_kept=found is Finding.HELPS)

    def _decide(self, time: float, trial: Trial, *, is_kept: bool) -> None:
        reached, before = _speed(typical(trial.tried)), _speed(typical(trial.without))
        knob = trial.step.knob
        if is_kept:
            reason = f"{reached} instead of {before}"
            self._note(time, Verdict.KEPT, knob, self._best, trial.setting, reason)
            self._best, self._last = trial.setting, trial.step
        else:
            self._note(time, Verdict.TAKEN_BACK, knob, self._best, trial.setting, f"{reached} is no gain on {before}")
        self._base = (trial.tried if is_kept else trial.without)[-1]
        self._trial = None
        self._go(self._best)
        self._try_next(time)

    def _try_next(self, time: float) -> None:
        assert self._base is not None  # noqa: S101 - measured before anything is tried
        usual = usual_steps(self._base, self._best, self._usual, self._bounds, self._seen)
        found = candidates(self._base, self._best, self._bounds, self._seen, self._last)
        for is_usual, (step, setting, reason) in chain(zip(repeat(True), usual), zip(repeat(False), found)):
            if is_usual:
                if step.knob in self._led:
                    continue
                self._led.add(step.knob)
            self._seen.add(setting)
            self._trial = Trial(step, setting, is_usual, [self._base])
            self._note(time, Verdict.TRIED, step.knob, self._best, setting, reason)
            self._go(setting)
            return
        self._settle(time)

    def _settle(self, time: float) -> None:
        assert self._base is not None  # noqa: S101 - measured before anything is tried
        self._is_settled, self._strange = True, 0
        reason = f"{_speed(self._base.rate)}; {_limit(self._base)}"
        self._note(time, Verdict.SETTLED, None, self._best, self._best, reason)

    def _watch(self, time: float, load: Load) -> None:
        """Looks for a load that has become another one for good."""
        assert self._base is not None  # noqa: S101 - measured before it settled
        least = max(_OTHER, 2 * margin(load, GAIN), 3 * self._noise.deviation)
        is_strange = abs(math.log(load.rate / self._base.rate)) > least
        self._strange = self._strange + 1 if is_strange else 0
        if self._strange >= _STRANGE:
            self._is_settled = False
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
        self._is_settled = False
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


def _speed(rate: float) -> str:
    return f"{rate / 1e6:,.1f} MB/s"


def _limit(load: Load) -> str:
    words = {"reading": "reading limits the speed", "workers": "the workers limit the speed"}
    tight = ", and memory is short" if load.memory >= TIGHT else ""
    return words.get(load.limit.value, "nothing that can be moved limits the speed") + tight
