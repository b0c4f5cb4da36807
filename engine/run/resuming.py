"""Where a run that was lost can go on, if nothing has changed since."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.journal import Journal, Words
from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.run.beginning import Beginning
from engine.run.input_identities import ANEW as _ANEW
from engine.run.input_identities import check_inputs
from engine.run.reading_place import ReadingPlace
from engine.run.sampled import sampled_in
from engine.run.snapshot import RunSnapshot
from engine.sink.file import RESERVE
from engine.sink.state import SinkState, found

if TYPE_CHECKING:
    from engine.pipeline.plan import ResolvedPipeline
    from engine.sink.plan import OutputPlan


def beginning_of(
    folder: CheckpointFolder,
    run: RunSnapshot,
    pipeline: ResolvedPipeline | None = None,
    output: OutputPlan | None = None,
) -> Beginning:
    """Where a run that was lost can go on: at the newest checkpoint that is whole, with all that belongs to it.

    Args:
        folder: its checkpoints.
        run: as the store has it.
        pipeline: what its reads go through, as it is now.
        output: where they go to.

    Raises:
        CheckpointError: there is none, or something has changed since; says what.
    """
    trouble: CheckpointError | None = None
    for checkpoint in folder.checkpoints():
        try:
            state = checkpoint.load()
            check_inputs(state, run)
            _check_pipeline(state, pipeline)
            return _beginning(folder, state, output)
        except CheckpointError as error:
            # An older one may still do: less had been written then.
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    raise CheckpointError(f"There is no checkpoint of {run.name}.", hint=_ANEW)


def _check_pipeline(state: State, pipeline: ResolvedPipeline | None) -> None:
    kept = state.get("pipeline")
    if pipeline is None:
        if kept is not None:
            raise CheckpointError("The checkpoint is of a run with a pipeline.", hint=_ANEW)
        return
    from engine.pipeline.fingerprint import difference

    if (change := difference(kept, pipeline)) is not None:
        raise CheckpointError(change, hint=f"Put it back as it was, or start the run anew. {_KEEPS}")


_KEEPS = "What has been counted is kept until then."


def _beginning(folder: CheckpointFolder, state: State, output: OutputPlan | None) -> Beginning:
    number, elapsed, batch_bytes = state.get("number"), state.get("elapsed"), state.get("batch_bytes")
    if not isinstance(number, int) or number < 1:
        raise CheckpointError("It does not tell how far the input was read.")
    kept = _journals(folder, state)
    return Beginning(
        number=number,
        place=ReadingPlace.of(state.get("place")),
        state=state,
        sink=_sink(state, output, are_named=folder.leftovers.is_finishing),
        memories=tuple(words for _, words in kept),
        journals=tuple(journal for journal, _ in kept),
        elapsed=float(elapsed) if isinstance(elapsed, float) else 0.0,
        batch_bytes=batch_bytes if isinstance(batch_bytes, int) and batch_bytes > 0 else None,
        sampled=sampled_in(state),
    )


def _sink(state: State, output: OutputPlan | None, *, are_named: bool) -> SinkState | None:
    kept = state.get("sink")
    if (kept is None) != (output is None):
        raise CheckpointError("The checkpoint is of a run with another output.", hint=_ANEW)
    if output is None:
        return None
    sink = SinkState.of(kept)
    if len(sink.streams) != len(output.paths()):
        raise CheckpointError("The checkpoint is of a run with another output.", hint=_ANEW)
    if (difference := sink.difference(are_named=are_named)) is not None:
        raise CheckpointError(difference, hint=_ANEW)
    _check_places(sink, output)
    return sink


def _check_places(sink: SinkState, output: OutputPlan) -> None:
    """Makes sure that the outputs can be taken up before the run is: afterwards it would be the run that fails."""
    for path, stream in zip(output.paths(), sink.streams, strict=True):
        if any(Path(file.path).parent != path.resolve().parent for file in stream):
            raise CheckpointError(f"{path} leads elsewhere than before.", hint=_ANEW)
    for file in sink.files():
        path = Path(file.path)
        if path.exists() and found(file) == file.place and not output.replace:
            raise CheckpointError(f"{path} is there already.", hint=f"Move it elsewhere and try again. {_ANEW}")
        free = shutil.disk_usage(path.parent).free
        if free < RESERVE:
            words = f"There are {free >> 20:,} MiB of room for {path}, and {RESERVE >> 20:,} MiB have to be."
            raise CheckpointError(words, hint=f"Make room on that disk and try again. {_ANEW}")


def _journals(folder: CheckpointFolder, state: State) -> list[tuple[Journal, Words]]:
    kept = state.get("memories")
    states = kept if isinstance(kept, list) else []
    return [Journal.of(folder.journal(number), each) for number, each in enumerate(states)]
