"""Snapshots that wait to be written: the newest of each run, and when to try again what failed."""

from __future__ import annotations

import time

from engine.run.snapshot import RunSnapshot

SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 8.0
"""Seconds between attempts to write what could not be written; doubled after each."""


class Backlog:
    """The waiting snapshots. Not safe for threads by itself: its user holds a lock."""

    def __init__(self) -> None:
        self._waiting: dict[int, RunSnapshot] = {}
        self._newest: dict[int, RunSnapshot] = {}
        self._pause = SHORTEST_PAUSE
        self._next_attempt = 0.0

    @property
    def run_ids(self) -> tuple[int, ...]:
        """Runs with a snapshot that waits, longest first."""
        return tuple(self._waiting)

    @property
    def time_left(self) -> float | None:
        """Seconds until something ought to be written, at least 0; ``None`` while nothing waits."""
        return max(0.0, self._next_attempt - time.monotonic()) if self._waiting else None

    def put(self, snapshot: RunSnapshot) -> None:
        """Let the newest snapshot of a run wait, in place of an older one."""
        self._newest[snapshot.run_id] = self._waiting[snapshot.run_id] = snapshot

    def supersede(self, snapshot: RunSnapshot) -> None:
        """Drop what waits for a run whose newest snapshot somebody writes in person."""
        self._newest[snapshot.run_id] = snapshot
        self._waiting.pop(snapshot.run_id, None)

    def take(self, run_id: int) -> RunSnapshot | None:
        """Take out the snapshot of a run to write it; ``None`` where it no longer waits."""
        return self._waiting.pop(run_id, None)

    def put_back(self, snapshot: RunSnapshot) -> None:
        """Let a snapshot wait that could not be written, unless a newer one is on its way, and put off all attempts."""
        if self._newest.get(snapshot.run_id) is snapshot:
            self._waiting[snapshot.run_id] = snapshot
        self._next_attempt = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def settle(self, snapshot: RunSnapshot) -> None:
        """Forget a snapshot that was written or never can be."""
        if self._newest.get(snapshot.run_id) is snapshot:
            del self._newest[snapshot.run_id]

    def resume(self) -> None:
        """Writing works again: no attempt need be put off."""
        self._pause, self._next_attempt = SHORTEST_PAUSE, 0.0
