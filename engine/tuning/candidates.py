"""Which step is worth trying, by what the load says."""

from __future__ import annotations

from collections.abc import Container, Iterator

from engine.tuning.load import Limit, Load
from engine.tuning.setting import Bounds, Knob, Setting, Step

_SHORT, _LONG = 0.02, 0.004
"""Seconds of a batch: below the first, larger ones may save on what each costs; above the other, smaller ones may
share the work better and stay in the cache."""

_IDLE = 0.95
"""Share of the time: workers that are busy less than this now and then wait for batches that were not ready."""

_NEAR = 1.9
"""How many times as much or as little is as good as the same."""

TIGHT = 0.8
"""Share of the memory from which on nothing is tried that takes more of it."""


def candidates(
    load: Load, setting: Setting, bounds: Bounds, seen: Container[Setting], last: Step | None
) -> Iterator[tuple[Step, Setting, str]]:
    """Steps that may help, the most promising first, each with the setting that it leads to and the reason.

    Args:
        load: at the setting.
        setting: where things stand.
        bounds: how far they may be moved.
        seen: settings that have been tried, which are not tried again.
        last: the step that helped last, which is worth repeating.
    """
    steps = sorted(_promising(load), key=lambda promising: promising[0] != last)
    for step, reason in steps:
        moved = bounds.step(setting, step)
        if moved is not None and moved not in seen and not (load.memory >= TIGHT and _takes_more(setting, moved)):
            yield step, moved, reason


def usual_steps(
    load: Load, setting: Setting, usual: Setting, bounds: Bounds, seen: Container[Setting]
) -> Iterator[tuple[Step, Setting, str]]:
    """Steps that take a knob to where it usually stands, as `candidates` gives them.

    Args:
        load: at the setting.
        setting: where things stand.
        usual: where they usually do.
        bounds: how far they may be moved.
        seen: settings that have been tried.
    """
    for knob in (Knob.WORKERS, Knob.BATCH, Knob.IN_FLIGHT):
        now, wanted = setting.value(knob), usual.value(knob)
        moved = bounds.at(setting, knob, wanted)
        if moved is None or moved in seen or 1 / _NEAR < wanted / now < _NEAR:
            continue
        if not (load.memory >= TIGHT and _takes_more(setting, moved)):
            yield Step(knob, up=wanted > now), moved, "runs begin there that nobody has set otherwise"


def _takes_more(setting: Setting, moved: Setting) -> bool:
    return moved.in_flight_bytes > setting.in_flight_bytes or moved.workers > setting.workers


def _promising(load: Load) -> Iterator[tuple[Step, str]]:
    busy, blocked = f"{100 * load.workers_busy:.0f} %", f"{100 * load.blocked:.0f} %"
    took = f"a batch took {1000 * load.seconds_per_batch:.1f} ms"
    idle = f"workers were busy {busy} of the time only, though reading waited {blocked} of it"
    if load.limit is Limit.WORKERS:
        yield Step(Knob.WORKERS, up=True), f"workers were busy {busy} of the time and reading waited {blocked} of it"
    # Half as much or twice as much can hardly be told from chance in most runs: the wider step first.
    for factor in (4, 2):
        if load.limit is not Limit.READING and load.workers_busy < _IDLE:
            yield Step(Knob.IN_FLIGHT, up=True, factor=factor), idle
        if load.seconds_per_batch < _SHORT:
            yield Step(Knob.BATCH, up=True, factor=factor), f"{took}, so that what each costs may weigh"
        if load.seconds_per_batch > _LONG:
            yield Step(Knob.BATCH, up=False, factor=factor), f"{took}, and smaller ones may stay in the cache"
    if load.limit is Limit.NEITHER:
        yield Step(Knob.WORKERS, up=True), idle
    if load.limit is Limit.READING:
        yield Step(Knob.WORKERS, up=False), f"workers were busy {busy} of the time, and reading may need the core"
