"""Eight bytes of text as one number, the first byte lowest."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from kernels.jit import COMPILES, inlined

Bytes = npt.NDArray[np.uint8]
Whole = int | np.int64

WIDTH = 8
"""Bytes of a word."""

_CASE_BITS = np.uint64(0x2020202020202020)
_HIGHS = np.uint64(0x8080808080808080)
# Added to a byte below 0x80, they carry into its highest bit from "a" and from the character after "z" on.
_FROM_A = np.uint64(0x1F1F1F1F1F1F1F1F)
_PAST_Z = np.uint64(0x0505050505050505)
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_EVERY = (1 << 64) - 1


def _load_word(_typing: Any, buffer: Any, offset: Any) -> Any:
    signature = types.uint64(buffer, offset)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        where = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(64).as_pointer())
        word = builder.load(where, align=1)
        return word if sys.byteorder == "little" else builder.bswap(word)

    return signature, generate


def _load_plainly(buffer: Bytes, offset: int) -> np.uint64:
    return np.uint64(int.from_bytes(bytes(buffer[offset : offset + WIDTH]), "little"))


load_word = cast("Callable[[Bytes, Whole], np.uint64]", intrinsic(_load_word) if COMPILES else _load_plainly)
"""``buffer[offset:offset + 8]`` as a uint64; the buffer has to reach that far."""


@inlined
def first_bytes(word: np.uint64, count: Whole) -> np.uint64:
    """The word with all but its first `count` bytes, 0..8, cleared."""
    if count >= WIDTH:
        return word
    if count <= 0:
        return np.uint64(0)
    return word & ((np.uint64(1) << np.uint64(8 * count)) - np.uint64(1))


@inlined
def is_upper(word: np.uint64) -> bool:
    """Whether all letters in the word, or in words that are or-ed together, are in upper case for certain."""
    return bool(word & _CASE_BITS == np.uint64(0))


@inlined
def upper_word(word: np.uint64) -> np.uint64:
    """The word in upper case; every byte is below 127."""
    if word & _CASE_BITS == np.uint64(0):
        return word
    lower = ((word + _FROM_A) & ~(word + _PAST_Z) & _HIGHS) >> np.uint64(2)
    return word ^ lower


def _times(word: np.uint64) -> np.uint64:
    return word * _FACTOR


def _times_plainly(word: np.uint64) -> np.uint64:
    # NumPy's scalars warn where a product runs over.
    return np.uint64(int(word) * int(_FACTOR) & _EVERY)


times = inlined(_times) if COMPILES else _times_plainly
"""A hash of a word in the highest bits: its product with a golden ratio, modulo 2^64."""


@inlined
def mixed(state: np.uint64, word: np.uint64) -> np.uint64:
    """The next state of a hash that has taken in a word."""
    product = times(state ^ word)
    return product ^ (product >> np.uint64(32))
