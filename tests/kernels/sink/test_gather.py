from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import PADDING
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from kernels.sink.gather import SLACK, gather, gather_reference, interleave, interleave_reference
from tests.naive_parser import Read
from tests.parsing import TextSource
from tests.strategies import fastq_texts

Kernel = Callable[..., int]


def gathered(kernel: Kernel, text: bytes, seed: int | None = None, *, renamed: bool = False) -> bytes:
    """All records of a text, or, with a seed, some of them, trimmed somewhere."""
    result = b""
    for batch in FastqParser(TextSource(text), BufferPool(4096, 100), Path("x")):
        chance = np.random.default_rng(seed)
        begins = np.zeros(len(batch), np.int32)
        ends = batch.lengths.copy()
        which = np.ones(len(batch), np.uint8)
        if seed is not None:
            which = chance.integers(0, 4, len(batch)).astype(np.uint8)
            begins = np.where(chance.random(len(batch)) < 0.5, 0, chance.integers(0, ends + 1)).astype(np.int32)
            ends = np.where(chance.random(len(batch)) < 0.5, ends, chance.integers(begins, ends + 1)).astype(np.int32)
        room = int(2 * (batch.name_lengths.sum() + batch.lengths.sum()) + 6 * len(batch))
        target = np.zeros(room + SLACK, np.uint8)
        offsets = np.zeros(len(batch) + 1, np.int64)
        count = kernel(
            batch.buffer,
            batch.buffer.copy() if renamed else batch.buffer,
            renamed,
            batch.name_starts,
            batch.name_lengths,
            batch.sequence_starts + begins,
            batch.quality_starts + begins,
            ends - begins,
            which,
            target,
            offsets,
        )
        assert count == np.count_nonzero(which)
        pieces = [bytes(target[offsets[i] : offsets[i + 1]]) for i in range(count)]
        assert all(piece.startswith(b"@") and piece.endswith(b"\n") for piece in pieces)
        result += b"".join(pieces)
    return result


@pytest.mark.parametrize("kernel", [gather, gather_reference])
def test_by_hand(kernel: Kernel) -> None:
    text = b"@a x\nACGT\n+a\n!!II\n@b\r\nAC\r\n+\r\nII\r\n\n@c\nAC\nG\n+\nII\nI\n@d\n\n+\n\n"
    assert gathered(kernel, text) == b"@a x\nACGT\n+a\n!!II\n@b\nAC\n+\nII\n@c\nACG\n+\nIII\n@d\n\n+\n\n"
    assert gathered(kernel, text[:18], renamed=True) == b"@a x\nACGT\n+\n!!II\n"
    wide = b"@a\nAC\n+ \nII\n@b\nA\n+b" + b" " * 500 + b"\nI\n@c\nG\n+\nI\n"
    assert gathered(kernel, wide) == b"@a\nAC\n+ \nII\n@b\nA\n+\nI\n@c\nG\n+\nI\n"


@settings(max_examples=150)
@given(drawn=fastq_texts(), seed=st.one_of(st.none(), st.integers(0, 999)), renamed=st.booleans())
def test_agrees_with_reference(drawn: tuple[list[Read], bytes], seed: int | None, renamed: bool) -> None:
    text = drawn[1]
    assert gathered(gather, text, seed, renamed=renamed) == gathered(gather_reference, text, seed, renamed=renamed)


@pytest.mark.parametrize("kernel", [interleave, interleave_reference])
def test_interleaving_by_hand(kernel: Kernel) -> None:
    first = np.frombuffer(b"aabcc" + bytes(PADDING), np.uint8)
    second = np.frombuffer(b"XYY" + bytes(PADDING), np.uint8)
    target = np.zeros(8 + SLACK, np.uint8)
    order = np.array([0, 1, 0, 1, 0], np.uint8)
    offsets = np.array([0, 2, 3, 5]), np.array([0, 1, 3])
    assert kernel(first, offsets[0], second, offsets[1], order, target) == 8
    assert bytes(target[:8]) == b"aaXbYYcc"
