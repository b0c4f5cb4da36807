"""What devices did in a run, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass

from engine.run.snapshot import DeviceLoad, DeviceState, RunSnapshot
from gui.models import format as show

_STATES = {
    DeviceState.STARTING: "getting ready",
    DeviceState.COUNTING: "counting",
    DeviceState.DONE: "done",
    DeviceState.DISMISSED: "the CPU is faster",
    DeviceState.FAILED: "failed",
}
_SYMBOLS = {
    DeviceState.STARTING: ("created", "muted"),
    DeviceState.COUNTING: ("running", "accent"),
    DeviceState.DONE: ("passed", "passed"),
    DeviceState.DISMISSED: ("stopped", "muted"),
    DeviceState.FAILED: ("warned", "warned"),
}


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device.

    Attributes:
        name: ``cuda:0``.
        title: the maker's name, and what became of it.
        symbol: icon and token of that.
        busy: share of the run that it was busy, 0..1.
        queue_share: share of the batches that it took, 0..1.
        times: how its work divides into copies and kernels.
    """

    name: str
    title: str
    symbol: tuple[str, str]
    busy: float
    queue_share: float
    times: str


@dataclass(frozen=True, slots=True)
class DevicePage:
    """All devices of a run.

    Attributes:
        rows: the devices.
        choice: what was chosen after all were tried; may be empty.
        warnings: what did not go as wanted, a sentence each.
    """

    rows: tuple[DeviceRow, ...]
    choice: str
    warnings: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.rows or self.choice or self.warnings)


def present_devices(snapshot: RunSnapshot) -> DevicePage:
    """The devices of ``snapshot``."""
    return DevicePage(tuple(_row(load) for load in snapshot.devices), snapshot.device_choice, snapshot.warnings)


def _row(load: DeviceLoad) -> DeviceRow:
    memory = f" · {show.byte_size(load.memory)} held" if load.memory else ""
    return DeviceRow(
        name=load.name,
        title=f"{load.title} · {_STATES[load.state]}{memory}",
        symbol=_SYMBOLS[load.state],
        busy=load.busy,
        queue_share=load.queue_share,
        times=f"copying {show.duration(load.copying)} · counting {show.duration(load.counting)}",
    )
