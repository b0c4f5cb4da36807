"""Work on pieces of a batch comes to the same as work on the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.batch import ReadBatch
from engine.pipeline.steps.pieces import Divider, joined, piece_of
from engine.stages.catalogue import KINDS
from engine.stages.name_filters import names_of
from tests.naive_parser import Read
from tests.parsing import reads_of
from tests.strategies import batch_of

STAGES: list[tuple[str, dict[str, Any]]] = [
    ("cut", {"five_prime": 3}),
    ("length", {"minimum": 25}),
    ("mask", {"quality": 20}),
    ("adapters", {"adapters": ["GATTACA"]}),
    ("rename", {"template": "{number}:{length}"}),
    ("sample", {"percent": 50.0}),
    ("umi", {"place": "first", "length": 4}),
    ("merge", {"minimum_overlap": 10}),
    ("correct", {"minimum_overlap": 10}),
]


def side(name: bytes, count: int = 700) -> ReadBatch:
    text = b"ACGTTGCAGATTACATTGCACCAGTCA" * 3
    reads = [
        Read(b"r%d %s" % (i, name), text[i % 30 : i % 30 + 20 + i % 11], b"I" * (20 + i % 11 - 3) + b"##" + b"I")
        for i in range(count)
    ]
    batch = batch_of(reads)
    return replace(batch, buffer=batch.buffer.copy(), first_record=1000)


def text_of(batch: ReadBatch) -> list[Read]:
    kept = batch.kept()
    return [replace(read, name=name) for read, name in zip(reads_of(kept), names_of(kept), strict=True)]


@pytest.mark.parametrize(("name", "parameters"), STAGES, ids=[name for name, _ in STAGES])
@pytest.mark.parametrize("is_paired", [False, True])
def test_pieces_come_to_the_same(name: str, parameters: dict[str, Any], is_paired: bool) -> None:
    kind = KINDS[name]
    known = {key: value for key, value in parameters.items() if key in kind.parameters.model_fields}
    stage = kind.build(kind.parameters.model_validate(known))
    batch, again = (replace(side(b"1"), mate=side(b"2") if is_paired else None) for _ in range(2))
    whole = stage.process(batch)
    parts = [stage.process(piece_of(again, begin, begin + 100)) for begin in range(0, 700, 100)]
    together = joined(again, parts)
    assert text_of(together) == text_of(whole)
    if is_paired:
        assert together.mate is not None
        assert whole.mate is not None
        assert text_of(together.mate) == text_of(whole.mate)
    assert (together.number, together.first_record) == (whole.number, whole.first_record)


def test_divider_comes_to_the_end() -> None:
    batch = side(b"1")
    divider, begin, ends = Divider(batch), 0, []
    while begin < len(batch):
        begin = divider.end(begin, 0.01)
        ends.append(begin)
    assert ends == [256, 512, 700]
    assert divider.share(0, 700) == 1
    assert divider.share(0, 350) + divider.share(350, 700) == pytest.approx(1)
