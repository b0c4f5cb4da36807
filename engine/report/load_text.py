"""How a run was carried out, in lines for a terminal: threads, buffers, and what tuning did."""

from __future__ import annotations

from engine.run.snapshot import RunSnapshot
from engine.tuning.decision import Decision, Verdict
from engine.tuning.setting import Knob, Setting

KNOB_WORDS = {Knob.WORKERS: "workers", Knob.BATCH: "batch size", Knob.IN_FLIGHT: "under way"}
"""What is moved, for people."""


def load_text(run: RunSnapshot) -> str:
    """What happened in a run beside its results; indented as `summary` is, and made to stand below it."""
    lines = ["  carried out"]
    lines += [
        f"    {thread.name}: {100 * thread.busy:.0f} % busy, "
        f"{thread.batches:,} {'batch' if thread.batches == 1 else 'batches'}"
        for thread in run.threads
    ]
    if run.queue.capacity:
        queue = run.queue
        lines.append(
            f"    queue: up to {queue.high_water} of {queue.capacity} batches, "
            f"reading waited {queue.push_blocked:.2f} s, workers {queue.pop_blocked:.2f} s"
        )
    lines += [
        f"    buffers of {memory_text(of.size)}: {of.made:,} made, {of.reused:,} times used again, {of.free:,} kept"
        for of in run.buffers
    ]
    return "\n".join(lines + _tuning(run))


def _tuning(run: RunSnapshot) -> list[str]:
    if run.tuning is None:
        return []
    frozen = ", frozen" if run.tuning.is_frozen else ""
    lines = [f"    tuned to {setting_text(run.tuning.setting)}{frozen}"]
    if run.tuning.left_out:
        lines.append(f"      … {run.tuning.left_out:,} decisions before")
    return lines + [f"      {decision_text(each)}" for each in run.tuning.decisions]


def setting_text(setting: Setting) -> str:
    """How a run is carried out."""
    workers = f"{setting.workers:,} {'worker' if setting.workers == 1 else 'workers'}"
    return f"{workers}, batches of {memory_text(setting.batch_bytes)}, {memory_text(setting.in_flight_bytes)} under way"


def decision_text(decision: Decision) -> str:
    """One decision of the tuning, with its time and its reason."""
    if decision.knob is None:
        return f"{decision.time:6.1f} s  {decision.verdict}: {decision.reason}"
    before, after = value_text(decision.knob, decision.before), value_text(decision.knob, decision.after)
    step = f"{KNOB_WORDS[decision.knob]} {before} → {after}"
    joint = ", since" if decision.verdict in {Verdict.TRIED, Verdict.FORCED} else ":"
    return f"{decision.time:6.1f} s  {step} {decision.verdict}{joint} {decision.reason}"


def value_text(knob: Knob, value: int) -> str:
    """Where a knob stands."""
    return f"{value:,}" if knob is Knob.WORKERS else memory_text(value)


def memory_text(size: int) -> str:
    """Bytes in binary units, as sizes of buffers are."""
    for bits, unit in ((20, "MiB"), (10, "KiB")):
        if size >= 1 << bits:
            return f"{size / (1 << bits):,.4g} {unit}"
    return f"{size:,} bytes"
