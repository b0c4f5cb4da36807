"""Limits from which a module's result earns a warning or fails: one file for each kind of experiment."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from engine.collectors.results import LISTED_ABOVE
from engine.errors import LanescopeError
from engine.toml_text import load_toml
from engine.whole_file import read_small, reason_of

DEFAULT = "default"

_SUFFIX = ".toml"
_FOR_PEOPLE = ("title", "description", "based_on")


class ProfileError(LanescopeError):
    """A file of limits cannot be used, or a profile that is asked for is not there."""

    title = "This profile cannot be used"
    is_refusal = True
    hint = "Compare it with the profile 'default', which has all there is to set."


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class UpperLimits(_Section):
    """More is worse: above ``warn`` a warning, above ``fail`` a failure."""

    warn: FiniteFloat = Field(ge=0)
    fail: FiniteFloat = Field(ge=0)

    @model_validator(mode="after")
    def _are_in_order(self) -> Self:
        if self.fail < self.warn:
            raise ValueError("'fail' has to be at or above 'warn'")
        return self


class LowerLimits(_Section):
    """Less is worse: below ``warn`` a warning, below ``fail`` a failure."""

    warn: FiniteFloat = Field(ge=0)
    fail: FiniteFloat = Field(ge=0)

    @model_validator(mode="after")
    def _are_in_order(self) -> Self:
        if self.fail > self.warn:
            raise ValueError("'fail' has to be at or below 'warn'")
        return self


class ModuleLimits(_Section):
    """What all modules have: whether the module is shown and judged at all."""

    shown: bool


class BaseQualityLimits(ModuleLimits):
    """Of any cycle: Phred."""

    lower_quartile: LowerLimits
    median: LowerLimits


class TileQualityLimits(ModuleLimits):
    """Of any tile at any cycle, from the average of the tiles: Phred."""

    deviation: UpperLimits


class SequenceQualityLimits(ModuleLimits):
    """The most frequent mean quality of a read: Phred; the limits themselves are too low."""

    most_frequent: LowerLimits


class BaseContentLimits(ModuleLimits):
    """Between G and C, or A and T, at any cycle: percent."""

    difference: UpperLimits


class GcContentLimits(ModuleLimits):
    """Reads off the normal curve: percent."""

    deviation: UpperLimits


class NContentLimits(ModuleLimits):
    """At any cycle: percent."""

    percent: UpperLimits


Judgement = Literal["pass", "warn", "fail"]


class LengthLimits(ModuleLimits):
    """What it means that reads are of different lengths, and that some are empty."""

    different: Judgement
    empty: Judgement


class DuplicationLimits(ModuleLimits):
    """Percent that would remain if each sequence occurred once."""

    remaining: LowerLimits


class OverrepresentedLimits(ModuleLimits):
    """Of the most frequent sequence: percent of all reads; at least 0.1, for rarer ones are not listed."""

    percent: UpperLimits

    @model_validator(mode="after")
    def _is_listed(self) -> Self:
        if self.percent.warn < LISTED_ABOVE:
            raise ValueError(f"'warn' has to be at or above {LISTED_ABOVE}: rarer sequences are not listed")
        return self


class AdapterLimits(ModuleLimits):
    """Of any adapter at any place: percent of all reads."""

    percent: UpperLimits


class KmerLimits(ModuleLimits):
    """Of the most enriched k-mer: the negative decimal logarithm of its p-value."""

    significance: UpperLimits


class Profile(_Section):
    """Limits for every module, named as in ``QcResults``; ``title`` and ``description`` are for people.

    ``based_on`` names the profile that it was copied from, where it was.
    """

    title: str
    description: str
    based_on: str = ""
    base_quality: BaseQualityLimits
    tile_quality: TileQualityLimits
    sequence_quality: SequenceQualityLimits
    base_content: BaseContentLimits
    gc_content: GcContentLimits
    n_content: NContentLimits
    lengths: LengthLimits
    duplication: DuplicationLimits
    overrepresented: OverrepresentedLimits
    adapters: AdapterLimits
    kmers: KmerLimits

    def judges_as(self, other: Profile) -> bool:
        """Whether the limits are the same, whatever both are called."""
        return self.model_copy(update={name: getattr(other, name) for name in _FOR_PEOPLE}) == other


def profile_names() -> tuple[str, ...]:
    """Profiles that Lanescope comes with, `DEFAULT` first."""
    names = {entry.name.removesuffix(_SUFFIX) for entry in _folder().iterdir() if entry.name.endswith(_SUFFIX)}
    return DEFAULT, *sorted(names - {DEFAULT})


@cache
def profile(name: str = DEFAULT) -> Profile:
    """A profile that Lanescope comes with.

    Raises:
        ProfileError: there is none of that name.
    """
    if name not in profile_names():
        raise ProfileError(
            f"There is no profile '{name}'.", hint=f"Lanescope has the profiles {', '.join(profile_names())}."
        )
    return parse_profile((_folder() / f"{name}{_SUFFIX}").read_text("utf-8"), f"{name}{_SUFFIX}")


def read_profile(path: Path) -> Profile:
    """A profile from a file of the user's.

    Raises:
        ProfileError: it cannot be read, or holds what makes no sense; the message says where and why.
    """
    try:
        text = read_small(path).decode("utf-8")
    except OSError as error:
        hint = "Check the path, and who may read it."
        raise ProfileError(f"{path} cannot be read: {reason_of(error)}.", hint=hint) from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path} is not text.") from error
    return parse_profile(text, path.name)


def parse_profile(text: str, name: str) -> Profile:
    """A profile from TOML; what it does not say is as in the profile `DEFAULT`.

    Args:
        text: TOML.
        name: what to call the text in errors.

    Raises:
        ProfileError: see `read_profile`.
    """
    try:
        return profile_of(load_toml(text))
    except ValidationError as error:
        raise ProfileError(f"{name}: {'; '.join(problems(error))}.") from error
    except ValueError as error:
        raise ProfileError(f"{name} is not valid TOML: {error}.") from error


def profile_of(values: dict[str, Any]) -> Profile:
    """A profile from its values; what they do not say is as in the profile `DEFAULT`.

    Raises:
        ValidationError: they make no sense.
    """
    default = tomllib.loads((_folder() / f"{DEFAULT}{_SUFFIX}").read_text("utf-8"))
    return Profile.model_validate(_overlaid(default, values))


def _folder() -> Any:
    return files("resources").joinpath("qc", "profiles")


def _overlaid(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """What `above` says, and what `below` says where that says nothing, table by table."""
    both = dict(below)
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(both.get(key), dict):
            both[key] = _overlaid(both[key], value)
        else:
            both[key] = value
    return both


def problems(error: ValidationError) -> list[str]:
    """What is wrong with the values of a profile, a sentence each: where, and why."""
    sentences = []
    for problem in error.errors():
        place = ".".join(str(part) for part in problem["loc"]) or "the profile"
        if problem["type"] == "extra_forbidden":
            sentences.append(f"there is no setting '{place}'")
        else:
            sentences.append(f"{place}: {problem['msg'].removeprefix('Value error, ').lower()}")
    return sentences
