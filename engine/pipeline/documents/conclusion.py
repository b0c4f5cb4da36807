"""JSON documents through a pipeline: what becomes of one, and what happens when a stage fails on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from engine.errors import LanescopeError
from engine.pipeline.policies import Rules, backoff
from engine.pipeline.steps.cancellation import Cancellation, ExecutionCancelled
from engine.pipeline.steps.failures import DeadlinePassed, DocumentStageFailed
from engine.pipeline.steps.statistics import StepStatistics
from engine.search.request import SearchRequestError
from engine.wasm.documents.json_text import Document
from engine.wasm.errors import GuestTimeout


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A document after some stages.

    Attributes:
        document: as it is now.
        rejected_by: the stage that rejected it, with those around it before it; empty: none did.
        numbers: what stages measured, by the same paths.
    """

    document: Document
    rejected_by: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)

    def rejected(self, stage: str) -> Conclusion:
        """The same, rejected."""
        return replace(self, rejected_by=stage)


Work = Callable[[Conclusion, float], Conclusion]
"""What a step makes of a document until a deadline, in seconds of `time.monotonic`."""


def carried_out(
    rules: Rules,
    counts: StepStatistics,
    cancellation: Cancellation,
    work: Work,
    before: Conclusion,
    deadline: float,
    *,
    may_recover: bool = True,
) -> Conclusion:
    """The document after a step, or as it was where the step failed and the pipeline goes on without it.

    Args:
        rules: how the step is carried out.
        counts: where it is counted.
        cancellation: of the pipeline.
        work: what the step does.
        before: the document.
        deadline: when what is around the step has to be done.
        may_recover: whether another attempt can come to anything else.

    Raises:
        DocumentStageFailed: it failed for good.
        SearchRequestError: likewise, for what it made of a search makes no sense.
        DeadlinePassed: the deadline passed.
        ExecutionCancelled: the work was called off.
    """
    policy = rules.policy
    attempts = policy.attempts if policy.action == "retry" and may_recover else 1
    counts.executions += 1
    for attempt in range(1, attempts + 1):
        try:
            after = _timed(rules, counts, work, before, deadline)
        except ExecutionCancelled:
            raise
        except Exception as error:
            if time.monotonic() > deadline:
                counts.failures += 1
                raise DeadlinePassed from error
            if isinstance(error, (DocumentStageFailed, SearchRequestError)) and rules.passes_failures:
                counts.failures += 1
                raise
            if attempt < attempts:
                counts.retries += 1
                cancellation.wait(min(backoff(policy, attempt), max(deadline - time.monotonic(), 0)))
                continue
            counts.failures += 1
            failure = _described(rules, error)
            counts.add_error(0, str(failure))
            if "continue" in (policy.action, policy.then if policy.action == "retry" else ""):
                return before
            raise failure from error
        counts.successes += 1
        return after
    raise AssertionError("a policy allows one attempt at least")


def _timed(rules: Rules, counts: StepStatistics, work: Work, before: Conclusion, deadline: float) -> Conclusion:
    began = time.monotonic()
    own = min(deadline, began + rules.timeout)
    try:
        after = work(before, own)
        if time.monotonic() > own:
            raise DeadlinePassed
    except (DeadlinePassed, GuestTimeout):
        counts.timeouts += 1
        raise
    finally:
        counts.add_duration(time.monotonic() - began)
    return after


def _described(rules: Rules, error: Exception) -> LanescopeError:
    if isinstance(error, (DocumentStageFailed, SearchRequestError)):
        return error
    if isinstance(error, DeadlinePassed):
        return DocumentStageFailed(rules.path, f"it was stopped after {rules.timeout:g} seconds.")
    if isinstance(error, LanescopeError):
        return DocumentStageFailed(rules.path, str(error), hint=error.hint)
    return DocumentStageFailed(rules.path, f"{type(error).__name__}: {error}.")
