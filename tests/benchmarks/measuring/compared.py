"""Which parts of two results are not the same."""

from __future__ import annotations

from engine.collectors.results import QcResults


def differing(one: QcResults, other: QcResults) -> list[str]:
    """Names of the modules that differ, those of mates behind a dot; none where all is the same."""
    names = []
    for name in QcResults.model_fields:
        mine, theirs = getattr(one, name), getattr(other, name)
        if isinstance(mine, QcResults) and isinstance(theirs, QcResults):
            names += [f"{name}.{each}" for each in differing(mine, theirs)]
        elif mine != theirs:
            names.append(name)
    return names
