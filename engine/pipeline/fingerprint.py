"""Whether a pipeline is still the one that a run began with."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from engine.checkpoint.state import State
from engine.pipeline.plan import CompositePlan, NativePlan, PluginPlan, ResolvedPipeline, StagePlan


def fingerprint(pipeline: ResolvedPipeline) -> State:
    """What tells a pipeline from any that could do something else to a read, for a checkpoint."""
    plugins: dict[str, str] = {}
    content = json.dumps(_content(pipeline.root, plugins), sort_keys=True)
    return {
        "name": pipeline.definition.name,
        "version": pipeline.definition.version,
        "stages": hashlib.sha256(content.encode()).hexdigest(),
        "plugins": dict(plugins),
    }


def difference(kept: object, pipeline: ResolvedPipeline) -> str | None:
    """What has changed in a pipeline since, as a sentence; ``None``: nothing.

    Args:
        kept: what `fingerprint` gave.
        pipeline: as it is now.
    """
    now, before = fingerprint(pipeline), kept if isinstance(kept, dict) else {}
    plugins: Any = before.get("plugins")
    current: Any = now["plugins"]
    for name, sha256 in current.items() if isinstance(plugins, dict) else ():
        if plugins.get(name, sha256) != sha256:
            return f"The plugin {name} has been changed since."
    if before != now:
        return f"The pipeline {pipeline.definition.name} does not do what it did when the run began."
    return None


def _content(plan: StagePlan, plugins: dict[str, str]) -> Any:
    rules = plan.rules
    own = [rules.path, rules.kind, str(rules.timeout), rules.policy.model_dump(mode="json"), rules.passes_failures]
    if isinstance(plan, CompositePlan):
        return [own, [_content(stage, plugins) for stage in plan.stages]]
    if isinstance(plan, NativePlan):
        return [own, plan.parameters.model_dump(mode="json")]
    return [own, _plugin(plan, plugins)] if isinstance(plan, PluginPlan) else [own]


def _plugin(plan: PluginPlan, plugins: dict[str, str]) -> Any:
    manifest = plan.plugin.manifest
    plugins[manifest.name] = manifest.sha256
    return [manifest.name, manifest.model_dump(mode="json", exclude={"sha256"}), plan.plugin.parameters.hex()]
