from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from kernels.cuda import lines as on_device
from kernels.parse.lines import line_index_reference
from tests.kernels.cuda.device import through_device
from tests.kernels.parse.test_lines import texts

line_index = through_device(on_device.line_index)


def found(text: bytes, stop: int) -> tuple[list[int], list[int]]:
    """Offsets of newlines and of oddities among the first `stop` bytes."""
    buffer = np.frombuffer(text + b"\n " * 32, np.uint8)
    newlines, oddities = np.full((2, stop + 1), -1, np.int32)
    counts = np.full(on_device.counts_size(stop), -1, np.int64)
    line_index(buffer, stop, newlines, oddities, counts)
    assert (newlines[counts[0] :] == -1).all()
    assert (oddities[counts[1] :] == -1).all()
    return newlines[: counts[0]].tolist(), oddities[: counts[1]].tolist()


def expected(text: bytes, stop: int) -> tuple[list[int], list[int]]:
    newlines, oddities = np.empty((2, stop), np.int32)
    n_newlines, n_odd = line_index_reference(np.frombuffer(text, np.uint8), stop, newlines, oddities)
    return newlines[:n_newlines].tolist(), oddities[:n_odd].tolist()


def test_by_hand() -> None:
    text = b"@r 1\nACGT\r\n+\n!~I\x7f\x80\n\n"
    assert found(text, len(text)) == ([4, 10, 12, 18, 19], [2, 9, 16, 17])


def test_every_byte() -> None:
    assert found(bytes(range(256)), 256) == expected(bytes(range(256)), 256)


@settings(max_examples=4)
@given(text=texts)
@example(text=b"")
@example(text=b"\n" * 300)
@example(text=b" " * 300)
def test_agrees_with_reference(text: bytes) -> None:
    for stop in {len(text), len(text) // 2}:
        assert found(text, stop) == expected(text, stop)


def test_what_finds_no_room_is_counted() -> None:
    text = np.frombuffer(b"\n \n \n " + b"A" * 64, np.uint8)
    newlines, oddities = np.full((2, 2), -1, np.int32)
    counts = np.zeros(on_device.counts_size(6), np.int64)
    line_index(text, 6, newlines, oddities, counts)
    assert (newlines.tolist(), oddities.tolist(), counts[:2].tolist()) == ([0, 2], [1, 3], [3, 3])
