"""Copies by several threads are whole."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from engine.devices import copying
from engine.devices.copying import Copier


@pytest.mark.parametrize("threads", [0, 1, 2, 5])
@pytest.mark.parametrize("size", [0, 1, 15, 16, 31, 32, 33, 1001])
def test_every_byte_is_copied(threads: int, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "PIECE", 16)
    source = np.arange(size, dtype=np.uint8)
    target = np.full(size + 2, 77, np.uint8)
    copier = Copier(threads)
    for _ in range(2):
        target[:] = 77
        copier.copy(source, target[1:-1])
        assert np.array_equal(target[1:-1], source)
        assert target[0] == target[-1] == 77
    copier.close()
    copier.close()


def test_small_copies_need_no_threads() -> None:
    before = threading.active_count()
    copier = Copier(4)
    copier.copy(np.zeros(100, np.uint8), np.zeros(100, np.uint8))
    assert threading.active_count() == before
