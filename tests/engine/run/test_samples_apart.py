from __future__ import annotations

from pathlib import Path

import pytest

from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.plan import resolve
from engine.run.outputs import ReadsIn
from engine.run.processing import Processing
from engine.sink.plan import OutputPlan
from tests.parsing import TextSource

READS = b"@a\nACGTTT\n+\nIIIIII\n@b\nGGGGTT\n+\nIIIIII\n@c\nTTTTTT\n+\nIIIIII\n"


def apart(*, is_inside: bool) -> PipelineDefinition:
    barcodes = [{"name": "one", "sequence": "ACG"}, {"name": "two", "sequence": "GGG"}]
    stage = {"name": "samples", "stage": "demultiplex", "parameters": {"barcodes": barcodes}}
    stages = [{"name": "both", "type": "composite", "stages": [stage]}] if is_inside else [stage]
    last = {"name": "length", "stage": "length", "parameters": {"minimum": 1}}
    return PipelineDefinition.model_validate({"name": "p", "stages": [*stages, last]})


def written(folder: Path, pipeline: PipelineDefinition, split_reads: int | None = None) -> dict[str, bytes]:
    output = OutputPlan(folder / "out.fastq", split_reads=split_reads)
    processing = Processing(resolve(pipeline), output, ReadsIn((), is_paired=False), 1)
    (part,) = processing.parts
    for batch in FastqParser(TextSource(READS), BufferPool(1 << 12, 1 << 12), Path("reads.fastq")):
        part.process(batch)
    part.close()
    return {file.path.name: file.path.read_bytes() for file in processing.finish()}


@pytest.mark.parametrize("is_inside", [False, True])
def test_a_pipeline_that_tells_samples_apart_has_a_file_for_each(tmp_path: Path, is_inside: bool) -> None:
    assert written(tmp_path, apart(is_inside=is_inside)) == {
        "out.one.fastq": b"@a\nTTT\n+\nIII\n",
        "out.two.fastq": b"@b\nGTT\n+\nIII\n",
        "out.unknown.fastq": b"@c\nTTTTTT\n+\nIIIIII\n",
    }


def test_unless_the_output_is_split_in_another_way(tmp_path: Path) -> None:
    assert list(written(tmp_path, apart(is_inside=False), split_reads=2)) == ["out.0001.fastq", "out.0002.fastq"]
