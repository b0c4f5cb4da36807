"""Runs as tab-separated values: one row a run, and every module's numbers one to a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from engine.collectors.encoding import quality_encoding
from engine.collectors.results import QcResults
from engine.collectors.verdicts import verdicts
from engine.errors import InputError
from engine.report.after import kept_by
from engine.report.fastqc_modules import TITLES
from engine.report.html.elements import legible
from engine.report.mates import files_told
from engine.report.names import stem
from engine.report.plots.beyond import MODULES as BEYOND
from engine.report.sample_numbers import gc_percent, mean_length, mean_quality, q20_percent, q30_percent
from engine.report.tables import Value, module_table
from engine.report.tables_beyond import beyond_table
from engine.run.snapshot import RunSnapshot

MODULES = tuple(module for module in TITLES if module != "basic")
"""In FastQC's order; one column of verdicts each."""

HEADLINES = (
    *("sample", "file", "state", "reads", "bases", "shortest", "longest", "mean_length", "gc_percent"),
    *("mean_quality", "q20_percent", "q30_percent", "remaining_percent"),
    *("n50", "n90", "median_length", "quality_by_errors", "duplicates_percent", "quality_encoding"),
    *("reads_left_out", "sample_percent", "kept_by", "profile"),
)


REFUSED = "refused"
"""The state of an input of which there is no run."""


def runs_tsv(runs: Sequence[tuple[str, RunSnapshot]], refused: Sequence[InputError] = ()) -> str:
    """One row a run: the numbers that everybody looks at first, and ``pass``, ``warn`` or ``fail`` for each module.

    All of a row is about the same reads: of a run with a pipeline there is one for those that came, and one for those
    that it kept, where ``kept_by`` names it. Empty fields were not measured.

    Args:
        runs: what to call each, and the run.
        refused: inputs of which there is no run; a row each without numbers, the last.
    """
    rows = [_headline(name, run) for name, run in runs]
    empty = (None,) * (len(HEADLINES) + len(MODULES) - 3)
    rows += [(stem(error.path.name), str(error.path), REFUSED, *empty) for error in refused]
    return _lines([(*HEADLINES, *MODULES), *rows])


def modules_tsv(runs: Sequence[tuple[str, RunSnapshot]]) -> str:
    """Every number of every module in rows of sample, module, place, what it is, and value.

    ``place`` is what the number belongs to, such as a position; two parts are joined by ``:``. Runs that leave reads
    out have rows of a module ``sampling`` besides, those that passed damage over rows of a module ``damage``, and those
    that were tuned rows of a module ``tuning``, whose places are ``all`` and the decisions' numbers, from 1.

    Args:
        runs: what to call each, and the run.
    """
    rows = (row for name, run in runs for module in (*MODULES, *BEYOND) for row in _long(name, module, run))
    besides = (row for name, run in runs for row in (*_sampled(name, run), *_damaged(name, run), *_tuned(name, run)))
    return _lines([("sample", "module", "place", "measure", "value"), *besides, *rows])


def _headline(name: str, run: RunSnapshot) -> tuple[Value, ...]:
    basic = run.results.basic
    judged = verdicts(run.results, run.limits)
    kept = run.results.duplication.remaining if run.results.duplication is not None else None
    return (
        name,
        files_told(run),
        str(run.state),
        basic.reads,
        basic.bases,
        basic.shortest,
        basic.longest,
        mean_length(basic),
        gc_percent(basic),
        mean_quality(basic),
        q20_percent(basic),
        q30_percent(basic),
        kept,
        *_beyond(run.results),
        *((run.sampling.left_out_reads, 100 * run.sampling.share) if run.sampling is not None else (0, 100.0)),
        kept_by(run) or None,
        run.limits.title,
        *(str(judged[module].status) if module in judged else None for module in MODULES),
    )


def _beyond(results: QcResults) -> tuple[Value, ...]:
    lengths, errors, duplication = results.length_statistics, results.error_quality, results.estimated_duplication
    return (
        *((lengths.n50, lengths.n90, lengths.median) if lengths is not None else (None,) * 3),
        errors.mean_quality if errors is not None else None,
        duplication.duplicates if duplication is not None else None,
        quality_encoding(results.basic).name or None,
    )


def _sampled(name: str, run: RunSnapshot) -> Iterable[tuple[Value, ...]]:
    """What was left out, and how near the rest is, of runs that leave reads out."""
    if run.sampling is not None:
        values = asdict(run.sampling)
        values |= {f"{measure} within": value for measure, value in (values.pop("margins") or {}).items()}
        for measure, value in values.items():
            yield name, "sampling", "all", measure.replace("_", " "), value


def _damaged(name: str, run: RunSnapshot) -> Iterable[tuple[Value, ...]]:
    """How much of its input a run passed over, if any."""
    skipped = run.skipped
    if skipped is not None and skipped.regions:
        yield name, "damage", "all", "regions", skipped.regions
        yield name, "damage", "all", "text bytes", skipped.text_bytes
        yield name, "damage", "all", "file bytes", skipped.file_bytes


def _tuned(name: str, run: RunSnapshot) -> Iterable[tuple[Value, ...]]:
    """How a run was carried out at last, and each decision that is kept, if it was tuned."""
    if run.tuning is None:
        return
    setting = asdict(run.tuning.setting) | {"is_frozen": run.tuning.is_frozen, "left_out": run.tuning.left_out}
    for measure, value in setting.items():
        yield name, "tuning", "all", measure.replace("_", " "), value
    for number, decision in enumerate(run.tuning.decisions, run.tuning.left_out + 1):
        step = ("knob", "before", "after") if decision.knob is not None else ()
        for measure in ("time", "verdict", *step, "reason"):
            yield name, "tuning", str(number), measure, getattr(decision, measure)


def _long(name: str, module: str, run: RunSnapshot) -> Iterable[tuple[Value, ...]]:
    found = (beyond_table if module in BEYOND else module_table)(module, run.results)
    if found is None:
        return
    # The possible source of a sequence is a text of its own, not a part of the place.
    keys = 1 if module == "overrepresented" else found.texts
    for row in found.rows:
        place = ":".join(str(part) for part in row[:keys])
        for column, value in zip(found.columns[keys:], row[keys:], strict=True):
            yield name, module, place, column, value


def _lines(rows: Iterable[Sequence[Value]]) -> str:
    return "".join("\t".join(_field(value) for value in row) + "\n" for row in rows)


def _field(value: Value) -> str:
    """A value that cannot be taken for a column or a line of its own; floats as exact as they are."""
    return "" if value is None else re.sub(r"[\t\r\n]", " ", legible(str(value)))
