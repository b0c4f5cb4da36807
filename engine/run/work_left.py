"""What is left to do of a run that was interrupted."""

from __future__ import annotations

from dataclasses import replace

from engine.checkpoint.beside import checkpoints_of
from engine.run.checkpointing import check_free
from engine.run.input_identities import files_of
from engine.run.pipelines import RunPipelines
from engine.run.resuming import beginning_of
from engine.run.sampling import check_can_leave_out
from engine.run.settings import Recovery
from engine.run.state import RunState
from engine.run.work import Work
from engine.store.errors import RunNotLostError
from engine.store.store import Store


def work_left(store: Store, pipelines: RunPipelines, run_id: int, recovery: Recovery | None) -> Work:
    """What is to be done: all that comes after the last checkpoint, or everything where the run had not begun.

    Args:
        store: where it is kept.
        pipelines: looks its pipeline up.
        run_id: the run.
        recovery: see `RunSettings`; ``None``: as was said when it was begun.

    Raises:
        CheckpointError: it has none that is whole, or its input, pipeline, plugins or output have changed since.
        RunNotFoundError: there is no such run.
        RunNotLostError: it was not interrupted.
        StoreError: the database cannot be read.
    """
    run, work = store.load(run_id), Work.of(store.parameters(run_id))
    if run.state is not RunState.INTERRUPTED:  # said first, whatever whoever goes on with it is at
        raise RunNotLostError(run_id, run.name)
    work = replace(work, recovery=recovery or work.recovery)
    folder = checkpoints_of(store.path, run_id)
    check_free(folder)
    has_begun = run.started is not None or bool(folder.checkpoints())
    if work.recovery == "restart" or not has_begun:
        if work.backpressure is not None and work.following is None:
            check_can_leave_out(work.backpressure, files_of(run))
        return work
    resolved = None if work.pipeline is None else pipelines.resolved(work.pipeline)
    beginning = beginning_of(folder, run, resolved, work.output)
    return replace(work, beginning=beginning, resolved=resolved)
