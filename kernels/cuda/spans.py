"""Views of a device's memory that cost next to nothing to make.

A batch takes some forty of them, and Numba's own arrays take the interpreter longer than the GPU the counting.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt


class Span:
    """Numbers side by side in a device's memory.

    Args:
        address: of the first.
        shape: how many.
        dtype: what they are.
        owner: keeps the memory for as long as anybody refers to it.

    Attributes:
        address: as given.
        shape: as given.
        dtype: as given.
        owner: as given.
        nbytes: bytes of all.
        words: what Numba hands to a kernel for such an array, each of 64 bits: two that count references where there
            are any, how many numbers, bytes of one, the address, the shape, and the bytes from one to the next.
        kind: all such arrays are of the same type for a kernel.
    """

    __slots__ = ("__weakref__", "address", "dtype", "kind", "nbytes", "owner", "shape", "words")

    def __init__(self, address: int, shape: tuple[int, ...], dtype: npt.DTypeLike, owner: Any) -> None:
        self.address = address
        self.shape = shape
        self.dtype = np.dtype(dtype)
        self.owner = owner
        size, each = math.prod(shape), self.dtype.itemsize
        self.nbytes = size * each
        self.kind = (self.dtype.char, len(shape))
        steps = (each,) if len(shape) == 1 else _steps(shape, each)
        self.words = (0, 0, size, each, address, *shape, *steps)

    @classmethod
    def of(cls, array: Any) -> Span:
        """All of an array of Numba's, or of anyone's with the CUDA array interface; contiguous."""
        what = array.__cuda_array_interface__
        return cls(what["data"][0], tuple(what["shape"]), what["typestr"], array)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, part: slice) -> Span:
        """A part of it, without steps; of one dimension only."""
        (length,) = self.shape
        start, stop, _ = part.indices(length)
        each = self.dtype.itemsize
        return Span(self.address + each * start, (max(0, stop - start),), self.dtype, self.owner)

    def view(self, dtype: npt.DTypeLike) -> Span:
        """The same bytes as other numbers; of one dimension only."""
        return Span(self.address, (self.nbytes // np.dtype(dtype).itemsize,), dtype, self.owner)

    def reshape(self, *shape: int) -> Span:
        """The same numbers in another shape."""
        return Span(self.address, shape, self.dtype, self.owner)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """By which others, Numba for one, take it for an array."""
        where = self.address if self.nbytes else 0
        return {"shape": self.shape, "typestr": self.dtype.str, "data": (where, False), "version": 3}


def _steps(shape: tuple[int, ...], each: int) -> tuple[int, ...]:
    steps = [each]
    for length in shape[:0:-1]:
        steps.append(steps[-1] * length)
    return tuple(reversed(steps))
