"""A run's numbers as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.collectors.encoding import quality_encoding
from engine.collectors.profiles import Profile
from engine.collectors.results import QcResults
from engine.collectors.verdicts import Verdict, verdicts
from engine.report.html.elements import legible
from engine.run.skipped import Skipped
from engine.run.snapshot import DeviceLoad, PipelineSummary, RunFailure, RunSnapshot, Sampling
from engine.run.state import RunState
from engine.tuning.decision import Tuning

if TYPE_CHECKING:
    from pydantic import JsonValue

FORMAT: Final = 1
"""Raised when a field changes its meaning or goes away."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class FailureFacts(_Part):
    """Why a run failed. Places are null where they mean nothing: records and lines from 1, offset in bytes from 0."""

    title: str
    message: str
    hint: str
    record: int | None
    line: int | None
    offset: int | None


class RunFacts(_Part):
    """What was run, when, where and how it ended. Results count only where the state is ``completed``.

    ``inputs`` holds the files of the reads, one for each lane, and of pairs in two files those of the second mates.
    """

    id: int
    name: str
    path: str
    inputs: tuple[tuple[str, ...], ...]
    kind: str
    state: RunState
    created: datetime
    started: datetime | None
    finished: datetime | None
    elapsed_seconds: float
    prepared_seconds: float
    bytes: int | None
    workers: int
    host: str
    versions: dict[str, str]
    failure: FailureFacts | None


class SamplingFacts(_Part):
    """What was worked on and what was left out; of pairs, reads are pairs, and bases those of both mates."""

    policy: Literal["drop", "sample", "adaptive"]
    batches: int
    reads: int
    bases: int
    left_out_batches: int
    left_out_reads: int
    left_out_bases: int
    left_out_bytes: int
    share: float = Field(description="Of all reads, those that were worked on, 0 to 1.")
    confidence: Literal[0.95] = 0.95  # type: ignore[valid-type]  # pydantic takes numbers of any kind
    gc_percent_within: float | None = Field(description="The GC of all reads is so near, in percentage points.")
    mean_quality_within: float | None = Field(description="Their mean quality is so near, Phred.")
    q30_percent_within: float | None = Field(description="Their bases of Q30 or more, in percentage points.")


class OutputFacts(_Part):
    """A file of reads that the run wrote."""

    path: str
    reads: int
    text_bytes: int
    file_bytes: int


class EncodingFacts(_Part):
    """How qualities look to be written, by every base of the file; the name is empty without bases."""

    name: Literal["", "Phred+33", "Phred+64"]
    is_doubtful: bool
    note: str


class RunDocument(_Part):
    """A run of Lanescope: what it was, what it found, and how each module is judged."""

    format: Literal[1] = FORMAT
    run: RunFacts
    results: QcResults
    profile: Profile
    quality_encoding: EncodingFacts = Field(description="All qualities in results are told as Phred+33 whatever it is.")
    verdicts: dict[str, Verdict] = Field(description="By name of the module in results.")
    mate_verdicts: dict[str, Verdict] | None = Field(description="The same of the second mates; null for single reads.")
    pipeline: PipelineSummary | None = Field(description="What each stage did; null for a run without a pipeline.")
    results_after: QcResults | None = Field(description="Of the reads that the pipeline kept; likewise.")
    outputs: tuple[OutputFacts, ...] = Field(description="Files written; none where the run did not complete.")
    sampling: SamplingFacts | None = Field(description="What was left out; null where the source waited.")
    skipped: Skipped | None = Field(description="Damage that was passed over; null where that was not asked for.")
    tuning: Tuning | None = Field(description="How the run was tuned by its load; null where it was not.")
    devices: tuple[DeviceLoad, ...] = Field(description="GPUs that counted; times in seconds.")
    device_choice: str = Field(description="What counted after all were tried, and why; else empty.")
    warnings: tuple[str, ...] = Field(description="What did not go as wanted though the results are right.")


def run_document(run: RunSnapshot) -> dict[str, JsonValue]:
    """The run, ended or not, as JSON values: what it was, how it ended, every result and its verdict."""
    limits = run.limits
    document = RunDocument(
        run=RunFacts(
            id=run.run_id,
            name=legible(run.name),
            path=legible(str(run.path)),
            inputs=tuple(tuple(legible(str(path)) for path in lanes) for lanes in run.inputs or ((run.path,),)),
            kind=run.kind,
            state=run.state,
            created=run.created,
            started=run.started,
            finished=run.finished,
            elapsed_seconds=run.elapsed,
            prepared_seconds=run.prepared,
            bytes=run.bytes_total,
            workers=run.workers,
            host=run.host,
            versions=dict(run.versions),
            failure=_failure_facts(run.failure),
        ),
        results=run.results,
        profile=limits,
        quality_encoding=EncodingFacts.model_validate(asdict(quality_encoding(run.results.basic))),
        verdicts=verdicts(run.results, limits),
        mate_verdicts=verdicts(run.results.mate, limits) if run.results.mate is not None else None,
        pipeline=run.pipeline,
        results_after=run.results_after,
        outputs=tuple(
            OutputFacts(
                path=legible(str(output.path)),
                reads=output.reads,
                text_bytes=output.text_bytes,
                file_bytes=output.file_bytes,
            )
            for output in run.outputs
        ),
        sampling=_sampling_facts(run.sampling),
        skipped=_skipped(run.skipped),
        tuning=run.tuning,
        devices=run.devices,
        device_choice=legible(run.device_choice),
        warnings=tuple(legible(warning) for warning in run.warnings),
    )
    # pydantic's own JSON turns what is not a number into null.
    values: dict[str, JsonValue] = json.loads(document.model_dump_json())
    return values


def _skipped(skipped: Skipped | None) -> Skipped | None:
    return None if skipped is None else replace(skipped, told=tuple(map(legible, skipped.told)))


def _sampling_facts(sampling: Sampling | None) -> SamplingFacts | None:
    if sampling is None:
        return None
    values = asdict(sampling)
    margins = values.pop("margins") or dict.fromkeys(("gc_percent", "mean_quality", "q30_percent"))
    within = {f"{measure}_within": value for measure, value in margins.items()}
    return SamplingFacts.model_validate({**values, **within, "share": sampling.share})


def _failure_facts(failure: RunFailure | None) -> FailureFacts | None:
    if failure is None:
        return None
    return FailureFacts(
        title=failure.title,
        message=legible(failure.message),
        hint=legible(failure.hint),
        record=failure.record,
        line=failure.line,
        offset=failure.offset,
    )


def document_schema() -> dict[str, Any]:
    """The JSON schema that every document meets."""
    schema = RunDocument.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def run_json(run: RunSnapshot) -> str:
    """The run as the text of a JSON file; see `run_document`."""
    return json.dumps(run_document(run), indent=2, ensure_ascii=False) + "\n"
