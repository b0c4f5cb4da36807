from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.base_codes import pattern_codes, read_codes
from kernels.stages.barcodes import (
    WORD_BASES,
    Bytes,
    Codes,
    Column,
    barcode_matches,
    barcode_matches_reference,
    packed_barcodes,
)
from kernels.stages.header_barcodes import header_barcodes, header_barcodes_reference

TABLE = read_codes(wildcards=False)
TEXTS = st.lists(st.text("ACGTNUacgtu", max_size=7), min_size=4, max_size=4)
PLAIN = st.lists(st.text("ACGT", max_size=4), min_size=5, max_size=5)
BARCODES = st.lists(st.text("ACGTNR", max_size=4), min_size=5, max_size=5)


def coded(barcodes: list[str]) -> tuple[Codes, Column]:
    codes = np.zeros((len(barcodes), max(1, *map(len, barcodes))), np.uint8)
    for row, barcode in enumerate(barcodes):
        codes[row, : len(barcode)] = pattern_codes(barcode)
    return codes, np.array([len(barcode) for barcode in barcodes], np.int32)


def reads(texts: list[str]) -> tuple[Bytes, Column, Column]:
    lengths = np.array([len(text) for text in texts], np.int32)
    starts = (np.cumsum(lengths) - lengths).astype(np.int32)
    return np.frombuffer("".join(texts).encode() + bytes(64), np.uint8).copy(), starts, lengths


def found(texts: Any, barcodes: Any, others: Any, most: int, *, at_end: bool, packs: bool) -> Any:
    """What the kernel and its reference find in first and second reads: the barcodes, and which are tied."""
    (codes, widths), (mate_codes, mate_widths) = coded(barcodes), coded(others)
    words = np.zeros((2, 0), np.uint64)
    if packs:
        both = (codes, widths), (mate_codes, mate_widths)
        words = np.stack([packed_barcodes(*side, at_end=at_end) for side in both])
    results = []
    for matches, last in ((barcode_matches, (words,)), (barcode_matches_reference, ())):
        best, is_tied = np.full(len(texts[0]), 9, np.int32), np.full(len(texts[0]), 9, np.uint8)
        sides = (*reads(texts[0]), codes, widths, *reads(texts[1]), mate_codes, mate_widths)
        arguments: Any = (*sides, TABLE, most, at_end, best, is_tied, *last)
        matches(*arguments)
        results.append((best.tolist(), is_tied.tolist()))
    return results


@settings(max_examples=100)
@given(first=TEXTS, second=TEXTS, barcodes=BARCODES, others=BARCODES, most=st.integers(0, 3), at_end=st.booleans())
def test_agrees_with_the_reference(
    first: list[str], second: list[str], barcodes: list[str], others: list[str], most: int, at_end: bool
) -> None:
    ours, plain = found((first, second), barcodes, others, most, at_end=at_end, packs=False)
    assert ours == plain


@settings(max_examples=100)
@given(first=TEXTS, second=TEXTS, barcodes=PLAIN, others=PLAIN, most=st.integers(0, 3), at_end=st.booleans())
def test_packed_barcodes_agree_with_the_reference(
    first: list[str], second: list[str], barcodes: list[str], others: list[str], most: int, at_end: bool
) -> None:
    ours, plain = found((first, second), barcodes, others, most, at_end=at_end, packs=True)
    assert ours == plain


@pytest.mark.parametrize("packs", [False, True])
def test_counted_by_hand(packs: bool) -> None:
    texts = ["ACGTTT", "ACCTTT", "TTTTTT", "AC", "GGCTTT"]
    ours, plain = found((texts, texts), ["ACG", "GGC", "ACT"], ["", "", ""], 1, at_end=False, packs=packs)
    assert ours == plain == ([0, 0, -1, -1, 1], [0, 1, 0, 0, 0])


def test_longest_words() -> None:
    barcode = "ACGTTGCAACGTTGCA"
    assert len(barcode) == WORD_BASES
    texts = [barcode, barcode + "T", "T" + barcode, "A" * 16]
    for at_end, expected in ((False, [0, 0, -1, -1]), (True, [0, -1, 0, -1])):
        ours, plain = found((texts, texts), [barcode], [""], 1, at_end=at_end, packs=True)
        assert ours == plain == (expected, [0] * 4)


@settings(max_examples=150)
@given(texts=st.lists(st.text("AC:+ \t", max_size=9) | st.just("M:1 1:N:0:ACGT+TTGG"), min_size=1, max_size=5))
def test_barcodes_of_headers_agree_with_the_reference(texts: list[str]) -> None:
    results = []
    for find in (header_barcodes, header_barcodes_reference):
        found = np.full((4, len(texts)), -7, np.int32)
        find(*reads(texts), *found)
        results.append(found.tolist())
    assert results[0] == results[1]


def test_barcodes_of_headers_found_by_hand() -> None:
    texts = ["M:1:2 1:N:0:ACGT+TTG", "M:1:2 1:N:0:ACGT", "M:1:2", "read", "M:1:2 x", ""]
    buffer, starts, lengths = reads(texts)
    found = np.empty((4, len(texts)), np.int32)
    header_barcodes(buffer, starts, lengths, *found)
    words = [bytes(buffer[begin : begin + size]) for begin, size in zip(found[0], found[1], strict=True)]
    others = [bytes(buffer[begin : begin + size]) for begin, size in zip(found[2], found[3], strict=True)]
    assert words == [b"ACGT", b"ACGT", b"2", b"", b"", b""]
    assert others == [b"TTG", b"", b"", b"", b"", b""]
