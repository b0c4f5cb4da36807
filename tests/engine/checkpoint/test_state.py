"""What is written is read again, and nothing else is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from engine.checkpoint.state import State, decode, encode
from engine.errors import CheckpointError

ARRAYS = st.sampled_from(["<i8", ">i4", "u1", "<f8", "?", "<u8"]).flatmap(
    lambda kind: hn.arrays(kind, hn.array_shapes(min_dims=0, min_side=0, max_side=5))
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | ARRAYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_characters="\0")), inner),
    max_leaves=6,
)
STATE: State = {"counts": np.arange(40).reshape(4, 10), "name": "a", "nested": {"sizes": [1, 2.5, None]}}


def same(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray):
        return (
            isinstance(right, np.ndarray)
            and right.dtype == left.dtype.newbyteorder("=")
            and left.shape == right.shape
            and left.tobytes() == right.astype(left.dtype).tobytes()
        )
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


@given(st.dictionaries(st.text(st.characters(exclude_characters="\0")), VALUES, max_size=4))
@settings(max_examples=80, deadline=None)
def test_round_trip(state: State) -> None:
    assert same(state, decode(b"".join(encode(state))))


def test_every_truncation_is_refused() -> None:
    data = b"".join(encode(STATE))
    assert same(STATE, decode(data))
    for size in range(len(data)):
        with pytest.raises(CheckpointError):
            decode(data[:size])


def test_every_changed_byte_is_refused() -> None:
    data = b"".join(encode(STATE))
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 0x11
        with pytest.raises(CheckpointError):
            decode(bytes(changed))


def test_another_version_is_told() -> None:
    data = bytearray(b"".join(encode(STATE)))
    data[21] = 9
    with pytest.raises(CheckpointError, match="form 9"):
        decode(bytes(data))


@pytest.mark.parametrize("value", [{1, 2}, b"text", object(), np.array(["a"]), np.array([None])])
def test_nothing_but_values_is_kept(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be kept"):
        encode({"value": value})
