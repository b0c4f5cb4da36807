"""What can be moved while a run goes, and how far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Knob(StrEnum):
    """What can be moved."""

    WORKERS = "workers"
    BATCH = "batch_bytes"
    IN_FLIGHT = "in_flight_bytes"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a run is carried out at one moment.

    Attributes:
        workers: threads that get batches.
        batch_bytes: text of one batch, bytes.
        in_flight_bytes: text that may be under way from the parser on, bytes.
    """

    workers: int
    batch_bytes: int
    in_flight_bytes: int

    def value(self, knob: Knob) -> int:
        """Where a knob stands."""
        return int(getattr(self, knob.value))

    def with_value(self, knob: Knob, value: int) -> Setting:
        """The same with one knob elsewhere."""
        return replace(self, **{knob.value: value})


@dataclass(frozen=True, slots=True)
class Step:
    """One knob moved by one notch.

    Attributes:
        knob: which.
        up: whether to more.
        factor: how many times as much, or as little; fewer workers are a quarter less whatever it says.
    """

    knob: Knob
    up: bool
    factor: int = 2


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far knobs may be moved. A knob whose two bounds are one value stays there.

    Attributes:
        least: of every knob.
        most: of every knob; at least as much.
    """

    least: Setting
    most: Setting

    def step(self, setting: Setting, step: Step) -> Setting | None:
        """The setting one notch on, pulled to the bounds; ``None`` where there is no way on.

        As many bytes as the workers and the one who reads need for a batch each are under way in any case.
        """
        low, high, now = (each.value(step.knob) for each in (self.least, self.most, setting))
        wanted = now * step.factor if step.up else now // step.factor
        if step.knob is Knob.WORKERS and not step.up:
            wanted = now - max(1, now // 4)
        wanted = min(max(wanted, low), high)
        return None if wanted == now or (wanted > now) != step.up else self.at(setting, step.knob, wanted)

    def at(self, setting: Setting, knob: Knob, value: int) -> Setting | None:
        """The setting with one knob elsewhere, pulled to the bounds; ``None`` where that cannot be."""
        moved = setting.with_value(knob, min(max(value, self.least.value(knob)), self.most.value(knob)))
        need = (moved.workers + 1) * moved.batch_bytes
        if moved.in_flight_bytes < need:
            if knob is Knob.IN_FLIGHT or need > self.most.in_flight_bytes:
                return None
            moved = moved.with_value(Knob.IN_FLIGHT, need)
        return moved
