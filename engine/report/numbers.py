"""What came out of a run, as the JSON document that goes through pipelines of type ``result``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.report.json_report import run_document
from engine.run.snapshot import RunSnapshot

if TYPE_CHECKING:
    from pydantic import JsonValue


def numbers_of_run(run: RunSnapshot) -> dict[str, JsonValue]:
    """The document: the run's JSON report, and above it what most gates ask for.

    These are ``kind`` (``run``), ``reads`` and ``bases``, of the reads that a pipeline kept where the run had one and
    of all others else, and the other basic statistics of the same reads, such as ``mean_quality``, null where there
    are no bases.
    """
    report = run_document(run)
    results = report["results_after"] or report["results"]
    basic = results["basic"] if isinstance(results, dict) else {}
    facts = basic if isinstance(basic, dict) else {}
    return {**report, **facts, "kind": "run"}
