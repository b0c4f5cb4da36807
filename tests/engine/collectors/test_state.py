"""Counting can be broken off between two batches and taken up again, by other workers, with the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.checkpoint.state import State, decode, encode
from engine.collectors.collector_set import CollectorOptions
from engine.collectors.key_ledger import KeyLedger
from engine.collectors.sequence_keys import SequenceKeys
from engine.collectors.tally import Tally, merged, tallies
from engine.errors import CheckpointError
from tests.naive_parser import Read
from tests.strategies import batch_of, read_sets

KMERS = CollectorOptions(kmers=True)


def cut(reads: Sequence[Read], sizes: Sequence[int], first: int = 0) -> list[ReadBatch]:
    """Batches numbered from 0, of reads that follow `first` others."""
    batches, start = [], 0
    for number, size in enumerate([*sizes, len(reads)]):
        end = min(len(reads), start + size)
        batches.append(batch_of(list(reads[start:end]), number, first + start))
        start = end
    return batches


def deal(data: st.DataObject, count: int, workers: int) -> list[tuple[int, int]]:
    """Who counts which batch, in the order in which they come to an end; each worker's in ascending order."""
    owners = [data.draw(st.integers(0, workers - 1)) for _ in range(count)]
    turns = data.draw(st.permutations(owners))
    mine = {worker: iter([number for number, owner in enumerate(owners) if owner == worker]) for worker in set(owners)}
    return [(worker, next(mine[worker])) for worker in turns]


def count(team: Sequence[Tally], batches: Sequence[ReadBatch], dealt: Sequence[tuple[int, int]], mark: int) -> State:
    """Counts everything; what is returned is of the batches before the mark only."""
    copies: dict[int, Tally] = {}
    is_marked = False
    for worker, number in dealt:
        if number >= mark:
            if not is_marked:
                team[0].mark(mark)
                is_marked = True
            copies.setdefault(worker, team[worker].copy())
        team[worker].add(batches[number])
    if not is_marked:
        team[0].mark(mark)
    at_mark = [copies.get(worker) or each.copy() for worker, each in enumerate(team)]
    return decode(b"".join(encode(merged(at_mark).state_at_mark())))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), reads=read_sets())
def test_going_on_from_a_state_gives_the_same_numbers(data: st.DataObject, reads: list[Read]) -> None:
    batches = cut(reads, data.draw(st.lists(st.integers(0, 20), max_size=8)))
    mark = data.draw(st.integers(0, len(batches)))
    team = tallies(data.draw(st.integers(1, 3)), is_paired=False, options=KMERS)
    state = count(team, batches, deal(data, len(batches), len(team)), mark)

    others = tallies(data.draw(st.integers(1, 3)), is_paired=False, options=KMERS)
    others[0].restore(state)
    rest = [replace(batch, number=number) for number, batch in enumerate(batches[mark:])]
    for worker, number in deal(data, len(rest), len(others)):
        others[worker].add(rest[number])
    assert merged(others).results() == merged(team).results()
    assert merged(others).results().basic.reads == len(reads)


@settings(max_examples=40, deadline=None)
@given(
    data=st.data(),
    texts=st.lists(st.sampled_from(["A", "C", "G", "T", "AC", "", "GT", "ca"]), max_size=60),
    most=st.integers(1, 6),
)
def test_the_sequences_that_are_kept_are_those_of_the_whole_file(
    data: st.DataObject, texts: list[str], most: int
) -> None:
    """With a ledger that is soon full, before the mark or after it."""
    reads = [Read(b"r", text.encode(), b"I" * len(text)) for text in texts]
    batches = cut(reads, data.draw(st.lists(st.integers(0, 20), max_size=8)))
    mark = data.draw(st.integers(0, len(batches)))

    def team_of(size: int) -> list[Tally]:
        ledger = KeyLedger(most)
        team = tallies(size, is_paired=False)
        for each in team:
            each.reads.keys = SequenceKeys(ledger)
        return team

    team = team_of(data.draw(st.integers(1, 3)))
    state = count(team, batches, deal(data, len(batches), len(team)), mark)
    others = team_of(data.draw(st.integers(1, 3)))
    others[0].restore(state)
    rest = [replace(batch, number=number) for number, batch in enumerate(batches[mark:])]
    for worker, number in deal(data, len(rest), len(others)):
        others[worker].add(rest[number])

    ours, theirs = merged(others).reads.keys.table(), merged(team).reads.keys.table()
    assert (ours.known, ours.reads, ours.reads_at_limit) == (theirs.known, theirs.reads, theirs.reads_at_limit)
    assert np.array_equal(ours.keys[: ours.known], theirs.keys[: ours.known])
    assert np.array_equal(ours.counts[: ours.known], theirs.counts[: ours.known])


def test_pairs() -> None:
    batches = [
        replace(batch, mate=batch_of([Read(b"r", b"ACGT" * 20, b"F" * 80)] * len(batch), batch.number))
        for batch in cut([Read(b"r", b"ACGT" * 20, b"I" * 80)] * 30, [10, 10])
    ]
    team = tallies(2, is_paired=True)
    state = count(team, batches, [(1, 1), (0, 0), (1, 2)], 2)
    others = tallies(1, is_paired=True)
    others[0].restore(state)
    for number, batch in enumerate(batches[2:]):
        others[0].add(replace(batch, number=number))
    assert merged(others).results() == merged(team).results()
    assert merged(others).results().basic.reads == 30


@pytest.mark.parametrize(
    "change",
    [
        lambda state: state.pop("reads"),
        lambda state: state.update(mates=state["reads"]),
        lambda state: state["reads"].pop("gc"),
        lambda state: state["reads"].update(gc={}),
        lambda state: state["reads"]["gc"].update(table=np.zeros(101)),
        lambda state: state["reads"]["adapters"].update(adapters=["ACGT"]),
        lambda state: state["reads"]["tiles"].update(field="name"),
        lambda state: state["reads"]["keys"].update(counts=np.zeros(7, np.int64)),
        lambda state: state["reads"]["qualities"].update(longest="long"),
    ],
    ids=["nothing", "mates", "no gc", "empty gc", "floats", "adapters", "tile", "keys", "text"],
)
def test_a_state_of_something_else_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    tally = tallies(1, is_paired=False)[0]
    state: dict[str, Any] = decode(b"".join(encode(tally.state())))
    change(state)
    with pytest.raises(CheckpointError):
        tallies(1, is_paired=False)[0].restore(state)


def test_a_mark_that_was_not_reached_is_no_state() -> None:
    tally = tallies(1, is_paired=False)[0]
    tally.mark(1)
    with pytest.raises(ValueError, match="not come to its mark"):
        merged([tally.copy()]).state_at_mark()
