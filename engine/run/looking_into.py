"""What the checkpoints of a run hold, for people who want to know."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from engine.checkpoint.beside import reads_counted
from engine.checkpoint.folder import Checkpoint, CheckpointFolder
from engine.errors import CheckpointError
from engine.flow.backpressure import LeftOut
from engine.parse.place import Place
from engine.run.reading_place import ReadingPlace
from engine.run.sampled import sampled_in
from engine.run.snapshot import RunSnapshot
from engine.sink.state import FileState, SinkState
from engine.source.pipe import name_of


@dataclass(frozen=True, slots=True)
class FilePlace:
    """How far a file had been read.

    Attributes:
        name: of the file.
        place: in its text.
        file_bytes: of the file as it is stored, to there or a little further; ``None``: not known.
    """

    name: str
    place: Place
    file_bytes: int | None


@dataclass(frozen=True, slots=True)
class Safe:
    """What is safe of a run, by the newest of its checkpoints that is whole.

    Attributes:
        reads: that had been counted.
        left_out: what had been left out; ``None`` where the source waits, and so nothing is.
        elapsed: seconds of work until then.
        files: those that were read then.
        outputs: those that were written then.
        kept: all of its checkpoints, the newest first.
    """

    reads: int
    left_out: LeftOut | None
    elapsed: float
    files: tuple[FilePlace, ...]
    outputs: tuple[FileState, ...]
    kept: tuple[Checkpoint, ...]


def safe_in(folder: CheckpointFolder, run: RunSnapshot) -> Safe | None:
    """What the checkpoints of a run hold; ``None``: none is whole.

    Args:
        folder: where they lie.
        run: as the store has it.

    Raises:
        CheckpointError: it is of something else.
    """
    newest = folder.newest()
    if newest is None:
        return None
    state, elapsed = newest[1], newest[1].get("elapsed")
    outputs = tuple(SinkState.of(state["sink"]).files()) if state.get("sink") else ()
    return Safe(
        reads=reads_counted(state),
        left_out=None if (sampled := sampled_in(state)) is None else sampled.left_out,
        elapsed=elapsed if isinstance(elapsed, float) else 0.0,
        files=tuple(_files(ReadingPlace.of(state.get("place")), run)),
        outputs=outputs,
        kept=folder.checkpoints(),
    )


def _files(place: ReadingPlace, run: RunSnapshot) -> list[FilePlace]:
    lanes = tuple(zip(*run.inputs, strict=True)) if run.inputs else ((run.path,),)
    if place.lane >= len(lanes):
        raise CheckpointError("it is of a run with more files.")
    paths, stored, texts = list(dict.fromkeys(lanes[place.lane])), place.files, place.reader.texts
    if place.followed is not None:
        paths, stored = [place.followed.file or run.path], (place.followed.stored,)
    found = zip_longest(texts, paths[: len(texts)], stored[: len(texts)])
    return [FilePlace(name_of(path or run.path), text, size) for text, path, size in found]
