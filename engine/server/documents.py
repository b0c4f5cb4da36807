"""What the routes answer and take, as models for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from engine.pipeline.definition import PipelineDefinition, PipelineType
from engine.report.html.elements import legible
from engine.run.snapshot import PipelineSummary, RunSnapshot, StageSummary
from engine.run.state import RunState
from engine.server.executing import ExecutedRead
from engine.store.listing import RunRow

LARGEST_ID = 2**63 - 1
"""Of a run."""


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ListedPipelineDocument(_Document):
    """A pipeline in a list: its latest version, and which there are."""

    name: str
    version: str
    versions: tuple[str, ...]
    type: PipelineType
    description: str
    is_shipped: bool


class ExecutedDocument(_Document):
    """What a pipeline made of some reads: what each stage did, and the first reads that it kept."""

    pipeline: PipelineSummary
    reads_out: int
    reads: list[ExecutedRead]
    is_shortened: bool = Field(description="There are more reads than those here; ask for text/x-fastq to get all.")


class ConcludedDocument(_Document):
    """What a pipeline for searches or results made of a document."""

    pipeline: PipelineSummary
    document: dict[str, JsonValue]
    rejected_by: str = Field(description="The stage that rejects it; empty: none does.")
    measured: dict[str, float] = Field(description="What stages measured, by stage.")


class RunStatistics(_Document):
    """What a pipeline did in a run since the server started."""

    run_id: int
    state: RunState
    pipeline: PipelineSummary


class LastingDocument(_Document):
    """What a version of a pipeline has done in all runs, searches and executions that have ended, of any program."""

    runs: int
    failed: int
    first: datetime
    last: datetime
    total: StageSummary = Field(description="All stages as one; executions are batches and documents.")
    stages: tuple[StageSummary, ...]


class StatisticsDocument(_Document):
    """What a version of a pipeline has done: in all its runs, and since the server started."""

    name: str
    version: str
    lasting: LastingDocument | None = Field(description="Null before the first run has ended.")
    executed: StageSummary | None = Field(description="All executions since the server started; null before the first.")
    failed_executions: int
    runs: list[RunStatistics]


class AssociationDocument(_Document):
    """A dataset, which is a folder, a watched folder or a sample, and its pipeline of one type."""

    kind: Literal["folder", "sample", "watched"] = Field(examples=["folder"])
    place: str = Field(description="A folder's path, or a sample's name.", examples=["/data/run7"])
    type: PipelineType
    pipeline: str = Field(examples=["trimming@1.0.0"])


class AssociationRequest(_Document):
    """A dataset and the pipeline that it shall use."""

    kind: Literal["folder", "sample", "watched"] = Field(examples=["sample"])
    place: str = Field(min_length=1, max_length=4096, examples=["sample1"])
    pipeline: str = Field(max_length=200, examples=["trimming@1.0.0"])


class DatasetDocument(_Document):
    """The files of one sample: for each lane its reads, or its first and second mates."""

    name: str
    is_paired: bool
    files: tuple[tuple[str, ...], ...]


class DatasetsDocument(_Document):
    """The samples in a folder, and why other files are none."""

    samples: list[DatasetDocument]
    refused: list[str]


class RunRequest(_Document):
    """A run to start: files or folders of reads in allowed folders, and what to do with them."""

    paths: list[str] = Field(min_length=1, max_length=1000, examples=[["/data/run7/sample1.fastq.gz"]])
    pairs: Literal["never", "auto", "interleaved"] = Field(
        default="never", description="never: each file is a run; auto: files that are one sample by their names are."
    )
    pipeline: str | None = Field(
        default=None, max_length=200, description="Default: what the dataset uses.", examples=["trimming"]
    )
    output: str | None = Field(default=None, max_length=4096, examples=["/data/run7/trimmed.fastq.gz"])
    output2: str | None = Field(default=None, max_length=4096, description="For second mates.")
    dropped: str | None = Field(default=None, max_length=4096, description="For reads that the pipeline drops.")
    dropped2: str | None = Field(default=None, max_length=4096, description="For the second mates among them.")
    replace: bool = Field(default=False, description="Older files of the output's names may be replaced.")
    profile: str | None = Field(
        default=None,
        max_length=200,
        description="What warns and fails: one that lanescope profile list tells. Default: FastQC's limits.",
        examples=["rna_seq"],
    )


class RunDocument(_Document):
    """A run as it is now."""

    id: int
    name: str
    path: str
    state: RunState
    created: datetime
    elapsed_seconds: float
    prepared_seconds: float = 0.0
    seconds_left: float | None = None
    reads: int
    bases: int
    bytes_read: int | None = None
    bytes_total: int | None
    pipeline: str | None = None
    outputs: list[str] = []
    failure: str | None

    @classmethod
    def of(cls, run: RunSnapshot) -> RunDocument:
        """A run of this session, or one that was loaded."""
        last = run.samples[-1] if run.samples else None
        failure = run.failure
        return cls(
            id=run.run_id,
            name=legible(run.name),
            path=legible(str(run.path)),
            state=run.state,
            created=run.created,
            elapsed_seconds=run.elapsed,
            prepared_seconds=run.prepared,
            seconds_left=run.time_left,
            reads=last.reads if last else 0,
            bases=last.bases if last else 0,
            bytes_read=last.bytes_read if last else 0,
            bytes_total=run.bytes_total,
            pipeline=f"{run.pipeline.name}@{run.pipeline.version}" if run.pipeline else None,
            outputs=[legible(str(output.path)) for output in run.outputs],
            failure=legible(f"{failure.title}: {failure.message} {failure.hint}".strip()) if failure else None,
        )

    @classmethod
    def listed(cls, row: RunRow) -> RunDocument:
        """A run in a list."""
        return cls(
            id=row.run_id,
            name=legible(row.name),
            path=legible(str(row.path)),
            state=row.state,
            created=row.created,
            elapsed_seconds=row.elapsed,
            reads=row.reads,
            bases=row.bases,
            bytes_total=row.bytes_total,
            failure=legible(row.failure_message) if row.failure_message else None,
        )


EXAMPLE_PIPELINE = PipelineDefinition.model_validate(
    {
        "name": "long-reads",
        "description": "Keeps reads of 50 bases or more.",
        "stages": [{"name": "length", "stage": "length", "parameters": {"minimum": 50}}],
    }
).model_dump(mode="json", exclude_defaults=True)
"""For the OpenAPI document."""
