from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.parse.lines import line_index, line_index_portable, line_index_reference
from kernels.select import has_vectors

LineIndex = Callable[..., tuple[int, int]]

KERNELS = [line_index_portable, *([line_index] if has_vectors() else [])]
NEWLINE = ord("\n")

# Runs of text with line ends and odd bytes now and then, as files have them, and bytes of every kind.
texts = st.one_of(
    st.binary(max_size=400),
    st.lists(st.sampled_from([b"ACGT" * 20, b"\n", b"\r\n", b" ", b"I", b"\x7f", b"\xff", b"\0"]), max_size=40).map(
        b"".join
    ),
)


def found(kernel: LineIndex, text: bytes, stop: int) -> tuple[list[int], list[int]]:
    """Offsets of newlines and of oddities among the first `stop` bytes."""
    buffer = np.frombuffer(bytearray(text), np.uint8)
    newlines, oddities = np.full((2, stop + 1), -1, np.int32)
    n_newlines, n_odd = kernel(buffer, stop, newlines, oddities)
    assert newlines[stop] == oddities[stop] == -1, "written past the end"
    return newlines[:n_newlines].tolist(), oddities[:n_odd].tolist()


@pytest.mark.parametrize("kernel", [*KERNELS, line_index_reference])
def test_by_hand(kernel: LineIndex) -> None:
    text = b"@r 1\nACGT\r\n+\n!~I\x7f\x80\n\n"
    assert found(kernel, text, len(text)) == ([4, 10, 12, 18, 19], [2, 9, 16, 17])


@pytest.mark.parametrize("kernel", KERNELS)
@given(text=texts, data=st.data())
def test_agrees_with_reference(kernel: LineIndex, text: bytes, data: st.DataObject) -> None:
    stop = data.draw(st.integers(0, len(text)))
    assert found(kernel, text, stop) == found(line_index_reference, text, stop)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("length", [63, 64, 65, 128, 200])
def test_every_place_around_the_64_byte_steps(kernel: LineIndex, length: int) -> None:
    for place in range(length):
        text = bytearray(b"A" * length)
        text[place] = NEWLINE
        assert found(kernel, bytes(text), length) == ([place], [])
        text[place] = ord(" ")
        assert found(kernel, bytes(text), length) == ([], [place])


@pytest.mark.parametrize("kernel", KERNELS)
def test_every_byte(kernel: LineIndex) -> None:
    text = bytes(range(256))
    odd = [byte for byte in range(256) if byte != NEWLINE and not 33 <= byte <= 126]
    assert found(kernel, text, 256) == ([NEWLINE], odd)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("byte", [b"\n", b"\0"])
@settings(max_examples=10)
@given(length=st.integers(0, 300))
def test_nothing_but_line_ends_or_oddities(kernel: LineIndex, byte: bytes, length: int) -> None:
    everywhere = list(range(length))
    expected = (everywhere, []) if byte == b"\n" else ([], everywhere)
    assert found(kernel, byte * length, length) == expected
