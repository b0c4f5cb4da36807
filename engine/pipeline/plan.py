"""From a definition to stages that are ready to be built, everything looked up and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import JsonValue

from engine.pipeline.cancellation import Cancellation
from engine.pipeline.composite import CompositeStep
from engine.pipeline.definition import FailurePolicy, PipelineDefinition, StageDefinition
from engine.pipeline.failures import MissingPipelineError
from engine.pipeline.native import NativeStep
from engine.pipeline.plugin_step import PluginStep
from engine.pipeline.policies import NEVER, Rules, Step
from engine.pipeline.resolving import Pipelines
from engine.pipeline.validation import checked
from engine.stages.base import StageParameters
from engine.stages.catalogue import KINDS, StageKind
from engine.wasm.stage.stage import StagePlugin

OpenPlugin = Callable[[str, dict[str, JsonValue]], StagePlugin]
"""Gives a plugin, by its name, with its parameters; raises a `PluginError` where that cannot be."""

Shared = dict[int, Any]
"""What the instances of a stage in one run have in common, by the identity of its plan."""


@dataclass(frozen=True, slots=True, eq=False)
class NativePlan:
    """A native stage.

    Attributes:
        rules: how it is carried out.
        stage: what it does.
        parameters: what is set for it.
        spares: see `NativeStep`.
    """

    rules: Rules
    stage: StageKind
    parameters: StageParameters
    spares: bool

    def share(self, shared: Shared) -> None:
        """Makes what the instances of one run have in common."""
        shared[id(self)] = self.stage.share(self.parameters)

    def build(self, shared: Shared, cancellation: Cancellation) -> Step:
        """An instance for one worker."""
        stage = self.stage.build(self.parameters, shared[id(self)])
        ordered = self.stage.is_ordered
        return NativeStep(self.rules, stage, cancellation, takes_turns=ordered, spares=self.spares)


@dataclass(frozen=True, slots=True, eq=False)
class PluginPlan:
    """A stage that a plugin carries out.

    Attributes:
        rules: how it is carried out.
        plugin: checked and compiled.
    """

    rules: Rules
    plugin: StagePlugin

    def share(self, _shared: Shared) -> None:
        """Instances have nothing in common."""

    def build(self, _shared: Shared, cancellation: Cancellation) -> Step:
        """An instance for one worker."""
        return PluginStep(self.rules, self.plugin, cancellation)


@dataclass(frozen=True, slots=True, eq=False)
class CompositePlan:
    """Stages as one.

    Attributes:
        rules: how it is carried out.
        stages: in order, none of them switched off.
    """

    rules: Rules
    stages: tuple[StagePlan, ...]

    def share(self, shared: Shared) -> None:
        """Makes what the instances of one run have in common."""
        for stage in self.stages:
            stage.share(shared)

    def build(self, shared: Shared, cancellation: Cancellation) -> Step:
        """An instance for one worker."""
        return CompositeStep(self.rules, [stage.build(shared, cancellation) for stage in self.stages], cancellation)


StagePlan = NativePlan | PluginPlan | CompositePlan


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedPipeline:
    """A pipeline that can be run, any number of times; it does not change when its definition does.

    Attributes:
        definition: what it was made of.
        root: its stages.
    """

    definition: PipelineDefinition
    root: CompositePlan


def resolve(
    definition: PipelineDefinition,
    *,
    pipelines: Pipelines | None = None,
    open_plugin: OpenPlugin | None = None,
    purpose: Literal["document", "result"] = "document",
) -> ResolvedPipeline:
    """Checks a definition and looks up all that it names.

    Args:
        definition: of the type that is its purpose.
        pipelines: those that composite stages may name.
        open_plugin: gives plugins; ``None``: the plugins that the user has, see `user_plugin`.
        purpose: ``document``: for the reads of a run; ``result``: for the hits of a search.

    Raises:
        InvalidPipelineError: with everything that is wrong.
        MissingPipelineError: a composite stage names a pipeline that is not there.
        PluginError: a plugin is missing, damaged or does not take its parameters.
    """
    checked(definition, pipelines=pipelines)
    if definition.type != purpose:
        what = "reads" if purpose == "document" else "hits"
        raise MissingPipelineError(
            f"{definition.name} is a {definition.type} pipeline, and {what} go through {purpose} pipelines.",
            hint=f"Choose a pipeline for {what}.",
        )
    planner = _Planner(pipelines, open_plugin or user_plugin)
    policy = definition.on_failure
    rules = Rules(
        definition.name, definition.name, "pipeline", policy, definition.timeout or NEVER, passes_failures=True
    )
    stages = planner.stages(definition.stages, "", policy, spares=policy.action != "abort")
    return ResolvedPipeline(definition, CompositePlan(rules, stages))


@dataclass(frozen=True, slots=True)
class _Planner:
    pipelines: Pipelines | None
    open_plugin: OpenPlugin

    def stages(
        self, stages: tuple[StageDefinition, ...], above: str, default: FailurePolicy, *, spares: bool
    ) -> tuple[StagePlan, ...]:
        return tuple(self._stage(stage, above, default, spares=spares) for stage in stages if stage.enabled)

    def _stage(self, stage: StageDefinition, above: str, default: FailurePolicy, *, spares: bool) -> StagePlan:
        policy = stage.on_failure or default
        spares = spares or policy.action != "abort"
        path, timeout = above + stage.name, stage.timeout or NEVER
        if stage.type == "composite":
            inner, default = self._inside(stage, default)
            rules = Rules(stage.name, path, "composite", policy, timeout, passes_failures=stage.on_failure is None)
            return CompositePlan(rules, self.stages(inner, f"{path}/", default, spares=spares))
        parameters: dict[str, JsonValue] = {
            name: value for name, value in stage.parameters.items() if value is not None
        }
        if stage.type == "native":
            kind = KINDS[stage.stage or ""]
            return NativePlan(
                Rules(stage.name, path, kind.name, policy, timeout),
                kind,
                kind.parameters.model_validate(parameters),
                spares,
            )
        plugin = stage.udf_name or ""
        return PluginPlan(Rules(stage.name, path, plugin, policy, timeout), self.open_plugin(plugin, parameters))

    def _inside(
        self, stage: StageDefinition, default: FailurePolicy
    ) -> tuple[tuple[StageDefinition, ...], FailurePolicy]:
        if stage.pipeline is None:
            return stage.stages, stage.on_failure or default
        found = None if self.pipelines is None else self.pipelines.find(stage.pipeline)
        if found is None:
            raise MissingPipelineError(f"{stage.name}: there is no pipeline {stage.pipeline}.")
        return found.stages, found.on_failure


def user_plugin(name: str, parameters: dict[str, JsonValue]) -> StagePlugin:
    """A plugin that came with Lanescope or that the user has installed, compiled or taken from the cache.

    Raises:
        PluginError: there is none of this name, it is damaged, or it does not take the parameters.
    """
    from engine.home import find_home
    from engine.stages.reasons import Reason
    from engine.wasm.host import application_host
    from engine.wasm.plugins.grants import Grants
    from engine.wasm.plugins.library import PluginLibrary

    package, granted = PluginLibrary(find_home()).get(name), Grants(find_home())
    return StagePlugin(
        application_host(), package.manifest, package.wasm, parameters, granted=granted.of(package.manifest),
        reason=int(Reason.PLUGIN),
    )  # fmt: skip
