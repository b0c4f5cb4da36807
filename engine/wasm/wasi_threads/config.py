"""What a process of guest threads may take, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What one process may take.

    Attributes:
        memory_bytes: the memory that its threads share; it cannot grow further.
        threads: threads at the same time, the first included.
        seconds: from its start to its end.
        output_bytes: what is kept of its standard output, and as much of its errors; writing more fails in the guest.
    """

    memory_bytes: int = 256 << 20
    threads: int = 64
    seconds: float = 60.0
    output_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """How a process ended that was not stopped.

    Attributes:
        exit_code: 0 where its first thread returned, else what was given to ``proc_exit``.
        output: what it wrote to standard output.
        errors: what it wrote to standard error.
        threads: how many threads it had in all, the first included.
    """

    exit_code: int
    output: bytes
    errors: bytes
    threads: int
