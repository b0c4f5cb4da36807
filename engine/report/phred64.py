"""Qualities as FastQC 0.12.1 takes them where none is low: for offset by 64."""

from __future__ import annotations

from engine.collectors.results import OLD_OFFSET, BaseQuality, Floats, QcResults, SequenceQuality, TileQuality

NO_QUALITIES = "Illumina 1.5"
"""What FastQC guesses where there is no quality at all."""

_EXCESS = 31


def read_as_fastqc_would(results: QcResults) -> tuple[QcResults, str]:
    """The results with the offset that FastQC guesses from the lowest quality character, and what FastQC calls it.

    High qualities alone look like those of Illumina 1.3 to 1.7, which were offset by 64 (``PhredEncoding``).
    """
    lowest = results.basic.lowest_quality_byte
    if lowest < OLD_OFFSET:
        return results, "Sanger / Illumina 1.9"
    shifted = results.model_copy(
        update={
            "base_quality": results.base_quality and _base_quality(results.base_quality),
            "sequence_quality": results.sequence_quality and _sequence_quality(results.sequence_quality),
            "tile_quality": results.tile_quality and _tile_quality(results.tile_quality),
        }
    )
    return shifted, "Illumina 1.3" if lowest == OLD_OFFSET + 1 else "Illumina 1.5"


def _lowered(values: Floats) -> Floats:
    return tuple(None if value is None else value - _EXCESS for value in values)


def _base_quality(quality: BaseQuality) -> BaseQuality:
    series = set(BaseQuality.model_fields) - {"starts", "ends"}
    return quality.model_copy(update={name: _lowered(getattr(quality, name)) for name in series})


def _sequence_quality(quality: SequenceQuality) -> SequenceQuality:
    return quality.model_copy(update={"qualities": tuple(value - _EXCESS for value in quality.qualities)})


def _tile_quality(quality: TileQuality) -> TileQuality:
    """The average falls less at cycles that some tile does not reach, which it counts as 0."""
    reached = [sum(value is not None for value in column) for column in zip(*quality.deviation, strict=True)]
    falls = [_EXCESS * count / len(quality.tiles) for count in reached]
    average = tuple(value - fall for value, fall in zip(quality.average, falls, strict=True))
    return quality.model_copy(update={"average": average, "deviation": quality.deviation_by_64 or quality.deviation})
