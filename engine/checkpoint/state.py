"""What a checkpoint holds, as bytes: plain values and arrays, never code."""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.errors import CheckpointError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Value: TypeAlias = "bool | int | float | str | npt.NDArray[Any] | Sequence[Value] | Mapping[str, Value] | None"
"""Numbers, texts, arrays of integers or floats, and lists and dictionaries of them."""

State = dict[str, Value]

VERSION = 1
"""Counts up whenever older versions of Lanescope could not make sense of what is written."""

_MAGIC = b"LANESCOPE CHECKPOINT\n"
_HEAD = struct.Struct("<I32s")  # version, SHA-256 of all that follows
_SIZES = struct.Struct("<QQ")  # bytes of JSON, and of JSON and arrays, before packing
_KINDS = "biuf"
_ARRAY = "\0array"
_LEVEL = 1
_MOST = 1 << 34
"""Bytes of what is taken for a checkpoint, unpacked: far above the tables of the longest reads."""


def encode(state: State) -> list[bytes]:
    """The state as pieces of what `decode` takes.

    Raises:
        TypeError: something in it is neither a plain value nor an array of numbers.
    """
    arrays: list[npt.NDArray[Any]] = []
    text = json.dumps(_without_arrays(state, arrays)).encode()
    size = len(text) + sum(array.nbytes for array in arrays)
    # Piece by piece: of reads of a million bases, another copy of all would take hundreds of megabytes.
    packer = zstd.ZstdCompressor(level=_LEVEL)
    packed = [packer.compress(text), *(packer.compress(array.reshape(-1).view(np.uint8).data) for array in arrays)]
    body = [_SIZES.pack(len(text), size), *packed, packer.flush()]
    digest = hashlib.sha256()
    for piece in body:
        digest.update(piece)
    return [_MAGIC + _HEAD.pack(VERSION, digest.digest()), *body]


def decode(data: bytes) -> State:
    """The state that `encode` made these bytes of.

    Raises:
        CheckpointError: they are no checkpoint, of another version, cut short or damaged.
    """
    start = len(_MAGIC) + _HEAD.size
    if not data.startswith(_MAGIC) or len(data) < start + _SIZES.size:
        raise CheckpointError("this is not a checkpoint, or it was cut short.")
    version, digest = _HEAD.unpack_from(data, len(_MAGIC))
    if version != VERSION:
        raise CheckpointError(f"it was written in form {version}, and this version of Lanescope reads form {VERSION}.")
    if hashlib.sha256(memoryview(data)[start:]).digest() != digest:
        raise CheckpointError("it is damaged or was cut short.")
    text_size, size = _SIZES.unpack_from(data, start)
    try:
        content = zstd.ZstdDecompressor().decompress(data[start + _SIZES.size :], max_length=min(size, _MOST) + 1)
        if len(content) != size:
            raise CheckpointError("it is damaged.")
        state = _with_arrays(json.loads(content[:text_size]), memoryview(content)[text_size:])
    except (zstd.ZstdError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError("it is damaged.") from error
    if not isinstance(state, dict):
        raise CheckpointError("it is damaged.")
    return state


def _without_arrays(value: Value, arrays: list[npt.NDArray[Any]]) -> Any:
    """The value with each array replaced by its place in `arrays`, which receives it."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in _KINDS:
            raise TypeError(f"arrays of {value.dtype} cannot be kept in a checkpoint")
        kept = np.ascontiguousarray(value, value.dtype.newbyteorder("<")).reshape(value.shape)
        offset = sum(array.nbytes for array in arrays)
        arrays.append(kept)
        return {_ARRAY: [kept.dtype.str, list(kept.shape), offset]}
    if isinstance(value, Mapping):
        return {str(key): _without_arrays(item, arrays) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_arrays(item, arrays) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} cannot be kept in a checkpoint")


def _with_arrays(value: Any, content: memoryview) -> Any:
    if isinstance(value, list):
        return [_with_arrays(item, content) for item in value]
    if not isinstance(value, dict):
        return value
    if _ARRAY not in value:
        return {key: _with_arrays(item, content) for key, item in value.items()}
    name, shape, offset = value[_ARRAY]
    kind = np.dtype(name)
    if kind.kind not in _KINDS:
        raise ValueError(f"an array of {kind}")
    count = int(np.prod(shape, dtype=np.int64)) if shape else 1
    return np.frombuffer(content, kind, count, offset).reshape(shape).astype(kind.newbyteorder("="))
