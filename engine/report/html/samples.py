"""The page about several runs: a table with a light for every module, and one plot a module with all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from engine.collectors.profiles import Profile
from engine.collectors.results import PairStatistics
from engine.collectors.verdicts import verdicts
from engine.errors import InputError
from engine.report.damage_text import skipped_in
from engine.report.explanations import explanations
from engine.report.fastqc_modules import TITLES
from engine.report.html.elements import Child, Html, element
from engine.report.html.modules import explanation, heading, overlaps
from engine.report.html.overview import Entry, overview_section
from engine.report.html.page import figure, page
from engine.report.html.parts import facts
from engine.report.html.report import moment, page_header, quoted
from engine.report.html.standing_out import standing_out_section
from engine.report.limits_text import limits_in
from engine.report.pair_words import furthest, insert_words
from engine.report.plots.modules import insert_size_plot
from engine.report.plots.overlay import overlaid_panels, overlay_words
from engine.report.plots.overlay_beyond import PAIR_WORDS, TILE_WORDS, insert_sizes_plot, tile_plots
from engine.report.plots.plot import Plot
from engine.report.sampling_text import sampling_sentences
from engine.report.standing_out import FEWEST, standing_out
from engine.run.state import RunState

MOST_LINES = 48
"""So many runs are drawn; the table has all. More lines cannot be told apart, and the page would grow too large."""

MOST_COLOURS = 8
"""Where more runs are drawn and some stand out, only these have colours."""

FEWEST_READS = 100
"""Runs of fewer are not drawn beside larger ones: percents of a few reads only hide the others."""


def samples_page(
    entries: Sequence[Entry],
    *,
    title: str | None = None,
    pairs: Sequence[tuple[str, PairStatistics]] = (),
    refused: Sequence[InputError] = (),
) -> str:
    """A self-contained HTML page about several runs, or the two mates of one.

    Args:
        entries: what is compared, each judged by its own limits.
        title: what to call the page; default: the number of files.
        pairs: what mates tell together, by the name of their pair.
        refused: inputs of which there is no run.
    """
    title = title or f"{len(entries)} files"
    limits = limits_in([entry.run for entry in entries])
    judged = [verdicts(entry.run.results, entry.run.limits) for entry in entries]
    modules = [module for module in TITLES if module != "basic" and any(module in found for found in judged)]
    odd = standing_out([entry.run for entry in entries])
    drawn, note, plain = _to_draw(entries, {one.at for one in odd})
    named = [(entry.name, entry.run.results) for entry in drawn]
    all_drawn = [results for _, results in named]
    overlaid, tiles = overlaid_panels(named, plain), tile_plots(named)
    drawn_pairs = furthest(pairs, MOST_LINES)
    insert = (
        insert_sizes_plot(drawn_pairs)
        if len(drawn_pairs) > 1
        else insert_size_plot(drawn_pairs[0][1])
        if drawn_pairs
        else None
    )
    panels = {module: plots for module, plots in overlaid.items() if module in modules}
    body = [
        page_header(title, f"Lanescope quality report{_by(limits)}."),
        _contents(bool(insert), [*panels], bool(tiles), tells_odd=len(entries) >= FEWEST),
        element(
            "main",
            _not_begun(refused),
            _not_whole(entries),
            _sampled(entries),
            _damaged(entries),
            standing_out_section(odd, [(entry.name, entry.file) for entry in entries]),
            overview_section(entries, judged, modules, odd),
            _pairs(insert, pairs, len(drawn_pairs)) if insert else None,
            *(_section(module, plots, note, overlay_words(module, all_drawn)) for module, plots in panels.items()),
            _tiles(tiles, note) if tiles else None,
            _about(entries, limits),
            class_="wide",
        ),
    ]
    lines = {name: plot for plots in panels.values() for name, plot in plots.items()}
    shown = ({"pairs": insert} if insert else {}) | lines | tiles
    return page(f"{title} \N{MIDDLE DOT} Lanescope", body, {f"plot-{name}": plot for name, plot in shown.items()})


def _by(limits: Sequence[Profile]) -> str:
    """What the files were judged by, if there are any."""
    if len(limits) > 1:
        return ", each file by the limits of its own profile"
    return "".join(f", by the limits of {quoted(each.title)}" for each in limits)


def _contents(has_pairs: bool, modules: Sequence[str], has_tiles: bool, *, tells_odd: bool) -> Html:
    """Links to all of the page, in its order."""
    drawn = [*(["pairs"] if has_pairs else []), *modules, *(["tile_yield"] if has_tiles else [])]
    links = [
        *([("What stands out", "standing-out")] if tells_odd else []),
        ("All files", "overview"),
        *((explanations()[module].title, module) for module in drawn),
        ("About these runs", "run"),
    ]
    listed = (element("li", element("a", title, href=f"#{place}")) for title, place in links)
    return element("nav", element("ul", *listed), aria_label="On this page", class_="across")


def _to_draw(entries: Sequence[Entry], odd: Set[int]) -> tuple[Sequence[Entry], str, Set[int]]:
    """The runs to draw, a note on those that are not, and which of them to draw in grey, since others stand out."""
    enough = [at for at, entry in enumerate(entries) if entry.run.results.basic.reads >= FEWEST_READS]
    telling = enough or list(range(len(entries)))
    note = f" Files of fewer than {FEWEST_READS} reads are not drawn." if len(telling) < len(entries) else ""
    chosen = telling
    if len(telling) > MOST_LINES:
        first, others = [at for at in telling if at in odd], [at for at in telling if at not in odd]
        chosen = sorted((first + others)[:MOST_LINES])
        which = "those that stand out, and the first of the others" if first else "the first"
        note = f" Drawn are {MOST_LINES} of {len(telling)} files: {which}.{note}"
    is_grey = len(chosen) > MOST_COLOURS and any(at in odd for at in chosen)
    plain = {number for number, at in enumerate(chosen) if at not in odd} if is_grey else frozenset[int]()
    if is_grey:
        note = f" Those that stand out have colours, the others are grey.{note}"
    return [entries[at] for at in chosen], note.strip(), plain


def _not_begun(refused: Sequence[InputError]) -> Html | None:
    """Which inputs could not even be begun, or a sample that is missing would not be missed."""
    if not refused:
        return None
    said = (
        element("li", element("strong", error.path.name), f": {str(error).removeprefix(f'{error.path.name}: ')}")
        for error in refused
    )
    mark = element("span", "\N{MULTIPLICATION X}", class_="mark", aria_hidden="true")
    count = f"{len(refused):,} files were" if len(refused) > 1 else "1 file was"
    title = element("h2", mark, f" {count} not read at all")
    return element("section", title, element("ul", *said), class_="trouble fail", role="alert")


def _not_whole(entries: Sequence[Entry]) -> Html | None:
    """Which runs did not read their whole file, and why."""
    short = [entry for entry in entries if entry.run.state is not RunState.COMPLETED]
    if not short:
        return None
    said = (
        element("li", element("strong", entry.name), f": {entry.run.state}. {failure.message if failure else ''}")
        for entry in short
        for failure in [entry.run.failure]
    )
    title = f" {len(short)} of {len(entries)} files were not read to the end"
    mark = element("span", "\N{MULTIPLICATION X}", class_="mark", aria_hidden="true")
    return element("section", element("h2", mark, title), element("ul", *said), class_="trouble fail", role="alert")


def _sampled(entries: Sequence[Entry]) -> Html | None:
    """Which runs left reads out, and how many."""
    said = [sampling_sentences(entry.run.sampling) if entry.run.sampling is not None else [] for entry in entries]
    return _warning(entries, said, "files are samples of their reads")


def _damaged(entries: Sequence[Entry]) -> Html | None:
    """Which runs passed damage over, and how much."""
    return _warning(entries, [skipped_in(entry.run) for entry in entries], "files were damaged, and read around that")


def _warning(entries: Sequence[Entry], said: Sequence[Sequence[str]], what: str) -> Html | None:
    """What is said of some of the runs, in sentences for each."""
    told = [
        element("li", element("strong", entry.name), f": {' '.join(sentences)}")
        for entry, sentences in zip(entries, said, strict=True)
        if sentences
    ]
    if not told:
        return None
    title = f" {len(told)} of {len(entries)} {what}"
    mark = element("span", "!", class_="mark", aria_hidden="true")
    return element("section", element("h2", mark, title), element("ul", *told), class_="trouble warn", role="note")


def _section(module: str, plots: Mapping[str, Plot], note: str, shows: str = "") -> Html:
    """The lines of all runs; where their reads differ much in length, in several plots side by side."""
    panels = [
        element(
            "div",
            element("h3", f"{plot.group[0].upper()}{plot.group[1:]}") if plot.group else None,
            figure(f"plot-{name}", plot, note if len(plots) == 1 else ""),
        )
        for name, plot in plots.items()
    ]
    return element(
        "section",
        heading(module),
        element("div", *panels, class_="panels"),
        element("p", note, class_="reason") if note and len(plots) > 1 else None,
        explanation(module, None, shows),
        id=module,
        class_="card module",
    )


def _pairs(insert: Plot, pairs: Sequence[tuple[str, PairStatistics]], drawn: int) -> Html:
    """Insert sizes: of one pair in numbers, of several as shares."""
    if len(pairs) < 2:
        return _section("pairs", {"pairs": insert}, overlaps(pairs[0][1]))
    return _section("pairs", {"pairs": insert}, insert_words(pairs, drawn), PAIR_WORDS)


def _tiles(plots: dict[str, Plot], note: str) -> Html:
    """A row a file, a column a tile."""
    names = next(plot.heat.rows for plot in plots.values() if plot.heat is not None)
    rows = [f"{number} {name}" for number, name in enumerate(names, 1)]
    return element(
        "section",
        heading("tile_yield"),
        *(figure(f"plot-{name}", plot, plot.title) for name, plot in plots.items()),
        element("p", f"Rows from the top: {', '.join(rows)}. {note}".strip(), class_="reason"),
        explanation("tile_yield", None, TILE_WORDS),
        id="tile_yield",
        class_="card module",
    )


def _about(entries: Sequence[Entry], limits: Sequence[Profile]) -> Html:
    ended = [entry.run.finished for entry in entries if entry.run.finished is not None]
    versions = sorted({f"{name} {version}" for entry in entries for name, version in entry.run.versions.items()})
    listed: list[tuple[str, Child]] = [
        ("Last run ended", moment(max(ended, default=None))),
        ("Machines", ", ".join(sorted({entry.run.host for entry in entries if entry.run.host})) or "\N{EN DASH}"),
        ("Versions", ", ".join(versions) or "\N{EN DASH}"),
        *(("Limits", f"{each.title}: {each.description}") for each in limits),
    ]
    return element("section", element("h2", "About these runs"), facts(listed), id="run", class_="card")
