"""What drivers of real devices demand, and Numba's simulator lets pass."""

from __future__ import annotations

import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from engine.devices import contexts, driver


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
    monkeypatch.setattr(contexts, "imported", lambda: strict)
    return strict


def test_what_a_device_is_tried_with_is_freed_within_its_context(strict: _Strict) -> None:
    driver.Driver(0, 1 << 20)._touch()
    assert len(strict.made) == 2


def test_no_memory_at_all_can_be_pinned_too(strict: _Strict) -> None:
    one = driver.Driver(0, 1 << 20)
    one._cuda = strict
    assert [len(one.pinned(size)) for size in (0, 1, 64)] == [0, 1, 64]


def test_only_one_thread_at_a_time_has_devices_listed(strict: _Strict) -> None:
    begun, go_on = threading.Event(), threading.Event()
    entered = []

    class Listing:
        def __getitem__(self, number: int) -> int:
            entered.append(number)
            begun.set()
            assert go_on.wait(30)
            return number

    strict.gpus = Listing()  # type: ignore[assignment]  # a list that is made when it is asked
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(contexts.context_of, 0)
        assert begun.wait(30)
        second = pool.submit(contexts.context_of, 1)
        assert entered == [0]
        go_on.set()
        assert (first.result(), second.result()) == (0, 1)
    assert entered == [0, 1]
