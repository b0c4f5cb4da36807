"""Which reads have a text in their names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kernels.jit import kernel

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]


def names_with_reference(
    buffer: Bytes, starts: Column, lengths: Column, text: Bytes, is_whole: bool, found: Bytes
) -> None:
    """Plain twin of `names_with`."""
    wanted = text.tobytes()
    for read, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=True)):
        name = buffer[start : start + length].tobytes()
        begins = name == wanted or name.startswith((wanted + b" ", wanted + b"\t"))
        found[read] = begins if is_whole else wanted in name


@kernel("void(uint8[::1], int32[::1], int32[::1], uint8[::1], boolean, uint8[::1])")
def names_with(buffer: Bytes, starts: Column, lengths: Column, text: Bytes, is_whole: bool, found: Bytes) -> None:
    """Marks the reads that have a text in their names.

    Args:
        buffer: uint8, names.
        starts: int32 [n_reads], offset of each name.
        lengths: int32 [n_reads], bytes of each name.
        text: uint8 [>= 1], what to look for.
        is_whole: whether it has to be the whole name, or all of it before a space or tab.
        found: uint8 [n_reads], to fill: 1 where it is there.
    """
    size = len(text)
    for read in range(len(starts)):
        start = int(starts[read])
        end = start + int(lengths[read])
        found[read] = 0
        last = start if is_whole else end - size
        for place in range(start, last + 1):
            if place + size > end or buffer[place] != text[0]:
                continue
            same = 1
            while same < size and buffer[place + same] == text[same]:
                same += 1
            if same < size:
                continue
            after = place + size
            if not is_whole or after == end or buffer[after] == 32 or buffer[after] == 9:
                found[read] = 1
                break
