"""Trying pipelines from the command line: ``lanescope pipeline try``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from engine.cli.console import WrongUse, named_path, printable, whole_number
from engine.errors import InputError, LanescopeError
from engine.home import find_home
from engine.whole_file import read_small, reason_of

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition
    from engine.pipeline.keeping.shelf import Shelf
    from engine.run.trial import Look, StageTrial
    from engine.store.store import Store

_MOST_BYTES = 8 << 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what can be said to the command."""
    parser.add_argument("pipeline", metavar="FILE|NAME", help="what to try: a TOML file, or a pipeline's name")
    parser.add_argument(
        "reads", nargs="*", type=named_path, metavar="READS", help="a file of reads, and that of their mates"
    )
    parser.add_argument(
        "--reads", dest="count", metavar="N", type=_count, default=10_000, help="so many reads (default: 10,000)"
    )
    parser.add_argument("--document", type=named_path, metavar="FILE", help="a search, or a result, as JSON")
    parser.add_argument("--run", metavar="ID", type=_run_id, help="the numbers of a run, for a result pipeline")


def _count(text: str) -> int:
    return whole_number(text, 1, 10**9)


def _run_id(text: str) -> int:
    return whole_number(text, 1, 2**63 - 1)


def try_pipeline(arguments: argparse.Namespace) -> int:
    """Tries a pipeline on reads, on a search or on a result; nothing is kept.

    Returns:
        0 if nothing failed and nothing was rejected, and there was something to try, else 1.

    Raises:
        LanescopeError: it cannot be tried.
    """
    from engine.cli.processing import definition_wanted
    from engine.pipeline.keeping.shelf import Shelf
    from engine.store.store import Store

    with Store.open(find_home().database) as store:
        definition = definition_wanted(arguments.pipeline, store)
        if definition is None:
            raise WrongUse("Name a pipeline.")
        shelf = store.pipelines.read(Shelf)
        if definition.type == "query":
            return _try_search(definition, shelf, _document(arguments, store))
        if definition.type == "result" and (arguments.document or arguments.run):
            return _try_result(definition, shelf, _document(arguments, store))
    return _try_reads(definition, shelf, arguments)


def _document(arguments: argparse.Namespace, store: Store) -> dict[str, Any]:
    if arguments.run is not None:
        from engine.report.numbers import numbers_of_run

        return numbers_of_run(store.load(arguments.run))
    if arguments.document is None:
        raise WrongUse('Give a search with --document FILE, such as {"motif": "GATTACA"}.')
    path: Path = arguments.document
    try:
        found = json.loads(read_small(path, _MOST_BYTES))
    except OSError as error:
        raise LanescopeError(f"{path} cannot be read: {reason_of(error)}.") from error
    except (ValueError, RecursionError) as error:
        raise LanescopeError(f"{path} is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise LanescopeError(f"{path} is not a JSON object.")
    return found


def _try_search(definition: PipelineDefinition, shelf: Shelf, document: dict[str, Any]) -> int:
    from engine.pipeline.documents.query_trial import try_query
    from engine.search.request import SearchRequest, SearchRequestError, reasons

    try:
        request = SearchRequest.model_validate(document)
    except ValidationError as error:
        raise SearchRequestError(reasons(error)) from error
    tried = try_query(definition, request, pipelines=shelf)
    for stage in tried:
        words = stage.trouble or ", ".join(stage.changes) or "the search passes as it is"
        print(printable(f"{stage.name}: {words}"))
    print(json.dumps((tried[-1].after if tried else request).model_dump(mode="json")))
    return int(any(stage.trouble for stage in tried))


def _try_result(definition: PipelineDefinition, shelf: Shelf, document: dict[str, Any]) -> int:
    from engine.pipeline.documents.stages import DocumentRun
    from engine.pipeline.plan import resolve

    concluded = DocumentRun(resolve(definition, pipelines=shelf, purpose="result")).process(document)
    for stage, number in concluded.numbers.items():
        print(printable(f"{stage}: {number:g}"))
    print(json.dumps(concluded.document))
    if concluded.rejected_by:
        print(printable(f"The stage {concluded.rejected_by} rejects this result."))
    return int(bool(concluded.rejected_by))


def _try_reads(definition: PipelineDefinition, shelf: Shelf, arguments: argparse.Namespace) -> int:
    from engine.run.trial import trial
    from engine.source.inputs import check
    from engine.source.pipe import is_pipe

    if len(arguments.reads) not in (1, 2):
        raise WrongUse("Name a file of reads, or two files of mates.")
    reads, mates = arguments.reads[0], arguments.reads[1] if len(arguments.reads) == 2 else None
    for file in arguments.reads:
        if is_pipe(file):
            raise InputError(
                "A pipeline is tried on a file: what comes through a pipe can be read only once.",
                path=file,
                hint="Write some reads into a file, such as with head -n 40000, and try it on that.",
            )
        check(file)
    tried = trial(definition, reads, arguments.count, mates=mates, pipelines=shelf)
    if not tried.before.reads:
        raise InputError(
            f"{reads} holds no reads, so that there is nothing to try.", path=reads, hint="Name a file that has some."
        )
    for stage in tried.stages:
        print(printable(f"{stage.summary.name}: {_change(stage.before, stage.after)}"))
        for words in _details(stage):
            print(printable(f"  {words}"))
    print(f"in all: {_change(tried.before, tried.after)}")
    rejected = "" if tried.conclusion is None else tried.conclusion.rejected_by
    if rejected:
        print(printable(f"The stage {rejected} rejects what came out."))
    return int(bool(rejected) or any(stage.summary.errors for stage in tried.stages))


def _change(before: Look, after: Look) -> str:
    reads = f"{before.reads:,} → {after.reads:,} reads, {before.bases:,} → {after.bases:,} bases"
    if before.quality is None or after.quality is None:
        return reads
    return f"{reads}, mean quality {before.quality:.1f} → {after.quality:.1f}"


def _details(stage: StageTrial) -> list[str]:
    drops = sorted(stage.summary.drops.items(), key=lambda drop: -drop[1])
    return [f"{count:,} dropped: {reason}" for reason, count in drops] + [f"error: {e}" for e in stage.summary.errors]
