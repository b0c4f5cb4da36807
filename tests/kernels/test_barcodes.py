from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.barcodes import Bytes, Codes, Column, barcode_matches, barcode_matches_reference
from kernels.base_codes import pattern_codes, read_codes

TABLE = read_codes(wildcards=False)
TEXTS = st.lists(st.text("ACGTNacgt", max_size=7), min_size=4, max_size=4)
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


@settings(max_examples=150)
@given(first=TEXTS, second=TEXTS, barcodes=BARCODES, others=BARCODES, most=st.integers(0, 3), at_end=st.booleans())
def test_agrees_with_the_reference(
    first: list[str], second: list[str], barcodes: list[str], others: list[str], most: int, at_end: bool
) -> None:
    results = []
    for matches in (barcode_matches, barcode_matches_reference):
        best, is_tied = np.full(len(first), 9, np.int32), np.full(len(first), 9, np.uint8)
        columns: Any = (*reads(first), *coded(barcodes), *reads(second), *coded(others), TABLE)
        arguments: Any = (*columns, most, at_end, best, is_tied)
        matches(*arguments)
        results.append((best.tolist(), is_tied.tolist()))
    assert results[0] == results[1]


def test_counted_by_hand() -> None:
    texts = ["ACGTTT", "ACCTTT", "TTTTTT", "AC", "GGCTTT"]
    barcodes = ["ACG", "GGC", "ACT"]
    best, is_tied = np.empty(5, np.int32), np.empty(5, np.uint8)
    none = np.zeros((3, 1), np.uint8), np.zeros(3, np.int32)
    columns: Any = (*reads(texts), *coded(barcodes), *reads(texts), *none, TABLE, 1, False, best, is_tied)
    barcode_matches(*columns)
    assert best.tolist() == [0, 0, -1, -1, 1]
    assert is_tied.tolist() == [0, 1, 0, 0, 0]
