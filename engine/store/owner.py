"""Which process a run belongs to, and whether that process still lives."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from engine.store.kinds import NOT_UNDERSTOOD

START_TOLERANCE = 5.0
"""Seconds by which two readings of one process's start may differ: the system derives them from a clock that is set."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_START_FIELD = 22  # of /proc/PID/stat, counted from 1; see proc_pid_stat(5)
_NAME_FIELD = 2  # may hold spaces and brackets


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, named so that no later process is taken for it.

    Attributes:
        host: name of the machine, without its domain.
        pid: process number; used again by the system once the process has ended.
        started: when the process started, seconds since 1970 UTC.
        ticks: the same in clock ticks since the system started, where it tells them: on Linux, `started` moves whenever
            the clock is set, and this does not.
        boot: tells one start of the system from any other; ``None`` where `ticks` is.
    """

    host: str
    pid: int
    started: float
    ticks: int | None = None
    boot: str | None = None

    @classmethod
    def this_process(cls) -> Owner:
        """The process that asks."""
        return cls.of(os.getpid())

    @classmethod
    def of(cls, pid: int) -> Owner:
        """A process of this machine.

        Raises:
            psutil.NoSuchProcess: there is none.
        """
        started, boot, ticks = psutil.Process(pid).create_time(), _boot(), _ticks(pid)
        if boot is None or ticks is None:
            return cls(_host(), pid, started)
        return cls(_host(), pid, started, ticks, boot)

    @classmethod
    def from_json(cls, text: str) -> Owner:
        """Read back what ``to_json`` wrote.

        Raises:
            ValueError: the text is something else.
        """
        try:
            fields = json.loads(text)
            ticks, boot = fields.get("ticks"), fields.get("boot")
            return cls(
                str(fields["host"]),
                int(fields["pid"]),
                float(fields["started"]),
                ticks if isinstance(ticks, int) else None,
                boot if isinstance(boot, str) else None,
            )
        except NOT_UNDERSTOOD as error:
            raise ValueError("this names no process") from error

    def to_json(self) -> str:
        """As text for the store."""
        return json.dumps(asdict(self))

    def is_this_process(self) -> bool:
        """Whether it is the process that asks."""
        # An earlier process of that number has ended, and whoever asks treats that alike.
        return self.host == _host() and self.pid == os.getpid()

    def is_of_this_machine(self) -> bool:
        """Whether it can be known here if it lives."""
        return self.host == _host()

    def has_ended(self) -> bool:
        """Whether the process is known to be gone. ``False`` for processes of other machines: nobody can know."""
        if not self.is_of_this_machine():
            return False
        try:
            process = psutil.Process(self.pid)
            # A zombie has ended, though its parent has not asked how.
            is_zombie = process.status() == psutil.STATUS_ZOMBIE
            return is_zombie or self._is_another(process)
        except psutil.NoSuchProcess:
            return True
        except psutil.AccessDenied:
            return False

    def _is_another(self, process: psutil.Process) -> bool:
        """Whether a process that has the number started at another time."""
        boot = _boot()
        if self.ticks is not None and boot is not None and (ticks := _ticks(self.pid)) is not None:
            return (boot, ticks) != (self.boot, self.ticks)
        return abs(process.create_time() - self.started) > START_TOLERANCE


def _boot() -> str | None:
    try:
        return _BOOT.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _ticks(pid: int) -> int | None:
    try:
        _, _, after_name = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")
        return int(after_name.split()[_START_FIELD - _NAME_FIELD - 1])
    except (OSError, ValueError, IndexError):
        return None


def _host() -> str:
    # The domain and the case change with the network that a laptop is in.
    return platform.node().partition(".")[0].lower()
