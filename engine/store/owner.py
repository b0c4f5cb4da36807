"""Which process a run belongs to, and whether that process still lives."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass

import psutil

START_TOLERANCE = 5.0
"""Seconds by which two readings of one process's start may differ: the system derives them from a clock that is set."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, named so that no later process is taken for it.

    Attributes:
        host: name of the machine, without its domain.
        pid: process number; used again by the system once the process has ended.
        started: when the process started, seconds since 1970 UTC.
    """

    host: str
    pid: int
    started: float

    @classmethod
    def this_process(cls) -> Owner:
        """The process that asks."""
        return cls(_host(), os.getpid(), psutil.Process().create_time())

    @classmethod
    def from_json(cls, text: str) -> Owner:
        """Read back what ``to_json`` wrote.

        Raises:
            ValueError: the text is something else.
        """
        fields = json.loads(text)
        return cls(str(fields["host"]), int(fields["pid"]), float(fields["started"]))

    def to_json(self) -> str:
        """As text for the store."""
        return json.dumps(asdict(self))

    def is_this_process(self) -> bool:
        """Whether it is the process that asks."""
        # An earlier process of that number has ended, and whoever asks treats that alike.
        return self.host == _host() and self.pid == os.getpid()

    def has_ended(self) -> bool:
        """Whether the process is known to be gone. ``False`` for processes of other machines: nobody can know."""
        if self.host != _host():
            return False
        try:
            process = psutil.Process(self.pid)
            # A zombie has ended, though its parent has not asked how.
            is_zombie = process.status() == psutil.STATUS_ZOMBIE
            return is_zombie or abs(process.create_time() - self.started) > START_TOLERANCE
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False


def _host() -> str:
    # The domain and the case change with the network that a laptop is in.
    return platform.node().partition(".")[0].lower()
