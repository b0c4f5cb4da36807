"""The table of all files: their numbers, as bars too, what stands out, and a light for every module."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

from engine.collectors.results import QcResults
from engine.collectors.verdicts import Status, Verdict
from engine.report.after import kept_by
from engine.report.explanations import explanations
from engine.report.html.elements import Child, Html, element, legible
from engine.report.html.parts import light, table
from engine.report.limits_text import limits_in, limits_note
from engine.report.sample_numbers import (
    adapter_percent,
    duplicates_percent,
    gc_percent,
    mean_length,
    mean_quality,
    q30_percent,
    tenths,
)
from engine.report.standing_out import StandsOut
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState

_STEPS = 20
"""Bars are as long as one of so many; the style sheet has a rule for each."""

_LONG = 12
"""Tables of more rows begin on a page of their own on paper."""

_WORDS = "\N{CHECK MARK} passed, ! a warning, \N{MULTIPLICATION X} failed, \N{EN DASH} not measured."
_ODD = " \N{BLACK DIAMOND} before a number: it stands out."
_BARS = " Bars are shares of 100 %, of Q40, or of the most in the column."


class Entry(NamedTuple):
    """A run on the page: what to call it, and the file of its own page, if there is one beside this."""

    run: RunSnapshot
    name: str
    file: str | None = None


class _Column(NamedTuple):
    title: str
    of: Callable[[QcResults], float | None]
    told: Callable[[float | None], str] = tenths
    most: float | None = 100.0
    """The value of a full bar; ``None``: the highest of the column."""
    measure: str = ""
    """What `standing_out` calls it."""


def _count(value: float | None) -> str:
    return f"{value or 0:,.0f}"


_COLUMNS = (
    _Column("Reads", lambda found: found.basic.reads, _count, None, "reads"),
    _Column("Bases", lambda found: found.basic.bases, _count, None),
    _Column("Mean length (bp)", lambda found: mean_length(found.basic), tenths, None, "mean length"),
    _Column("GC (%)", lambda found: gc_percent(found.basic), measure="GC"),
    _Column(
        "Mean quality (Q)",
        lambda found: mean_quality(found.basic),
        most=40.0,
        measure="mean quality",
    ),
    _Column("Bases of Q30 (%)", lambda found: q30_percent(found.basic), measure="bases of Q30 or more"),
    _Column("Duplicates (%)", duplicates_percent, measure="duplicates"),
    _Column("Adapter (%)", adapter_percent, measure="adapter"),
)


def overview_section(
    entries: Sequence[Entry],
    judged: Sequence[Mapping[str, Verdict]],
    modules: Sequence[str],
    odd: Sequence[StandsOut],
) -> Html:
    """A row for each file.

    Args:
        entries: the files.
        judged: the verdicts of each.
        modules: those that have a column.
        odd: what stands out among them.
    """
    texts = _texts(entries)
    titles = [explanations()[module].title for module in modules]
    columns = ("File", *texts, *(column.title for column in _COLUMNS), *titles)
    usual: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for one in odd:
        usual[one.at][one.measure] = one.usual
    most = [_most(column, entries) for column in _COLUMNS]
    rows = (
        [
            _name(entry),
            *(told(entry.run) for told in texts.values()),
            *(_cell(column, entry, top, usual[at]) for column, top in zip(_COLUMNS, most, strict=True)),
            *(light(_status(found, module), title) for module, title in zip(modules, titles, strict=True)),
        ]
        for at, (entry, found) in enumerate(zip(entries, judged, strict=True))
    )
    note = limits_note(entry.run for entry in entries)
    return element(
        "section",
        element("h2", "All files"),
        element(
            "p",
            _WORDS,
            _ODD if odd else None,
            element("span", _BARS, class_="on-screen"),
            element("span", " Choose a title to sort by it.", class_="with-script"),
            class_="reason",
        ),
        element("p", note, class_="encoding doubtful") if note else None,
        table(columns, rows, caption="All files", texts=1 + len(texts), lights=len(modules)),
        id="overview",
        class_="card overview long" if len(entries) > _LONG else "card overview",
    )


def _texts(entries: Sequence[Entry]) -> dict[str, Callable[[RunSnapshot], Child]]:
    """Columns that are there only where files differ in them."""
    texts: dict[str, Callable[[RunSnapshot], Child]] = {}
    if any(entry.run.state is not RunState.COMPLETED for entry in entries):
        texts["State"] = lambda run: str(run.state)
    if any(kept_by(entry.run) for entry in entries):
        texts["Which reads"] = _which
    if len(limits_in(entry.run for entry in entries)) > 1:
        texts["Judged by"] = lambda run: run.limits.title
    return texts


def _which(run: RunSnapshot) -> Child:
    """Short, as names of pipelines are not."""
    pipeline = kept_by(run)
    return element("span", "kept", title=f"by the pipeline {pipeline}") if pipeline else "raw"


def _name(entry: Entry) -> Child:
    name = entry.name if entry.file is None else element("a", entry.name, href=quote(legible(entry.file)))
    return element("span", name, class_="name")


def _most(column: _Column, entries: Sequence[Entry]) -> float:
    if column.most is not None:
        return column.most
    return max((column.of(entry.run.results) or 0.0 for entry in entries), default=0.0)


def _cell(column: _Column, entry: Entry, most: float, usual: Mapping[str, str]) -> Child:
    value = column.of(entry.run.results)
    told = column.told(value)
    if value is None:
        return told
    step = round(_STEPS * min(1.0, value / most)) if most else 0
    if column.measure not in usual:
        return element("span", told, class_=f"bar b{step}")
    why = f"Stands out: usually {usual[column.measure]}"
    return element("strong", told, class_=f"bar b{step} odd", title=why)


def _status(found: Mapping[str, Verdict], module: str) -> Status | None:
    return found[module].status if module in found else None
