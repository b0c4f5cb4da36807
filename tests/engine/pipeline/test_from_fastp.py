"""Command lines of fastp as pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.pipeline.from_fastp import from_fastp
from engine.pipeline.translation import Translation, TranslationError
from engine.pipeline.validation import checked


def made_of(words: str) -> Translation:
    made = from_fastp(words.split())
    checked(made.definition("made").model_dump(mode="json"))
    return made


def chain_of(words: str) -> list[tuple[str, dict[str, Any]]]:
    return [(stage["stage"], stage.get("parameters", {})) for stage in made_of(words).stages]


def test_what_fastp_does_unasked() -> None:
    quality: list[tuple[str, dict[str, Any]]] = [("low_quality", {}), ("max_n", {}), ("length", {"minimum": 15})]
    assert chain_of("-i a.fq -o b.fq") == [("adapters", {"detect": True}), *quality]
    assert chain_of("-i a.fq -I b.fq") == [("overlap_adapters", {}), *quality]
    assert chain_of("-A -Q -L -i a.fq") == [("length", {"minimum": 1})]  # empty reads go whatever is asked for
    assert chain_of("-A -Q -l 0 -i a.fq") == [("length", {"minimum": 1})]


def test_all_stages_in_fastps_order() -> None:
    words = "-i a -I b -D -U --umi_loc read1 --umi_len 8 -f 2 -T 3 -5 -3 -r -g -c -a ACGTACGT -x -b 90 -e 20 -y -q 20"
    assert [stage for stage, _ in chain_of(words)] == [
        "deduplicate", "umi", "fastp_windows", "fastp_windows", "poly_x", "correct",
        "adapters", "poly_x", "shorten", "low_quality", "max_n", "mean_quality", "length", "complexity",
    ]  # fmt: skip


def test_values_go_where_they_belong() -> None:
    chain = dict(chain_of("-A -L -i a -I b -f 2 -F 2 -t 1 -T 1 -r -W 5 -M 25 -u 30 -n 0"))
    assert chain["fastp_windows"] == {"five_prime": 2, "three_prime": 1, "right_window": 5, "right_quality": 25}
    both = dict(chain_of("-i a -I b -f 2 -t 1 -5 -W 6 --cut_front_mean_quality 30 -3"))
    own = {"front_window": 6, "front_quality": 30, "tail_window": 6, "tail_quality": 20}
    assert both["fastp_windows"] == {"five_prime": 2, "three_prime": 1, **own}
    assert chain["low_quality"] == {"maximum": 30}
    assert chain["max_n"] == {"maximum": 0}
    umi, _ = chain_of("-A -Q -L -i a -I b -U --umi_loc per_read --umi_len 6 --umi_skip 2 --umi_prefix X")
    assert umi == ("umi", {"place": "both", "length": 6, "skip": 2, "prefix": "X_"})


def test_options_of_newer_versions() -> None:
    made = made_of(
        "-i a -I b -2 --allow_gap_overlap_trimming --dimer_max_len 5 -U --umi_loc read1 --umi_len 8 --umi_delim _"
    )
    chain = {stage["stage"]: stage.get("parameters", {}) for stage in made.stages}
    assert chain["umi"] == {"place": "first", "length": 8, "separator": "_"}
    assert chain["adapters"] == {"detect": True}
    assert [note.partition(":")[0] for note in made.notes if note.startswith("--")] == [
        "--allow_gap_overlap_trimming",
        "--dimer_max_len",
    ]
    with pytest.raises(TranslationError, match="filter_by_index1") as refused:
        made_of("-i a --filter_by_index1 x")
    assert "stage 'name'" in refused.value.hint


def test_umis_of_the_index() -> None:
    chain = chain_of("-A -Q -L -i a -U --umi_loc per_index --umi_prefix X")
    assert chain[0] == ("umi", {"place": "both indexes", "prefix": "X_"})


def test_merging_corrects() -> None:
    chain = chain_of("-i a -I b -A -Q -L -m --merged_out c -o d")
    assert [stage for stage, _ in chain] == ["correct", "merge", "length"]
    chain = chain_of("-i a -I b -m --include_unmerged --merged_out c")
    assert {chosen["pairs"] for stage, chosen in chain if stage in {"low_quality", "max_n", "length"}} == {"each"}


def test_adapters_by_overlap_go_by_what_was_cut_before() -> None:
    chain = dict(chain_of("-i a -I b -f 3 -F 2"))
    assert chain["overlap_adapters"] == {"cut": True}
    chain = dict(chain_of("-i a -I b -5 -c -U --umi_loc per_read --umi_len 4 --umi_skip 1"))
    assert chain["correct"] == {"trim": True, "cut": True, "umi": 5, "second_umi": 5}
    assert "overlap_adapters" not in chain
    assert dict(chain_of("-i a -I b -f 3 -c -A"))["correct"] == {}


def test_adapters(tmp_path: Path) -> None:
    path = tmp_path / "adapters.fa"
    path.write_text(">one\nACGTACGT\n")
    first = dict(chain_of("-i a -I b -a TTGACCTT --adapter_sequence_r2 GGTTGGTT"))["adapters"]
    assert first == {"adapters": ["TTGACCTT"], "second": ["GGTTGGTT"]}
    assert dict(chain_of("-i a -I b --adapter_sequence_r2 GGTTGGTT"))["adapters"] == {
        "adapters": ["GGTTGGTT"],
        "mates": "second",
    }
    listed = dict(chain_of(f"-i a -a TTGACCTT --adapter_fasta {path}"))["adapters"]
    assert listed == {"adapters": ["TTGACCTT", "one=ACGTACGT"], "times": 2}


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ("-i a -o b", "run --pipeline x a -o b"),
        ("-i a -I b -o c -O d --unpaired1 e", "run --pipeline x --pairs given a b -o c --out2 d --singletons e"),
        ("-i a -o b --failed_out f", "run --pipeline x a -o b --dropped f --dropped-reasons"),
        ("-i a -o b -S 4000 -A", "run --pipeline x a -o {part}.b --split-reads 1000"),
        ("-i a -I b -m --merged_out c", "run --pipeline x --pairs given a b --interleaved -o c --singletons c"),
        (
            "-i a -I b -m --include_unmerged --merged_out c -o d -O e",
            "run --pipeline x --pairs given a b --interleaved -o c --singletons c",
        ),
        ("--stdin --interleaved_in --stdout", "run --pipeline x --pairs interleaved - --interleaved -o -"),
    ],
)
def test_files(words: str, command: str) -> None:
    assert " ".join(made_of(words).command("x")) == command


def test_what_is_not_the_same_is_told() -> None:
    notes = made_of("-i a -g -a ACGTACGT --failed_out f --overlapped_out g").notes
    assert [note.partition(" ")[0] for note in notes] == ["--failed_out", "--overlapped_out", "Adapters"]
    assert chain_of("-6 --reads_to_process 100 -i a -o b")[:2] == [("first", {"count": 100}), ("encoding", {})]
    with pytest.raises(TranslationError, match="index3"):
        made_of("-U --umi_loc index3 -i a")
    with pytest.raises(TranslationError, match="nonesuch"):
        made_of("--nonesuch -i a")
