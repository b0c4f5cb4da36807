from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.search.motifs import LETTERS, NOT_FOUND, motif_hits, motif_hits_reference, motif_table, reverse_complement
from kernels.search.name_search import names_with, names_with_reference
from tests.strategies import Columns, columns_of

Found = list[tuple[int, int, int]]


def found(kernel: object, reads: Columns, motif: str, mismatches: int, *, both: bool) -> Found:
    """Place, mismatches and strand for each read."""
    count = len(reads.starts)
    places, misses = np.empty(count, np.int32), np.empty(count, np.int32)
    strands = np.empty(count, np.uint8)
    classes, letters = motif_table(motif, both_strands=both)
    assert callable(kernel)
    wanted = np.ones(count, np.uint8)
    kernel(reads.buffer, reads.starts, reads.lengths, wanted, classes, letters, mismatches, places, misses, strands)
    return list(zip(places.tolist(), misses.tolist(), strands.tolist(), strict=True))


@settings(max_examples=200)
@given(data=st.data())
def test_kernel_agrees_with_reference(data: st.DataObject) -> None:
    alphabet = data.draw(st.sampled_from(["AC", "ACGT", "ACGTNUacgtnu.R"]))
    texts = data.draw(st.lists(st.text(alphabet=alphabet, max_size=300), min_size=1, max_size=4))
    motif = data.draw(st.text(alphabet=sorted(LETTERS), min_size=1, max_size=80))
    whole = [text.upper() for text in texts if text and set(text.upper()) <= LETTERS]
    if data.draw(st.booleans()) and whole:
        text = data.draw(st.sampled_from(whole))
        at = data.draw(st.integers(0, len(text) - 1))
        motif = text[at : at + data.draw(st.integers(1, 150))]
        if data.draw(st.booleans()):
            motif = reverse_complement(motif)
    mismatches = data.draw(st.integers(0, min(6, len(motif) - 1)))
    both: bool = data.draw(st.booleans())
    reads = columns_of([text.encode() for text in texts], junk=b"ACGT")
    expected = found(motif_hits_reference, reads, motif, mismatches, both=both)
    assert found(motif_hits, reads, motif, mismatches, both=both) == expected


@pytest.mark.parametrize("kernel", [motif_hits, motif_hits_reference])
def test_motifs_by_hand(kernel: object) -> None:
    reads = columns_of([b"TTGATTACATT", b"TGTAATCTT", b"ttgatuacatt", b"GAT", b"TTGANTACATT", b""])
    nowhere = (NOT_FOUND, 0, 0)
    assert found(kernel, reads, "GATTACA", 0, both=True) == [
        (2, 0, 0), (0, 0, 1), (2, 0, 0), nowhere, nowhere, nowhere,
    ]  # fmt: skip
    assert found(kernel, reads, "GANTACA", 0, both=False)[4] == (2, 0, 0)
    assert found(kernel, reads, "GATTACA", 1, both=False)[4] == (2, 1, 0)
    assert found(kernel, reads, "RAYWACA", 0, both=False)[0] == (2, 0, 0)
    # An earlier place with more mismatches gives way to a better one further on.
    assert found(kernel, columns_of([b"GATTTCAGATTACA"]), "GATTACA", 2, both=True) == [(7, 0, 0)]


@pytest.mark.parametrize("kernel", [motif_hits, motif_hits_reference])
def test_the_other_strand_wins_where_it_comes_first(kernel: object) -> None:
    assert found(kernel, columns_of([b"CCCCTTTTAAAAGGGG"]), "AAAAGG", 0, both=True) == [(2, 0, 1)]


def test_reverse_complements() -> None:
    assert reverse_complement("GATTRN") == "NYAATC"
    assert len(motif_table("GAATTC", both_strands=True)[1]) == 1
    assert len(motif_table("UUAA", both_strands=True)[1]) == 1


@settings(max_examples=100)
@given(
    names=st.lists(st.text(alphabet="ab1: \t", min_size=1, max_size=20), min_size=1, max_size=5),
    text=st.text(alphabet="ab1: ", min_size=1, max_size=4),
    is_whole=st.booleans(),
)
def test_names_agree_with_reference(names: list[str], text: str, is_whole: bool) -> None:
    if is_whole:
        names = [*names, text, f"{text} more"]
    columns = columns_of([name.encode() for name in names], junk=b"ab1")
    wanted = np.frombuffer(text.encode(), np.uint8)
    fast, plain = np.empty(len(names), np.uint8), np.empty(len(names), np.uint8)
    names_with(columns.buffer, columns.starts, columns.lengths, wanted, is_whole, fast)
    names_with_reference(columns.buffer, columns.starts, columns.lengths, wanted, is_whole, plain)
    assert fast.tolist() == plain.tolist()


def test_names_by_hand() -> None:
    columns = columns_of([b"read1 1:N:0", b"read11", b"read1", b"x read1"])
    wanted = np.frombuffer(b"read1", np.uint8)
    marks = np.empty(4, np.uint8)
    names_with(columns.buffer, columns.starts, columns.lengths, wanted, True, marks)
    assert marks.tolist() == [1, 0, 1, 0]
    names_with(columns.buffer, columns.starts, columns.lengths, wanted, False, marks)
    assert marks.tolist() == [1, 1, 1, 1]
