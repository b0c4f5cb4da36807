"""Chains of stages against cutadapt's command line, file against file."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.batch import ReadBatch
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan
from engine.source.inputs import open_source
from engine.stages.catalogue import KINDS
from resources import __file__ as resources_file

SAMPLES = Path(str(resources_file)).parent / "samples"
SINGLE = SAMPLES / "illumina_single.fastq.gz"
PAIR = (SAMPLES / "illumina_pair_1.fastq.gz", SAMPLES / "illumina_pair_2.fastq.gz")
TRUSEQ = "AGATCGGAAGAGCACACGTCTGAACTCCAGTCA"

Chain = Sequence[tuple[str, dict[str, Any]]]

# What the reads hold in earnest, and what they hold by chance in many places.
CHAINS: list[tuple[str, Chain]] = [
    (
        f"-q 20 -a {TRUSEQ} -m 40",
        [("quality", {}), ("adapters", {"adapters": [TRUSEQ]}), ("length", {"minimum": 40})],
    ),
    (
        "-q 15,10 -e 0.2 -O 5 -a AGATCGGAAGAG -g TACGTACG --trim-n --max-n 1",
        [
            ("quality", {"five_prime": 15, "three_prime": 10}),
            (
                "adapters",
                {
                    "adapters": ["AGATCGGAAGAG", {"sequence": "TACGTACG", "place": "5'"}],
                    "errors": 0.2,
                    "minimum_overlap": 5,
                },
            ),
            ("trim_n", {}),
            ("max_n", {"maximum": 1}),
        ],
    ),
    (
        "-u 3 -u -2 --nextseq-trim 20 -n 2 -a ACGTNNACGT -b GATTACA --no-indels --poly-a -l 60 --max-ee 0.5",
        [
            ("cut", {"five_prime": 3, "three_prime": 2}),
            ("two_colour_quality", {"cutoff": 20}),
            (
                "adapters",
                {
                    "adapters": ["ACGTNNACGT", {"sequence": "GATTACA", "place": "either"}],
                    "indels": False,
                    "times": 2,
                },
            ),
            ("poly_a", {}),
            ("shorten", {"length": 60}),
            ("expected_errors", {"maximum": 0.5}),
        ],
    ),
    (
        "-a CAGT$ -g ^ACG -e 0.34 --action mask --discard-untrimmed",
        [
            (
                "adapters",
                {
                    "adapters": [
                        {"sequence": "CAGT", "place": "3' anchored"},
                        {"sequence": "ACG", "place": "5' anchored"},
                    ],
                    "errors": 0.34,
                    "action": "mask",
                    "discard": "untrimmed",
                },
            )
        ],
    ),
]


def batches_of(path: Path) -> list[ReadBatch]:
    source = open_source(path)
    try:
        return list(FastqParser(source, BufferPool(8 << 20, 10), path))
    finally:
        source.close()


def write_through(chain: Chain, batches: list[ReadBatch], plan: OutputPlan) -> None:
    stages = [KINDS[name].build(KINDS[name].parameters.model_validate(chosen)) for name, chosen in chain]
    sink = OrderedSink(plan)
    for batch in batches:
        result = batch
        for stage in stages:
            result = stage.process(result)
        sink.write(result)
    sink.finish()


def cutadapt(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cutadapt", "--quiet", "--no-index", *arguments], check=True)


def same_texts(ours: Path, theirs: Path) -> bool:
    """Whether two files hold the same records; separators that repeat names are passed over."""
    lines = [path.read_bytes().split(b"\n") for path in (ours, theirs)]
    for text in lines:
        text[2::4] = [b"+"] * len(text[2::4])
    return lines[0] == lines[1] and len(lines[0]) > 100


@pytest.mark.parametrize(("arguments", "chain"), CHAINS, ids=lambda value: value if isinstance(value, str) else "")
def test_single_reads_as_cutadapt(tmp_path: Path, arguments: str, chain: Chain) -> None:
    theirs, ours = tmp_path / "theirs.fastq", tmp_path / "ours.fastq"
    cutadapt(*arguments.split(), "-o", str(theirs), str(SINGLE))
    write_through(chain, batches_of(SINGLE), OutputPlan(ours))
    assert same_texts(ours, theirs)


@pytest.mark.parametrize(("pairs", "mode"), [("either", "any"), ("both", "both")])
def test_pairs_as_cutadapt(tmp_path: Path, pairs: str, mode: str) -> None:
    theirs = [tmp_path / f"theirs_{i}.fastq" for i in (1, 2)]
    ours = [tmp_path / f"ours_{i}.fastq" for i in (1, 2)]
    words = f"-q 20 -a AGATCGGAAGAGC -A AGATCGGAAGAGC --poly-a -m 100 -M 225 --max-n 0 --pair-filter={mode}".split()
    cutadapt(*words, "-o", str(theirs[0]), "-p", str(theirs[1]), *map(str, PAIR))
    chain: Chain = [
        ("quality", {}),
        ("adapters", {"adapters": ["AGATCGGAAGAGC"]}),
        ("poly_a", {}),
        ("length", {"minimum": 100, "maximum": 225, "pairs": pairs}),
        ("max_n", {"maximum": 0, "pairs": pairs}),
    ]
    first, second = (batches_of(path) for path in PAIR)
    assert len(first) == len(second) == 1
    write_through(chain, [replace(first[0], mate=second[0])], OutputPlan(ours[0], ours[1]))
    assert all(same_texts(mine, other) for mine, other in zip(ours, theirs, strict=True))


def test_samples_are_worth_it() -> None:
    text = gzip.decompress(SINGLE.read_bytes())
    assert text.count(b"\n") > 4000
