"""What a pipeline would do to the first reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InputError
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.steps.cancellation import Cancellation, ExecutionCancelled
from engine.run.trial import trial
from engine.stages.catalogue import KINDS

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"


def definition(*stages: tuple[str, dict[str, object]]) -> PipelineDefinition:
    made = [{"name": name, "stage": name, "parameters": parameters} for name, parameters in stages]
    return PipelineDefinition.model_validate({"name": "tried", "stages": made})


def test_each_stage_tells_what_it_would_do(sample: Path) -> None:
    chain = definition(("quality", {"three_prime": 30}), ("length", {"minimum": 140}))
    tried = trial(chain, sample, reads=1234)
    quality, length = tried.stages
    assert tried.before.reads == quality.before.reads == quality.after.reads == 1234
    assert quality.after.bases < quality.before.bases
    assert quality.before.quality is not None
    assert quality.after.quality is not None
    assert quality.after.quality > quality.before.quality
    assert length.summary.drops == {"too short": 1234 - length.after.reads}
    assert tried.after == length.after
    assert tried.after.results.basic.reads == tried.after.reads


def test_pairs_and_stages_that_are_off() -> None:
    chain = definition(("length", {"minimum": 229, "pairs": "each"}), ("cut", {"five_prime": 1}))
    chain = chain.model_copy(
        update={"stages": (chain.stages[0].model_copy(update={"enabled": False}), chain.stages[1])}
    )
    tried = trial(chain, SAMPLES / "illumina_pair_1.fastq.gz", 100, mates=SAMPLES / "illumina_pair_2.fastq.gz")
    (cut,) = tried.stages
    assert (cut.before.reads, cut.after.reads) == (200, 200)
    assert cut.after.bases == cut.before.bases - 200


def test_no_stage_and_few_reads(tmp_path: Path) -> None:
    path = tmp_path / "few.fastq"
    path.write_bytes(b"@a\nACGT\n+\nIIII\n")
    tried = trial(definition(), path)
    assert tried.before == tried.after
    assert tried.before.reads == 1


def test_a_failing_stage_says_so_and_lets_pass(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr(KINDS["length"].stage, "_failing", fail)
    tried = trial(definition(("length", {"minimum": 1})), sample, 10)
    assert "ValueError: no" in tried.stages[0].summary.errors[0]
    assert tried.after.reads == 10


@pytest.mark.usefixtures("lanescope_home")
def test_hits_and_their_numbers(sample: Path) -> None:
    gate = {"name": "gate", "type": "wasm", "udf_name": "yield-gate", "parameters": {"least_reads": 11, "reject": True}}
    stages = [{"name": "cut", "stage": "cut", "parameters": {"five_prime": 1}}, gate]
    finds = PipelineDefinition.model_validate({"name": "finds", "type": "result", "stages": stages})
    tried = trial(finds, sample, 10)
    cut, judged = tried.stages
    assert (cut.summary.bases_cut, judged.summary.counters) == (10, {"documents": {"rejected": 1}})
    assert judged.before == judged.after == cut.after
    assert tried.conclusion is not None
    assert (tried.conclusion.rejected_by, tried.conclusion.document["reads"]) == ("gate", 10)
    passing = trial(finds, sample, 11).conclusion
    assert passing is not None
    assert not passing.rejected_by


def test_trouble_and_cancelling(tmp_path: Path, sample: Path) -> None:
    with pytest.raises(InputError):
        trial(definition(), tmp_path / "nothing.fastq")
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(ExecutionCancelled):
        trial(definition(), sample, cancellation=cancellation)
