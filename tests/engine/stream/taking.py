"""Whoever takes batches of a stream, and leaves it when there have been enough."""

from __future__ import annotations

from collections.abc import AsyncIterator

from engine.stream.processor import Source, StreamProcessor


async def pieces(text: bytes, size: int = 5000, start: int = 0) -> AsyncIterator[bytes]:
    """A text from some byte on, in pieces of so many bytes."""
    for at in range(start, len(text), size):
        yield text[at : at + size]


async def take(processor: StreamProcessor, source: Source, batches: dict[int, bytes], most: int = 0) -> bool:
    """Takes so many batches, by their numbers, and leaves; 0: all. Whether the stream came to its end."""
    stream = processor.process_stream(source, "instrument 7")
    try:
        async for batch in stream:
            batches[batch.number] = batch.fastq()
            most -= 1
            if most == 0:
                return False
    finally:
        await stream.aclose()
    return True
