"""Which pipelines a search and its hits go through."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.cli.console import printable
from engine.home import find_home
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.executor import PipelineRun
from engine.pipeline.plan import resolve
from engine.pipeline.plugins import LibraryPlugins
from engine.pipeline.querying import QueryPipeline
from engine.pipeline.registry import PipelineRegistry
from engine.pipeline.shelf import Shelf
from engine.search.matcher import HitProcessing, QueryRewriter
from engine.store.store import Store
from engine.wasm.plugins.library import PluginLibrary


def pipelines_wanted(
    arguments: argparse.Namespace, files: Sequence[Path]
) -> tuple[QueryRewriter | None, HitProcessing | None]:
    """What a search and its hits go through: what is asked for, else what all the files' folders agree on.

    Args:
        arguments: of the command line.
        files: that are searched.

    Raises:
        LanescopeError: a pipeline is not there, or cannot be used.
    """
    home = find_home()
    is_asked_for = arguments.query_pipeline or arguments.result_pipeline
    if arguments.no_pipelines or not (is_asked_for or home.database.exists()):
        return None, None
    with Store.open(home.database) as store:
        registry = PipelineRegistry(store.pipelines, plugins=LibraryPlugins(PluginLibrary(home)))
        query = _asked_for(registry, arguments.query_pipeline) or _query_of(registry, files)
        result = _asked_for(registry, arguments.result_pipeline) or _result_of(registry, files)
        shelf = store.pipelines.read(Shelf)
    rewriter = None if query is None else QueryPipeline(query, shelf)
    return rewriter, None if result is None else PipelineRun(resolve(result, pipelines=shelf, purpose="result"))


def _asked_for(registry: PipelineRegistry, name: str | None) -> PipelineDefinition | None:
    return None if name is None else registry.get(name)


def _query_of(registry: PipelineRegistry, files: Sequence[Path]) -> PipelineDefinition | None:
    return _agreed([registry.associations.for_file(file, "query") for file in files])


def _result_of(registry: PipelineRegistry, files: Sequence[Path]) -> PipelineDefinition | None:
    return _agreed([registry.associations.for_file(file, "result") for file in files])


def _agreed(pipelines: Sequence[PipelineDefinition | None]) -> PipelineDefinition | None:
    """The pipeline that all files have, told to the user, who has not named it."""
    first = pipelines[0]
    if first is None or any(pipeline != first for pipeline in pipelines):
        return None
    print(printable(f"With the {first.type} pipeline {first.reference} of this folder."), file=sys.stderr)
    return first
