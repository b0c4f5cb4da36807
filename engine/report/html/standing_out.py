"""The card that tells which of many samples are unlike the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import quote

from engine.report.html.elements import Child, Html, element, legible
from engine.report.html.parts import table
from engine.report.standing_out import FEWEST, StandsOut

MOST = 40
"""So many samples are listed."""

_WORDS = (
    "Compared with the median of all files of the same mate: further from it than five times the usual spread, and far "
    "enough to matter. The furthest come first. What all files have in common cannot stand out: see the verdicts below."
)


def standing_out_section(found: Sequence[StandsOut], names: Sequence[tuple[str, str | None]]) -> Html | None:
    """A row for each sample that stands out; ``None`` where there are too few samples to say.

    Args:
        found: what `standing_out` tells of the samples.
        names: what to call each sample, and the file of its page.
    """
    if len(names) < FEWEST:
        return None
    title = element("h2", "What stands out")
    if not found:
        said = element("p", "No file is unlike the others.", class_="none-found")
        return element("section", title, said, id="standing-out", class_="card")
    by_sample: defaultdict[int, list[StandsOut]] = defaultdict(list)
    for one in found:
        by_sample[one.at].append(one)
    rows = [[_name(*names[at]), "; ".join(map(_told, odd))] for at, odd in by_sample.items()]
    shown = table(("File", "Unlike the others in"), rows[:MOST], caption="What stands out", texts=2)
    more = f" {len(rows) - MOST:,} more are not listed." if len(rows) > MOST else ""
    words = element("p", f"{len(rows):,} of {len(names):,} files. {_WORDS}{more}", class_="reason")
    return element("section", title, words, shown, id="standing-out", class_="card")


def _told(one: StandsOut) -> str:
    return f"{one.measure} {one.value}, usually {one.usual}"


def _name(name: str, file: str | None) -> Child:
    return name if file is None else element("a", name, href=quote(legible(file)))
