"""What pages are put together from: verdicts, facts, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.collectors.verdicts import Status
from engine.report.damage_text import skipped_in
from engine.report.html.elements import Child, Html, element
from engine.report.sampling_text import sampling_sentences
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState

MARKS = {Status.PASS: "\N{CHECK MARK}", Status.WARN: "!", Status.FAIL: "\N{MULTIPLICATION X}"}
WORDS = {Status.PASS: "Pass", Status.WARN: "Warn", Status.FAIL: "Fail"}


def badge(status: Status) -> Html:
    """A verdict as a mark and a word, never by colour alone."""
    return element("span", _mark(status), f" {WORDS[status]}", class_=f"badge {status}")


def light(status: Status | None, title: str) -> Html:
    """A verdict in a table of many: its mark, and its word for those who do not see it."""
    if status is None:
        return element("span", "\N{EN DASH}", element("span", " not measured", class_="spoken"), class_="light none")
    word = element("span", WORDS[status], class_="spoken")
    return element("span", _mark(status), word, class_=f"light {status}", title=f"{title}: {WORDS[status]}")


def _mark(status: Status) -> Html:
    return element("span", MARKS[status], class_="mark", aria_hidden="true")


def facts(entries: Iterable[tuple[str, Child]], look: str = "facts") -> Html:
    """Names and what they are, as a list of definitions."""
    rows = (element("div", element("dt", name), element("dd", value)) for name, value in entries)
    return element("dl", *rows, class_=look)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Child]], *, caption: str, texts: int = 1, lights: int = 0
) -> Html:
    """A table with a heading for every column and row.

    Args:
        columns: what the columns hold.
        rows: their cells; the first of each names the row.
        caption: what the table holds.
        texts: this many columns from the left hold text, the others numbers.
        lights: this many from the right hold verdicts.
    """
    looks = [None] * texts + ["number"] * (len(columns) - texts - lights) + ["verdict"] * lights
    titles = zip(columns, looks, strict=True)
    head = element("tr", *(element("th", name, scope="col", class_=look) for name, look in titles))
    body = (
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(element("td", cell, class_=look) for cell, look in zip(row[1:], looks[1:], strict=True)),
        )
        for row in rows
    )
    whole = element("table", element("caption", caption), element("thead", head), element("tbody", *body))
    return element("div", whole, class_="scroll", tabindex="0", role="region", aria_label=caption)


def sampled(run: RunSnapshot) -> Html | None:
    """What to know before believing any number, if some reads were left out."""
    said = sampling_sentences(run.sampling) if run.sampling is not None else []
    if not said:
        return None
    mark = element("span", "!", class_="mark", aria_hidden="true")
    paragraphs = [element("p", sentence) for sentence in said]
    return element(
        "section", element("h2", mark, " A sample of the reads"), *paragraphs, class_="trouble warn", role="note"
    )


def damaged(run: RunSnapshot) -> Html | None:
    """What was passed over, if anything was."""
    said = skipped_in(run)
    if not said:
        return None
    mark = element("span", "!", class_="mark", aria_hidden="true")
    paragraphs = [element("p", sentence) for sentence in said]
    return element(
        "section", element("h2", mark, " Damage was passed over"), *paragraphs, class_="trouble warn", role="note"
    )


_STOPPED = {
    RunState.FAILED: "This run failed",
    RunState.CANCELLED: "This run was cancelled",
    RunState.INTERRUPTED: "This run was interrupted",
}


def trouble(run: RunSnapshot) -> Html | None:
    """What to know before believing any number, if the run did not read the whole file."""
    if run.state is RunState.COMPLETED:
        return None
    title = _STOPPED.get(run.state, "This run had not ended when the report was made")
    failure = run.failure
    said = (
        [element("p", f"{failure.title}. {failure.message}", class_="said"), element("p", failure.hint)]
        if failure is not None
        else []
    )
    rest = "Everything below is about the part of the file that was read before."
    look = "trouble fail" if run.state is RunState.FAILED else "trouble warn"
    mark = element(
        "span", MARKS[Status.FAIL] if run.state is RunState.FAILED else "!", class_="mark", aria_hidden="true"
    )
    return element("section", element("h2", mark, f" {title}"), *said, element("p", rest), class_=look, role="alert")
