from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import PADDING, ReadBatch
from engine.reasons import Reason
from engine.stages.adapter_parameters import AdapterParameters
from engine.stages.adapters import AdapterTrimmer
from engine.stages.filters import LengthFilter, LengthFilterParameters
from engine.stages.name_filters import names_of
from engine.stages.pair_merge import Corrector, CorrectParameters, MergeParameters, Merger
from kernels.overlap import COMPLEMENT, overlaps
from kernels.stages.pair_merge import correct_pairs, correct_pairs_reference, merge_pairs, merge_pairs_reference
from tests.engine.stages.agreement import writable
from tests.kernels.test_overlap import fragments, turned
from tests.naive_parser import Read
from tests.parsing import reads_of
from tests.strategies import batch_of

FRAGMENT = b"ACGTTGCAACCGGATTTACAGGCTTAGCAT"


def pair(first: tuple[bytes, bytes], second: tuple[bytes, bytes]) -> ReadBatch:
    mate = writable(batch_of([Read(b"r 2", *second)]))
    return replace(writable(batch_of([Read(b"r 1", *first)])), mate=mate)


def test_bases_of_bad_quality_are_corrected() -> None:
    wrong = b"AGGT" + FRAGMENT[4:]
    batch = pair((wrong, b"I#" + b"I" * 28), (turned(FRAGMENT), b"F" * 30))
    stage = Corrector(CorrectParameters(least=10))
    after = stage.process(batch)
    (read,) = reads_of(after)
    assert (read.bases, read.qualities) == (FRAGMENT, b"IF" + b"I" * 28)
    assert stage.statistics.counters["corrected bases"]["bases"] == 1


def test_corrected_pairs_are_cut_by_the_overlap_that_they_are_corrected_by() -> None:
    wrong = b"AGGT" + FRAGMENT[4:] + b"AGAT"
    batch = pair((wrong, b"I#" + b"I" * 32), (turned(FRAGMENT) + b"CT", b"F" * 32))
    after = Corrector(CorrectParameters(least=10, trim=True)).process(batch)
    (read,) = reads_of(after)
    assert after.mate is not None
    assert (read.bases, after.mate.lengths.tolist()) == (FRAGMENT, [30])


def test_overlaps_with_differences_past_their_beginning_are_corrected_all_along() -> None:
    fragment = FRAGMENT * 3
    wrong = bytearray(fragment)
    for at in range(60, 74, 2):
        wrong[at] = fragment[at] ^ ord("A") ^ ord("T") if fragment[at] in b"AT" else fragment[at] ^ ord("C") ^ ord("G")
    scores = bytearray(b"I" * len(wrong))
    scores[60:74] = b"#" * 14
    batch = pair((bytes(wrong), bytes(scores)), (turned(fragment), b"F" * len(fragment)))
    stage = Corrector(CorrectParameters(differences=2))
    (read,) = reads_of(stage.process(batch))
    assert read.bases == fragment
    assert stage.statistics.counters["corrected bases"]["bases"] == 7


def test_pairs_become_one_read() -> None:
    batch = pair((FRAGMENT[:20], b"A" * 20), (turned(FRAGMENT)[:20], bytes(range(70, 90))))
    stage = Merger(MergeParameters(least=5))
    after = stage.process(batch)
    assert after.mate is not None
    (read,) = reads_of(after)
    assert (read.bases, read.qualities) == (FRAGMENT, b"A" * 20 + bytes(reversed(range(70, 80))))
    assert names_of(after) == [b"r 1 merged_20_10"]
    assert after.mate.dropped is not None
    assert after.mate.dropped.tolist() == [Reason.MERGED]
    assert after.dropped is None


def test_pairs_that_do_not_overlap_stay_or_go() -> None:
    batch = pair((b"A" * 20, b"I" * 20), (b"A" * 20, b"I" * 20))
    kept = Merger(MergeParameters(least=5)).process(batch)
    assert kept.mate is not None
    assert (len(kept.kept()), len(kept.mate.kept())) == (1, 1)
    assert reads_of(kept)[0].bases == b"A" * 20
    gone = Merger(MergeParameters(least=5, unmerged="drop")).process(batch)
    assert gone.mate is not None
    assert (len(gone.kept()), len(gone.mate.kept())) == (0, 0)


@settings(max_examples=100)
@given(pairs=st.lists(fragments(), min_size=1, max_size=3), seed=st.integers(0, 99))
def test_kernels_agree_with_references(pairs: list[tuple[bytes, bytes]], seed: int) -> None:
    chance = np.random.default_rng(seed)

    def batch(texts: list[bytes]) -> ReadBatch:
        scores = [bytes(chance.choice(list(b"#I0"), len(text)).astype(np.uint8)) for text in texts]
        return batch_of([Read(b"r", text, score) for text, score in zip(texts, scores, strict=True)])

    sides = [batch([each[i] for each in pairs]) for i in (0, 1)]
    columns = [np.array([side.sequence_starts, side.quality_starts, side.lengths]) for side in sides]
    found = np.empty((len(pairs), 3), np.int32)
    first, second = sides
    overlaps(
        first.buffer,
        first.sequence_starts,
        first.lengths,
        second.buffer,
        second.sequence_starts,
        second.lengths,
        COMPLEMENT,
        8,
        5,
        20,
        found,
    )
    corrected = []
    for kernel in (correct_pairs, correct_pairs_reference):
        buffers = [side.buffer.copy() for side in sides]
        counts = np.empty(len(pairs), np.int32)
        kernel(buffers[0], columns[0], buffers[1], columns[1], found, COMPLEMENT, 30, 14, counts)
        corrected.append((bytes(buffers[0]), bytes(buffers[1]), counts.tolist()))
    assert corrected[0] == corrected[1]
    merged = []
    for merge in (merge_pairs, merge_pairs_reference):
        target = np.zeros(2 * int(columns[0][2].sum() + columns[1][2].sum()) + len(pairs) + PADDING, np.uint8)
        places = np.empty((3, len(pairs)), np.int32)
        merge(first.buffer, columns[0], second.buffer, columns[1], found, COMPLEMENT, target, places)
        merged.append((bytes(target), places.tolist()))
    assert merged[0] == merged[1]


@pytest.mark.parametrize(
    ("pairs", "kept"), [("either", ([0], [0])), ("both", ([0, 1, 2], [0, 1, 2])), ("each", ([0, 1], [0, 2]))]
)
def test_filters_see_pairs(pairs: str, kept: tuple[list[int], list[int]]) -> None:
    first = batch_of([Read(b"r", b"A" * n, b"I" * n) for n in (9, 9, 1, 1)])
    second = batch_of([Read(b"r", b"A" * n, b"I" * n) for n in (9, 1, 9, 1)])
    stage = LengthFilter(LengthFilterParameters.model_validate({"minimum": 5, "pairs": pairs}))
    after = stage.process(replace(first, mate=second))
    assert after.mate is not None
    assert after.dropped is not None
    assert after.mate.dropped is not None
    assert (np.flatnonzero(after.dropped == 0).tolist(), np.flatnonzero(after.mate.dropped == 0).tolist()) == kept
    assert stage.statistics.drops == {Reason.TOO_SHORT: 8 - len(kept[0]) - len(kept[1])}


@pytest.mark.parametrize("mates", ["first", "second"])
@pytest.mark.parametrize("pairs", ["either", "both", "first", "each"])
def test_a_read_that_is_not_looked_at_is_not_untrimmed(mates: str, pairs: str) -> None:
    has, has_not = Read(b"r", b"CCCCGATTACA", b"I" * 11), Read(b"r", b"CCCC", b"IIII")
    looked_at, other = writable(batch_of([has, has_not])), writable(batch_of([has_not, has]))
    sides = (looked_at, other) if mates == "first" else (other, looked_at)
    chosen = {"adapters": ["GATTACA"], "mates": mates, "pairs": pairs, "discard": "untrimmed"}
    stage = AdapterTrimmer(AdapterParameters.model_validate(chosen))
    after = stage.process(replace(sides[0], mate=sides[1]))
    assert after.mate is not None
    results = (after, after.mate) if mates == "first" else (after.mate, after)
    assert [len(side.kept()) for side in results] == [1, 2 if pairs == "each" else 1]
    single = stage.process(looked_at)
    assert len(single.kept()) == (1 if mates == "first" else 2)
