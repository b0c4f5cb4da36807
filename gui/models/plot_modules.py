"""The modules of a run's quality control: their order and their names; and what goes beyond these."""

from __future__ import annotations

from dataclasses import dataclass

_SHY = "\N{SOFT HYPHEN}"


@dataclass(frozen=True, slots=True)
class Module:
    """A module.

    Attributes:
        key: its field of :class:`~engine.collectors.results.QcResults`.
        title: what it is called: as FastQC calls it, where FastQC has it.
        short: its title where there is little room, with soft hyphens where it may be broken.
        is_judged: whether profiles say what is good; only FastQC's modules are.
    """

    key: str
    title: str
    short: str
    is_judged: bool = True


MODULES: tuple[Module, ...] = (
    Module("basic", "Basic Statistics", "Basic"),
    Module("base_quality", "Per base sequence quality", "Base quality"),
    Module("tile_quality", "Per tile sequence quality", "Tiles"),
    Module("sequence_quality", "Per sequence quality scores", "Read quality"),
    Module("base_content", "Per base sequence content", "Bases"),
    Module("gc_content", "Per sequence GC content", "GC"),
    Module("n_content", "Per base N content", "N"),
    Module("lengths", "Sequence Length Distribution", "Lengths"),
    Module("duplication", "Sequence Duplication Levels", f"Dupli{_SHY}cation"),
    Module("overrepresented", "Overrepresented sequences", f"Over{_SHY}rep."),
    Module("adapters", "Adapter Content", f"Adap{_SHY}ters"),
    Module("kmers", "Kmer Content", "K-mers"),
)
"""All modules in FastQC's order."""

BEYOND: dict[str, Module] = {
    "statistics": Module("length_statistics", "Read statistics", "Statistics", is_judged=False),
    "error quality": Module("error_quality", "Quality by errors", "Error quality", is_judged=False),
    "length quality": Module("length_quality", "Length against quality", "Length, quality", is_judged=False),
    "insert size": Module("pairs", "Insert size", "Insert size", is_judged=False),
    "yield by tile": Module("tile_yield", "Reads by tile", "Tile reads", is_judged=False),
    "quality by tile": Module("tile_yield", "Quality by tile", "Tile quality", is_judged=False),
    "yield over time": Module("yield_over_time", "Yield over time", "Yield", is_judged=False),
    "quality over time": Module("yield_over_time", "Quality over time", "Quality", is_judged=False),
    "yield by channel": Module("yield_by_channel", "Yield by channel", "Channels", is_judged=False),
    "quality by channel": Module("yield_by_channel", "Quality by channel", "Channel quality", is_judged=False),
}
"""What is measured besides FastQC's modules and judged by no profile, by card; two may show one result."""

_BY_KEY = {module.key: module for module in MODULES}


def module_of(key: str) -> Module | None:
    """The module ``key``, or ``None`` where it is none of FastQC's."""
    return _BY_KEY.get(key)
