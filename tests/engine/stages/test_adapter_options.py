"""Adapters with settings of their own, and what is dropped for them, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.batch import ReadBatch
from engine.reasons import Reason
from engine.stages import adapter_search
from engine.stages.catalogue import KINDS
from tests.naive_parser import Read
from tests.strategies import batch_of

U, T = Reason.UNTRIMMED, Reason.TRIMMED


def batch(*reads: str) -> ReadBatch:
    made = batch_of([Read(b"r", text.encode(), b"I" * len(text)) for text in reads])
    return replace(made, buffer=made.buffer.copy())


def through(made: ReadBatch, *stages: tuple[str, dict[str, Any]]) -> ReadBatch:
    for name, chosen in stages:
        made = KINDS[name].build(KINDS[name].parameters.model_validate(chosen)).process(made)
    return made


def left(made: ReadBatch) -> list[str]:
    text = made.buffer.tobytes().decode()
    return [text[at : at + size] for at, size in zip(made.sequence_starts.tolist(), made.lengths.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("adapter", "read", "rest"),
    [
        ("ACGTAC", "TTACGTACGGACGTACTT", "TT"),
        ("ACGTAC;rightmost", "TTACGTACGGACGTACTT", "TTACGTACGG"),
        ("ACGTAC...", "TTACGTACGGACGTACTT", "GGACGTACTT"),
        ("ACGTAC;rightmost...", "TTACGTACGGACGTACTT", "TT"),
        ("ACGTAC", "GTACTTTTTTTT", "GTACTTTTTTTT"),
        ("ACGTAC;anywhere", "GTACTTTTTTTT", ""),
        ("ACGTACGTAC;e=0.1", "TTTTACGTCGTACTT", "TTTT"),
        ("ACGTACGTAC;e=0.1;noindels", "TTTTACGTCGTACTT", "TTTTACGTCGTACTT"),
    ],
)
def test_settings_of_one_adapter(adapter: str, read: str, rest: str) -> None:
    assert left(through(batch(read), ("adapters", {"adapters": [adapter]}))) == [rest]


@pytest.mark.parametrize(
    ("adapter", "chosen", "rests"),
    [
        ("ACGNNC", {}, ["TT", "TT", "TT"]),
        ("ACGNNC", {"wildcards": False}, ["TTACGTAC", "TT", "TTACGRRC"]),
        ("ACGNNC", {"wildcards": False, "read_wildcards": True}, ["TTACGTAC", "TT", "TTACGRRC"]),
        ("ACGRRC", {"wildcards": False}, ["TTACGTAC", "TTACGNNC", "TT"]),
    ],
)
def test_wildcards_in_adapters(adapter: str, chosen: dict[str, Any], rests: list[str]) -> None:
    wanted = {"adapters": [adapter], "minimum_overlap": 6, "errors": 0, **chosen}
    assert left(through(batch("TTACGTAC", "TTACGNNC", "TTACGRRC"), ("adapters", wanted))) == rests


@pytest.mark.parametrize(
    ("mates", "chosen", "first", "second"),
    [
        ("both", {"drop": "untrimmed"}, [0, U, U, U], [0, U, U, U]),
        ("both", {"drop": "untrimmed", "pairs": "both"}, [0, 0, 0, U], [0, 0, 0, U]),
        ("both", {"drop": "untrimmed", "pairs": "each"}, [0, 0, U, U], [0, U, 0, U]),
        ("both", {"drop": "trimmed"}, [T, T, T, 0], [T, T, T, 0]),
        ("first", {"drop": "untrimmed"}, [0, 0, U, U], [0, 0, U, U]),
        ("second", {"drop": "untrimmed", "pairs": "first"}, [0, U, 0, U], [0, U, 0, U]),
        ("second", {"drop": "untrimmed", "pairs": "each"}, [0] * 4, [0, U, 0, U]),
        ("second", {"drop": "trimmed", "pairs": "both"}, [0] * 4, [0] * 4),
    ],
)
def test_what_is_dropped_for_adapters_at_last(
    mates: str, chosen: dict[str, Any], first: list[int], second: list[int]
) -> None:
    pairs = replace(
        batch("TTACGTAC", "ACGTACTT", "TTTTTTTT", "TTTTTTTT"),
        mate=batch("ACGTACGG", "GGGGGGGG", "GGACGTAC", "GGGGGGGG"),
    )
    wanted = {"adapters": ["ACGTAC"], "mates": mates}
    made = through(pairs, ("adapters", wanted), ("adapters", wanted), ("adapter_found", chosen))
    assert made.mate is not None
    for side, reasons in ((made, first), (made.mate, second)):
        assert (np.zeros(4) if side.dropped is None else side.dropped).tolist() == reasons


def test_filters_before_it_have_the_first_word() -> None:
    stages: list[tuple[str, dict[str, Any]]] = [
        ("adapters", {"adapters": ["ACGTAC"]}),
        ("length", {"minimum": 5}),
        ("adapter_found", {}),
    ]
    made = through(batch("TTACGTAC", "TTTT", "TTTTTTTT", "TTTTTTACGTAC"), *stages)
    assert made.dropped is not None
    assert made.dropped.tolist() == [Reason.TOO_SHORT, Reason.TOO_SHORT, U, 0]
    assert through(batch("TTTT"), ("adapter_found", {})).dropped is None


@pytest.mark.parametrize("revcomp", [False, True])
@pytest.mark.parametrize("place", ["", "...", ";rightmost"])
def test_many_turns_are_found_in_some_reads_after_others(
    place: str, revcomp: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Room for a hundred turns in each of many short reads at once would take more than the reads a hundred times."""
    chance = np.random.default_rng(len(place))
    reads = ["".join(chance.choice(list("ACG"), length)) for length in chance.integers(0, 40, 60)]
    adapters = {"adapters": [f"ACG{place}", f"GGC{place}"], "times": 100, "minimum_overlap": 3, "revcomp": revcomp}
    kind = KINDS["adapters"]
    results = []
    for room in (1 << 20, 2 * 100 * 7):
        monkeypatch.setattr(adapter_search, "_ROOM", room)
        stage = kind.build(kind.parameters.model_validate(adapters))
        rests = left(stage.process(batch(*reads)))
        results.append((rests, stage.statistics.counters))
    assert results[0] == results[1]
    assert sum(sum(counts.values()) for counts in results[0][1].values()) > 20
