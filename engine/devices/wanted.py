"""What ``--device`` and the window's setting ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

CPU: Final = "cpu"
AUTO: Final = "auto"

_PART = re.compile(r"cuda:(0|[1-9]\d{0,2})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to count.

    Attributes:
        cpu: workers on the CPU do. Where devices do alone, workers stand by in case these fail.
        devices: numbers of GPUs that do, ascending.
        is_auto: whatever there is is tried, and what is faster goes on.
    """

    cpu: bool
    devices: tuple[int, ...]
    is_auto: bool = False

    @property
    def needs_devices(self) -> bool:
        """Whether GPUs have to be looked for."""
        return self.is_auto or bool(self.devices)


def wanted(text: str) -> Wanted:
    """What a text asks for: ``auto``, or ``cpu`` and ``cuda:N``, several of them with commas between; any case.

    Raises:
        ValueError: it is none of that; says what it may be.
    """
    parts = [part.strip().lower() for part in text.split(",")]
    if parts == [AUTO]:
        return Wanted(cpu=True, devices=(), is_auto=True)
    numbers = []
    for part in parts:
        if parts.count(part) > 1:
            raise ValueError(f"names {part or 'nothing'} twice")
        if match := _PART.fullmatch(part):
            numbers.append(int(match[1]))
        elif part != CPU:
            raise ValueError(
                "must be auto, cpu, cuda:0 for the first GPU, or several with commas between, such as cpu,cuda:0"
            )
    return Wanted(cpu=CPU in parts, devices=tuple(sorted(numbers)))
