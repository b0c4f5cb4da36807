from __future__ import annotations

from gui.models.pipelines.trial import Look, StageTrial, Trial


def test_a_stage_in_words() -> None:
    stage = StageTrial(
        "length",
        Look(10_000, 1_500_000, 34.04),
        Look(9_000, 1_395_000, 35.5),
        {"too long": 100, "too short": 900},
        trimmed=1,
        errors=("It broke.",),
    )
    assert stage.line == "10,000 → 9,000 reads · 10.0 % dropped · 150.0 → 155.0 bp · Q 34.0 → 35.5"
    assert stage.details == (
        "10,000 reads in, 9,000 out",
        "1 read shortened (under 0.1 %)",
        "900 dropped: too short (9.0 %)",
        "100 dropped: too long (1.0 %)",
        "Mean length 150.0 bp → 155.0 bp",
        "Mean quality Q 34.0 → Q 35.5",
        "Error: It broke.",
    )


def test_a_stage_that_does_nothing() -> None:
    look = Look(5, 500, 30.0)
    assert StageTrial("n", look, look).line == "5 reads pass as they are"


def test_everything_is_dropped() -> None:
    before, after = Look(10, 1000, 30.0), Look(0, 0, None)
    assert StageTrial("n", before, after).line == "10 → 0 reads · 100.0 % dropped · 100.0 bp → none · Q 30.0 → none"
    assert Trial("a.fastq", (), before, after).line.startswith("0 of 10 reads kept (0.0 %)")


def test_an_empty_file() -> None:
    nothing = Look(0, 0, None)
    assert Trial("a.fastq", (), nothing, nothing).line == "There are no reads in this file."
