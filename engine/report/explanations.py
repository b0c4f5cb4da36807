"""What each module shows, what its verdict means and what to do, in plain words."""

from __future__ import annotations

import re
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


_OF = {"base_quality": " of the qualities", "n_content": " at the worst position"}
"""What the measure is of, where its name alone does not tell."""

_OF_ANYTHING = {"n_content", "adapters"}
"""Where there is none, it has no place."""

_RANGE = re.compile(r"(?<=\d)-(?=\d)")


def reason(module: str, verdict: Verdict, limits: Profile) -> str:
    """The number that decided, where it was found, and the limit it is held to; empty where nothing was measured."""
    if not verdict.measure:
        return ""
    if verdict.value is None and verdict.limit is not None:
        nothing = f"No sequence has more than {LISTED_ABOVE} % of the reads."
        return nothing if module == "overrepresented" else "Too few reads to judge."
    if module == "lengths" and verdict.value and verdict.status is not Status.PASS:
        return f"Reads differ in length; the shortest has {_with_unit(verdict.value, module)}."
    measure = f"{verdict.measure}{_OF.get(module, '')}"
    said = f"{measure[0].upper()}{measure[1:]}"
    if verdict.value is not None:
        said += f": {_with_unit(verdict.value, module)}"
    if verdict.where and (verdict.value or module not in _OF_ANYTHING):
        where = _RANGE.sub("\N{EN DASH}", verdict.where).replace("cycle ", "position ")
        said += f" ({'position ' if where[0].isdigit() else ''}{where})"
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
    # As many digits as tell anything; numbers such as lengths stay whole.
    written = f"{value:,.0f}" if value.is_integer() or abs(value) >= 100 else f"{value:.3g}"
    return f"{written} {unit}".rstrip()
