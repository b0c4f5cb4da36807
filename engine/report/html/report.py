"""The page about one run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from engine.collectors.profiles import Profile
from engine.collectors.verdicts import Status, Verdict, verdicts
from engine.report.explanations import explanations
from engine.report.html.basic import basic_section, look_section
from engine.report.html.elements import Child, Html, element
from engine.report.html.modules import beyond_section, module_section
from engine.report.html.page import page
from engine.report.html.parts import WORDS, damaged, facts, light, sampled, trouble
from engine.report.html.pipeline import pipeline_section
from engine.report.html.tuning import tuning_section
from engine.report.mates import files_told
from engine.report.plots.beyond import beyond_plots
from engine.report.plots.modules import module_plots
from engine.run.snapshot import LONG_PREPARING, RunSnapshot

_NO_LIGHT = element("span", class_="light", aria_hidden="true")


def run_page(run: RunSnapshot, name: str) -> str:
    """A self-contained HTML page about a run.

    Args:
        run: ended or not; where it did not read the whole file, the page says so first.
        name: what to call it.
    """
    limits = run.limits
    plots, beyond = module_plots(run.results), beyond_plots(run.results)
    judged = verdicts(run.results, limits)
    sections = [
        module_section(module, verdict, run.results, limits, plots.get(module))
        for module, verdict in judged.items()
        if module != "basic"
    ]
    sections += [beyond_section(module, run.results, named) for module, named in beyond.items()]
    told_first = trouble(run), sampled(run), damaged(run)
    told_last = _run_facts(run), tuning_section(run.tuning)
    body = [
        page_header(name, _subtitle(judged, limits)),
        element(
            "div",
            _contents(run, judged, beyond),
            element(
                "main",
                *told_first,
                basic_section(run),
                look_section(judged, run),
                pipeline_section(run.pipeline, run.results, run.results_after),
                *sections,
                *told_last,
            ),
            class_="columns",
        ),
    ]
    drawn = {f"plot-{module}": plot for module, plot in plots.items() if module in judged}
    drawn |= {f"plot-{name}": plot for named in beyond.values() for name, plot in named.items()}
    return page(f"{name} \N{MIDDLE DOT} Lanescope", body, drawn)


def page_header(title: str, subtitle: str) -> Html:
    """The top of every page."""
    button = element("button", "Dark or light", type="button", id="theme", class_="theme")
    return element("header", element("h1", title), element("p", subtitle), button)


def moment(time: datetime | None) -> str:
    """A date and time as people write them, with the zone."""
    return time.strftime("%Y-%m-%d %H:%M:%S %z") if time is not None else "\N{EN DASH}"


def quoted(name: str) -> str:
    """A name in quotation marks."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"


def _subtitle(judged: dict[str, Verdict], limits: Profile) -> str:
    counts = {status: sum(verdict.status is status for verdict in judged.values()) for status in Status}
    told = ", ".join(f"{count} {WORDS[status].lower()}" for status, count in counts.items())
    return f"Lanescope quality report. {told}, by the limits of {quoted(limits.title)}."


def _contents(run: RunSnapshot, judged: dict[str, Verdict], beyond: Iterable[str]) -> Html:
    """Links to all of the page, in its order."""
    found = [(light(verdict.status, explanations()[module].title), module) for module, verdict in judged.items()]
    found += [(_NO_LIGHT, module) for module in beyond]
    links = [(mark, explanations()[module].title, module) for mark, module in found]
    if run.pipeline is not None:
        links.insert(1, (_NO_LIGHT, "What the pipeline did", "pipeline"))
    links.append((_NO_LIGHT, "About this run", "run"))
    listed = (element("li", element("a", mark, f" {title}", href=f"#{place}")) for mark, title, place in links)
    return element("nav", element("ul", *listed), aria_label="On this page")


def _run_facts(run: RunSnapshot) -> Html:
    versions = ", ".join(f"{name} {version}" for name, version in run.versions.items())
    entries: list[tuple[str, Child]] = [
        ("File", files_told(run)),
        ("Kind of file", run.kind or "\N{EN DASH}"),
        ("Size", f"{run.bytes_total:,} bytes" if run.bytes_total is not None else "unknown"),
        ("State", str(run.state)),
        ("Started", moment(run.started)),
        ("Ended", moment(run.finished)),
        ("Time taken", f"{run.elapsed:,.2f} s"),
        *([("Prepared in", f"{run.prepared:,.1f} s")] if run.prepared > LONG_PREPARING else []),
        ("Worker threads", str(run.workers)),
        ("Machine", run.host or "\N{EN DASH}"),
        ("Versions", versions or "\N{EN DASH}"),
        ("Limits", f"{run.limits.title}: {run.limits.description}"),
    ]
    return element("section", element("h2", "About this run"), facts(entries), id="run", class_="card")
