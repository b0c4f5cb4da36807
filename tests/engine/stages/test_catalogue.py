from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.reasons import Reason
from engine.stages.adapter_parameters import AdapterParameters
from engine.stages.catalogue import KINDS, StageKind
from tests.naive_parser import Read
from tests.strategies import batch_of, reads

REQUIRED: dict[str, dict[str, object]] = {
    "name": {"text": "x"},
    "demultiplex": {"barcodes": [{"name": "a", "sequence": "ACG"}, {"name": "b", "sequence": "GT"}]},
}

COUNTED: dict[str, dict[str, object]] = {
    "adapters": {"adapters": ["GGCTTAGC"], "action": "mask"},
    "demultiplex": {"mismatches": 0},
    "correct": {"least": 10},
}
"""What makes stages count something."""


def chosen(kind: StageKind) -> dict[str, object]:
    return REQUIRED.get(kind.name, {})


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_every_field_has_a_title_and_help(kind: StageKind) -> None:
    for name, field in kind.parameters.model_fields.items():
        assert field.title, name
        assert field.description, name
    assert all((kind.title, kind.help, kind.source))


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_parameters_survive_json(kind: StageKind) -> None:
    parameters = kind.parameters.model_validate(chosen(kind))
    assert kind.parameters.model_validate_json(parameters.model_dump_json()) == parameters
    assert kind.parameters.model_json_schema()["type"] == "object"
    with pytest.raises(ValueError, match="not permitted"):
        kind.parameters.model_validate({**chosen(kind), "nonesuch": 1})


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@settings(max_examples=25)
@given(first=st.lists(reads(), max_size=5), number=st.integers(0, 3))
def test_rows_stay_and_statistics_add_up(kind: StageKind, first: list[Read], number: int) -> None:
    parameters = kind.parameters.model_validate(chosen(kind))
    stage = kind.build(parameters, kind.share(parameters))
    batch = batch_of(first, number=0)
    batch = replace(batch, buffer=batch.buffer.copy(), mate=replace(batch, buffer=batch.buffer.copy()))
    after = stage.process(batch)
    assert after.mate is not None
    assert len(after) == len(after.mate) == len(first)
    for side in (after, after.mate):
        assert (side.lengths >= 0).all()
        if kind.name == "merge":  # over a buffer of its own
            continue
        assert (side.lengths <= batch.lengths).all()
        assert (side.sequence_starts - batch.sequence_starts == side.quality_starts - batch.quality_starts).all()
    counted = stage.statistics
    assert counted.reads_in == 2 * len(first)
    assert counted.reads_out == len(after.kept()) + len(after.mate.kept())
    assert counted.reads_in - counted.reads_out == sum(counted.drops.values())
    assert counted.bases_out == sum(int(side.kept().lengths.sum()) for side in (after, after.mate))
    twice = counted.copy()
    twice.merge(counted)
    assert twice.reads_in == 2 * counted.reads_in
    assert twice.drops == {reason: 2 * count for reason, count in counted.drops.items()}
    stage.close()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("is_paired", [False, True], ids=["single", "paired"])
def test_reads_that_were_dropped_before_are_not_counted(kind: StageKind, is_paired: bool) -> None:
    fragment = b"ACGTTGCAACCGGATTTACAGGCTTAGCATCCATGTTG"
    turned = fragment.translate(bytes.maketrans(b"ACGT", b"TGCA"))[::-1]
    sides = [Read(b"r", fragment + b"A", b"#" + b"I" * 38), Read(b"r", turned + b"G", b"I" * 38 + b"#")]
    parameters = kind.parameters.model_validate({**chosen(kind), **COUNTED.get(kind.name, {})})

    def counted(number: int, dropped: list[int]) -> dict[str, Counter[int | str]]:
        batches = [batch_of([side] * number) for side in sides]
        first, second = (
            replace(batch, buffer=batch.buffer.copy(), dropped=np.array(dropped, np.uint8)) for batch in batches
        )
        stage = kind.build(parameters, kind.share(parameters))
        stage.process(replace(first, mate=second if is_paired else None))
        return stage.statistics.counters

    assert counted(3, [0, Reason.TOO_SHORT, 0]) == counted(2, [0, 0])


def test_adapters_from_a_file() -> None:
    text = 'errors = 0.2\nadapters = [{ sequence = "acguacgt", place = "5\'", name = "mine" }, "GGGG"]\n'
    parameters = AdapterParameters.model_validate(tomllib.loads(text))
    assert [name for name, _ in parameters.specs()] == ["mine", "GGGG"]
    assert parameters.specs()[0][1].sequence == "ACGTACGT"


@pytest.mark.parametrize("sequence", ["", "ACGZ", "NNN"])
def test_impossible_adapters_are_refused(sequence: str) -> None:
    with pytest.raises(ValueError, match="adapters"):
        AdapterParameters.model_validate({"adapters": [sequence]})


@pytest.mark.parametrize(
    "chosen",
    [
        {"adapters": ["ACGT;rightmost", "TTGA"]},
        {"adapters": ["ACGT;rightmost"], "known": True},
        {"adapters": [{"sequence": "ACGT", "place": "either", "rightmost": True}]},
        {"adapters": ["ACGRYSWK"], "wildcards": False},
        {"times": 2, "action": "crop"},
        {"errors": 4, "adapters": ["ACGT"]},
        {"errors": 3, "adapters": ["ACNNN"]},
    ],
)
def test_adapters_that_cannot_work_are_refused(chosen: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"set times to 1|found anywhere|rightmost|at most 4"):
        AdapterParameters.model_validate(chosen)


def test_every_reason_has_words() -> None:
    assert all(reason.words for reason in Reason)
