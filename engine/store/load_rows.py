"""How a run was carried out, as text of the store, and back."""

from __future__ import annotations

import json
from dataclasses import asdict

from engine.run.skipped import Skipped
from engine.run.snapshot import BufferLoad, DeviceLoad, DeviceState, Margins, RunSnapshot, Sampling
from engine.tuning.decision import Decision, Tuning, Verdict
from engine.tuning.setting import Knob, Setting


def buffers_value(buffers: tuple[BufferLoad, ...]) -> str:
    """Buffers as text."""
    return json.dumps([asdict(each) for each in buffers])


def buffers_from(text: str) -> tuple[BufferLoad, ...]:
    """Read back what `buffers_value` wrote; raises ValueError, TypeError or KeyError for anything else."""
    return tuple(BufferLoad(**each) for each in json.loads(text))


def tuning_value(tuning: Tuning | None) -> str | None:
    """A tuning as text."""
    return None if tuning is None else json.dumps(asdict(tuning))


def tuning_from(text: str | None) -> Tuning | None:
    """Read back what `tuning_value` wrote; raises ValueError, TypeError or KeyError for anything else."""
    if text is None:
        return None
    stored = json.loads(text)
    decisions = tuple(
        Decision(**each | {"verdict": Verdict(each["verdict"]), "knob": each["knob"] and Knob(each["knob"])})
        for each in stored["decisions"]
    )
    return Tuning(**stored | {"setting": Setting(**stored["setting"]), "decisions": decisions})


def sampling_value(sampling: Sampling | None) -> str | None:
    """A sampling as text."""
    return None if sampling is None else json.dumps(asdict(sampling))


def sampling_from(text: str | None) -> Sampling | None:
    """Read back what `sampling_value` wrote; raises ValueError, TypeError or KeyError for anything else."""
    if text is None:
        return None
    stored = json.loads(text)
    return Sampling(**stored | {"margins": stored["margins"] and Margins(**stored["margins"])})


def skipped_value(skipped: Skipped | None) -> str | None:
    """What was passed over, as text."""
    return None if skipped is None else json.dumps(asdict(skipped))


def skipped_from(text: str | None) -> Skipped | None:
    """Read back what `skipped_value` wrote; raises ValueError, TypeError or KeyError for anything else."""
    if text is None:
        return None
    stored = json.loads(text)
    return Skipped(**stored | {"told": tuple(stored["told"])})


def devices_value(run: RunSnapshot) -> str | None:
    """What devices did in a run and what is told of it, as text; ``None`` where there is nothing."""
    if not (run.devices or run.device_choice or run.warnings):
        return None
    loads = [asdict(load) for load in run.devices]
    return json.dumps({"loads": loads, "choice": run.device_choice, "warnings": run.warnings})


def devices_from(text: str | None) -> tuple[tuple[DeviceLoad, ...], str, tuple[str, ...]]:
    """Read back what `devices_value` wrote; raises ValueError, TypeError or KeyError for anything else.

    Returns:
        The devices, what was chosen, and the warnings.
    """
    if text is None:
        return (), "", ()
    stored = json.loads(text)
    loads = tuple(DeviceLoad(**load | {"state": DeviceState(load["state"])}) for load in stored["loads"])
    return loads, stored["choice"], tuple(stored["warnings"])
