"""A run as rows of the store, and back, without loss."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic_core import from_json, to_json

from engine.collectors.results import QcResults
from engine.run.snapshot import (
    Activity,
    PipelineSummary,
    QueueLoad,
    RunFailure,
    RunOutput,
    RunSnapshot,
    Sample,
    StageMetric,
    StageSummary,
    ThreadLoad,
)
from engine.run.state import RunState
from engine.store.load_rows import (
    buffers_from,
    buffers_value,
    devices_from,
    devices_value,
    sampling_from,
    sampling_value,
    skipped_from,
    skipped_value,
    tuning_from,
    tuning_value,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

    from engine.collectors.judged_by import JudgedBy

_SAMPLE_VALUES: Callable[[Sample], tuple[float, ...]] = attrgetter(*(field.name for field in fields(Sample)))

_AFTER = "after."
"""Before the name of a module that was measured over what a pipeline kept."""

Value = str | bytes | int | float | None
"""What a column can hold."""


def run_values(snapshot: RunSnapshot) -> dict[str, Value]:
    """Columns of table ``runs`` that a snapshot decides."""
    basic = snapshot.results.basic
    return {
        "name": text_value(snapshot.name),
        "path": text_value(str(snapshot.path)),
        "kind": snapshot.kind,
        "state": snapshot.state.value,
        "created": time_value(snapshot.created),
        "started": time_value(snapshot.started) if snapshot.started else None,
        "finished": time_value(snapshot.finished) if snapshot.finished else None,
        "saved": time_value(datetime.now(UTC)),
        "elapsed": snapshot.elapsed,
        "prepared": snapshot.prepared,
        "time_left": snapshot.time_left,
        "bytes_total": snapshot.bytes_total,
        "workers": snapshot.workers,
        "reads": basic.reads,
        "bases": basic.bases,
        "gc_percent": basic.gc_percent,
        "mean_quality": basic.mean_quality,
        "host": snapshot.host,
        "failure": failure_value(snapshot.failure) if snapshot.failure else None,
        "versions": json.dumps(snapshot.versions),
        "queue": json.dumps(asdict(snapshot.queue)),
        "threads": _threads_value(snapshot.threads),
        # JSON escapes what of a path is no valid text, and reads it back.
        "inputs": json.dumps([[str(path) for path in files] for files in snapshot.inputs]),
        "pipeline": None if snapshot.pipeline is None else json.dumps(asdict(snapshot.pipeline)),
        "buffers": buffers_value(snapshot.buffers),
        "tuning": tuning_value(snapshot.tuning),
        "sampling": sampling_value(snapshot.sampling),
        "skipped": skipped_value(snapshot.skipped),
        "devices": devices_value(snapshot),
        "outputs": json.dumps([asdict(output) | {"path": str(output.path)} for output in snapshot.outputs]),
    }


def result_values(results: QcResults, after: QcResults | None = None) -> dict[str, str]:
    """JSON by module, of the modules that were measured.

    Args:
        results: of the reads as they came.
        after: of what a pipeline kept of them, if there was one.
    """
    values = _modules(results, "")
    if after is not None:
        # There is a row even where nothing was measured: there was a pipeline.
        values |= {_AFTER: "null"} | _modules(after, _AFTER)
    return values


def _modules(results: QcResults, prefix: str) -> dict[str, str]:
    modules = ((name, getattr(results, name)) for name in QcResults.model_fields)
    return {prefix + name: _json(module) for name, module in modules if module is not None}


def _json(module: BaseModel) -> str:
    """In a fifth of the time of Python's own; what is not a number stays so, which `model_dump_json` makes null."""
    return to_json(module.model_dump(), inf_nan_mode="constants").decode()


def _results_from(rows: Mapping[str, str]) -> QcResults:
    # Results are most of what it takes to load a run, and this parser takes a third of the time of Python's.
    return QcResults.model_validate({name: from_json(text) for name, text in rows.items()})


def _results_after_from(rows: Mapping[str, str]) -> QcResults | None:
    if _AFTER not in rows:
        return None
    after = {name.removeprefix(_AFTER): text for name, text in rows.items() if name.startswith(_AFTER)}
    return _results_from({name: text for name, text in after.items() if name})


def sample_values(sample: Sample) -> tuple[float, ...]:
    """Columns of table ``samples`` from ``time`` on."""
    return _SAMPLE_VALUES(sample)


def snapshot_from(row: sqlite3.Row, samples: Iterable[sqlite3.Row], results: Mapping[str, str]) -> RunSnapshot:
    """The snapshot that was saved.

    Args:
        row: the run's row of table ``runs``.
        samples: its rows of table ``samples``, in order, columns from ``time`` on.
        results: JSON by module.

    Raises:
        ValueError, TypeError, KeyError: a column does not hold what Lanescope writes.
    """
    devices, choice, warnings = devices_from(row["devices"])
    return RunSnapshot(
        run_id=row["run_id"],
        name=text_from(row["name"]),
        path=Path(text_from(row["path"])),
        kind=row["kind"],
        state=RunState(row["state"]),
        created=time_from(row["created"]),
        started=time_from(row["started"]) if row["started"] else None,
        finished=time_from(row["finished"]) if row["finished"] else None,
        elapsed=row["elapsed"],
        prepared=row["prepared"],
        time_left=row["time_left"],
        bytes_total=row["bytes_total"],
        samples=tuple(Sample(*sample) for sample in samples),
        threads=_threads_from(row["threads"]),
        queue=QueueLoad(**json.loads(row["queue"])),
        results=_results_from({name: text for name, text in results.items() if not name.startswith(_AFTER)}),
        failure=failure_from(row["failure"]),
        workers=row["workers"],
        versions=json.loads(row["versions"]),
        host=row["host"],
        inputs=tuple(tuple(Path(path) for path in files) for files in json.loads(row["inputs"])),
        pipeline=_pipeline_from(row["pipeline"]),
        results_after=_results_after_from(results),
        buffers=buffers_from(row["buffers"]),
        tuning=tuning_from(row["tuning"]),
        sampling=sampling_from(row["sampling"]),
        skipped=skipped_from(row["skipped"]),
        devices=devices,
        device_choice=choice,
        warnings=warnings,
        outputs=tuple(RunOutput(**output | {"path": Path(output["path"])}) for output in json.loads(row["outputs"])),
        judged_by=_judged_by_from(row["judged_by"]),
    )


def _judged_by_from(text: str | None) -> JudgedBy | None:
    if text is None:
        return None
    # Here, since it takes a while to import, and nothing is judged before the window is shown.
    from engine.collectors.judged_by import JudgedBy

    return JudgedBy.from_json(text)


def _pipeline_from(text: str | None) -> PipelineSummary | None:
    if text is None:
        return None
    stored = json.loads(text)
    stages = tuple(_stage_from(stage) for stage in stored["stages"])
    return PipelineSummary(stored["name"], stored["version"], _stage_from(stored["total"]), stages)


def _stage_from(stored: dict[str, Any]) -> StageSummary:
    metrics = tuple(StageMetric(**metric | {"histogram": tuple(metric["histogram"])}) for metric in stored["metrics"])
    stages = tuple(_stage_from(stage) for stage in stored["stages"])
    return StageSummary(**stored | {"errors": tuple(stored["errors"]), "metrics": metrics, "stages": stages})


def parameters_from(text: str) -> dict[str, JsonValue]:
    """The parameters a run was made with.

    Raises:
        ValueError: the text is not a JSON object.
    """
    parameters = json.loads(text)
    if not isinstance(parameters, dict):
        raise ValueError("parameters are not a JSON object")
    return parameters


def failure_value(failure: RunFailure) -> str:
    """A failure as text."""
    return json.dumps(asdict(failure))


def failure_from(text: str | None) -> RunFailure | None:
    """Read back what ``failure_value`` wrote.

    Raises:
        ValueError, TypeError: the text is something else.
    """
    return None if text is None else RunFailure(**json.loads(text))


def time_value(time: datetime) -> str:
    """UTC in ISO 8601, always of one length, so that the order of texts is the order of times."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def time_from(text: str) -> datetime:
    """Local time with zone.

    Raises:
        ValueError: the text is not a time.
    """
    return datetime.fromisoformat(text).astimezone()


def text_value(text: str) -> str | bytes:
    """``text``, or its bytes where a file's name is not valid in the system's encoding and so is no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text)
    return text


def text_from(value: str | bytes) -> str:
    """Read back what ``text_value`` made."""
    return os.fsdecode(value)


def _threads_value(threads: tuple[ThreadLoad, ...]) -> str:
    # Shares are most of a run's bytes: named once, and each interval a list in the order of the names.
    order = tuple(Activity)
    rows = [
        {
            "name": thread.name,
            "activity": thread.activity.value,
            "batches": thread.batches,
            "busy": thread.busy,
            "shares": [[shares.get(activity) for activity in order] for shares in thread.shares],
        }
        for thread in threads
    ]
    return json.dumps({"activities": [activity.value for activity in order], "threads": rows}, separators=(",", ":"))


def _threads_from(text: str) -> tuple[ThreadLoad, ...]:
    stored = json.loads(text)
    order = [Activity(name) for name in stored["activities"]]
    return tuple(
        ThreadLoad(
            name=thread["name"],
            activity=Activity(thread["activity"]),
            shares=tuple(
                {activity: share for activity, share in zip(order, shares, strict=True) if share is not None}
                for shares in thread["shares"]
            ),
            batches=thread["batches"],
            busy=thread["busy"],
        )
        for thread in stored["threads"]
    )
