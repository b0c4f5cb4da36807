"""The files that a run writes its reads to."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.checkpoint.folder import CheckpointFolder
from engine.run.beginning import Beginning
from engine.sink.errors import OutputError
from engine.sink.impossible import refuse_impossible
from engine.sink.names import is_written_directly
from engine.sink.ordered import OrderedSink
from engine.sink.plan import OutputPlan
from engine.sink.state import FileState

if TYPE_CHECKING:
    from engine.pipeline.plan import ResolvedPipeline

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadsIn:
    """What a run reads, as far as its output has to know.

    Attributes:
        paths: the files, which must not be written to.
        is_paired: batches have mates.
        expected: bytes that the output may come to have; 0: unknown.
    """

    paths: tuple[Path, ...]
    is_paired: bool
    expected: int = 0


def by_sample(output: OutputPlan, pipeline: ResolvedPipeline | None) -> OutputPlan:
    """The plan with files for each sample that the pipeline tells apart.

    Unless it is split in another way, or goes to a pipe.

    Raises:
        OutputError: there are samples, and only some of the reads go to a pipe.
    """
    if pipeline is None or output.samples or output.is_split or is_written_directly(output.first):
        return output
    from engine.pipeline.samples import samples_of

    samples = samples_of(pipeline)
    if samples and (streams := [path for path in output.paths() if is_written_directly(path)]):
        raise OutputError(
            f"{streams[0]} is no file, and each sample has to have one of its own.",
            path=streams[0],
            hint="Name a file; samples are told apart by a word in its name.",
        )
    return replace(output, samples=samples)


def opened(plan: OutputPlan, reads: ReadsIn, workers: int, beginning: Beginning, token: str) -> OrderedSink:
    """The sink of a run, with its files.

    Args:
        plan: which.
        reads: what comes in.
        workers: how many will bring batches.
        beginning: what has been written before.
        token: see `OutputFile`.

    Raises:
        OutputError: a file cannot be made, or does not suit the reads; there are none then.
    """
    _refuse_for_mates(plan, is_paired=reads.is_paired)
    # Nobody waits for room as long as every worker holds one batch.
    return OrderedSink(
        plan,
        inputs=reads.paths,
        ahead=max(8, 2 * workers),
        expected=reads.expected,
        token=token,
        start=beginning.sink,
    )


def refuse_before_run(
    plan: OutputPlan, pipeline: ResolvedPipeline | None, inputs: Iterable[Path], *, is_paired: bool
) -> None:
    """Refuses outputs that can be seen to fail, so that there is no run that fails because of them.

    Args:
        plan: where the reads are to go.
        pipeline: what they go through.
        inputs: files that must not be written to, of this run and of those that follow.
        is_paired: the reads have mates.

    Raises:
        OutputError: see `OutputPlan.check` and `refuse_impossible`, or a file for mates would stay empty.
    """
    plan = by_sample(plan, pipeline)
    plan.check()
    _refuse_for_mates(plan, is_paired=is_paired)
    _refuse_for_dropped(plan, pipeline)
    refuse_impossible(plan, inputs)


def _refuse_for_mates(plan: OutputPlan, *, is_paired: bool) -> None:
    of_dropped = (file.second for file in plan.dropped if file.second is not None)
    other = plan.second or plan.singletons or next(of_dropped, None)
    if other is not None and not is_paired:
        raise OutputError(
            f"{other} would stay empty: these reads have no mates.",
            path=plan.first,
            hint="Leave that file out, or read the mates too.",
        )


def _refuse_for_dropped(plan: OutputPlan, pipeline: ResolvedPipeline | None) -> None:
    if not plan.dropped:
        return
    path = plan.dropped[0].path
    if pipeline is None:
        raise OutputError(
            f"{path} would stay empty: without a pipeline no reads are dropped.",
            path=path,
            hint="Leave that file out, or choose a pipeline.",
        )
    from engine.pipeline.mates_apart import drops_single_mates

    apart = [file.reason for file in plan.dropped if file.second is not None]
    if "merged" in apart or (apart and drops_single_mates(pipeline)):
        raise OutputError(
            "The pipeline drops just one read of some pairs, so that the files of first and second reads that are "
            "dropped would not go side by side.",
            path=path,
            hint="Leave the file for second reads out: both go into the one for first reads then. "
            "With folders, take one pair at a time, and name the files.",
        )


def note_outputs(plan: OutputPlan, checkpoints: CheckpointFolder | None, beginning: Beginning) -> str:
    """Notes where a run writes, so that nothing is left there should its process be lost; returns `OutputFile`'s token.

    What an earlier process of the run left is removed, but for what is gone on with.

    Args:
        plan: where it writes.
        checkpoints: where that is noted; ``None``: nowhere.
        beginning: what has been written before.
    """
    if checkpoints is None:
        return ""
    files = [path for path in plan.paths() if not is_written_directly(path)]
    try:
        if beginning.sink is not None:
            checkpoints.leftovers.remove_named({Path(file.path) for file in beginning.sink.files()})
        checkpoints.leftovers.remove(() if beginning.sink is None else {file.place for file in beginning.sink.files()})
        return checkpoints.leftovers.begin(path.resolve().parent for path in files) if files else ""
    except OSError as error:
        _log.warning("what is left of outputs will not be found again: %s", error)
        return ""


def note_end(checkpoints: CheckpointFolder | None, files: Sequence[FileState]) -> None:
    """Notes that the outputs are about to get their names: should the process be lost then, they are found by these."""
    if checkpoints is None:
        return
    try:
        checkpoints.leftovers.finish({file.place: Path(file.path) for file in files})
    except OSError as error:
        _log.warning("the end of outputs cannot be noted: %s", error)


def expected_bytes(size: int | None, *, is_compressed: bool, plan: OutputPlan | None) -> int:
    """Roughly how large the output may become, on the low side; 0 where nobody can know."""
    if size is None or plan is None:
        return 0
    packs = plan.packing_of(plan.first).value != "plain"
    if packs == is_compressed:
        return size
    return size // 5 if packs else 2 * size
