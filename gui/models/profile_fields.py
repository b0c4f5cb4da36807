"""What there is to set in a profile, in words and units."""

from __future__ import annotations

from dataclasses import dataclass

from engine.collectors.profiles import LowerLimits, Profile
from gui.models.plot_modules import MODULES, Module


@dataclass(frozen=True, slots=True)
class LimitField:
    """A pair of limits of a module.

    Attributes:
        key: the field of the module's limits.
        words: what is held to them.
        unit: of both limits.
        is_lower: whether less is worse.
        most: the greatest value that makes sense.
        decimals: digits behind the point.
    """

    key: str
    words: str
    unit: str
    is_lower: bool
    most: float
    decimals: int

    @property
    def side(self) -> str:
        """On which side of a limit values are bad."""
        return "below" if self.is_lower else "above"


@dataclass(frozen=True, slots=True)
class JudgementField:
    """What it means that something is so.

    Attributes:
        key: the field of the module's limits.
        words: what is so.
    """

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class ModuleFields:
    """All that can be set of a module, besides whether it is judged at all."""

    module: Module
    limits: tuple[LimitField, ...]
    judgements: tuple[JudgementField, ...] = ()


_LIMITS: dict[str, tuple[tuple[str, str, str, float, int], ...]] = {
    "base_quality": (
        ("lower_quartile", "Lower quartile at any position", "Phred", 93, 1),
        ("median", "Median at any position", "Phred", 93, 1),
    ),
    "tile_quality": (("deviation", "A tile from the average, anywhere", "Phred", 93, 1),),
    "sequence_quality": (("most_frequent", "Most frequent mean quality", "Phred", 93, 1),),
    "base_content": (("difference", "Between A and T, or G and C", "%", 100, 1),),
    "gc_content": (("deviation", "Reads off the normal curve", "%", 100, 1),),
    "n_content": (("percent", "Ns at any position", "%", 100, 2),),
    "duplication": (("remaining", "Reads that would remain", "%", 100, 1),),
    "overrepresented": (("percent", "Share of one sequence", "%", 100, 2),),
    "adapters": (("percent", "Reads with an adapter", "%", 100, 2),),
    "kmers": (("significance", "\N{MINUS SIGN}log\N{SUBSCRIPT ONE}\N{SUBSCRIPT ZERO} of the p-value", "", 300, 1),),
}
_JUDGEMENTS = {"lengths": (("different", "Reads differ in length"), ("empty", "Some reads are empty"))}


def profile_fields() -> tuple[ModuleFields, ...]:
    """What can be set, module by module in FastQC's order."""
    return tuple(_fields(module) for module in MODULES if module.key in _LIMITS or module.key in _JUDGEMENTS)


def _fields(module: Module) -> ModuleFields:
    kinds = Profile.model_fields[module.key].annotation
    limits = tuple(
        LimitField(key, words, unit, _is_lower(kinds, key), most, decimals)
        for key, words, unit, most, decimals in _LIMITS.get(module.key, ())
    )
    judgements = tuple(JudgementField(key, words) for key, words in _JUDGEMENTS.get(module.key, ()))
    return ModuleFields(module, limits, judgements)


def _is_lower(module: object, key: str) -> bool:
    return getattr(module, "model_fields")[key].annotation is LowerLimits  # noqa: B009 - the type is known by name alone
