"""Which adapters a stage has found, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.stages.counters import TURNED
from gui.models import format as show

if TYPE_CHECKING:
    from engine.run.snapshot import StageSummary

_MOST = 6


def adapter_lines(stage: StageSummary) -> list[str]:
    """How often each adapter was found, most frequent first, and what was turned; nothing for other stages."""
    if stage.kind != "adapters":
        return []
    counts = {name: sum(found.values()) for name, found in stage.counters.items() if name != TURNED}
    found = sorted((each for each in counts.items() if each[1]), key=lambda each: -each[1])
    lines = [f"{name}: {count:,} times ({show.share(count, stage.reads_in)})" for name, count in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(f"{len(found) - _MOST:,} more adapters, less often")
    turned = sum(stage.counters.get(TURNED, {}).values())
    return [*lines, f"{turned:,} in the other orientation"] if turned else lines
