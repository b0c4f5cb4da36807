from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.keeping.presets import presets
from engine.pipeline.validation import checked
from engine.stages.catalogue import KINDS
from tests.naive_parser import Read
from tests.strategies import batch_of

SHIPPED = list(presets().values())


def test_what_is_shipped() -> None:
    assert list(presets()) == [
        "adapter-and-quality-trimming",
        "amplicon",
        "illumina-whole-genome",
        "nanopore",
        "novaseq-poly-g",
        "rna-seq",
    ]


@pytest.mark.parametrize("preset", SHIPPED, ids=lambda preset: preset.name)
def test_each_is_valid(preset: PipelineDefinition) -> None:
    assert checked(preset) == preset
    assert preset.description
    assert preset.type == "document"


@pytest.mark.parametrize("preset", SHIPPED, ids=lambda preset: preset.name)
def test_each_keeps_good_reads_and_drops_bad_ones(preset: PipelineDefinition) -> None:
    random = np.random.default_rng(7)
    bases = ["".join(random.choice(list("ACGT"), 900)).encode() for _ in range(20)]
    good = [Read(b"good", text, b"I" * len(text)) for text in bases]
    bad = [Read(b"bad", text[:400], b"#" * 400) for text in bases]
    batch = batch_of([*good, *bad], number=0)
    batch = replace(batch, buffer=batch.buffer.copy())
    for stage in preset.stages:
        assert stage.stage is not None
        kind = KINDS[stage.stage]
        parameters = kind.parameters.model_validate(stage.parameters)
        batch = kind.build(parameters, kind.share(parameters)).process(batch)
    kept = batch.kept()
    assert len(kept) == len(good)
    assert kept.lengths.min() > 800
