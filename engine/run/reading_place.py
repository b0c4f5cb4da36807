"""Where the reading of a run was left."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from pydantic import TypeAdapter

from engine.checkpoint.state import State
from engine.errors import CheckpointError
from engine.parse.damage import Damage
from engine.parse.lanes import LaneStart
from engine.parse.place import ReaderPlace
from engine.source.followed import FollowedPlace
from engine.source.summed import TextSum


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """A place between two batches of a run's input.

    Attributes:
        lane: number of the lane that is read, from 0.
        reader: the place in it.
        mine: what has come before the lane, of single or first reads.
        mates: likewise, of second reads.
        stored: bytes of the lanes before, as stored.
        damage: what had been passed over.
        followed: where it lies in an input that grows; ``None`` in any other.
        sums: of the text of each pipe, as far as it had been read; none of files.
        files: bytes of each file of the lane, as stored, that had been read by then: to the place, or a little further.
    """

    lane: int
    reader: ReaderPlace
    mine: LaneStart
    mates: LaneStart
    stored: int
    damage: Damage = field(default_factory=Damage)
    followed: FollowedPlace | None = None
    sums: tuple[TextSum, ...] = ()
    files: tuple[int, ...] = ()

    def state(self) -> State:
        """For a checkpoint."""
        return asdict(self) | {"followed": None if self.followed is None else self.followed.state()}

    @classmethod
    def of(cls, state: object) -> ReadingPlace:
        """What `state` gave.

        Raises:
            CheckpointError: this is something else.
        """
        try:
            if isinstance(state, dict) and state.get("followed") is not None:
                state = state | {"followed": FollowedPlace.of(state["followed"])}
            return _PLACES.validate_python(state)
        except ValueError as error:
            raise CheckpointError("it does not tell how far the input was read.") from error


_PLACES = TypeAdapter(ReadingPlace)
