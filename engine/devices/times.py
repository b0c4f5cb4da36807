"""What devices spend their time on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spell:
    """What a stream spent on a batch; seconds since the device was opened.

    Attributes:
        began: the copy up.
        copied: its end.
        counted: the end of the last kernel.
    """

    began: float
    copied: float
    counted: float


@dataclass(slots=True)
class DeviceTimes:
    """What a device has done; seconds.

    Attributes:
        batches: counted there, and certain.
        copying: copies of reads to the device.
        counting: kernels, as the streams had them one after the other; of several streams the sum.
        busy: at least one of both.
        until: when the last of all that ended, as `Spell` has it.
    """

    batches: int = 0
    copying: float = 0.0
    counting: float = 0.0
    busy: float = 0.0
    until: float = 0.0

    def add(self, spell: Spell) -> None:
        """Adds a batch; spells come about in the order in which they ended."""
        self.batches += 1
        self.copying += spell.copied - spell.began
        self.counting += spell.counted - spell.copied
        self.busy += max(0.0, spell.counted - max(spell.began, self.until))
        self.until = max(self.until, spell.counted)
