"""Adapters of cutadapt's command lines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from itertools import count
from typing import Any

from engine.pipeline.translation import Translation, TranslationError, sequences_in
from engine.stages.adapter_notation import REQUIRED, from_notation

RULES = {"any": None, "both": "both", "first": "first"}
"""What ``--pair-filter`` comes to, as `FilterParameters.pairs`."""


def add_adapters(made: Translation, chosen: argparse.Namespace, paired: bool, rename: str, discard: str) -> None:
    """Adds the stage that looks for adapters, where there are any.

    Args:
        made: gets it.
        chosen: cutadapt's options.
        paired: reads are pairs.
        rename: the template of headers that tell what was found; empty: none.
        discard: ``trimmed`` or ``untrimmed`` reads are dropped by this stage; empty: none.

    Raises:
        TranslationError: an adapter cannot be read.
    """
    first, second = (
        [each for told in side for each in _adapters(*told)] for side in (chosen.adapters1, chosen.adapters2)
    )
    if not first and not second:
        return
    if "adapter_name" in rename:
        numbers = count(1)
        first, second = ([_named(each, numbers) for each in side] for side in (first, second))
    mates = None if not paired or (first and second) else "first" if first else "second"
    made.add(
        "adapters",
        adapters=first or second,
        second=second if first and second and first != second else None,
        mates=mates,
        errors=chosen.error_rate,
        minimum_overlap=chosen.overlap,
        indels=False if chosen.no_indels else None,
        together=True if chosen.pair_adapters else None,
        times=None if chosen.pair_adapters else chosen.times,
        wildcards=False if chosen.no_match_adapter_wildcards else None,
        read_wildcards=True if chosen.match_read_wildcards else None,
        revcomp=True if chosen.revcomp else None,
        mark="" if chosen.revcomp and chosen.rename else None,
        rename=rename or None,
        action=chosen.action,
        discard=discard or None,
        pairs=RULES.get(chosen.pair_filter) if discard else None,
    )


def _named(adapter: Any, numbers: Iterator[int]) -> Any:
    """The adapter, under the next number if it has no name: so cutadapt calls it in headers."""
    if isinstance(adapter, str):
        return adapter if "name" in from_notation(adapter) else f"{next(numbers)}={adapter}"
    return adapter if "name" in adapter else {"name": str(next(numbers)), **adapter}


def _adapters(kind: str, text: str) -> Iterator[Any]:
    """What a definition writes for an adapter, or for all of a file."""
    anchored, _, rest = text.partition("file$:") if text.startswith("file$:") else (text[:1] == "^", "", text)
    if text.startswith("file$:") or rest.removeprefix("^").startswith("file:"):
        path, _, settings = rest.removeprefix("^").removeprefix("file:").partition(";")
        before, behind = ("", "$") if text.startswith("file$:") else ("^" if anchored else "", "")
        for name, letters in sequences_in(path):
            own = f"{before}{letters}{behind}"
            own = "...".join(_with_settings(part, settings) for part in own.split("..."))
            yield _adapter(kind, f"{name}={own}" if name else own)
    else:
        yield _adapter(kind, text)


def _with_settings(part: str, settings: str) -> str:
    """A part of an adapter in a file, with what is said for all of the file: of anchored ones no least overlap."""
    words = settings.split(";") if settings and part else []
    if part.startswith("^") or part.endswith("$"):
        words = [word for word in words if word.partition("=")[0].strip() not in {"o", "min_overlap"}]
    return ";".join([part, *words])


def _adapter(kind: str, text: str) -> Any:
    front, dots, back = text.partition("...")
    is_linked = bool(front and dots and back)
    try:
        if kind == "a" or (kind == "b" and not dots):
            told = from_notation(text)
            if kind == "a":
                return text
            if told["place"] != "3'":
                raise ValueError("-b takes no ^, $ or X")
            if "rightmost" in told:
                raise ValueError("-b takes no rightmost")
            told.pop("anywhere", None)  # which it always is
            return told | {"place": "either"}
        if kind == "b":
            raise ValueError("-b takes no linked adapters")
        if not is_linked:
            return from_notation(text if dots else f"{text}...")
        needs = [", ".join(part.split(";")[1:]) for part in (front, back)]
        first, second = ("optional" not in words for words in needs)
        return from_notation(text) | {"required": REQUIRED[first, second]}
    except ValueError as error:
        raise TranslationError(f"-{kind} {text}: {error}.", hint="Write the adapter in another way.") from error
