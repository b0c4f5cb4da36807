"""Where a run begins: at the beginning, or where another process was lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.checkpoint.journal import Journal, Words
from engine.checkpoint.state import State, Value
from engine.flow.backpressure import Block
from engine.run.reading_place import ReadingPlace
from engine.run.sampled import Sampled
from engine.run.settings import RunSettings
from engine.sink.state import SinkState


@dataclass(frozen=True, slots=True, eq=False)
class Beginning:
    """What had been done before the first batch.

    Attributes:
        number: of the first batch.
        place: in the input; ``None``: its beginning.
        state: what had been counted; ``None``: nothing.
        sink: how far the outputs had come; ``None``: they are not there.
        memories: what each stage that remembers something had remembered.
        journals: where that is kept.
        elapsed: seconds of work.
        batch_bytes: text of a batch, bytes; ``None``: as the settings say. With other batches, packed outputs would
            be packed in other pieces.
        sampled: what had been left out; ``None``: the source waits, and so nothing is.
    """

    number: int = 0
    place: ReadingPlace | None = None
    state: State | None = None
    sink: SinkState | None = None
    memories: tuple[Words, ...] = ()
    journals: tuple[Journal, ...] = ()
    elapsed: float = 0.0
    batch_bytes: int | None = None
    sampled: Sampled | None = None

    @property
    def seen(self) -> int:
        """Batches that had come, those left out included."""
        return self.number if self.sampled is None else self.sampled.seen

    def settings(self, wanted: RunSettings) -> RunSettings:
        """How to go on: as is wanted, but for what has to stay as it was, so that batches are the same ones."""
        if self.batch_bytes is None:
            return wanted
        policy = Block() if self.sampled is None else self.sampled.policy
        return wanted.model_copy(update={"batch_bytes": self.batch_bytes, "backpressure": policy})


@dataclass(frozen=True, slots=True, eq=False)
class AtMark:
    """What had been done at a mark.

    Attributes:
        state: what had been counted.
        sink: how far the outputs had come.
        memories: what is new in what each stage remembers.
    """

    state: Mapping[str, Value]
    sink: SinkState | None = None
    memories: tuple[Words, ...] = field(default=())
