"""Twenty runs are killed at random moments, some of them again and again, and end as if nothing had happened.

``LANESCOPE_KILLS=100`` kills so many.
"""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from engine.pipeline.definition import PipelineDefinition, StageDefinition
from tests.engine.run.killing import Case, Executioner, executioner, result_of, result_of_lost
from tests.engine.run.lost_runs import reads_of
from tests.stored_files import bgzf

KILLS = int(os.environ.get("LANESCOPE_KILLS", "20"))

TRIM = PipelineDefinition(
    name="trim",
    stages=(
        StageDefinition(name="tails", stage="quality"),
        StageDefinition(name="adapters", stage="adapters", parameters={"known": True}),
        StageDefinition(name="length", stage="length", parameters={"minimum": 20}),
    ),
)
ONCE = PipelineDefinition(
    name="once",
    stages=(
        StageDefinition(name="some", stage="sample", parameters={"fraction": 0.7}),
        StageDefinition(name="first", stage="deduplicate"),
    ),
)
PLUGIN = PipelineDefinition(
    name="plugin",
    stages=(
        StageDefinition(name="runs", type="wasm", udf_name="homopolymer-trimmer", parameters={"base": "A", "least": 2}),
        StageDefinition(name="length", stage="length", parameters={"minimum": 30}),
    ),
)
STORED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": lambda text: gzip.compress(text[: len(text) // 2], 1) + gzip.compress(text[len(text) // 2 :], 1),
    "bgzf": bgzf,
}
CASES: dict[str, tuple[str, PipelineDefinition | None, tuple[str, ...], int | None]] = {
    "counted": ("gzip", None, (), None),
    "counted pairs": ("bgzf", None, (), None),
    "copied": ("plain", None, (".fastq.bgz",), None),
    "trimmed plain": ("plain", TRIM, (".fastq",), None),
    "trimmed gzip": ("gzip", TRIM, (".fastq.gz",), None),
    "trimmed bgzf": ("bgzf", TRIM, (".fastq.zst",), 1000),
    "once": ("bgzf", ONCE, (".fastq.gz",), None),
    "plugin plain": ("plain", PLUGIN, (".fastq.gz",), None),
    "plugin bgzf": ("bgzf", PLUGIN, (".fastq.bgz",), None),
    "lanes": ("gzip", TRIM, (".fastq.gz",), None),
    "pairs": ("gzip", TRIM, (".1.fastq.gz", ".2.fastq.gz", ".alone.fastq.gz", ".gone.1.fastq.gz", ".gone.2.fq"), None),
}


@pytest.fixture(scope="module")
def by() -> Generator[Executioner]:
    with executioner([TRIM, ONCE, PLUGIN]) as found:
        yield found


def case_of(name: str, folder: Path) -> Case:
    stored, pipeline, endings, split = CASES[name]
    files = []
    for mate in (1, 2)[: 2 if name.endswith(("pairs", "lanes")) else 1]:
        files.append(folder / f"reads_R{mate}.fastq")
        files[-1].write_bytes(STORED[stored](reads_of(mate, 6000, mate)))
    return Case(files, pipeline, endings, split, are_lanes=name == "lanes")


@pytest.mark.parametrize("name", CASES)
def test_a_killed_run_ends_as_if_nothing_had_happened(tmp_path: Path, by: Executioner, name: str) -> None:
    case = case_of(name, tmp_path)
    whole = result_of(case, tmp_path / "whole")
    assert len(whole) > len(case.endings)
    number = list(CASES).index(name)
    chance = random.Random(number)  # noqa: S311 - moments, not secrets
    left = KILLS // len(CASES) + (number < KILLS % len(CASES))
    while left:
        kills = min(left, chance.randrange(1, 5))
        left -= kills
        lost = result_of_lost(case, tmp_path / f"lost {left}", by, kills, chance)
        assert sorted(lost) == sorted(whole)
        assert [name for name in whole if lost[name] != whole[name]] == []
