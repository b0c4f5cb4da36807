"""The top of the page about one run: its numbers, and what needs a look."""

from __future__ import annotations

from collections.abc import Mapping

from engine.collectors.encoding import quality_encoding
from engine.collectors.profiles import Profile
from engine.collectors.results import BasicStatistics, QcResults
from engine.collectors.verdicts import Status, Verdict
from engine.report.colour_text import colour_note
from engine.report.explanations import explanations, reason
from engine.report.html.elements import Child, Html, element
from engine.report.html.parts import facts, light
from engine.report.limits_text import limits_note
from engine.report.sample_numbers import mean_length, q20_percent, q30_percent, tenths
from engine.run.snapshot import RunSnapshot

_WORST_FIRST = (Status.FAIL, Status.WARN)
_QUALITY = "A quality of Q20 means one wrong base in 100, Q30 one in 1,000."
_N50 = "Half of all bases are in reads as long as N50 or longer."
_ERRORS = (
    "Quality by errors is the mean of each base's chance to be wrong, so that bad bases weigh what they cost; the "
    "plain mean looks better than the reads are."
)
_DUPLICATES = "Duplicates are reads whose sequence was read before, estimated over all reads."


def look_section(judged: Mapping[str, Verdict], run: RunSnapshot) -> Html | None:
    """The modules that failed and those that warn, each with the number that decided; ``None`` without reads."""
    if not run.results.basic.reads:
        return None
    found = [
        (module, verdict) for status in _WORST_FIRST for module, verdict in judged.items() if verdict.status is status
    ]
    listed = element("ul", *(_line(module, verdict, run.limits) for module, verdict in found), class_="look")
    note = limits_note([run])
    return element(
        "section",
        element("h2", "What needs a look"),
        listed if found else element("p", "Every module passed.", class_="none-found"),
        element("p", note, class_="encoding doubtful") if note else None,
        id="look",
        class_="card",
    )


def _line(module: str, verdict: Verdict, limits: Profile) -> Html:
    title = explanations()[module].title
    why = reason(module, verdict, limits)
    told = element("span", f" {why}", class_="why") if why else None
    return element("li", light(verdict.status, title), element("span", element("a", title, href=f"#{module}"), told))


def basic_section(run: RunSnapshot) -> Html:
    """The numbers that everybody looks at first, and what they mean."""
    results = run.results
    encoding = quality_encoding(results.basic)
    note = element("p", encoding.note, class_="encoding doubtful" if encoding.is_doubtful else "encoding")
    colours = colour_note(run.kind)
    return element(
        "section",
        element("h2", "Basic statistics"),
        note if encoding.note else None,
        element("p", colours, class_="encoding doubtful") if colours else None,
        facts([*_counts(results), *_qualities(results)], "figures"),
        element("p", _words(results), class_="reason") if results.basic.bases else None,
        id="basic",
        class_="card",
    )


def _counts(results: QcResults) -> list[tuple[str, Child]]:
    basic, lengths = results.basic, results.length_statistics
    numbers: list[tuple[str, Child]] = [("Reads", f"{basic.reads:,}"), ("Bases", f"{basic.bases:,}")]
    if not basic.reads:
        return numbers
    if _is_one_length(basic):
        return [*numbers, ("Length of all reads", f"{basic.longest:,} bp")]
    numbers += [
        ("Lengths", f"{basic.shortest:,}\N{EN DASH}{basic.longest:,} bp"),
        ("Mean length", f"{tenths(mean_length(basic))} bp"),
    ]
    if lengths is not None:
        numbers += [("Median length", f"{lengths.median:,.0f} bp"), ("N50", f"{lengths.n50:,} bp")]
    return numbers


def _qualities(results: QcResults) -> list[tuple[str, Child]]:
    basic, errors, repeated = results.basic, results.error_quality, results.estimated_duplication
    if not basic.bases:
        return []
    numbers: list[tuple[str, Child]] = [
        ("GC", f"{basic.gc_percent:.1f} %"),
        ("Mean quality", f"Q{basic.mean_quality:.1f}"),
    ]
    if errors is not None:
        numbers.append(("Mean quality by errors", f"Q{errors.mean_quality:.1f}"))
    numbers += [
        ("Bases of Q20 or more", f"{tenths(q20_percent(basic))} %"),
        ("Bases of Q30 or more", f"{tenths(q30_percent(basic))} %"),
    ]
    if errors is not None:
        wrong = 100 * errors.expected_errors / basic.bases
        numbers.append(("Bases likely to be wrong", f"{errors.expected_errors:,.0f} ({wrong:.2g} %)"))
    if repeated is not None:
        numbers.append(("Duplicate reads", f"{repeated.duplicates:.1f} %"))
    return [*numbers, ("Encoding of qualities", quality_encoding(basic).name)]


def _words(results: QcResults) -> str:
    said = [_QUALITY]
    if results.length_statistics is not None and not _is_one_length(results.basic):
        said.insert(0, _N50)
    if results.error_quality is not None:
        said.append(_ERRORS)
    if results.estimated_duplication is not None:
        said.append(_DUPLICATES)
    return " ".join(said)


def _is_one_length(basic: BasicStatistics) -> bool:
    return basic.shortest == basic.longest
