"""How a stream is worked on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from engine.flow.backpressure import Backpressure, Block
from engine.stream.recovery import Recovery, StreamCheckpoints


class StreamSettings(BaseModel):
    """How a stream is worked on.

    Attributes:
        workers: threads that compute, beside the one that parses.
        batch_bytes: text of one batch, bytes.
        buffer_bytes: bytes of the input that may lie ready for the parser.
        in_flight_bytes: bytes of text that may be under way from the parser to whoever takes the batches.
        backpressure: what becomes of batches that find no room.
        checkpoints: how checkpoints are kept; ``None``: none are taken.
        recovery: what becomes of a stream that was left before its end, and of damage.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    workers: int = Field(default=2, ge=1, le=256)
    batch_bytes: int = Field(default=1 << 20, ge=64, le=1 << 28)
    buffer_bytes: int = Field(default=4 << 20, ge=1)
    in_flight_bytes: int = Field(default=32 << 20, ge=64)
    backpressure: Backpressure = Block()
    checkpoints: StreamCheckpoints | None = None
    recovery: Recovery = Recovery.RESUME
