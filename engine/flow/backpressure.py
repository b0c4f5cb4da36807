"""What becomes of batches that come faster than they are worked on."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

_WHOLE = 1 << 64


class _Policy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Block(_Policy):
    """The source waits; nothing is lost. The only policy for files."""

    kind: Literal["block"] = "block"


class Drop(_Policy):
    """What finds no room is left out."""

    kind: Literal["drop"] = "drop"


class Sample(_Policy):
    """A share of all batches is worked on, chosen by their numbers alone; the source waits for these.

    Attributes:
        share: of all batches, 0 < share <= 1.
        seed: another one chooses others.
    """

    kind: Literal["sample"] = "sample"
    share: float = Field(gt=0, le=1)
    seed: int = 0


class Adaptive(_Policy):
    """Everything is worked on until the room is full up to the high mark, then a sample till it is down to the low one.

    Attributes:
        low: share of the room, 0 <= low < high.
        high: share of the room, at most 1.
        share: of the batches, while sampling; those chosen have the source wait.
        seed: another one chooses others.
    """

    kind: Literal["adaptive"] = "adaptive"
    low: float = Field(default=0.5, ge=0, lt=1)
    high: float = Field(default=0.9, gt=0, le=1)
    share: float = Field(default=0.1, gt=0, le=1)
    seed: int = 0

    @model_validator(mode="after")
    def _low_is_below_high(self) -> Adaptive:
        if self.low >= self.high:
            raise ValueError("the low mark has to be below the high one")
        return self


Backpressure = Annotated[Block | Drop | Sample | Adaptive, Field(discriminator="kind")]
POLICIES: TypeAdapter[Backpressure] = TypeAdapter(Backpressure)
"""Reads a policy as it was kept."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not worked on.

    Attributes:
        batches: how many.
        reads: in them; of pairs, pairs.
        bases: in them.
        text_bytes: bytes of their text.
    """

    batches: int = 0
    reads: int = 0
    bases: int = 0
    text_bytes: int = 0

    def plus(self, reads: int, bases: int, text_bytes: int) -> LeftOut:
        """One batch more."""
        return LeftOut(self.batches + 1, self.reads + reads, self.bases + bases, self.text_bytes + text_bytes)


class ValveAborted(Exception):
    """The valve was aborted while somebody waited for room."""


class Valve:
    """Lets batches through as long as the bytes under way have room, and otherwise as the policy says.

    Args:
        policy: see `Backpressure`.
        most_bytes: bytes that may be under way; a single larger batch goes through alone.
        left_out: what had been left out before.
    """

    def __init__(self, policy: Backpressure, most_bytes: int, left_out: LeftOut | None = None) -> None:
        self._policy = policy
        self._most = most_bytes
        self._under_way = 0
        self._high_water = 0
        self._sampling = False
        self._aborted = False
        self._left_out = left_out or LeftOut()
        self._changed = threading.Condition()

    @property
    def most_bytes(self) -> int:
        """Bytes that may be under way; may be set at any time."""
        return self._most

    @most_bytes.setter
    def most_bytes(self, size: int) -> None:
        with self._changed:
            self._most = size
            self._changed.notify_all()

    def admit(self, number: int, size: int, *, reads: int, bases: int, text_bytes: int) -> bool:
        """Whether a batch is to be worked on; waits for room where the policy has the source wait.

        Args:
            number: of the batch, from 0, those left out included.
            size: bytes that it keeps busy until `done` is called with them.
            reads: in it, for the count of what is left out; pairs, of pairs.
            bases: in it, likewise.
            text_bytes: of its text, likewise.

        Raises:
            ValveAborted: the valve was aborted, before or while waiting.
        """
        with self._changed:
            if not self._aborted and not self._is_wanted(number, size):
                self._left_out = self._left_out.plus(reads, bases, text_bytes)
                return False
            self._changed.wait_for(lambda: self._aborted or self._has_room(size))
            if self._aborted:
                raise ValveAborted
            self._under_way += size
            self._high_water = max(self._high_water, self._under_way)
            return True

    def _has_room(self, size: int) -> bool:
        return self._under_way == 0 or self._under_way + size <= self._most

    def _is_wanted(self, number: int, size: int) -> bool:
        match self._policy:
            case Block():
                return True
            case Drop():
                return self._has_room(size)
            case Sample(share=share, seed=seed):
                return is_chosen(number, share, seed)
            case Adaptive(low=low, high=high, share=share, seed=seed):
                mark = low if self._sampling else high
                self._sampling = self._under_way + (0 if self._sampling else size) > mark * self._most
                return not self._sampling or is_chosen(number, share, seed)

    @property
    def is_sampling(self) -> bool:
        """Whether what comes now is a sample by its numbers, and not all of it."""
        return self._sampling or isinstance(self._policy, Sample)

    def done(self, size: int) -> None:
        """A batch that was admitted is done with."""
        with self._changed:
            self._under_way -= size
            self._changed.notify_all()

    def abort(self) -> None:
        """Frees whoever waits, for good."""
        with self._changed:
            self._aborted = True
            self._changed.notify_all()

    @property
    def left_out(self) -> LeftOut:
        """What was not let through so far."""
        with self._changed:
            return replace(self._left_out)

    @property
    def under_way(self) -> int:
        """Bytes that were admitted and are not done with."""
        with self._changed:
            return self._under_way

    @property
    def high_water(self) -> int:
        """The most bytes that were under way at once."""
        with self._changed:
            return self._high_water


def is_chosen(number: int, share: float, seed: int) -> bool:
    """Whether a batch is in the sample; depends on nothing else, so that every run with a seed chooses the same."""
    digest = hashlib.blake2b(f"{seed}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") < share * _WHOLE
