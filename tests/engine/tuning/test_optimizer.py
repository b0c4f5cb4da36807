"""The optimizer against runs that are arithmetic: it gets near the best setting soon, and then holds still."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.tuning.decision import Verdict
from engine.tuning.optimizer import Optimizer
from engine.tuning.setting import Bounds, Knob, Setting, Step
from tests.engine.tuning.simulation import Simulation, Workload, best_speed

MIB = 1 << 20
PLAIN = Workload("QC from plain", reading=2.5e9, working=0.8e9, cores=4)
TRIMMING = Workload("trimming, gzip to gzip", reading=0.5e9, working=0.08e9, cores=4)
PLUGIN = Workload("a slow plugin", reading=2e9, working=2e7, cores=4)


def bounds_for(workload: Workload) -> Bounds:
    """As runs have them: only what results cannot depend on is moved."""
    most = Setting(workload.cores, 16 * MIB, (8 + workload.cores) * 8 * MIB)
    if workload is PLAIN:
        return Bounds(Setting(1, MIB, 2 * MIB), most)
    return Bounds(Setting(1, 4 * MIB, 8 * MIB), replace(most, batch_bytes=4 * MIB))


def usual(workload: Workload) -> Setting:
    return Setting(workload.cores, 4 * MIB, (8 + workload.cores) * 4 * MIB)


def poor(workload: Workload) -> Setting:
    low = bounds_for(workload).least
    return replace(low, in_flight_bytes=max(low.in_flight_bytes, 4 * low.batch_bytes))


def simulated(workload: Workload, start: Setting, seed: int) -> Simulation:
    return Simulation(workload, Optimizer(start, bounds_for(workload), usual(workload)), np.random.default_rng(seed))


WORKLOADS = pytest.mark.parametrize("workload", [PLAIN, TRIMMING, PLUGIN], ids=lambda workload: workload.name)
STARTS = pytest.mark.parametrize("start", [usual, poor])


@WORKLOADS
@STARTS
@pytest.mark.parametrize("cores", [2, 4, 16])
def test_within_ten_seconds_it_is_within_a_tenth_of_the_best_fixed_setting(
    workload: Workload, start: Callable[[Workload], Setting], cores: int
) -> None:
    for seed in range(5):
        machine = replace(workload, cores=cores)
        bounds = replace(bounds_for(workload), most=replace(bounds_for(workload).most, workers=cores))
        run = Simulation(machine, Optimizer(start(machine), bounds, usual(machine)), np.random.default_rng(seed))
        run.run(10)
        assert machine.speed(run.optimizer.setting) >= 0.9 * best_speed(machine, bounds)


@WORKLOADS
@STARTS
def test_it_comes_to_rest_and_never_tries_a_setting_twice(
    workload: Workload, start: Callable[[Workload], Setting]
) -> None:
    for seed in range(5):
        run = simulated(workload, start(workload), seed)
        run.run(600)
        decisions = run.optimizer.tuning.decisions
        tried = [(each.knob, each.before, each.after) for each in decisions if each.verdict is Verdict.TRIED]
        assert len(set(tried)) >= len(tried) - 1  # the same step from another setting
        assert decisions[-1].verdict is Verdict.SETTLED
        assert [each.verdict for each in decisions].count(Verdict.SETTLED) == 1
        assert max((time for time, _ in run.moves), default=0.0) < 20


@WORKLOADS
def test_every_step_that_is_tried_is_kept_or_taken_back_with_a_reason(workload: Workload) -> None:
    run = simulated(workload, poor(workload), 1)
    run.run(60)
    *steps, last = run.optimizer.tuning.decisions
    assert last.verdict is Verdict.SETTLED
    for tried, judged in zip(steps[::2], steps[1::2], strict=True):
        assert tried.verdict is Verdict.TRIED
        assert judged.verdict in {Verdict.KEPT, Verdict.TAKEN_BACK}
        assert (tried.knob, tried.before, tried.after) == (judged.knob, judged.before, judged.after)
        assert tried.reason
        assert judged.reason
        assert tried.time <= judged.time


def test_nothing_is_moved_out_of_its_bounds() -> None:
    for workload, seed in itertools.product([PLAIN, TRIMMING, PLUGIN], range(5)):
        bounds = bounds_for(workload)
        run = simulated(workload, poor(workload), seed)
        run.run(60)
        for _, setting in run.moves:
            for knob in Knob:
                assert bounds.least.value(knob) <= setting.value(knob) <= bounds.most.value(knob)
            assert setting.in_flight_bytes >= (setting.workers + 1) * setting.batch_bytes


def test_short_runs_are_left_alone() -> None:
    run = simulated(PLUGIN, poor(PLUGIN), 1)
    run.run(1)
    assert not run.moves


def test_frozen_it_goes_back_to_the_best_and_stays() -> None:
    run = simulated(PLAIN, poor(PLAIN), 2)
    while run.optimizer.tuning.decisions[-1:] == () or run.optimizer.tuning.decisions[-1].verdict is not Verdict.TRIED:
        run.run(0.1)
    before = run.optimizer.tuning.decisions[-1].before
    knob = run.optimizer.tuning.decisions[-1].knob
    assert knob is not None
    run.optimizer.freeze()
    assert run.optimizer.setting.value(knob) == before
    assert run.optimizer.tuning.is_frozen
    made = len(run.moves)
    run.run(30)
    assert len(run.moves) == made
    run.optimizer.thaw()
    run.run(30)
    assert len(run.moves) > made


def test_thawed_without_having_been_frozen_it_goes_on_as_it_was() -> None:
    run = simulated(PLAIN, poor(PLAIN), 1)
    for _ in range(300):
        run.run(0.1)
        run.optimizer.thaw()
    assert run.optimizer.tuning.decisions[-1].verdict is Verdict.SETTLED


def test_thawed_after_it_had_settled_it_looks_again() -> None:
    run = simulated(TRIMMING, usual(TRIMMING), 2)
    run.run(30)
    run.optimizer.freeze()
    run.run(5)
    run.optimizer.thaw()
    run.run(30)
    settled = [each for each in run.optimizer.tuning.decisions if each.verdict is Verdict.SETTLED]
    assert len(settled) == 2


@WORKLOADS
def test_on_a_machine_that_others_use_it_still_comes_near_and_to_rest(workload: Workload) -> None:
    """All goes at a third to the whole of its speed, for moments of very different length."""
    near = 0
    for seed in range(10):
        run = simulated(workload, poor(workload), seed)
        chance = np.random.default_rng(seed)
        while run.time < 40:
            share = float(chance.uniform(0.3, 1))
            run.workload = replace(workload, reading=workload.reading * share, working=workload.working * share)
            run.run(float(chance.uniform(0.2, 2)))
        run.optimizer.freeze()  # it may be at a step just now
        near += workload.speed(run.optimizer.setting) >= 0.85 * best_speed(workload, bounds_for(workload))
        assert len(run.moves) < 100
    assert near >= 8


@WORKLOADS
@pytest.mark.parametrize("period", [0.2, 0.3, 0.4, 0.7, 1.0, 1.5])
def test_a_rate_that_swings_by_itself_does_not_mislead(workload: Workload, period: float) -> None:
    """Twice as fast and half as fast in turns, as short or as long as the windows are, or two of them."""
    for seed in range(3):
        run = simulated(workload, usual(workload), seed)
        for turn in range(int(40 / period)):
            now = 1.4 if turn % 2 else 0.7
            run.workload = replace(workload, reading=workload.reading * now, working=workload.working * now)
            run.run(period)
        assert workload.speed(run.optimizer.setting) >= 0.9 * workload.speed(usual(workload))
        assert len(run.moves) < 100


@WORKLOADS
@pytest.mark.parametrize("boost", [1.5, 0.6], ids=["faster", "slower"])
def test_what_any_change_does_for_a_moment_does_not_mislead(workload: Workload, boost: float) -> None:
    for seed in range(4):
        run = simulated(workload, usual(workload), seed)
        while run.time < 30:
            is_fresh = bool(run.moves) and run.time - run.moves[-1][0] < 0.35
            now = boost if is_fresh else 1
            run.workload = replace(workload, reading=workload.reading * now, working=workload.working * now)
            run.run(0.1)
        assert workload.speed(run.optimizer.setting) >= 0.9 * best_speed(workload, bounds_for(workload))


@WORKLOADS
@pytest.mark.parametrize("noise", [0.15, 0.3, 0.6])
def test_however_noisy_the_machine_it_does_no_harm(workload: Workload, noise: float) -> None:
    for seed in range(4):
        run = simulated(replace(workload, noise=noise), usual(workload), seed)
        run.run(90)
        assert workload.speed(run.optimizer.setting) >= 0.9 * workload.speed(usual(workload))
        assert len(run.moves) < 100


@WORKLOADS
def test_a_machine_that_becomes_slower_and_slower_does_not_mislead(workload: Workload) -> None:
    """Whatever is looked at later seems worse."""
    for seed in range(4):
        run = simulated(workload, poor(workload), seed)
        while run.time < 30:
            share = 1 - run.time / 50
            run.workload = replace(workload, reading=workload.reading * share, working=workload.working * share)
            run.run(0.1)
        assert workload.speed(run.optimizer.setting) >= 0.9 * best_speed(workload, bounds_for(workload))


def test_another_load_for_good_is_looked_at_anew_and_a_restless_one_ever_less_often() -> None:
    run = simulated(PLUGIN, poor(PLUGIN), 3)
    run.run(60)
    run.workload = replace(PLUGIN, working=2e8)
    run.run(60)
    settled = [each.time for each in run.optimizer.tuning.decisions if each.verdict is Verdict.SETTLED]
    assert len(settled) == 2
    for turn in range(200):
        run.workload = replace(PLUGIN, working=2e7 if turn % 2 else 2e8)
        run.run(30)
    settled = [each.time for each in run.optimizer.tuning.decisions if each.verdict is Verdict.SETTLED]
    assert len(settled) < 12  # in 100 minutes


def test_less_is_under_way_when_memory_is_short_and_does_not_come_back() -> None:
    run = simulated(PLAIN, usual(PLAIN), 4)
    run.run(20)
    before = run.optimizer.setting
    run.memory = 0.95
    run.run(20)
    low = run.optimizer.setting
    assert low.in_flight_bytes < before.in_flight_bytes
    forced = [each for each in run.optimizer.tuning.decisions if each.verdict is Verdict.FORCED]
    assert forced
    assert "95 % of the memory" in forced[0].reason
    run.memory = 0.85
    run.run(60)
    assert run.optimizer.setting.in_flight_bytes <= low.in_flight_bytes


def test_a_pause_is_no_measure() -> None:
    run = simulated(TRIMMING, usual(TRIMMING), 5)
    run.run(5)
    for _ in range(50):
        run.optimizer.skip()
        run.run(0.2)
    made = len(run.optimizer.tuning.decisions)
    run.run(0.1)
    assert len(run.optimizer.tuning.decisions) == made


@pytest.mark.parametrize(
    ("step", "after"),
    [
        (Step(Knob.WORKERS, up=True), Setting(8, 4 * MIB, 64 * MIB)),
        (Step(Knob.WORKERS, up=False), Setting(3, 4 * MIB, 64 * MIB)),
        (Step(Knob.BATCH, up=True, factor=4), Setting(4, 16 * MIB, 80 * MIB)),
        (Step(Knob.BATCH, up=False), Setting(4, 2 * MIB, 64 * MIB)),
        (Step(Knob.IN_FLIGHT, up=True), Setting(4, 4 * MIB, 96 * MIB)),
        (Step(Knob.IN_FLIGHT, up=False, factor=4), None),
    ],
)
def test_steps(step: Step, after: Setting | None) -> None:
    bounds = Bounds(Setting(1, MIB, 2 * MIB), Setting(16, 16 * MIB, 96 * MIB))
    assert bounds.step(Setting(4, 4 * MIB, 64 * MIB), step) == after
