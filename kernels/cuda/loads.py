"""Loads of several bytes at once from text on a device, where an address has to be a multiple of what is loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from kernels.cuda.launching import SIMULATED, DeviceArray, within_device

_I32 = ir.IntType(32)
_I64 = ir.IntType(64)


def _data(context: Any, builder: Any, array_type: Any, array: Any) -> Any:
    return context.make_array(array_type)(context, builder, array).data


def _aligned_words(context: Any, builder: Any, signature: Any, arguments: Any, count: int) -> tuple[list[Any], Any]:
    """Words around an offset, as i64, and by how many bits the first begins before it."""
    data = _data(context, builder, signature.args[0], arguments[0])
    at = context.cast(builder, arguments[1], signature.args[1], types.int64)
    first = builder.and_(at, ir.Constant(_I64, -4))
    words = []
    for number in range(count):
        where = builder.gep(data, [builder.add(first, ir.Constant(_I64, 4 * number))])
        words.append(builder.zext(builder.load(builder.bitcast(where, _I32.as_pointer()), align=4), _I64))
    return words, builder.shl(builder.and_(at, ir.Constant(_I64, 3)), ir.Constant(_I64, 3))


def _joined(builder: Any, low: Any, high: Any, shift: Any) -> Any:
    both = builder.or_(low, builder.shl(high, ir.Constant(_I64, 32)))
    return builder.trunc(builder.lshr(both, shift), _I32)


def _load_four(_typing: Any, buffer: Any, offset: Any) -> Any:
    signature = types.uint32(buffer, offset)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, shift = _aligned_words(context, builder, signature, arguments, 2)
        return _joined(builder, words[0], words[1], shift)

    return signature, generate


def _load_pair(_typing: Any, buffer: Any, offset: Any) -> Any:
    signature = types.UniTuple(types.uint32, 2)(buffer, offset)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, shift = _aligned_words(context, builder, signature, arguments, 3)
        pair = [_joined(builder, words[number], words[number + 1], shift) for number in range(2)]
        return context.make_tuple(builder, signature.return_type, pair)

    return signature, generate


def _load_quad(_typing: Any, buffer: Any, offset: Any) -> Any:
    signature = types.UniTuple(types.uint32, 4)(buffer, offset)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        words, shift = _aligned_words(context, builder, signature, arguments, 5)
        quad = [_joined(builder, words[number], words[number + 1], shift) for number in range(4)]
        return context.make_tuple(builder, signature.return_type, quad)

    return signature, generate


def _load_four_plainly(buffer: DeviceArray, offset: int) -> np.uint32:
    offset = int(offset)
    return np.uint32(int.from_bytes(buffer[offset : offset + 4].tobytes(), "little"))


def _load_pair_plainly(buffer: DeviceArray, offset: int) -> tuple[np.uint32, np.uint32]:
    return _load_four_plainly(buffer, offset), _load_four_plainly(buffer, int(offset) + 4)


def _load_quad_plainly(buffer: DeviceArray, offset: int) -> tuple[np.uint32, ...]:
    return tuple(_load_four_plainly(buffer, int(offset) + 4 * number) for number in range(4))


def _load_sixteen(_typing: Any, buffer: Any, index: Any) -> Any:
    signature = types.UniTuple(types.uint32, 4)(buffer, index)
    vector = ir.VectorType(_I32, 4)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = _data(context, builder, signature.args[0], arguments[0])
        at = context.cast(builder, arguments[1], signature.args[1], types.int64)
        where = builder.gep(data, [builder.shl(at, ir.Constant(_I64, 4))])
        text = builder.load(builder.bitcast(where, vector.as_pointer()), align=16)
        words = [builder.extract_element(text, ir.Constant(_I32, number)) for number in range(4)]
        return context.make_tuple(builder, signature.return_type, words)

    return signature, generate


def _load_sixteen_plainly(buffer: DeviceArray, index: int) -> tuple[np.uint32, ...]:
    text = buffer[16 * int(index) : 16 * int(index) + 16].tobytes()
    return tuple(np.uint32(int.from_bytes(text[at : at + 4], "little")) for at in range(0, 16, 4))


load_four = cast("Callable[..., np.uint32]", _load_four_plainly if SIMULATED else intrinsic(_load_four))
"""``buffer[offset:offset + 4]`` as a uint32, the first byte lowest, for any offset.

The buffer begins at a multiple of 4 bytes, as all memory does that a device gives out, and is readable for 7 bytes past
the offset.
"""

_pair = _load_pair_plainly if SIMULATED else intrinsic(_load_pair)
load_pair = cast("Callable[..., tuple[np.uint32, np.uint32]]", _pair)
"""``buffer[offset:offset + 8]`` as two uint32, for any offset; readable for 11 bytes past it. See `load_four`."""

_quad = _load_quad_plainly if SIMULATED else intrinsic(_load_quad)
load_quad = cast("Callable[..., tuple[np.uint32, np.uint32, np.uint32, np.uint32]]", _quad)
"""``buffer[offset:offset + 16]`` as four uint32, for any offset; readable for 19 bytes past it. See `load_four`."""

load_sixteen = cast(
    "Callable[..., tuple[np.uint32, np.uint32, np.uint32, np.uint32]]",
    _load_sixteen_plainly if SIMULATED else intrinsic(_load_sixteen),
)
"""``buffer[16 * index:16 * index + 16]`` as four uint32 in one load; the buffer begins at a multiple of 16 bytes."""


@within_device
def first_of_four(word: np.uint32, left: int) -> np.uint32:
    """The word with zeros for all but its first `left` bytes, which may be fewer than none or more than four."""
    if left >= 4:
        return word
    if left <= 0:
        return np.uint32(0)
    return np.uint32(word & np.uint32((1 << (8 * left)) - 1))


@within_device
def load_up_to_four(buffer: DeviceArray, offset: int, left: int) -> np.uint32:
    """As `load_four`, with zeros for what is more than `left` bytes, 1 or more, past the offset."""
    word = load_four(buffer, offset)
    if left < 4:
        word = np.uint32(word & np.uint32((1 << (8 * left)) - 1))
    return word


@within_device
def load_four_up_to(buffer: DeviceArray, start: np.uint32, left: np.int32) -> np.uint32:
    """The four bytes before ``buffer[start + left]``, the last one highest; zeros for those before `start`.

    `left` is 1 or more.
    """
    if left >= 4:
        return load_four(buffer, np.uint32(start + np.uint32(left - 4)))
    return np.uint32(load_four(buffer, start) << np.uint32(8 * (4 - left)))


@within_device
def load_eight(buffer: DeviceArray, offset: int) -> np.uint64:
    """``buffer[offset:offset + 8]`` as a uint64, the first byte lowest, for any offset; see `load_four`."""
    low, high = load_pair(buffer, offset)
    return np.uint64(low) | (np.uint64(high) << np.uint64(32))
