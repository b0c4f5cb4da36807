"""What drivers of real devices demand, and Numba's simulator lets pass."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
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
        self.deferred = 0
        self.gpus = [self]

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        assert not any(made() for made in self.made)

    def defer_cleanup(self) -> Any:
        self.deferred += 1
        return nullcontext()

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
    monkeypatch.setattr(driver, "_held_back", [])
    return strict


def test_what_a_device_is_tried_with_is_freed_within_its_context(strict: _Strict) -> None:
    driver.Driver(0, 1 << 20)._touch()
    assert len(strict.made) == 2


class _Stuck:
    """What Numba has to free of a device that does not answer."""

    is_disabled = False

    def __init__(self) -> None:
        self.left = 1
        self.go_on = threading.Event()

    def __len__(self) -> int:
        return self.left

    def clear(self) -> None:
        self.go_on.wait()
        self.left = 0


def test_no_device_is_waited_for_without_end(strict: _Strict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "PATIENCE", 0.01)
    stuck = _Stuck()
    calls: list[Callable[[driver.Driver], object]] = [
        lambda one: one.pinned(64),
        lambda one: one.allocate(64),
        lambda one: one.release([]),
    ]
    for call in calls:
        monkeypatch.setattr(driver, "_hung", set())
        monkeypatch.setattr(strict, "pinned_array", lambda *_: stuck.go_on.wait())
        monkeypatch.setattr(strict, "device_array", lambda *_: stuck.go_on.wait())
        one = driver.Driver(0, 1 << 20)
        one._cuda, one._context, one._pending = strict, strict, (stuck,)
        with suppress(driver.DeviceHung):
            call(one)
        assert one.is_hung
        assert one.held == 0
    assert strict.deferred == 4  # and once for what is released
    stuck.go_on.set()


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
