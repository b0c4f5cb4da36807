"""What a run that leaves reads out had left out at a mark, for it to go on from there."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from pydantic import NonNegativeInt, TypeAdapter

from engine.checkpoint.state import State
from engine.collectors.base import part
from engine.collectors.batch_spread import BatchSpread
from engine.errors import CheckpointError
from engine.flow.backpressure import POLICIES, Backpressure, LeftOut


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """The sampling of a run until a mark.

    Whether an adaptive one was in a time of sampling is not part of it: that follows from the bytes under way, of which
    there are none where a run goes on.

    Attributes:
        policy: what becomes of batches that find no room, its seed included.
        seen: batches that had come, those left out included; it is these that samples are chosen by.
        left_out: what had been left out of them.
        spread: how far those differ that were worked on.
    """

    policy: Backpressure
    seen: int
    left_out: LeftOut
    spread: BatchSpread

    def state(self) -> State:
        """For a checkpoint."""
        return {
            "policy": self.policy.model_dump(mode="json"),
            "seen": self.seen,
            "left_out": asdict(self.left_out),
            "spread": self.spread.state(),
        }

    @classmethod
    def of(cls, state: State) -> Sampled:
        """What `state` gave.

        Raises:
            CheckpointError: this is something else.
        """
        try:
            policy = POLICIES.validate_python(state.get("policy"))
            seen = _COUNTS.validate_python(state.get("seen"))
            left_out = _LEFT_OUT.validate_python(state.get("left_out"))
        except ValueError as error:
            raise CheckpointError("it does not tell what was left out.") from error
        return cls(policy, seen, left_out, BatchSpread.of(part(state, "spread")))


def sampled_in(state: State) -> Sampled | None:
    """What a checkpoint of a run tells of it; ``None`` where the source waits, and so nothing is left out.

    Raises:
        CheckpointError: it makes no sense.
    """
    return None if state.get("sampled") is None else Sampled.of(part(state, "sampled"))


_COUNTS: TypeAdapter[int] = TypeAdapter(NonNegativeInt)
_LEFT_OUT = TypeAdapter(LeftOut)
