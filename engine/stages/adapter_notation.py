"""Adapters as cutadapt's command line writes them: ``^ACGT...TTGA$;e=0.2``."""

from __future__ import annotations

import re
from typing import Any

_ERRORS, _OVERLAP = "errors", "minimum_overlap"
_KEYS = {
    "e": _ERRORS, "error_rate": _ERRORS, "max_error_rate": _ERRORS, "max_errors": _ERRORS,
    "o": _OVERLAP, "min_overlap": _OVERLAP,
}  # fmt: skip
_SWITCHES: dict[str, tuple[str, Any]] = {
    "rightmost": ("rightmost", True), "anywhere": ("anywhere", True),
    "indels": ("indels", "allowed"), "noindels": ("indels", "not allowed"),
}  # fmt: skip
REQUIRED = {(True, True): "both", (True, False): "5' part", (False, True): "3' part", (False, False): "none"}
"""By whether the first and the second part of a linked adapter have to be there, what `Adapter.required` calls it."""

_REPEATED = re.compile(r"(.)\{(\d{1,4})\}")


def is_notation(text: str, *, ends: bool = True) -> bool:
    """Whether a text says more than the letters of an adapter.

    Args:
        text: of an adapter.
        ends: X at an end tells its place; if not, it is a letter that matches nothing.
    """
    return any(sign in text for sign in "^$=;{.") or (ends and (text[:1] in {"X", "x"} or text[-1:] in {"X", "x"}))


def from_notation(text: str) -> dict[str, Any]:
    """What the text of a 3' adapter says: what follows ``-a``, and a text after which ``...`` is left out.

    Args:
        text: letters; ``^`` before, or ``$`` behind them where they stand right at an end of the read, ``X`` where they
            do not stand inside it; letters and a number in braces, ``A{10}``; a name and ``=`` before them, and
            ``;e=0.2``, ``;o=5``, ``;rightmost``, ``;anywhere``, ``;indels`` or
            ``;noindels`` behind; ``FIRST...SECOND`` for linked ones, with ``;required`` or ``;optional``
            behind each.

    Returns:
        Fields of `Adapter`, those that the text says nothing of left out.

    Raises:
        ValueError: it says nothing that is known.
    """
    first, dots, second = text.partition("...")
    if not dots:
        return _alone(first)
    if "..." in second:
        raise ValueError("an adapter has two linked parts at most")
    if not first or not second:
        told = _part(first or second, "5'" if first else "3'")
        _refuse_required(told)
        return told
    front, back = _part(first, "5'"), _part(second, "3'")
    needs = [part.pop("required", "anchored" in part["place"] or "end" in part["place"]) for part in (front, back)]
    if {"rightmost", "anywhere"} & {*front, *back}:
        raise ValueError(f"{text}: rightmost and anywhere are for adapters that are not linked")
    back.pop("name", None)
    name = {"name": front.pop("name")} if "name" in front else {}
    said = {} if ";required" not in text and ";optional" not in text else {"required": REQUIRED[needs[0], needs[1]]}
    return {**back, **name, "front": front, **said}


def _alone(text: str) -> dict[str, Any]:
    letters = text.partition(";")[0].rpartition("=")[2].strip()
    told = _part(text, "5'" if letters[:1] in {"^", "X", "x"} else "3'")
    _refuse_required(told)
    return told


def _refuse_required(told: dict[str, Any]) -> None:
    if "required" in told:
        raise ValueError("only a part of a linked adapter is required or optional")


def _part(text: str, side: str) -> dict[str, Any]:
    letters, *settings = (part.strip() for part in text.split(";"))
    name, equals, letters = letters.rpartition("=")
    letters = _REPEATED.sub(lambda found: found[1] * int(found[2]), letters.strip())
    told: dict[str, Any] = {"name": name.strip()} if equals else {}
    at_start, at_end = letters.startswith("^"), letters.endswith("$")
    letters = letters.removeprefix("^").removesuffix("$")
    not_inside = [letters[:1] in {"X", "x"}, letters[-1:] in {"X", "x"}]
    wrong = (at_end or not_inside[1]) if side == "5'" else (at_start or not_inside[0])
    if wrong or at_start + at_end + sum(not_inside) > 1:
        raise ValueError(f"{text}: a 5' adapter begins with ^ or X, a 3' adapter ends with $ or X, and none has both")
    told["sequence"] = letters.strip("Xx")
    told["place"] = f"{side} anchored" if at_start or at_end else f"{side} end" if any(not_inside) else side
    for setting in filter(None, settings):
        told |= _setting(setting)
    if told["place"] != side and {"rightmost", "anywhere"} & set(told):
        raise ValueError(f"{text}: rightmost and anywhere are for adapters without ^, $ and X")
    if _OVERLAP in told and (at_start or at_end):
        raise ValueError(f"{text}: an anchored adapter is always there as a whole, so it has no least overlap")
    return told


def _setting(text: str) -> dict[str, Any]:
    key, equals, value = (part.strip() for part in text.partition("="))
    if key in _SWITCHES and not equals:
        return dict([_SWITCHES[key]])
    if key in {"required", "optional"} and not equals:
        return {"required": key == "required"}
    if key not in _KEYS:
        raise ValueError(
            f"{text}: not known; there are e=ERRORS, o=OVERLAP, {', '.join(_SWITCHES)}, required and optional"
        )
    try:
        return {_KEYS[key]: int(value) if _KEYS[key] == _OVERLAP else float(value)}
    except ValueError as error:
        raise ValueError(f"{text}: a number has to follow") from error
