"""What each module shows, what its verdict means and what to do, in plain words."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from engine.collectors.profiles import LowerLimits, Profile
from engine.collectors.results import LISTED_ABOVE
from engine.collectors.verdicts import Status, Verdict


class Explanation(BaseModel):
    """Of one module.

    ``title`` is FastQC's name for what FastQC has. ``shows``: what is drawn. ``warn``: what
    a warning or failure means. ``act``: what to do then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    shows: str
    warn: str
    act: str


@cache
def explanations() -> dict[str, Explanation]:
    """An explanation for every module, by its name in ``QcResults``."""
    entries = tomllib.loads(files("resources").joinpath("qc", "explanations.toml").read_text("utf-8"))
    return {module: Explanation.model_validate(entry) for module, entry in entries.items()}


_UNITS = {
    "base_quality": "Phred",
    "tile_quality": "Phred",
    "sequence_quality": "Phred",
    "base_content": "%",
    "gc_content": "%",
    "n_content": "%",
    "lengths": "bp",
    "duplication": "%",
    "overrepresented": "%",
    "adapters": "%",
}


def reason(module: str, verdict: Verdict, limits: Profile) -> str:
    """The number that decided, where it was found, and the limit it is held to; empty where nothing was measured."""
    if not verdict.measure:
        return ""
    if verdict.value is None and verdict.limit is not None:
        nothing = f"No sequence has more than {LISTED_ABOVE} % of the reads."
        return nothing if module == "overrepresented" else "Too few reads to judge."
    said = f"{verdict.measure[0].upper()}{verdict.measure[1:]}"
    if verdict.value is not None:
        said += f": {_with_unit(verdict.value, module)}"
    if verdict.where:
        said += f" ({'cycle ' if verdict.where[0].isdigit() else ''}{verdict.where})"
    return f"{said}{_limit(module, verdict, limits)}."


def _limit(module: str, verdict: Verdict, limits: Profile) -> str:
    if verdict.limit is None:
        return ""
    lower = any(isinstance(value, LowerLimits) for _, value in getattr(limits, module))
    at = "at or below" if module == "sequence_quality" else "below" if lower else "above"
    word = "fails" if verdict.status is Status.FAIL else "warns"
    return f"; {word} {at} {_with_unit(verdict.limit, module)}"


def _with_unit(value: float, module: str) -> str:
    unit = _UNITS.get(module, "")
    return f"{value:,.4g} {unit}".rstrip()
