"""What is to be done with the reads of a run, as the store keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from engine.flow.backpressure import POLICIES, Backpressure
from engine.run.beginning import Beginning
from engine.run.following import Following
from engine.run.settings import Recovery, RunSettings

if TYPE_CHECKING:
    from pydantic import JsonValue

    from engine.collectors.judged_by import JudgedBy
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.plan import ResolvedPipeline
    from engine.sink.plan import OutputPlan


_RECOVERIES: tuple[Recovery, ...] = get_args(Recovery)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done with the reads of a run.

    Attributes:
        pipeline: what they go through.
        output: where they go to.
        following: how to follow the input, if it grows.
        beginning: what has been done already.
        resolved: the pipeline, where it has been looked up.
        recovery: see `RunSettings`; ``None``: as the settings say.
        backpressure: likewise.
        judged_by: the profile to judge the run by; ``None``: the usual one. It is kept with the run itself.
    """

    pipeline: PipelineDefinition | None = None
    output: OutputPlan | None = None
    following: Following | None = None
    beginning: Beginning | None = None
    resolved: ResolvedPipeline | None = None
    recovery: Recovery | None = None
    backpressure: Backpressure | None = None
    judged_by: JudgedBy | None = None

    def parameters(self) -> dict[str, JsonValue]:
        """As the store keeps it."""
        kept: dict[str, JsonValue] = {}
        if self.pipeline is not None:
            kept["pipeline"] = self.pipeline.model_dump(mode="json")
        if self.output is not None:
            # JSON escapes what of a path is no valid text.
            kept["output"] = json.loads(json.dumps(asdict(_absolute(self.output)), default=str))
        if self.following is not None:
            kept["following"] = {"silence": self.following.silence}
        return kept

    @classmethod
    def of(cls, parameters: Mapping[str, JsonValue]) -> Work:
        """What a run was told to do, by what the store keeps of it.

        Raises:
            InvalidPipelineError: its pipeline cannot be used any more.
            OutputError: its reads went to what only its process had open, such as standard output.
        """
        pipeline, output, following = (parameters.get(name) for name in ("pipeline", "output", "following"))
        definition = None
        if isinstance(pipeline, dict):
            from engine.pipeline.validation import checked

            definition = checked(pipeline)
        plan = None
        if isinstance(output, dict):
            from engine.sink.kept_plan import plan_from, refuse_streams

            refuse_streams(plan := plan_from(output))
        silence = following.get("silence") if isinstance(following, dict) else None
        return cls(
            definition,
            plan,
            Following(float(silence) if isinstance(silence, int | float) else None)
            if isinstance(following, dict)
            else None,
            recovery=next((each for each in _RECOVERIES if each == parameters.get("recovery")), None),
            backpressure=_policy(parameters.get("backpressure")),
        )

    def settings(self, usual: RunSettings) -> RunSettings:
        """How it is carried out: as is usual, but for what the run itself was told."""
        told = {"recovery": self.recovery, "backpressure": self.backpressure}
        return usual.model_copy(update={name: value for name, value in told.items() if value is not None})


def _policy(kept: JsonValue) -> Backpressure | None:
    """What becomes of batches that find no room: a run that begins anew leaves out what it would have left out."""
    try:
        return POLICIES.validate_python(kept)
    except ValueError:
        return None  # of another version


def _absolute(plan: OutputPlan) -> OutputPlan:
    """The same files, wherever somebody stands who goes on with the run."""
    return plan.renamed(Path.absolute)
