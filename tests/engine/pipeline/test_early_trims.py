"""What can be found before a pipeline begins, and that nobody but the stage which it was found for goes by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.batch import Bounds, ReadBatch
from engine.pipeline.early_trims import early_trims
from engine.pipeline.steps.pieces import joined, piece_of
from engine.stages import bounds
from engine.stages.bounds import BoundsTrimmer
from engine.stages.catalogue import KINDS
from engine.stages.trimming import QualityTrimmer, QualityTrimParameters
from kernels.select import on_device
from tests.engine.pipeline.chains import batch_of, composite, pipeline, stage

FIRST = stage("windows", mates="first", direction="5' end", quality=30)
SECOND = stage("quality", mates="second")
BOTH = stage("quality", five_prime=3)
DARK = stage("two_colour_quality")
FILTER = stage("length", minimum=3)


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ([BOTH], (BOTH, BOTH)),
        ([FILTER, composite([FILTER, FIRST]), BOTH], (FIRST, BOTH)),
        ([FIRST, FILTER, SECOND, BOTH], (FIRST, SECOND)),
        ([SECOND, stage("cut", five_prime=1), BOTH], (None, SECOND)),
        ([stage("mask", quality=20), BOTH], (None, None)),
        ([DARK, BOTH], (DARK, DARK)),
        ([stage("merge"), BOTH], (None, None)),
        ([stage(lambda batch: batch), BOTH], (None, None)),
        ([], (None, None)),
    ],
)
def test_what_cuts_reads_as_they_came_is_found(stages: list[Any], expected: tuple[Any, Any]) -> None:
    found = early_trims(pipeline(*stages))
    for trim, plan in zip(found, expected, strict=True):
        if plan is None:
            assert trim is None
        else:
            assert trim is not None
            assert trim.asker is plan.parameters
            assert trim.search == plan.stage.stage.search(plan.parameters)


def test_every_such_stage_has_a_twin_for_each_way_to_cut() -> None:
    kinds = [kind for kind in KINDS.values() if issubclass(kind.stage, BoundsTrimmer)]
    assert [kind.name for kind in kinds] == ["quality", "two_colour_quality", "windows"]
    for kind in kinds:
        for direction in ("3' end", "5' end", "from 5'") if kind.name == "windows" else ("",):
            parameters = kind.parameters.model_validate({"direction": direction} if direction else {})
            assert issubclass(kind.stage, BoundsTrimmer)
            on_device(kind.stage.search(parameters).kernel)  # or it raises


def bounded(batch: ReadBatch, asker: object) -> ReadBatch:
    """With bounds that no kernel would find: so many bases of read n go from the 5' end as its number."""
    begins = np.arange(len(batch), dtype=np.int32)
    return replace(batch, bounds=Bounds(asker, (begins, batch.lengths)))


def test_pieces_of_a_batch_have_their_part_of_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(bounds, "on_cpu")
    trimmer = QualityTrimmer(QualityTrimParameters())
    batch = bounded(batch_of(5), trimmer.parameters)
    parts = [trimmer.process(piece_of(batch, begin, end)) for begin, end in ((0, 2), (2, 5))]
    assert joined(batch, parts).lengths.tolist() == trimmer.process(batch).lengths.tolist() == [10, 9, 8, 7, 6]
    assert trimmer.process(batch.rows(np.array([4, 1]))).lengths.tolist() == [6, 9]


def test_another_stage_with_the_same_parameters_finds_its_own() -> None:
    first, second = QualityTrimmer(QualityTrimParameters()), QualityTrimmer(QualityTrimParameters())
    cut = first.process(bounded(batch_of(2), first.parameters))
    assert cut.lengths.tolist() == [10, 9]
    assert second.process(cut).lengths.tolist() == [5, 4]
