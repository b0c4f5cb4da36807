from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from engine.pipeline.containment import MOST_STAGES_IN_ALL
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.faults import InvalidPipelineError
from engine.pipeline.validation import checked, faults_of
from engine.wasm.parameters import Parameter, parameter_model
from tests.engine.pipeline.definitions import DEFINITIONS, JSON, NAMES, SHORT_TEXT, composite, native, pipeline


class Known:
    """Pipelines that are known."""

    def __init__(self, *pipelines: PipelineDefinition) -> None:
        self._pipelines = {each.name: each for each in pipelines}

    def names(self) -> Sequence[str]:
        return list(self._pipelines)

    def find(self, reference: str) -> PipelineDefinition | None:
        name, _, version = reference.partition("@")
        found = self._pipelines.get(name)
        return found if found is not None and version in {"", found.version} else None


class Installed:
    """Plugins that are there: one, with a number to set."""

    _model = parameter_model("Shares", [Parameter(name="share", type="number", default=0.5, minimum=0, maximum=1)])

    def names(self) -> Sequence[str]:
        return ["low-complexity"]

    def model(self, name: str) -> type[BaseModel] | None:
        return self._model if name == "low-complexity" else None

    def works_on(self, _name: str) -> Sequence[str]:
        return ("document", "result")


def told(data: dict[str, Any] | PipelineDefinition, **known: Any) -> dict[str, str]:
    return {fault.path: fault.message for fault in faults_of(data, **known)}


def test_what_is_right_passes() -> None:
    definition = pipeline("p", native("a", "quality"), native("b", "adapters", adapters=["ACGT"]), type="result")
    assert checked(definition) is definition
    assert checked({"name": "p", "stages": [native("a", "length", maximum=None)]}).stages[0].parameters == {}


def test_all_faults_are_told_at_once_with_their_places() -> None:
    faults = told(
        {
            "name": "../etc/passwd",
            "version": "1.0",
            "type": "documents",
            "timeout": "30",
            "tiemout": 1,
            "stages": [
                {"name": "a", "stage": "qualty"},
                native("a", "quality", three_prime="20", five_prim=3),
                {"name": "c", "type": "wasm"},
                native("d", "length", minimum=30, maximum=20),
                native("e", "adapters", adapters=["ACGZ", {"sequence": "AC", "place": "q"}], errors=-1),
                {"name": "f", "type": "nativ", "on_failure": {"action": "retry", "attempt": 3, "attempts": 0}},
                {"name": "g", "type": "composite", "udf_name": "x", "parameters": {"x": 1}},
                {**native("h", "quality"), "enabled": "yes", "pipeline": "../x"},
                {"stage": "max_n", "parameters": {"maximum": math.nan}},
                7,
            ],
        }
    )
    assert set(faults) == {
        "name",
        "version",
        "type",
        "timeout",
        "tiemout",
        "stages[0].stage",
        "stages[1].name",
        "stages[1].parameters.three_prime",
        "stages[1].parameters.five_prim",
        "stages[2].udf_name",
        "stages[3].parameters",
        "stages[4].parameters.adapters[0].sequence",
        "stages[4].parameters.adapters[1].place",
        "stages[4].parameters.errors",
        "stages[5].type",
        "stages[5].on_failure.attempt",
        "stages[5].on_failure.attempts",
        "stages[6]",
        "stages[6].udf_name",
        "stages[6].parameters",
        "stages[7].enabled",
        "stages[7].pipeline",
        "stages[8].name",
        "stages[8].parameters.maximum",
        "stages[9]",
    }
    assert faults["stages[0].stage"] == "there is no stage qualty; did you mean quality?"
    assert faults["stages[1].name"] == "a is the name of stages[0] already"
    assert faults["stages[1].parameters.five_prim"] == "is not known here; did you mean five_prime?"
    assert faults["stages[1].parameters.three_prime"] == "has to be a whole number"
    assert faults["stages[4].parameters.errors"] == "has to be at least 0"
    assert faults["stages[5].on_failure.attempt"].endswith("did you mean attempts?")
    assert faults["stages[8].name"] == "is missing"
    assert faults["stages[8].parameters.maximum"] == "has to be a finite number"
    assert faults["tiemout"].endswith("did you mean timeout?")


def test_an_error_lists_every_fault() -> None:
    with pytest.raises(InvalidPipelineError, match=r"2 faults\. version: .+ stages\[0\]\.stage: ") as caught:
        checked({"name": "p", "version": "x", "stages": [{"name": "a"}]})
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "a/b",
        "a\\b",
        "A",
        "",
        ".a",
        "a.",
        "x' OR '1'='1",
        "a\n",
        "con",
        "lpt1",
        "a" * 65,
        "ä",
        "-a",
        None,
        5,
        [],
    ],
)
def test_names_are_fit_for_files_and_urls(name: object) -> None:
    assert set(told({"name": name})) == {"name"}
    assert set(told({"name": "p", "stages": [{**native("a", "quality"), "name": name}]})) == {"stages[0].name"}


def test_entries_of_lists_are_told_where_they_stand() -> None:
    barcodes = [{"name": "x/y", "sequence": "ACGT"}, {"name": "z", "sequence": "AC-G"}]
    faults = told({"name": "p", "stages": [native("a", "demultiplex", barcodes=barcodes[:1])]})
    assert set(faults) == {"stages[0].parameters.barcodes[0].name"}
    assert "a sample's name" in faults["stages[0].parameters.barcodes[0].name"]
    faults = told({"name": "p", "stages": [native("a", "demultiplex", barcodes=barcodes[1:])]})
    assert faults == {"stages[0].parameters.barcodes[0].sequence": "-: not IUPAC letters for bases"}
    faults = told({"name": "p", "stages": [native("a", "demultiplex", barcodes=[])]})
    assert faults == {"stages[0].parameters.barcodes": "has to have at least 1 entry"}


def test_stages_of_a_kind_have_their_own_fields() -> None:
    faults = told({"name": "p", "stages": [{"name": "a", "type": "python", "udf_name": "x", "stage": "quality"}]})
    assert faults == {"stages[0].stage": "belongs to stages of type native, and this one is python"}


def test_plugins_are_checked_where_they_are_known() -> None:
    stages = [
        {"name": "a", "type": "wasm", "udf_name": "low-complexty"},
        {"name": "b", "type": "wasm", "udf_name": "low-complexity", "parameters": {"share": 2}},
        {"name": "c", "type": "python", "udf_name": "low-complexity", "parameters": {"share": 0.25}},
    ]
    assert not told({"name": "p", "stages": stages})
    faults = told({"name": "p", "stages": stages}, plugins=Installed())
    assert set(faults) == {"stages[0].udf_name", "stages[1].parameters.share"}
    assert "did you mean low-complexity?" in faults["stages[0].udf_name"]
    assert faults["stages[1].parameters.share"] == "has to be at most 1"


def test_stages_that_cannot_work_on_a_type() -> None:
    faults = told(
        {
            "name": "p",
            "type": "query",
            "stages": [native("a", "quality"), {"name": "b", "type": "wasm", "udf_name": "low-complexity"}],
        },
        plugins=Installed(),
    )
    assert faults["stages[0].stage"] == "quality cannot work in a query pipeline, only in document and result ones"
    words = "low-complexity cannot work in a query pipeline, only in document and result ones"
    assert faults["stages[1].udf_name"] == words


def test_composites_name_pipelines_that_are_there_and_of_their_type() -> None:
    known = Known(pipeline("trimming", native("a", "quality")), pipeline("hits", type="result"))
    stages = [
        composite("a", "triming"),
        composite("b", "hits"),
        composite("c", "trimming@2.0.0"),
        composite("d", "trimming"),
    ]
    faults = told({"name": "p", "stages": stages}, pipelines=known)
    assert set(faults) == {"stages[0].pipeline", "stages[1].pipeline", "stages[2].pipeline"}
    assert faults["stages[0].pipeline"].endswith("did you mean trimming?")
    assert faults["stages[1].pipeline"] == "hits is a result pipeline and cannot be part of a document one"
    assert faults["stages[2].pipeline"] == "there is no pipeline trimming in version 2.0.0"


def test_no_composite_contains_itself() -> None:
    assert told({"name": "a", "stages": [composite("x", "a@1.0.0")]}) == {
        "stages[0].pipeline": "a would contain itself"
    }
    inside = {"name": "x", "type": "composite", "stages": [native("q", "quality"), composite("y", "b")]}
    known = Known(pipeline("b", composite("x", "c")), pipeline("c", composite("x", "a")))
    faults = told({"name": "a", "stages": [inside]}, pipelines=known)
    assert faults["stages[0].stages[1].pipeline"] == "a would contain itself, through b, c"


def test_a_circle_of_others_ends() -> None:
    known = Known(pipeline("b", composite("x", "c")), pipeline("c", composite("x", "b")))
    assert not told({"name": "a", "stages": [composite("x", "b")]}, pipelines=known)


def test_composites_do_not_grow_without_bound() -> None:
    first = pipeline("p0", *[native(f"s{i}", "quality") for i in range(10)])
    levels = range(1, 12)
    grown = [pipeline(f"p{level}", *[composite(f"s{i}", f"p{level - 1}") for i in range(10)]) for level in levels]
    faults = told({"name": "top", "stages": [composite("x", "p11")]}, pipelines=Known(first, *grown))
    assert f"at most {MOST_STAGES_IN_ALL:,}" in faults["stages"]


def test_composites_have_names_of_their_own() -> None:
    inside = {"name": "x", "type": "composite", "stages": [native("q", "quality"), native("q", "max_n")]}
    faults = told({"name": "a", "stages": [native("q", "quality"), inside]})
    assert faults == {"stages[1].stages[1].name": "q is the name of stages[1].stages[0] already"}


def test_what_no_file_could_hold() -> None:
    nested: Any = 1
    for _ in range(60):
        nested = [nested]
    values = {"d": dt.date(2026, 1, 1), "h": "\ud800", "n": 1 << 70, "b": b"x", "deep": nested, 5: 1}
    faults = told({"name": "p", "timeout": math.inf, "stages": [native("a", "quality") | {"parameters": values}]})
    assert faults["timeout"] == "has to be a finite number"
    for name in "dhnb":
        assert f"stages[0].parameters.{name}" in faults
    assert faults["stages[0].parameters"] == "has a name that is not text"
    assert any("deeper" in message for message in faults.values())


ANYTHING = st.none() | JSON | st.floats() | st.binary(max_size=3) | st.dates()
FIELDS = ("name", "type", "stage", "udf_name", "pipeline", "stages", "parameters", "timeout", "on_failure", "enabled")
BROKEN = st.dictionaries(st.sampled_from(FIELDS) | SHORT_TEXT, ANYTHING, max_size=6)


@settings(max_examples=80)
@given(
    data=st.fixed_dictionaries(
        {"name": NAMES | ANYTHING, "stages": ANYTHING | st.lists(BROKEN | ANYTHING, max_size=4)},
        optional={"version": ANYTHING, "type": ANYTHING, "on_failure": BROKEN | ANYTHING},
    )
)
def test_anything_can_be_looked_at(data: dict[str, Any]) -> None:
    faults = faults_of(data, plugins=Installed(), pipelines=Known())
    if not faults:
        assert checked(checked(data)) == checked(data)
    for fault in faults:
        assert str(fault).isprintable()
        assert fault.message


@settings(max_examples=30)
@given(definition=DEFINITIONS)
def test_definitions_are_looked_at_as_their_files_are(definition: PipelineDefinition) -> None:
    assert faults_of(definition) == faults_of(definition.model_dump())
