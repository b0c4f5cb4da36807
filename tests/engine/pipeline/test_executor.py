"""What the executor does with batches, whatever happens in the stages."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.errors import LanescopeError
from engine.flow.turnstile import TurnstileAborted
from engine.pipeline.definition import FailurePolicy
from engine.pipeline.plan import ResolvedPipeline
from engine.pipeline.steps.cancellation import ExecutionCancelled
from engine.pipeline.steps.executor import Executor, PipelineRun
from engine.pipeline.steps.failures import StageFailed, StageTimedOut
from engine.run.snapshot import StageSummary
from tests.engine.pipeline.chains import batch_of, composite, pipeline, stage
from tests.parsing import reads_of

GOES_ON = FailurePolicy(action="continue")
RETRIES = FailurePolicy(action="retry", attempts=3, backoff=0, then="continue")


def executor_of(pipeline: ResolvedPipeline) -> Executor:
    return PipelineRun(pipeline).executor()


def total_of(executor: Executor) -> StageSummary:
    return executor.statistics().summary()


def shortened(batch: ReadBatch) -> ReadBatch:
    return replace(batch, lengths=np.minimum(batch.lengths, 4))


def same(batch: ReadBatch) -> ReadBatch:
    return batch


class Failing:
    """Fails on every batch, or as often as told, after it has spoilt the batch."""

    def __init__(self, times: int = 1 << 30, error: Exception | None = None) -> None:
        self.left = times
        self.error = error or ValueError("no")

    def __call__(self, batch: ReadBatch) -> ReadBatch:
        if not self.left:
            return batch
        self.left -= 1
        batch.buffer[:] = ord("!")
        raise self.error


def test_stages_work_in_order() -> None:
    executor = executor_of(pipeline(stage("cut", five_prime=2), stage("shorten", length=3), stage("length", minimum=3)))
    after = executor.process(batch_of())
    assert [read.bases for read in reads_of(after)] == [b"GTA"] * 3
    total = total_of(executor)
    assert (total.reads_in, total.reads_out, total.bases_in, total.bases_out) == (3, 3, 30, 9)
    assert [step.bases_out for step in total.stages] == [24, 9, 9]
    assert total.executions == total.successes == 1


def test_a_pipeline_without_stages_lets_pass() -> None:
    executor = executor_of(pipeline())
    batch = batch_of()
    assert executor.process(batch) is batch
    assert total_of(executor).reads_out == 3


def test_continue_leaves_a_batch_as_it_was() -> None:
    executor = executor_of(pipeline(stage(Failing(), GOES_ON, in_place=True), stage(shortened, name="next")))
    batch = batch_of()
    before = [read.bases for read in reads_of(batch)]
    after = executor.process(batch)
    assert [read.bases for read in reads_of(after)] == [bases[:4] for bases in before]
    first, second = total_of(executor).stages
    assert (first.executions, first.successes, first.failures) == (1, 0, 1)
    assert (first.reads_in, first.reads_out) == (3, 3)
    assert "ValueError: no" in first.errors[0]
    assert (second.successes, second.reads_in) == (1, 3)


def test_only_the_first_errors_are_kept() -> None:
    executor = executor_of(pipeline(stage(Failing(), GOES_ON, in_place=True)))
    for number in range(20):
        executor.process(batch_of(number=number, first_record=3 * number))
    (failed,) = total_of(executor).stages
    assert failed.failures == 20
    assert [error.split(":")[0] for error in failed.errors] == [
        f"worked, reads {3 * number + 1} to {3 * number + 3}" for number in range(5)
    ]


def test_abort_says_which_stage_and_reads() -> None:
    executor = executor_of(pipeline(stage(Failing(error=LanescopeError("It is broken.", hint="Mend it.")), name="bad")))
    with pytest.raises(StageFailed, match="bad, reads 101 to 103: It is broken") as caught:
        executor.process(batch_of(first_record=100))
    assert caught.value.hint == "Mend it."
    assert total_of(executor).stages[0].failures == 1


def test_retry_until_it_goes_well() -> None:
    executor = executor_of(pipeline(stage(Failing(2), RETRIES, in_place=True)))
    batch = batch_of()
    after = executor.process(batch)
    assert [read.bases for read in reads_of(after)] == [b"ACGTACGTAC"] * 3
    (step,) = total_of(executor).stages
    assert (step.executions, step.successes, step.failures, step.retries) == (1, 1, 0, 2)
    assert (step.reads_in, step.reads_out) == (3, 3)


@pytest.mark.parametrize("then", ["continue", "abort"])
def test_no_attempt_left(then: str) -> None:
    executor = executor_of(pipeline(stage(Failing(), RETRIES.model_copy(update={"then": then}), in_place=True)))
    if then == "abort":
        with pytest.raises(StageFailed):
            executor.process(batch_of())
    else:
        assert len(executor.process(batch_of())) == 3
    (step,) = total_of(executor).stages
    assert (step.failures, step.retries) == (1, 2)


def test_what_an_attempt_counted_before_it_failed_does_not_count() -> None:
    executor = executor_of(pipeline(stage("mask", GOES_ON, quality=20)))
    after = executor.process(batch_of())
    assert reads_of(after)[0].bases == b"ACGTANNNNN"
    (step,) = total_of(executor).stages
    assert step.counters == {"masked bases": {"N": 15}}


def test_a_stage_that_works_in_place_is_kept_from_the_batch_only_where_it_matters() -> None:
    batch = batch_of()
    executor_of(pipeline(stage("mask", GOES_ON, quality=20))).process(batch)
    assert reads_of(batch)[0].bases == b"ACGTACGTAC"
    executor_of(pipeline(stage("mask", quality=20, spares=False))).process(batch)
    assert reads_of(batch)[0].bases == b"ACGTANNNNN"


def test_a_late_stage_is_timed_out() -> None:
    late = threading.Event()

    def slow(batch: ReadBatch) -> ReadBatch:
        late.wait(0.02)
        return batch

    executor = executor_of(pipeline(stage(slow, timeout=0.001)))
    with pytest.raises(StageTimedOut, match=r"worked, reads 1 to 3: it was stopped after 0\.001 seconds"):
        executor.process(batch_of())
    assert total_of(executor).stages[0].timeouts == 1


def test_a_late_stage_is_stopped_between_pieces() -> None:
    pieces = []
    late = threading.Event()

    def slow(batch: ReadBatch) -> ReadBatch:
        pieces.append(len(batch))
        late.wait(0.4)
        return batch

    executor = executor_of(pipeline(stage(slow, GOES_ON, timeout=0.35)))
    after = executor.process(batch_of(50_000))
    assert len(after) == 50_000
    assert len(pieces) == 1
    assert pieces[0] < 50_000
    assert total_of(executor).stages[0].timeouts == 1


def test_the_pipelines_time_ends_a_stage() -> None:
    late = threading.Event()

    def slow(batch: ReadBatch) -> ReadBatch:
        late.wait(0.02)
        return batch

    executor = executor_of(pipeline(stage(slow, RETRIES), policy=GOES_ON, timeout=0.001))
    batch = batch_of()
    assert executor.process(batch) is batch
    total = total_of(executor)
    assert (total.timeouts, total.failures, total.reads_out) == (1, 1, 3)
    with pytest.raises(StageTimedOut, match="tried"):
        executor_of(pipeline(stage(slow), timeout=0.001)).process(batch)


def test_a_failing_composite_passes_the_batch_as_it_came() -> None:
    inner = composite([stage("shorten", length=2), stage(Failing(), in_place=True)], GOES_ON)
    executor = executor_of(pipeline(inner, stage("length", minimum=5)))
    after = executor.process(batch_of())
    assert [read.bases for read in reads_of(after)] == [b"ACGTACGTAC"] * 3
    outer = total_of(executor).stages[0]
    assert (outer.failures, outer.stages[0].successes, outer.stages[1].failures) == (1, 1, 1)


def test_a_failure_inside_goes_up_where_the_composite_has_no_policy() -> None:
    executor = executor_of(pipeline(composite([stage(Failing())]), policy=GOES_ON))
    with pytest.raises(StageFailed):
        executor.process(batch_of())


def test_retries_of_a_composite_with_deduplication_see_no_read_twice() -> None:
    policy = FailurePolicy(action="retry", attempts=3, backoff=0, then="continue")
    inner = composite([stage("deduplicate"), stage(Failing(), in_place=True)], policy)
    executor = executor_of(pipeline(inner))
    after = executor.process(batch_of())
    assert len(after.kept()) == 3  # as it came
    assert total_of(executor).stages[0].retries == 0


def test_a_batch_that_fails_before_deduplication_keeps_nobody_waiting() -> None:
    inner = composite([stage(Failing(1), in_place=True), stage("deduplicate")], GOES_ON)
    executor = executor_of(pipeline(inner))
    assert len(executor.process(batch_of(number=0)).kept()) == 3
    assert len(executor.process(batch_of(number=1)).kept()) == 1


def test_cancel_frees_who_waits_for_a_turn() -> None:
    run = PipelineRun(pipeline(stage("deduplicate")))
    executor = run.executor()
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            executor.process(batch_of(number=1))
        except TurnstileAborted as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    run.cancel()
    thread.join(30)
    assert len(errors) == 1


def test_cancel_ends_a_wait_for_the_next_attempt() -> None:
    run = PipelineRun(pipeline(stage(Failing(), FailurePolicy(action="retry", backoff=600, jitter=0))))
    executor = run.executor()
    errors: list[BaseException] = []

    def wait() -> None:
        try:
            executor.process(batch_of())
        except ExecutionCancelled as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    run.cancel()
    thread.join(30)
    assert len(errors) == 1


def test_statistics_of_workers_merge() -> None:
    run = PipelineRun(pipeline(stage("length", minimum=20), stage(Failing(), GOES_ON, in_place=True)))
    executors = [run.executor() for _ in range(3)]
    for number in range(9):
        executors[number % 3].process(batch_of(number=number))
    summary = run.summary([executor.statistics() for executor in executors])
    assert (summary.total.executions, summary.total.reads_in, summary.total.reads_out) == (9, 27, 0)
    length, failing = summary.stages
    assert length.drops == {"too short": 27}
    assert failing.failures == 9
    assert len(failing.errors) == 5
    assert summary.total.p50 is not None
    assert summary.total.p99 is not None
    assert 0 < summary.total.p50 <= summary.total.p99 <= summary.total.seconds * 1.02
