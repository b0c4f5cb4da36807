"""Damage that a run passed over, in sentences."""

from __future__ import annotations

from engine.run.skipped import Skipped
from engine.run.snapshot import RunSnapshot

_SHOWN = 5

_BEFORE = (
    "Reads shortly before damage in gzip or Zstandard data may be wrong without a sign of it, for their checksums come "
    "last; in BGZF they are right."
)


def skipped_in(run: RunSnapshot) -> list[str]:
    """Which damage it passed over; empty where none was."""
    return [] if run.skipped is None else skipped_sentences(run.skipped)


def skipped_sentences(skipped: Skipped) -> list[str]:
    """What was passed over; empty where nothing was."""
    if not skipped.regions:
        return []
    regions = "1 damaged region" if skipped.regions == 1 else f"{skipped.regions:,} damaged regions"
    stored = f" and about {skipped.file_bytes:,} compressed bytes" if skipped.file_bytes else ""
    size = f"{regions} of the input with {skipped.text_bytes:,} bytes of text{stored} were passed over."
    sentences = [f"{size} The reads that stood there are in none of these numbers.", *skipped.told[:_SHOWN]]
    if more := skipped.regions - min(len(skipped.told), _SHOWN):
        sentences.append(f"There are {more:,} more such regions.")
    return [*sentences, _BEFORE] if skipped.file_bytes else sentences
