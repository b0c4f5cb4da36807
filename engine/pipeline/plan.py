"""From a definition to stages that are ready to be built, everything looked up and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import JsonValue

from engine.pipeline.definition import FailurePolicy, PipelineDefinition, PipelineType, StageDefinition
from engine.pipeline.documents.plan import DocumentPlan
from engine.pipeline.documents.step import Bystander, PluginWork, QueryWork
from engine.pipeline.policies import NEVER, Rules, Step
from engine.pipeline.resolving import Pipelines
from engine.pipeline.steps.cancellation import Cancellation
from engine.pipeline.steps.composite import CompositeStep
from engine.pipeline.steps.failures import MissingPipelineError
from engine.pipeline.steps.native import NativeStep
from engine.pipeline.steps.plugin import PluginStep
from engine.pipeline.validation import checked
from engine.search.query_stages import QUERY_KINDS
from engine.stages.base import StageParameters
from engine.stages.catalogue import KINDS, StageKind
from engine.wasm.documents.abi import NAME as DOCUMENTS
from engine.wasm.errors import ModuleRefused
from engine.wasm.plugins.opening import AnyDocumentPlugin, ReadPlugin, open_document_plugin, open_read_plugin

OpenPlugin = Callable[[str, dict[str, JsonValue]], ReadPlugin | AnyDocumentPlugin]
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

    def build_for_documents(self, cancellation: Cancellation) -> Step:
        """An instance that lets documents pass."""
        return Bystander(self.rules, cancellation)


@dataclass(frozen=True, slots=True, eq=False)
class PluginPlan:
    """A stage that a plugin carries out.

    Attributes:
        rules: how it is carried out.
        plugin: checked and compiled.
    """

    rules: Rules
    plugin: ReadPlugin

    def share(self, _shared: Shared) -> None:
        """Instances have nothing in common."""

    def build(self, _shared: Shared, cancellation: Cancellation) -> Step:
        """An instance for one worker."""
        return PluginStep(self.rules, self.plugin, cancellation)

    def build_for_documents(self, cancellation: Cancellation) -> Step:
        """An instance that lets documents pass."""
        return Bystander(self.rules, cancellation)


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

    def build_for_documents(self, cancellation: Cancellation) -> Step:
        """An instance for documents, with the same steps."""
        return CompositeStep(
            self.rules, [stage.build_for_documents(cancellation) for stage in self.stages], cancellation
        )


StagePlan = NativePlan | PluginPlan | DocumentPlan | CompositePlan


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedPipeline:
    """A pipeline that can be run, any number of times; it does not change when its definition does.

    Attributes:
        definition: what it was made of.
        root: its stages.
    """

    definition: PipelineDefinition
    root: CompositePlan

    def stages(self) -> Iterator[StagePlan]:
        """Those that are no composites, in the order in which reads go through them."""
        return _in_order(self.root)


def _in_order(plan: StagePlan) -> Iterator[StagePlan]:
    if isinstance(plan, CompositePlan):
        for stage in plan.stages:
            yield from _in_order(stage)
    else:
        yield plan


def resolve(
    definition: PipelineDefinition,
    *,
    pipelines: Pipelines | None = None,
    open_plugin: OpenPlugin | None = None,
    purpose: PipelineType = "document",
) -> ResolvedPipeline:
    """Checks a definition and looks up all that it names.

    Args:
        definition: of the type that is its purpose.
        pipelines: those that composite stages may name.
        open_plugin: gives plugins; ``None``: the plugins that the user has, see `user_plugin`.
        purpose: ``document``: for the reads of a run; ``query``: for searches before they begin; ``result``: for the
            hits of a search, and what came out of a search or run.

    Raises:
        InvalidPipelineError: with everything that is wrong.
        MissingPipelineError: a composite stage names a pipeline that is not there.
        PluginError: a plugin is missing, damaged or does not take its parameters.
    """
    checked(definition, pipelines=pipelines)
    if definition.type != purpose:
        what = {"document": "reads", "query": "searches", "result": "hits"}[purpose]
        raise MissingPipelineError(
            f"{definition.name} is a {definition.type} pipeline; {what} go through {purpose} pipelines.",
            hint=f"Choose a pipeline for {what}.",
        )
    planner = _Planner(pipelines, open_plugin or user_plugin, purpose)
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
    purpose: PipelineType

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
        if stage.type == "native" and stage.stage in QUERY_KINDS:
            query = QUERY_KINDS[stage.stage]
            asked = query.parameters.model_validate(parameters)
            return DocumentPlan(Rules(stage.name, path, query.name, policy, timeout), partial(QueryWork, asked))
        if stage.type == "native":
            kind = KINDS[stage.stage or ""]
            return NativePlan(
                Rules(stage.name, path, kind.name, policy, timeout),
                kind,
                kind.parameters.model_validate(parameters),
                spares,
            )
        return self._plugin(Rules(stage.name, path, stage.udf_name or "", policy, timeout), parameters)

    def _plugin(self, rules: Rules, parameters: dict[str, JsonValue]) -> StagePlan:
        plugin = self.open_plugin(rules.kind, parameters)
        if isinstance(plugin, ReadPlugin) and self.purpose != "query":
            return PluginPlan(rules, plugin)
        if isinstance(plugin, AnyDocumentPlugin) and self.purpose != "document":
            return DocumentPlan(rules, partial(PluginWork, plugin, self.purpose))
        works, goes = ("documents", "reads") if self.purpose == "document" else ("reads", "searches")
        raise ModuleRefused(
            f"{rules.path}: the plugin {rules.kind} works on {works}, and {goes} go through this pipeline.",
            plugin=rules.kind,
        )

    def _inside(
        self, stage: StageDefinition, default: FailurePolicy
    ) -> tuple[tuple[StageDefinition, ...], FailurePolicy]:
        if stage.pipeline is None:
            return stage.stages, stage.on_failure or default
        found = None if self.pipelines is None else self.pipelines.find(stage.pipeline)
        if found is None:
            raise MissingPipelineError(f"{stage.name}: there is no pipeline {stage.pipeline}.")
        return found.stages, found.on_failure


def user_plugin(name: str, parameters: dict[str, JsonValue]) -> ReadPlugin | AnyDocumentPlugin:
    """A plugin that came with Lanescope or that the user has installed, compiled or taken from the cache.

    Raises:
        PluginError: there is none of this name, it is damaged, or it does not take the parameters.
    """
    from engine.home import find_home
    from engine.reasons import Reason
    from engine.wasm.host import application_host
    from engine.wasm.plugins.grants import Grants
    from engine.wasm.plugins.library import PluginLibrary

    package = PluginLibrary(find_home()).get(name)
    manifest, granted = package.manifest, Grants(find_home()).of(package.manifest)
    if manifest.abi == DOCUMENTS:
        return open_document_plugin(application_host(), manifest, package.wasm, parameters, granted=granted)
    return open_read_plugin(
        application_host(), manifest, package.wasm, parameters, granted=granted, reason=int(Reason.PLUGIN)
    )
