"""Where a stream begins: at its beginning, or where one of the same identity was left."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.journal import Journal, Words
from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.flow.backpressure import LeftOut
from engine.parse.damage import Damage
from engine.parse.place import Place
from engine.pipeline.plan import ResolvedPipeline
from engine.source.summed import TextSum
from engine.stream.claim import Claim

_ANEW = "Restart the stream, or give it another identity."


class Recovery(StrEnum):
    """What becomes of a stream that was left before its end.

    ``RESUME``: it goes on at its last checkpoint, and is refused where something has changed since. ``RESTART``: what
    was kept of it is thrown away. ``RESUME_OR_RESTART``: it goes on where it can, and begins anew where not. ``SKIP``:
    as ``RESUME``, and damaged regions of the text are passed over and counted instead of ending the stream.
    """

    RESUME = "resume"
    RESTART = "restart"
    RESUME_OR_RESTART = "resume_or_restart"
    SKIP = "skip"


class StreamCheckpoints(BaseModel):
    """How checkpoints of a stream are kept.

    Attributes:
        folder: where those of all streams lie, in a folder each.
        identity: tells the stream from any other, and is the same again when it is to go on.
        seconds: between two.
        batches: between two, whichever comes first; ``None``: time alone decides.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    identity: str = Field(min_length=1, max_length=10_000)
    seconds: float = Field(default=5.0, gt=0, allow_inf_nan=False)
    batches: int | None = Field(default=None, ge=1)

    @property
    def own_folder(self) -> CheckpointFolder:
        """Where those of this stream lie."""
        return CheckpointFolder(self.folder / self._name)

    def claim(self) -> Claim:
        """What keeps others from working with them."""
        return Claim(self.folder / f"{self._name}.owner", self.identity)

    @property
    def _name(self) -> str:
        return hashlib.sha256(self.identity.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, eq=False)
class StreamStart:
    """What had been done before the first batch.

    Attributes:
        number: of the first batch.
        place: in the text.
        seen: batches that had come, those left out included.
        left_out: what had been left out.
        damage: what had been passed over.
        text_sum: of the text, as far as it had been read.
        state: what had been counted; ``None``: nothing.
        memories: what each stage that remembers something had remembered.
        journals: where that is kept.
    """

    number: int = 0
    place: Place = field(default_factory=Place)
    seen: int = 0
    left_out: LeftOut = field(default_factory=LeftOut)
    damage: Damage = field(default_factory=Damage)
    text_sum: TextSum = field(default_factory=TextSum)
    state: State | None = None
    memories: tuple[Words, ...] = ()
    journals: tuple[Journal, ...] = ()

    def kept(self) -> State:
        """Its numbers, for a checkpoint."""
        return {
            "number": self.number,
            "place": asdict(self.place),
            "seen": self.seen,
            "left_out": asdict(self.left_out),
            "damage": asdict(self.damage),
            "text_sum": asdict(self.text_sum),
        }


_PLACES, _LEFT_OUT, _DAMAGE = TypeAdapter(Place), TypeAdapter(LeftOut), TypeAdapter(Damage)
_TEXT_SUM = TypeAdapter(TextSum)


def start_of(checkpoints: StreamCheckpoints, recovery: Recovery, pipeline: ResolvedPipeline | None) -> StreamStart:
    """Where a stream begins, by its recovery strategy.

    Args:
        checkpoints: how they are kept.
        recovery: the strategy.
        pipeline: what is done to the reads now.

    Raises:
        CheckpointError: it is to go on, and cannot; says why.
    """
    folder = checkpoints.own_folder
    if recovery is Recovery.RESTART:
        folder.prune()
        return StreamStart()
    trouble: CheckpointError | None = None
    for checkpoint in folder.checkpoints():
        try:
            return _start(folder, checkpoint.load(), checkpoints.identity, pipeline)
        except CheckpointError as error:
            # An older one may still be whole.
            trouble = trouble or error
    if trouble is not None and recovery is not Recovery.RESUME_OR_RESTART:
        raise trouble
    if trouble is not None:
        folder.prune()
    return StreamStart()


def _start(folder: CheckpointFolder, state: State, identity: str, pipeline: ResolvedPipeline | None) -> StreamStart:
    if state.get("stream") != identity:
        raise CheckpointError("The checkpoint is of another stream.", hint=_ANEW)
    if (change := _difference(state.get("pipeline"), pipeline)) is not None:
        raise CheckpointError(change, hint=_ANEW)
    number, seen = state.get("number"), state.get("seen")
    if not isinstance(number, int) or not isinstance(seen, int):
        raise CheckpointError("It does not tell how far the stream was read.", hint=_ANEW)
    try:
        place = _PLACES.validate_python(state.get("place"))
        left_out = _LEFT_OUT.validate_python(state.get("left_out"))
        damage = _DAMAGE.validate_python(state.get("damage", {}))
        text_sum = _TEXT_SUM.validate_python(state.get("text_sum", {}))
    except ValidationError as error:
        raise CheckpointError("It does not tell how far the stream was read.", hint=_ANEW) from error
    if text_sum.text_bytes < place.offset:
        raise CheckpointError("It does not tell what text it is of.", hint=_ANEW)
    kept = state.get("memories")
    journals = [Journal.of(folder.journal(at), each) for at, each in enumerate(kept if isinstance(kept, list) else [])]
    words, files = tuple(each for _, each in journals), tuple(journal for journal, _ in journals)
    return StreamStart(number, place, seen, left_out, damage, text_sum, state, words, files)


def _difference(kept: object, pipeline: ResolvedPipeline | None) -> str | None:
    if pipeline is None:
        return None if kept is None else "The checkpoint is of a stream with a pipeline."
    from engine.pipeline.fingerprint import difference

    return difference(kept, pipeline)
