"""A run's numbers as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from engine.report.atomic import write_whole
from engine.run.snapshot import RunSnapshot

if TYPE_CHECKING:
    from pydantic import JsonValue

FORMAT = 1
"""Raised when a field changes its meaning or goes away."""


def run_document(run: RunSnapshot) -> dict[str, JsonValue]:
    """The run as JSON values: what it was, how it ended, every result."""
    failure = run.failure
    return {
        "format": FORMAT,
        "run": {
            "id": run.run_id,
            "name": run.name,
            "path": str(run.path),
            "kind": run.kind,
            "state": run.state.value,
            "created": run.created.isoformat(),
            "started": run.started.isoformat() if run.started else None,
            "finished": run.finished.isoformat() if run.finished else None,
            "elapsed_seconds": run.elapsed,
            "bytes": run.bytes_total,
            "workers": run.workers,
            "host": run.host,
            "versions": dict(run.versions),
            "failure": {name: getattr(failure, name) for name in failure.__slots__} if failure else None,
        },
        "results": run.results.model_dump(mode="json"),
    }


def write_run_json(run: RunSnapshot, folder: Path, name: str) -> Path:
    """Writes the run as ``NAME.lanescope.json``; returns the file.

    Raises:
        LanescopeError: it cannot be written.
    """
    path = folder / f"{name}.lanescope.json"
    write_whole(path, json.dumps(run_document(run), indent=2, ensure_ascii=False) + "\n")
    return path
