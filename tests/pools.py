"""Every buffer that a run, a stream or a search took has to be given back by the end of a test."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from engine.flow.pool import BufferPool
from engine.run import intake
from engine.search import search
from engine.stream import team

_USERS = (intake, search, team)


@pytest.fixture(autouse=True)
def all_buffers_given_back(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Fails the test in which a pool did not get all its buffers back."""
    pools: list[BufferPool] = []

    class Watched(BufferPool):
        def __init__(self, size: int, capacity: int) -> None:
            super().__init__(size, capacity)
            pools.append(self)

    for user in _USERS:
        monkeypatch.setattr(user, "BufferPool", Watched)
    yield
    missing = [pool.statistics() for pool in pools if pool.statistics().in_use]
    if missing:
        pytest.fail(f"buffers were not given back: {missing}", pytrace=False)
