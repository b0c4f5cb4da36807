from __future__ import annotations

from typing import Any

import pytest

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.documents.query_trial import try_query
from engine.pipeline.documents.querying import QueryPipeline
from engine.pipeline.faults import InvalidPipelineError
from engine.pipeline.steps.failures import MissingPipelineError
from engine.pipeline.validation import checked
from engine.search.request import SearchRequest, SearchRequestError


def pipeline(*stages: dict[str, Any], **more: Any) -> PipelineDefinition:
    return PipelineDefinition.model_validate({"name": "asks", "type": "query", "stages": stages, **more})


def stage(kind: str, **parameters: Any) -> dict[str, Any]:
    return {"name": kind, "stage": kind, "parameters": parameters}


def test_stages_make_a_search_stricter_or_wider() -> None:
    request = SearchRequest(motif="ACGTACGTACGTACGTACGT", minimum_length=30, maximum_length=500, limit=7)
    query = QueryPipeline(
        pipeline(
            stage("search_length", minimum=50, maximum=400),
            stage("search_quality", minimum=25),
            stage("search_tolerance", percent=10),
            {"name": "inner", "type": "composite", "stages": [stage("search_strands", both=False)]},
            {**stage("search_limit", hits=3), "enabled": False},
            {**stage("search_limit", hits=100), "name": "more"},
        )
    )
    assert query.rewrite(request) == request.model_copy(
        update={
            "minimum_length": 50, "maximum_length": 400, "minimum_quality": 25.0, "mismatches": 2,
            "both_strands": False, "limit": 7,
        }
    )  # fmt: skip
    wide = QueryPipeline(pipeline(stage("search_tolerance", percent=99)))
    assert wide.rewrite(SearchRequest(motif="ACG")).mismatches == 2
    assert wide.rewrite(SearchRequest(name="x")).mismatches == 0


def test_a_search_that_comes_to_nothing_fails_or_goes_on_as_it_was() -> None:
    request = SearchRequest(minimum_length=100)
    impossible = stage("search_length", maximum=50)
    with pytest.raises(SearchRequestError, match="no read has both"):
        QueryPipeline(pipeline(impossible)).rewrite(request)
    lenient = pipeline(impossible, stage("search_limit", hits=5), on_failure={"action": "retry", "then": "continue"})
    assert QueryPipeline(lenient).rewrite(request) == request.model_copy(update={"limit": 5})


def test_stages_stay_where_they_belong() -> None:
    with pytest.raises(InvalidPipelineError, match="length cannot work in a query pipeline"):
        checked(pipeline(stage("length", minimum=5)))
    with pytest.raises(InvalidPipelineError, match="search_limit cannot work in a document pipeline"):
        checked(pipeline(stage("search_limit"), type="document"))
    with pytest.raises(InvalidPipelineError, match="did you mean search_limit"):
        checked(pipeline(stage("search_limits")))
    with pytest.raises(InvalidPipelineError, match="at least 1"):
        checked(pipeline(stage("search_limit", hits=0)))
    with pytest.raises(MissingPipelineError):
        QueryPipeline(pipeline(type="document"))


def test_a_trial_tells_what_each_stage_changes() -> None:
    asks = pipeline(
        stage("search_limit", hits=5000),
        {**stage("search_quality"), "enabled": False},
        stage("search_length", maximum=50),
        {**stage("search_strands", both=False), "on_failure": {"action": "continue"}},
    )
    limit, length, strands = try_query(asks, SearchRequest(motif="ACGT", minimum_length=100))
    assert limit.changes == ("limit: not set → 5,000",)
    assert "no read has both" in length.trouble
    assert length.before == length.after == limit.after
    assert strands.changes == ("both strands: yes → no",)
    assert not strands.trouble
    with pytest.raises(InvalidPipelineError):
        try_query(pipeline(stage("search_limit", hits=0)), SearchRequest())
