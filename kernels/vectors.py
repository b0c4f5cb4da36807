"""LLVM vector instructions that Numba has no spelling for.

Widths are fixed at 64 bytes; LLVM splits them for machines with narrower registers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

Bytes = npt.NDArray[np.uint8]

LANES = 64
"""Bytes handled at once, and cycles in a block of a count table."""

_I8 = ir.IntType(8)
_I32 = ir.IntType(32)
_I64 = ir.IntType(64)
_VECTOR = ir.VectorType(_I8, LANES)


def _splat(builder: Any, value: Any) -> Any:
    """A vector with `value` (i8) in every lane."""
    single = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), value, ir.Constant(_I32, 0))
    lanes = ir.Constant(ir.VectorType(_I32, LANES), [0] * LANES)
    return builder.shuffle_vector(single, ir.Constant(_VECTOR, ir.Undefined), lanes)


def _constant(value: int) -> Any:
    return ir.Constant(_VECTOR, [value] * LANES)


def _clamped(builder: Any, value: Any, highest: int) -> Any:
    """An i64 brought into 0..highest."""
    low, high = ir.Constant(_I64, 0), ir.Constant(_I64, highest)
    value = builder.select(builder.icmp_signed(">", value, high), high, value)
    return builder.select(builder.icmp_signed("<", value, low), low, value)


def _data(context: Any, builder: Any, array_type: Any, array: Any) -> Any:
    return context.make_array(array_type)(context, builder, array).data


def _line_masks(_typing: Any, buffer: Any, offset: Any) -> Any:
    signature = types.UniTuple(types.uint64, 2)(buffer, offset)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = _data(context, builder, signature.args[0], arguments[0])
        where = builder.bitcast(builder.gep(data, [arguments[1]]), _VECTOR.as_pointer())
        text = builder.load(where, align=1)
        newline = builder.icmp_unsigned("==", text, _constant(10))
        odd = builder.icmp_unsigned(">", builder.sub(text, _constant(33)), _constant(126 - 33))
        odd = builder.and_(odd, builder.not_(newline))
        masks = [builder.bitcast(mask, _I64) for mask in (newline, odd)]
        return context.make_tuple(builder, signature.return_type, masks)

    return signature, generate


line_masks = cast("Callable[[Bytes, int | np.int64], tuple[np.uint64, np.uint64]]", intrinsic(_line_masks))
"""Masks of ``buffer[offset:offset + 64]``.

Bit i of the first is set where byte i is a newline, of the second where it is neither a newline nor in 33..126.
"""


def _base_masks(_typing: Any, buffer: Any, offset: Any) -> Any:
    signature = types.UniTuple(types.uint64, 4)(buffer, offset)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = _data(context, builder, signature.args[0], arguments[0])
        where = builder.bitcast(builder.gep(data, [arguments[1]]), _VECTOR.as_pointer())
        text = builder.and_(builder.load(where, align=1), _constant(0xDF))
        masks = [builder.bitcast(builder.icmp_unsigned("==", text, _constant(base)), _I64) for base in b"ACGT"]
        return context.make_tuple(builder, signature.return_type, masks)

    return signature, generate


base_masks = cast(
    "Callable[[Bytes, int | np.int64], tuple[np.uint64, np.uint64, np.uint64, np.uint64]]", intrinsic(_base_masks)
)
"""Masks of ``buffer[offset:offset + 64]``: bit i is set where byte i is A, C, G, T, either case."""


def _copy_lanes(_typing: Any, source: Any, at: Any, target: Any, to: Any) -> Any:
    signature = types.void(source, at, target, to)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        read = builder.gep(_data(context, builder, signature.args[0], arguments[0]), [arguments[1]])
        write = builder.gep(_data(context, builder, signature.args[2], arguments[2]), [arguments[3]])
        text = builder.load(builder.bitcast(read, _VECTOR.as_pointer()), align=1)
        builder.store(text, builder.bitcast(write, _VECTOR.as_pointer()), align=1)
        return context.get_dummy_value()

    return signature, generate


copy_lanes = cast("Callable[[Bytes, int | np.int64, Bytes, int | np.int64], None]", intrinsic(_copy_lanes))
"""Copies ``source[at:at + 64]`` to ``target[to:to + 64]``."""


def _equal_lanes(_typing: Any, first: Any, at: Any, second: Any, to: Any) -> Any:
    signature = types.uint64(first, at, second, to)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        texts = []
        for side in (0, 2):
            data = _data(context, builder, signature.args[side], arguments[side])
            where = builder.bitcast(builder.gep(data, [arguments[side + 1]]), _VECTOR.as_pointer())
            texts.append(builder.load(where, align=1))
        return builder.bitcast(builder.icmp_unsigned("==", *texts), _I64)

    return signature, generate


equal_lanes = cast("Callable[[Bytes, int | np.int64, Bytes, int | np.int64], np.uint64]", intrinsic(_equal_lanes))
"""A mask of the bytes that ``first[at:at + 64]`` and ``second[to:to + 64]`` have in common."""


def _lane_sum(_typing: Any, buffer: Any, offset: Any, count: Any) -> Any:
    signature = types.int64(buffer, offset, count)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = _data(context, builder, signature.args[0], arguments[0])
        text = builder.load(builder.bitcast(builder.gep(data, [arguments[1]]), _VECTOR.as_pointer()), align=1)
        left = builder.trunc(_clamped(builder, arguments[2], LANES), _I8)
        inside = builder.icmp_unsigned("<", ir.Constant(_VECTOR, list(range(LANES))), _splat(builder, left))
        numbers = ir.VectorType(_I32, LANES)
        kind = ir.FunctionType(_I32, [numbers])
        add = cgutils.get_or_insert_function(builder.module, kind, f"llvm.vector.reduce.add.v{LANES}i32")
        wide = builder.zext(builder.select(inside, text, _constant(0)), numbers)
        return builder.zext(builder.call(add, [wide]), _I64)

    return signature, generate


lane_sum = cast("Callable[[Bytes, int | np.int64, int | np.int64], int]", intrinsic(_lane_sum))
"""The sum of the first `count` bytes, at most 64, of ``buffer[offset:offset + 64]``."""


def _equal_to(_typing: Any, buffer: Any, offset: Any, _value: Any) -> Any:
    signature = types.uint64(buffer, offset, types.uint8)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = _data(context, builder, signature.args[0], arguments[0])
        text = builder.load(builder.bitcast(builder.gep(data, [arguments[1]]), _VECTOR.as_pointer()), align=1)
        return builder.bitcast(builder.icmp_unsigned("==", text, _splat(builder, arguments[2])), _I64)

    return signature, generate


equal_to = cast("Callable[[Bytes, int | np.int64, np.uint8], np.uint64]", intrinsic(_equal_to))
"""A mask of the bytes of ``buffer[offset:offset + 64]`` that are `value`."""


def _bit_count(_typing: Any, _mask: Any) -> Any:
    signature = types.int64(types.uint64)

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return signature, generate


bit_count = cast("Callable[[np.uint64], int]", intrinsic(_bit_count))
"""Number of set bits of a uint64."""


def _lowest_bit(_typing: Any, _mask: Any) -> Any:
    signature = types.int64(types.uint64)

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return signature, generate


lowest_bit = cast("Callable[[np.uint64], int]", intrinsic(_lowest_bit))
"""Index of the lowest set bit of a uint64 that is not zero."""


def make_lane_counter(width: int) -> Callable[..., None]:
    """An intrinsic that counts `width` byte values lane by lane over many reads, in registers.

    The result is called in kernels as
    ``count(buffer, starts, lengths, first, last, cycle, keep_bits, values, counts)``: for every read
    first ≤ r < last and lane i with cycle + i < lengths[r], it adds one to ``counts[j, i]`` where
    ``buffer[starts[r] + cycle + i] & keep_bits == values[j]``. No value may be zero. ``counts`` is
    uint8 [width, 64] and is overwritten; at most 255 reads. ``buffer`` must be readable for 64
    bytes past any read's end.
    """

    def count(
        _typing: Any,
        buffer: Any,
        starts: Any,
        lengths: Any,
        _first: Any,
        _last: Any,
        _cycle: Any,
        _keep_bits: Any,
        values: Any,
        counts: Any,
    ) -> Any:
        numbers = (types.int64, types.int64, types.int64, types.uint8)
        signature = types.void(buffer, starts, lengths, *numbers, values, counts)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            arrays = {i: _data(context, builder, signature.args[i], arguments[i]) for i in (0, 1, 2, 7, 8)}
            begin, end, cycle_value = arguments[3], arguments[4], arguments[5]
            keep = _splat(builder, arguments[6])
            wanted = [
                _splat(builder, builder.load(builder.gep(arrays[7], [ir.Constant(_I64, j)]))) for j in range(width)
            ]
            sums = [cgutils.alloca_once(builder, _VECTOR) for _ in range(width)]
            for total in sums:
                builder.store(_constant(0), total)
            lane_numbers = ir.Constant(_VECTOR, list(range(LANES)))
            with cgutils.for_range(builder, builder.sub(end, begin)) as loop:
                read = builder.add(begin, loop.index)
                start = builder.sext(builder.load(builder.gep(arrays[1], [read])), _I64)
                length = builder.sext(builder.load(builder.gep(arrays[2], [read])), _I64)
                left = _clamped(builder, builder.sub(length, cycle_value), LANES)
                inside = builder.icmp_unsigned("<", lane_numbers, _splat(builder, builder.trunc(left, _I8)))
                where = builder.gep(arrays[0], [builder.add(start, cycle_value)])
                text = builder.load(builder.bitcast(where, _VECTOR.as_pointer()), align=1)
                text = builder.select(inside, builder.and_(text, keep), _constant(0))
                for total, value in zip(sums, wanted, strict=True):
                    so_far = builder.load(total)
                    hit = builder.icmp_unsigned("==", text, value)
                    builder.store(builder.select(hit, builder.add(so_far, _constant(1)), so_far), total)
            for j, total in enumerate(sums):
                out = builder.gep(arrays[8], [ir.Constant(_I64, j * LANES)])
                builder.store(builder.load(total), builder.bitcast(out, _VECTOR.as_pointer()), align=1)
            return context.get_dummy_value()

        return signature, generate

    return cast("Callable[..., None]", intrinsic(count))
