"""Pipelines for searches and results: plugins over documents, in WebAssembly and Python, beside Lanescope's stages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.home import find_home
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.documents.concluding import ResultPipeline
from engine.pipeline.documents.querying import QueryPipeline
from engine.pipeline.documents.stages import DocumentRun
from engine.pipeline.faults import InvalidPipelineError
from engine.pipeline.plan import resolve
from engine.pipeline.plugins import LibraryPlugins
from engine.pipeline.steps.failures import DocumentStageFailed
from engine.pipeline.validation import checked
from engine.search.numbers import numbers_of_search
from engine.search.request import SearchRequest, SearchRequestError
from engine.search.search import ReadSearch
from engine.wasm.errors import ModuleRefused
from engine.wasm.plugins.library import PluginLibrary
from tests.document_plugins import document_module, install, install_python, plugin, write_reads, writing

pytestmark = pytest.mark.usefixtures("lanescope_home")

LIMIT = {"name": "limit", "stage": "search_limit", "parameters": {"hits": 100}}
GATE = plugin("yield-gate", parameters={"least_reads": 2, "reject": True})


def asks(*stages: dict[str, Any], **more: Any) -> PipelineDefinition:
    return PipelineDefinition.model_validate({"name": "asks", "type": "query", "stages": stages, **more})


def finds(*stages: dict[str, Any], **more: Any) -> PipelineDefinition:
    return PipelineDefinition.model_validate({"name": "finds", "type": "result", "stages": stages, **more})


def test_plugins_rewrite_searches_in_turn_with_lanescopes_stages() -> None:
    install("longer", writing('{"minimum_length":50,"limit":7}'), "query")
    install_python(
        "not-short",
        "def process(least: int, minimum_length: int) -> bool:\n    return minimum_length >= least\n",
        "query",
        fields=[{"name": "minimum_length", "path": "minimum_length", "type": "integer"}],
        parameters=[{"name": "least", "type": "integer", "default": 50}],
    )
    query = QueryPipeline(asks(LIMIT, plugin("longer"), plugin("not-short")))
    assert query.rewrite(SearchRequest(motif="ACGT")) == SearchRequest(motif="ACGT", minimum_length=50, limit=7)
    summary = query.summary()
    assert [(each.name, each.executions, each.successes) for each in summary.stages] == [
        ("limit", 1, 1), ("longer", 1, 1), ("not-short", 1, 1),
    ]  # fmt: skip
    assert summary.total.p99 is not None
    strict = QueryPipeline(asks(plugin("not-short", parameters={"least": 60}), plugin("longer")))
    with pytest.raises(SearchRequestError, match="stage not-short of the query pipeline asks rejects"):
        strict.rewrite(SearchRequest(minimum_length=59))


def test_what_makes_no_search_falls_under_the_policy() -> None:
    install("odd", writing('{"motif":"XX","minimum_length":-1}'), "query")
    with pytest.raises(SearchRequestError, match=r"After the plugin odd .* motif: .* minimum_length: "):
        QueryPipeline(asks(plugin("odd"))).rewrite(SearchRequest())
    lenient = QueryPipeline(asks(plugin("odd"), LIMIT, on_failure={"action": "continue"}))
    assert lenient.rewrite(SearchRequest()).limit == 100
    odd = lenient.summary().stages[0]
    assert (odd.failures, len(odd.errors)) == (1, 1)


@pytest.mark.parametrize("kind", ["query", "result"])
def test_plugins_that_fail_or_hang_are_ended(kind: str) -> None:
    install("trap", document_module("unreachable"), "query", "result")
    install("hang", document_module("(loop $on (br $on))"), "query", "result")
    twice = {"action": "retry", "attempts": 2, "backoff": 0}
    stages = (plugin("trap", on_failure={**twice, "then": "continue"}), plugin("hang", timeout=0.2))
    definition = PipelineDefinition.model_validate({"name": "p", "type": kind, "stages": stages})
    run = DocumentRun(resolve(definition, purpose=definition.type))
    with pytest.raises(DocumentStageFailed, match=r"hang: .*stopped"):
        run.process(SearchRequest().model_dump(mode="json"))
    trap, hang = run.summary().stages
    assert (trap.executions, trap.retries, trap.failures, trap.successes) == (1, 1, 1, 0)
    assert (hang.timeouts, hang.failures) == (1, 1)


def test_a_pipelines_own_time_ends_it_too() -> None:
    install("hang", document_module("(loop $on (br $on))"), "query")
    inner = {"name": "inner", "type": "composite", "stages": [plugin("hang", on_failure={"action": "continue"})]}
    query = QueryPipeline(asks(inner, timeout=0.2))
    with pytest.raises(DocumentStageFailed, match=r"asks: it was stopped after 0\.2 seconds"):
        query.rewrite(SearchRequest())
    passing = {**inner, "timeout": 0.2, "on_failure": {"action": "continue"}}
    assert QueryPipeline(asks(passing)).rewrite(SearchRequest()) == SearchRequest()


def test_hits_and_their_numbers_go_through_one_pipeline(tmp_path: Path) -> None:
    install("measure", document_module("""(i32.store offset=36 (local.get $d) (i32.const 1))
        (f64.store offset=40 (local.get $d) (f64.const 2.5))"""), "result")  # fmt: skip
    cut = {"name": "cut", "stage": "cut", "parameters": {"five_prime": 3}}
    inner = {"name": "judge", "type": "composite", "stages": [plugin("measure"), GATE]}
    result = ResultPipeline(finds(cut, inner))
    search = ReadSearch([write_reads(tmp_path)], SearchRequest(motif="GATTACA"), workers=2, processing=result)
    numbers = numbers_of_search(search.run())
    assert {key: numbers[key] for key in ("reads", "bases", "looked_at")} == {"reads": 2, "bases": 16, "looked_at": 3}
    concluded = result.conclude(numbers)
    assert not concluded.rejected_by
    assert concluded.numbers == {"judge/measure": 2.5}
    assert concluded.document["yield_gate"] == {"passed": True, "missing_reads": 0, "missing_bases": 0}
    hits, judge = result.summary().stages
    assert (hits.reads_in, hits.bases_cut) == (2, 6)
    assert [(each.name, each.executions) for each in judge.stages] == [("measure", 1), ("yield-gate", 1)]
    assert result.conclude({**numbers, "reads": 1}).rejected_by == "judge/yield-gate"
    assert result.summary().stages[1].stages[1].counters == {"documents": {"kept": 1, "rejected": 1}}


def test_plugins_stay_where_they_belong() -> None:
    plugins = LibraryPlugins(PluginLibrary(find_home()))
    checked(finds(GATE), plugins=plugins)
    checked(finds(plugin("gc-content")), plugins=plugins)
    with pytest.raises(InvalidPipelineError, match="yield-gate cannot work in a query pipeline, only in result ones"):
        checked(asks(GATE), plugins=plugins)
    with pytest.raises(InvalidPipelineError, match="gc-content cannot work in a query pipeline"):
        checked(asks(plugin("gc-content")), plugins=plugins)
    document = finds(GATE).model_copy(update={"type": "document"})
    with pytest.raises(InvalidPipelineError, match="yield-gate cannot work in a document pipeline"):
        checked(document, plugins=plugins)
    with pytest.raises(ModuleRefused, match="yield-gate works on documents, and reads go through this pipeline"):
        resolve(document)
