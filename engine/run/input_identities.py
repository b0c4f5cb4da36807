"""Whether what a run reads is still what it had read when it was lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from engine.checkpoint.identity import InputIdentity
from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.run.reading_place import ReadingPlace
from engine.run.snapshot import RunSnapshot
from engine.source.followed import FollowedPlace
from engine.source.pipe import is_pipe

ANEW = "Start the run anew."


class Inputs(Protocol):
    """What a run reads, for its checkpoints."""

    def identities(self, place: object) -> Sequence[InputIdentity]:
        """What is to be the same when it goes on.

        Args:
            place: what `ReadingPlace.state` gave.

        Raises:
            CheckpointError: a file cannot be read.
        """
        ...


class WholeInputs:
    """Files that nobody writes to.

    Args:
        paths: all of them.

    Raises:
        CheckpointError: one cannot be read.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._identities = [InputIdentity.of(path) for path in paths]

    def identities(self, place: object) -> Sequence[InputIdentity]:  # noqa: ARG002 - wherever it is, all of them count
        """See `Inputs.identities`; as they were in the beginning."""
        return self._identities


class FollowedInputs:
    """A file that grows, or those of a folder that fills: what of them has been read."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int], InputIdentity] = {}

    def identities(self, place: object) -> Sequence[InputIdentity]:
        """See `Inputs.identities`; files that have been read and were moved away since are left out."""
        followed = ReadingPlace.of(place).followed or FollowedPlace()
        found = [self._of(each.path, each.size) for each in followed.finished]
        if followed.file is not None:
            found.append(InputIdentity.of(followed.file, followed.stored))
        return [each for each in found if each is not None]

    def _of(self, path: Path, size: int) -> InputIdentity | None:
        """Of a file that nothing is read of any more: one look at it is enough."""
        if (path, size) not in self._known:
            try:
                self._known[path, size] = InputIdentity.of(path, size)
            except CheckpointError:
                return None
        return self._known[path, size]


class PipedInputs:
    """Pipes, which have to bring the same again: that is told while it comes; see `SummedSource`."""

    def identities(self, place: object) -> Sequence[InputIdentity]:  # noqa: ARG002 - a pipe cannot be looked at
        """See `Inputs.identities`."""
        return ()


def inputs_of(run: RunSnapshot, *, is_followed: bool) -> Inputs | None:
    """What a run reads; ``None``: it is of a kind that cannot be gone on with, such as pipes one after the other.

    Args:
        run: made by the store.
        is_followed: its input grows.

    Raises:
        CheckpointError: a file cannot be read.
    """
    paths = tuple(files_of(run))
    if is_followed:
        return FollowedInputs()
    if all(is_pipe(path) for path in paths):
        return PipedInputs() if not run.inputs or len(run.inputs[0]) == 1 else None
    return WholeInputs(paths) if not any(is_pipe(path) for path in paths) else None


def files_of(run: RunSnapshot) -> Iterable[Path]:
    """Every file that a run reads, once."""
    return dict.fromkeys(path for group in run.inputs for path in group) if run.inputs else (run.path,)


def check_inputs(state: State, run: RunSnapshot) -> None:
    """Makes sure that what a run reads is what it was at a checkpoint.

    Args:
        state: what the checkpoint holds.
        run: as the store has it.

    Raises:
        CheckpointError: it is not; says what has changed.
    """
    inputs = state.get("inputs")
    try:
        texts = [text for text in inputs if isinstance(text, str)] if isinstance(inputs, list) else []
        identities = [InputIdentity.of_text(text) for text in texts]
    except ValueError as error:
        raise CheckpointError("It does not tell what was read.") from error
    place = ReadingPlace.of(state.get("place"))
    if place.followed is not None:
        identities = _still_there(identities, place.followed, run.path)
    elif place.sums:
        _check_pipes(files_of(run))
    elif [each.path for each in identities] != [path.absolute() for path in files_of(run)]:
        raise CheckpointError("The checkpoint is of other files.", hint=ANEW)
    for identity in identities:
        if (difference := identity.difference()) is not None:
            raise CheckpointError(difference, hint=f"What was counted is of no use any more. {ANEW}")


def _check_pipes(paths: Iterable[Path]) -> None:
    for path in paths:
        if not is_pipe(path):
            raise CheckpointError(
                f"{path.name} is no pipe any more.", hint=f"Make the pipe again, and have it bring the same. {ANEW}"
            )


def _still_there(identities: list[InputIdentity], followed: FollowedPlace, path: Path) -> list[InputIdentity]:
    """Those to look at: files that have been read may be moved away, which is how many a sequencer's folder is used."""
    if any(not each.path.is_relative_to(path.absolute()) for each in identities):
        raise CheckpointError("The checkpoint is of other files.", hint=ANEW)
    there = [each for each in identities if each.path == followed.file or each.path.exists()]
    if identities and not there:
        raise CheckpointError(
            f"None of the files that were read is in {path.name} any more.", hint=f"Put them back. {ANEW}"
        )
    return there
