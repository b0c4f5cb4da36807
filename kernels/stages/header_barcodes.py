"""The barcodes that instruments write at the end of header lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

_COLON, _PLUS, _SPACE, _TAB = 58, 43, 32, 9


def header_barcodes_reference(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    begins: Column,
    sizes: Column,
    second_begins: Column,
    second_sizes: Column,
) -> None:
    """Plain twin of `header_barcodes`."""
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        text = bytes(buffer[start : start + length])
        last = text.replace(b"\t", b" ").rpartition(b" ")[2]
        field = last.rpartition(b":")[2] if b":" in last else b""
        first, _, second = field.partition(b"+")
        sizes[read], second_sizes[read] = len(first), len(second)
        begins[read] = start + length - len(field)
        second_begins[read] = start + length - len(second)


@kernel("void(uint8[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1], int32[::1])")
def header_barcodes(
    buffer: Bytes,
    starts: Column,
    lengths: Column,
    begins: Column,
    sizes: Column,
    second_begins: Column,
    second_sizes: Column,
) -> None:
    """Finds the barcodes at the ends of header lines: what follows the last colon, and in it what follows the first +.

    A header whose last word has no colon has none.

    Args:
        buffer: uint8, header lines.
        starts: int32 [n_reads], offset of each, after the ``@``.
        lengths: int32 [n_reads], bytes.
        begins: int32 [n_reads], to fill: offset of the first barcode.
        sizes: int32 [n_reads], to fill: its bytes, 0 where there is none.
        second_begins: int32 [n_reads], to fill: offset of the second barcode.
        second_sizes: int32 [n_reads], to fill: its bytes, 0 where there is none.
    """
    for read in range(len(starts)):
        start = int(starts[read])
        end = start + int(lengths[read])
        place = end
        plus = -1
        while place > start:
            byte = buffer[place - 1]
            if byte in (_COLON, _SPACE, _TAB):
                break
            place -= 1
            if byte == _PLUS:
                plus = place
        if place == start or buffer[place - 1] != _COLON:
            place, plus = end, -1
        begins[read] = place
        sizes[read] = (end if plus < 0 else plus) - place
        second_begins[read] = end if plus < 0 else plus + 1
        second_sizes[read] = 0 if plus < 0 else end - plus - 1
