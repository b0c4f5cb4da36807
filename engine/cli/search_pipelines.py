"""Which pipelines a search and its hits go through."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.cli.console import printable
from engine.cli.processing import definition_wanted
from engine.home import HomeError, find_home
from engine.pipeline.definition import PipelineDefinition, PipelineType
from engine.pipeline.documents.concluding import ResultPipeline
from engine.pipeline.documents.querying import QueryPipeline
from engine.pipeline.keeping.lasting import LastingTallies
from engine.pipeline.keeping.registry import PipelineRegistry
from engine.pipeline.keeping.shelf import Shelf
from engine.pipeline.plugins import LibraryPlugins
from engine.pipeline.steps.failures import MissingPipelineError
from engine.store.store import Store
from engine.wasm.plugins.library import PluginLibrary


def pipelines_wanted(
    arguments: argparse.Namespace, files: Sequence[Path]
) -> tuple[QueryPipeline | None, ResultPipeline | None]:
    """What a search and its hits go through: what is asked for, else what all the files' folders agree on.

    Args:
        arguments: of the command line.
        files: that are searched.

    Raises:
        LanescopeError: a pipeline is not there, or cannot be used.
    """
    is_asked_for = arguments.pipelines or arguments.query_pipeline or arguments.result_pipeline
    if arguments.no_pipelines:
        return None, None
    try:
        home = find_home()
    except HomeError:
        if is_asked_for:
            raise
        return None, None  # without a place for files nothing is associated with a pipeline
    if not (is_asked_for or home.database.exists()):
        return None, None
    with Store.open(home.database) as store:
        registry = PipelineRegistry(store.pipelines, plugins=LibraryPlugins(PluginLibrary(home)))
        asked = _asked_for(arguments, store)
        query = asked.get("query") or _usual(registry, files, "query")
        result = asked.get("result") or _usual(registry, files, "result")
        shelf = store.pipelines.read(Shelf)
    return (
        None if query is None else QueryPipeline(query, shelf),
        None if result is None else ResultPipeline(result, shelf),
    )


def count_pipelines(*pipelines: QueryPipeline | ResultPipeline | None) -> None:
    """Adds what the pipelines of a search have done to what they have done in all others.

    Raises:
        StoreError: it cannot be kept.
    """
    used = [pipeline for pipeline in pipelines if pipeline is not None]
    if used:
        with Store.open(find_home().database) as store:
            lasting = LastingTallies(store.pipelines)
            for pipeline in used:
                lasting.add(pipeline.definition.name, pipeline.definition.version, pipeline.statistics())


def _asked_for(arguments: argparse.Namespace, store: Store) -> dict[PipelineType, PipelineDefinition]:
    """By type, those that are named."""
    named: dict[PipelineType, PipelineDefinition] = {}
    options: tuple[tuple[PipelineType, str | None], ...] = (
        ("query", arguments.query_pipeline),
        ("result", arguments.result_pipeline),
    )
    for pipeline_type, text in options:
        found = definition_wanted(text, store)
        if found is not None:
            named[pipeline_type] = found  # one of another type is refused by what it is for
    for text in arguments.pipelines:
        found = definition_wanted(text, store)
        if found is None:
            continue
        if found.type == "document":
            raise MissingPipelineError(
                f"{found.name} is a document pipeline; searches go through query and result pipelines.",
                hint="Choose a pipeline for searches, or for what they find.",
            )
        if found.type in named:
            raise MissingPipelineError(
                f"{named[found.type].name} and {found.name} are both {found.type} pipelines, and a search takes one.",
                hint="Make one pipeline of them, with a composite stage for each.",
            )
        named[found.type] = found
    return named


def _usual(registry: PipelineRegistry, files: Sequence[Path], pipeline_type: PipelineType) -> PipelineDefinition | None:
    """The pipeline that all files have, told to the user, who has not named it."""
    pipelines = [registry.associations.for_file(file, pipeline_type) for file in files]
    first = pipelines[0]
    if first is None or any(pipeline != first for pipeline in pipelines):
        return None
    print(printable(f"With the {first.type} pipeline {first.reference} of this folder."), file=sys.stderr)
    return first
