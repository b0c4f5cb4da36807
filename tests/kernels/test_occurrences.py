from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.stages.adapter_set import AdapterSet, AdapterSpec, Place
from engine.stages.adapter_words import Word, words_of
from kernels.base_codes import pattern_codes, read_codes
from kernels.jit import kernel
from kernels.occurrences import LONGEST_WORD, NOWHERE, first_occurrence, is_within, plain_rows
from kernels.stages.adapters import Leave, adapter_ends
from tests.strategies import columns_of


@kernel("UniTuple(int64, 2)(uint8[::1], int64, int64, uint8[:, ::1], int64[:, ::1], int64, int64)")
def searched(
    buffer: np.ndarray[tuple[int], np.dtype[np.uint8]],
    start: int,
    length: int,
    letters: np.ndarray[tuple[int, int], np.dtype[np.uint8]],
    words: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    begin: int,
    end: int,
) -> tuple[int, int]:
    """Where the first of all words is, and whether the first word lies within part of the read."""
    rows = np.empty((4, length // 64 + 2), np.uint64)
    seen = np.empty(4, np.uint64)
    plain_rows(buffer, start, length, rows)
    first = first_occurrence(rows, 4, letters, words, 0, len(words), length, seen)
    return first, int(is_within(rows, 4, letters, 0, words[0, 2], begin, end, seen))


@settings(max_examples=300)
@given(data=st.data())
def test_search_agrees_with_find(data: st.DataObject) -> None:
    letters = data.draw(st.sampled_from(["AC", "ACGT", "ACGTN"]))
    text = data.draw(st.text(alphabet=letters, min_size=1, max_size=200))
    texts = data.draw(st.lists(st.text(alphabet="AC", min_size=1, max_size=12), min_size=1, max_size=3))
    if data.draw(st.booleans()) and set(text) <= set("ACGT"):
        at = data.draw(st.integers(0, len(text) - 1))
        texts.append(text[at : at + data.draw(st.integers(1, LONGEST_WORD))])
    table = np.zeros((len(texts), LONGEST_WORD), np.uint8)
    words = np.zeros((len(texts), 3), np.int64)
    for row, word in enumerate(texts):
        table[row, : len(word)] = ["ACGT".index(letter) for letter in word]
        words[row, 2] = len(word)
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    reads = columns_of([text.encode()], junk=b"ACGT")
    first, within = searched(reads.buffer, int(reads.starts[0]), len(text), table, words, begin, end)
    assert first == min((at for at in map(text.find, texts) if at >= 0), default=NOWHERE)
    assert within == (text.find(texts[0], begin, end) >= 0)


def test_words_by_hand() -> None:
    words = words_of("ACGTACGTACGT", 3, 0.1, at_end=True, at_start=False, inside=True)
    assert set(words) == {
        Word("ACG", -3, None),
        Word("ACGT", -4, None),
        Word("ACGTA", -12, None),  # of up to nine bases without an error, and of more with one
        Word("CGTAC", -12, None),
        Word("ACGTAC", 0, None),  # of the whole with one error
        Word("GTACGT", 0, None),
    }
    front = words_of("ACGTACGTACGT", 3, 0.1, at_end=False, at_start=True, inside=False)
    assert Word("CGT", 0, 3) in front
    assert all(word.begin == 0 and word.end is not None for word in front)


@pytest.mark.parametrize(("pattern", "read", "equal"), [("A", "a", 1), ("N", "-", 1), ("T", "U", 0), ("X", "N", 0)])
def test_codes_by_hand(pattern: str, read: str, equal: int) -> None:
    assert bool(pattern_codes(pattern)[0] & read_codes(wildcards=False)[ord(read)]) == equal


def test_codes_with_wildcards_by_hand() -> None:
    assert pattern_codes("TN")[0] & read_codes(wildcards=False)[ord("U")]
    assert pattern_codes("A")[0] & read_codes(wildcards=True)[ord("n")]
    assert not pattern_codes("A")[0] & read_codes(wildcards=False)[ord("n")]


BY_HAND = [
    (Place.END, "GGGGG", "ACACGGGGGTTT", (0, 4)),
    (Place.END, "GGGGG", "ACACTTGGG", (0, 6)),
    (Place.END, "GGGGG", "ACACTTGG", (0, 8)),  # fewer than three bases
    (Place.END, "ACGTACGTAC", "TTACGTCCGTACTT", (0, 2)),  # one mismatch in ten
    (Place.END, "ACGTACGTAC", "TTACGTCGTACTT", (0, 2)),  # one base missing
    (Place.END, "ACGTACGTAC", "TTACGTCCGTCCTT", (0, 14)),  # two mismatches
    (Place.START, "GGGGG", "TTGGGGGACAC", (7, 11)),
    (Place.START, "GGGGG", "GGGACAC", (3, 7)),
    (Place.START_ANCHORED, "GGGGG", "GGGGGACAC", (5, 9)),
    (Place.START_ANCHORED, "GGGGG", "TGGGGGACAC", (0, 10)),
    (Place.END_ANCHORED, "GGGGG", "ACACGGGGG", (0, 4)),
    (Place.END_ANCHORED, "GGGGG", "ACACGGGGGT", (0, 10)),
    (Place.END_ONLY, "GGGGG", "ACGGGGGTT", (0, 9)),
    (Place.START_ONLY, "GGGGG", "GGGTT", (3, 5)),
    (Place.EITHER, "GGGGG", "GGGTT", (3, 5)),
    (Place.EITHER, "GGGGG", "TTGGG", (0, 2)),
]


@pytest.mark.parametrize("indels", [True, False])
@pytest.mark.parametrize(("place", "adapter", "text", "left"), BY_HAND)
def test_adapters_by_hand(place: Place, adapter: str, text: str, left: tuple[int, int], indels: bool) -> None:
    if not indels and text == "TTACGTCGTACTT":
        left = (0, 13)
    reads = columns_of([text.encode()], junk=b"G")
    chosen = AdapterSet([AdapterSpec(adapter, place, 0.1, 3, indels)], read_wildcards=False)
    begins, ends, which = (np.full(1, -9, np.int32) for _ in range(3))
    scores, places, hits, cuts = (np.full((rows, 1), -9, np.int32) for rows in (2, 4, 2, 2))
    adapter_ends(
        reads.buffer,
        reads.starts,
        reads.lengths,
        chosen.texts,
        chosen.traits,
        chosen.rates,
        chosen.unknowns,
        chosen.links,
        chosen.words,
        chosen.letters,
        chosen.classes,
        chosen.is_plain,
        chosen.table,
        1,
        Leave.REST,
        begins,
        ends,
        which,
        scores,
        places,
        hits,
        cuts,
    )
    assert (begins[0], ends[0]) == left
    removed = len(text) - (left[1] - left[0])
    assert which[0] == (0 if removed else -1)
    found = [(part, cut) for part, cut in zip(hits[:, 0].tolist(), cuts[:, 0].tolist(), strict=True) if part >= 0]
    assert found == ([(0, removed)] if removed else [])
    assert (scores[0, 0] > 0) == bool(removed)
