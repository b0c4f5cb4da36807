"""What drivers of real devices demand, and Numba's simulator lets pass."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
import pytest

from engine.devices import driver


class _Memory:
    def copy_to_device(self, _host: Any, stream: Any) -> None:
        assert stream is not None


class _Strict:
    """What Numba offers of a device: a context, in which all that was made has to be freed, and memory."""

    def __init__(self) -> None:
        self.made: list[weakref.ref[Any]] = []
        self.gpus = [self]

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        assert not any(made() for made in self.made)

    def _noted(self, made: Any) -> Any:
        self.made.append(weakref.ref(made))
        return made

    def stream(self) -> Any:
        class Stream:
            def synchronize(self) -> None:
                pass

        return self._noted(Stream())

    def device_array(self, _size: int, _dtype: Any, stream: Any) -> Any:
        assert stream is not None
        return self._noted(_Memory())

    def pinned_array(self, size: int, dtype: Any) -> Any:
        if not size:
            raise RuntimeError("[1] Call to cuMemHostAlloc results in CUDA_ERROR_INVALID_VALUE")
        return np.empty(size, dtype)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> _Strict:
    strict = _Strict()
    monkeypatch.setattr(driver, "imported", lambda: strict)
    return strict


def test_what_a_device_is_tried_with_is_freed_within_its_context(strict: _Strict) -> None:
    driver.Driver(0, 1 << 20)._touch()
    assert len(strict.made) == 2


def test_no_memory_at_all_can_be_pinned_too(strict: _Strict) -> None:
    one = driver.Driver(0, 1 << 20)
    one._cuda = strict
    assert [len(one.pinned(size)) for size in (0, 1, 64)] == [0, 1, 64]
