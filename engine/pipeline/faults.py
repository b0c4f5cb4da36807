"""What is wrong with a definition, in plain words, and where."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from engine.errors import LanescopeError
from engine.pipeline.definition import NAME_PATTERN, REFERENCE_PATTERN
from engine.pipeline.keeping.versions import PATTERN as VERSION_PATTERN

Location = tuple[str | int, ...]
"""The way to a value: names of fields, and places in lists from 0."""

_LONGEST = 60

_NAMES = (
    "it has to be of lower-case letters, digits, '-' and '_', begin with a letter or digit, and have at most "
    "64 characters"
)
_PATTERNS = {
    NAME_PATTERN: _NAMES,
    VERSION_PATTERN: "it has to be three numbers such as 1.0.0, perhaps with a label as in 2.0.0-beta.1",
    REFERENCE_PATTERN: "it has to be the name of a pipeline, or name and version, such as trimming@1.0.0",
}
_WORDS = {
    "missing": "is missing",
    "string_type": "has to be text",
    "string_unicode": "holds half a character",
    "int_type": "has to be a whole number",
    "int_parsing": "has to be a whole number",
    "int_from_float": "has to be a whole number",
    "float_type": "has to be a number",
    "float_parsing": "has to be a number",
    "bool_type": "has to be true or false",
    "bool_parsing": "has to be true or false",
    "dict_type": "has to be a table of names and values",
    "model_type": "has to be a table of names and values",
    "list_type": "has to be a list",
    "tuple_type": "has to be a list",
    "finite_number": "has to be a finite number",
    "greater_than": "has to be above {gt}",
    "greater_than_equal": "has to be at least {ge}",
    "less_than": "has to be below {lt}",
    "less_than_equal": "has to be at most {le}",
    "literal_error": "has to be {expected}",
    "enum": "has to be {expected}",
    "string_too_long": "has to have at most {max_length} characters",
    "string_too_short": "has to have at least {min_length} characters",
    "too_long": "has to have at most {max_length} entries",
    "too_short": "has to have at least {min_length} entries",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        location: where, from the definition's root; empty: the definition as a whole.
        message: what, in words that go on from the path.
    """

    location: Location
    message: str

    @property
    def path(self) -> str:
        """Where, as in ``stages[2].parameters.minimum``."""
        return path_of(self.location)

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.location else self.message


class InvalidPipelineError(LanescopeError):
    """A definition that cannot be used.

    Attributes:
        faults: everything that is wrong with it, at least one thing.
        summary: how many they are.
    """

    title = "This pipeline cannot be used"
    is_refusal = True
    hint = "Mend what is listed, then try again."

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        self.summary = f"{name} has {count}"
        super().__init__(f"{self.summary}. {' '.join(f'{fault}.' for fault in faults)}")
        self.faults = faults


def path_of(location: Location) -> str:
    """A location in one line; what is no plain name stands in quotation marks."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f"{'.' if path else ''}{shown(step)}"
    return path


def shown(text: str) -> str:
    """Text of a user for a message: short, in one line, and quoted where it is not a plain name."""
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return short if short.isidentifier() else ascii(short) if not short.isprintable() else repr(short)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint at the known name that was probably meant, or at what there is."""
    names = list(known)
    close = difflib.get_close_matches(name[:_LONGEST].lower(), names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]}?"
    if not names:
        return ""
    return f"; there {'is' if len(names) == 1 else 'are'} {', '.join(names[:40])}"


def translated(
    error: ValidationError,
    base: Location,
    known: Callable[[Location], Iterable[str]] = lambda _: (),
    only: Container[str] | None = None,
) -> list[Fault]:
    """What pydantic found, as faults.

    Args:
        error: of one model.
        base: where the model stands.
        known: the names that are known beside a location inside of the model, for hints.
        only: pydantic's names of the faults that are wanted; ``None``: all.
    """
    found = error.errors(include_url=False)
    # A list whose entries are wrong lacks them, to pydantic, and so seems too short.
    wrong = {details["loc"][:end] for details in found for end in range(len(details["loc"]))}
    return [
        _fault(details, base, known)
        for details in found
        if (details["type"] != "too_short" or details["loc"] not in wrong) and (only is None or details["type"] in only)
    ]


def _fault(details: Any, base: Location, known: Callable[[Location], Iterable[str]]) -> Fault:
    inner: Location = details["loc"]
    kind = details["type"]
    context = {name: _plain(value) for name, value in details.get("ctx", {}).items()}
    field = inner[-1] if inner else ""
    if kind == "extra_forbidden":
        return Fault(base + inner, f"is not known here{nearest(str(field), known(inner))}")
    if kind == "value_error":
        return Fault(base + inner, str(context["error"]))
    if kind == "string_pattern_mismatch":
        wanted = _PATTERNS.get(str(context["pattern"]), f"it has to match {context['pattern']}")
        return Fault(base + inner, f"{_quoted(details['input'])} cannot be used: {wanted}")
    words = _WORDS.get(kind)
    if words is None:
        return Fault(base + inner, details["msg"][:1].lower() + details["msg"][1:])
    hint = ""
    if kind in {"literal_error", "enum"} and isinstance(details["input"], str):
        hint = f", and not {_quoted(details['input'])}"
    message = words.format(**context).replace(" 1 entries", " 1 entry").replace(" 1 characters", " 1 character")
    return Fault(base + inner, message + hint)


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _quoted(value: object) -> str:
    text = str(value)
    return ascii(text) if not text.isprintable() else repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
