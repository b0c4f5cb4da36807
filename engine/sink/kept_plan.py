"""Where the reads of a run go, as it is kept with the run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.sink.codecs import Packing
from engine.sink.dropped import DroppedFile
from engine.sink.errors import OutputError
from engine.sink.names import is_open_stream
from engine.sink.plan import OutputPlan

if TYPE_CHECKING:
    from pydantic import JsonValue


def plan_from(kept: Mapping[str, JsonValue]) -> OutputPlan:
    """The plan that was kept.

    Args:
        kept: its fields by name; what is missing is as usual.

    Raises:
        ValueError: a field holds what no plan has.
    """

    def path(key: str) -> Path | None:
        text = kept.get(key)
        return Path(text) if isinstance(text, str) else None

    packing, samples, split_reads = kept.get("packing"), kept.get("samples"), kept.get("split_reads")
    return OutputPlan(
        path("first") or Path(),
        path("second"),
        path("singletons"),
        with_singletons=kept.get("with_singletons") is True,
        packing=Packing(packing) if isinstance(packing, str) else None,
        replace=kept.get("replace") is True,
        split_reads=split_reads if isinstance(split_reads, int) else None,
        samples=tuple(map(str, samples)) if isinstance(samples, list) else (),
        dropped=_dropped(kept.get("dropped")),
        tells_reasons=kept.get("tells_reasons") is True,
    )


def _dropped(kept: JsonValue) -> tuple[DroppedFile, ...]:
    """The files for reads that are dropped.

    Raises:
        ValueError: there are no such.
    """
    files = []
    for each in kept if isinstance(kept, list) else []:
        first, second, reason = (
            (each.get(key) for key in ("path", "second", "reason")) if isinstance(each, dict) else [None] * 3
        )
        if not isinstance(first, str) or not isinstance(reason, str):
            raise ValueError("a file for reads that are dropped has no name")
        files.append(DroppedFile(Path(first), Path(second) if isinstance(second, str) else None, reason))
    return tuple(files)


def refuse_streams(plan: OutputPlan) -> None:
    """Refuses to write once more to what only the process of a run had open; here its name is of something else.

    Args:
        plan: that was kept.

    Raises:
        OutputError: a part of the reads went to such a stream, as standard output is one.
    """
    for path in filter(is_open_stream, plan.paths()):
        raise OutputError(
            f"The reads went to {path}, which was open in the process of that run alone.",
            path=path,
            hint="Start it anew as it was, with lanescope run.",
        )
