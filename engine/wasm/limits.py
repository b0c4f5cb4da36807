"""How much a guest may take."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

STACK_BYTES = 512 << 10
"""Stack of each guest; the same for all, since it belongs to the engine. Fits the smallest thread of any system."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one instance may take.

    Attributes:
        memory_bytes: linear memory, of which a module has one; growing past it fails inside the guest.
        call_seconds: one call from the host, host functions and waiting included.
        tables: number of tables.
        table_elements: elements of each table.
        instances: instances in one store.
    """

    memory_bytes: int = 256 << 20
    call_seconds: float = 10.0
    tables: int = 4
    table_elements: int = 10_000
    instances: int = 1


class Watch:
    """Ends the calls of one job early: when it is called off, or when its time is up.

    One watch may be over several guests. Any thread may use it; guests notice within 50 ms.

    Attributes:
        deadline: when the job must be done, in seconds of `time.monotonic`; infinite for never.
    """

    __slots__ = ("_cancelled", "deadline")

    def __init__(self, deadline: float = math.inf) -> None:
        self.deadline = deadline
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Calls the job off, for good."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the job has been called off."""
        return self._cancelled.is_set()

    @property
    def late(self) -> bool:
        """Whether the job's time is up."""
        return time.monotonic() > self.deadline
