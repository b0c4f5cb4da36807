"""The modules of a run's quality control: their order, their names here and in FastQC; and what goes beyond these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Module:
    """A module.

    Attributes:
        key: its field of :class:`~engine.collectors.results.QcResults`.
        title: what it is called here.
        fastqc: what FastQC calls it; empty of what FastQC does not have.
        short: its title where there is little room.
    """

    key: str
    title: str
    fastqc: str
    short: str


MODULES: tuple[Module, ...] = (
    Module("basic", "Basic statistics", "Basic Statistics", "Basic"),
    Module("base_quality", "Per base quality", "Per base sequence quality", "Base quality"),
    Module("tile_quality", "Per tile quality", "Per tile sequence quality", "Tiles"),
    Module("sequence_quality", "Quality per read", "Per sequence quality scores", "Read quality"),
    Module("base_content", "Base content", "Per base sequence content", "Bases"),
    Module("gc_content", "GC per read", "Per sequence GC content", "GC"),
    Module("n_content", "N content", "Per base N content", "N"),
    Module("lengths", "Read lengths", "Sequence Length Distribution", "Lengths"),
    Module("duplication", "Duplication", "Sequence Duplication Levels", "Duplication"),
    Module("overrepresented", "Overrepresented", "Overrepresented sequences", "Overrep."),
    Module("adapters", "Adapter content", "Adapter Content", "Adapters"),
    Module("kmers", "K-mer content", "Kmer Content", "K-mers"),
)
"""All modules in FastQC's order."""

BEYOND: dict[str, Module] = {
    "statistics": Module("length_statistics", "Read statistics", "", "Statistics"),
    "error quality": Module("error_quality", "Quality by errors", "", "Error quality"),
    "length quality": Module("length_quality", "Length against quality", "", "Length, quality"),
    "insert size": Module("pairs", "Insert size", "", "Insert size"),
    "yield by tile": Module("tile_yield", "Reads by tile", "", "Tile reads"),
    "quality by tile": Module("tile_yield", "Quality by tile", "", "Tile quality"),
    "yield over time": Module("yield_over_time", "Yield over time", "", "Yield"),
    "quality over time": Module("yield_over_time", "Quality over time", "", "Quality"),
    "yield by channel": Module("yield_by_channel", "Yield by channel", "", "Channels"),
    "quality by channel": Module("yield_by_channel", "Quality by channel", "", "Channel quality"),
}
"""What is measured besides FastQC's modules and judged by no profile, by card; two may show one result."""

_BY_KEY = {module.key: module for module in MODULES}


def module_of(key: str) -> Module | None:
    """The module ``key``, or ``None`` where it is none of FastQC's."""
    return _BY_KEY.get(key)
