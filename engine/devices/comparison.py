"""Whether a device or the CPU counts faster, from what both did with the first batches of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """What one worker did.

    Attributes:
        text_bytes: of the batches it has counted.
        seconds: that it was at work, waiting for batches left out.
    """

    text_bytes: int
    seconds: float

    @property
    def rate(self) -> float:
        """Bytes a second; 0 where it did nothing."""
        return self.text_bytes / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is faster.

    Attributes:
        is_device: the devices are, together.
        words: that and why, for people.
    """

    is_device: bool
    words: str


def compare(
    cpu: Sequence[Pace], n_cpu: int, devices: Sequence[Pace], names: Sequence[str], copying: float, counting: float
) -> Verdict:
    """Compares all workers on the CPU with all devices.

    Args:
        cpu: of workers that did something, one at least; the others are taken to be as fast.
        n_cpu: how many there are.
        devices: of each device, with the thread that serves it.
        names: of the devices.
        copying: seconds of copies to the devices, of `devices`' batches.
        counting: seconds of kernels, likewise.
    """
    on_cpu, there = n_cpu / len(cpu) * sum(pace.rate for pace in cpu), sum(pace.rate for pace in devices)
    workers = "1 worker" if n_cpu == 1 else f"{n_cpu} workers"
    gpus = " and ".join(names)
    if there > on_cpu:
        times = _times(there, on_cpu)
        words = f"Counting on {gpus} was {times} as fast as with {workers} on the CPU: the CPU stands by."
        return Verdict(is_device=True, words=words)
    busy = sum(pace.seconds for pace in devices)
    if copying + counting < busy / 2:
        why = "most time goes into what only the CPU can count"
    elif copying > counting:
        why = "the upload takes longer than the counting"
    else:
        why = "the counting takes longer than the upload"
    words = f"Counting with {workers} on the CPU was {_times(on_cpu, there)} as fast as on {gpus}, where {why}."
    return Verdict(is_device=False, words=words)


def _times(faster: float, slower: float) -> str:
    return f"{faster / slower:,.1f} times" if slower else "many times"
