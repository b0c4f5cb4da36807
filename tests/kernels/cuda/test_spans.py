"""Views of a device's memory, and launches that are prepared for them."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kernels.cuda import prepared
from kernels.cuda.spans import Span

ADDRESS = 0x7000_0000_0000


def span_of(array: Any) -> Span:
    return Span(ADDRESS, array.shape, array.dtype, None)


def words_of(array: Any) -> tuple[int, ...]:
    """As Numba lays out what it hands to a kernel."""
    return (0, 0, array.size, array.itemsize, ADDRESS, *array.shape, *array.strides)


@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5), (2, 5, 64), (4, 1, 2)])
@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64, np.uint64])
def test_it_is_laid_out_as_an_array_of_that_shape(shape: tuple[int, ...], dtype: Any) -> None:
    array = np.empty(shape, dtype)
    span = span_of(array)
    assert span.words == words_of(array)
    assert (len(span), span.nbytes, span.shape) == (len(array), array.nbytes, array.shape)
    assert span.kind == span_of(np.empty(shape, dtype)).kind
    assert span.kind != span_of(np.empty((*shape, 1), dtype)).kind


def test_parts_of_it_are_where_those_of_an_array_are() -> None:
    owner = object()
    whole = Span(ADDRESS, (256,), np.uint8, owner)
    part = whole[64:192].view(np.int32)
    assert (part.address, part.shape, part.nbytes, part.dtype) == (ADDRESS + 64, (32,), 128, np.dtype(np.int32))
    table = part[2:].reshape(3, 10)
    assert (table.address, table.shape) == (ADDRESS + 72, (3, 10))
    assert table.owner is owner
    assert whole[200:900].shape == (56,)
    assert whole[300:].nbytes == whole[9:3].nbytes == 0
    interface = table.__cuda_array_interface__
    assert (interface["data"], interface["shape"], interface["typestr"]) == ((ADDRESS + 72, False), (3, 10), "<i4")
    assert Span.of(table).words == table.words
    assert whole[9:9].__cuda_array_interface__["data"] == (0, False)


def _laid_out(*more: int) -> Any:
    """A kernel as some version of Numba has it."""

    def prepare(_type: object, value: Any, _stream: object, _retr: list[Any], into: list[Any]) -> None:
        if isinstance(value, int):
            into.append(ctypes.c_int64(value))
        else:
            into.extend([*value.words, *more])

    return SimpleNamespace(argument_types=("array", "int64"), _prepare_args=prepare)


def test_where_numba_lays_arguments_out_otherwise_it_launches_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_core", lambda: SimpleNamespace(LaunchConfig=object))
    arguments = (span_of(np.empty(9, np.int32)), 5)
    assert prepared._agrees(_laid_out(), arguments)
    assert not prepared._agrees(_laid_out(0), arguments)
    assert not prepared._agrees(SimpleNamespace(argument_types=("array", "int64")), arguments)
    monkeypatch.setattr(prepared, "_core", SimpleNamespace)
    assert not prepared._agrees(_laid_out(), arguments)


def test_only_spans_are_prepared_for() -> None:
    span = span_of(np.empty(9, np.int32))
    for arguments in ((np.empty(3),), (), (5, span)):
        assert not prepared.launched(None, 1, 32, arguments, 1, 0)
    assert not prepared.launched(None, 1, 32, (span,), 0, 0)
