"""How a run was tuned, as its page and its table tell it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.report.html.report import run_page
from engine.report.tsv import modules_tsv
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from engine.tuning.decision import Decision, Tuning, Verdict
from engine.tuning.setting import Knob, Setting
from tests.engine.report.running import Elements

SETTING = Setting(workers=2, batch_bytes=4 << 20, in_flight_bytes=64 << 20)
DECISIONS = (
    Decision(2.25, Verdict.TRIED, Knob.WORKERS, 1, 2, "workers were busy 99 % of the time"),
    Decision(1012.0, Verdict.TAKEN_BACK, Knob.BATCH, 4 << 20, 16 << 20, "no <b>gain</b>\ton\n71.0 MB/s & more"),
    Decision(1030.0, Verdict.SETTLED, None, 0, 0, "reading limits the speed"),
)


def tuned(tuning: Tuning | None) -> RunSnapshot:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    created = RunSnapshot(run_id=1, name="a", path=Path("a.fastq"), kind="", state=RunState.CREATED, created=now)
    return replace(created, state=RunState.COMPLETED, tuning=tuning)


def page_of(tuning: Tuning | None) -> Elements:
    return Elements(run_page(tuned(tuning), "a"))


def rows(tuning: Tuning | None) -> list[tuple[str, str, str]]:
    found = csv.DictReader(io.StringIO(modules_tsv([("a", tuned(tuning))])), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(row["place"], row["measure"], row["value"]) for row in found if row["module"] == "tuning"]


def test_each_decision_stands_with_its_reason() -> None:
    page = page_of(Tuning(SETTING, decisions=DECISIONS))
    said = page.by_id("tuning")
    assert "carried out at last with 2 workers, batches of 4 MiB, 64 MiB under way." in said
    assert "2.2 sworkers1 \u2192 2triedworkers were busy 99 % of the time" in said
    assert "1,012.0 sbatch size4 MiB \u2192 16 MiBtaken backno <b>gain</b>" in said
    assert "1,030.0 ssettledreading limits the speed" in said
    assert not page.all("b")
    assert not [attributes for attributes, _ in page.all("details") if attributes.get("class") == "log"]


def test_many_decisions_are_folded_away() -> None:
    page = page_of(Tuning(SETTING, is_frozen=True, decisions=DECISIONS * 40, left_out=1))
    [log] = [text for attributes, text in page.all("details") if attributes.get("class") == "log"]
    assert log.startswith("120 decisions")
    assert log.count("reading limits the speed") == 40
    assert "Tuning was frozen by hand. 1 earlier decision was not kept." in page.by_id("tuning")


@pytest.mark.parametrize(("workers", "words"), [(1, "1 worker, "), (1200, "1,200 workers, ")])
def test_nothing_was_tried(workers: int, words: str) -> None:
    page = page_of(Tuning(replace(SETTING, workers=workers)))
    assert words in page.by_id("tuning")
    assert "Nothing was tried." in page.by_id("tuning")
    assert "Decisions" not in page.by_id("tuning")


def test_runs_that_were_not_tuned_say_nothing() -> None:
    assert "tuning" not in [attributes.get("id") for _, attributes, _ in page_of(None).found]
    assert rows(None) == []


def test_the_table_has_the_same_decisions() -> None:
    assert rows(Tuning(SETTING, decisions=DECISIONS[1:], left_out=8)) == [
        ("all", "workers", "2"),
        ("all", "batch bytes", "4194304"),
        ("all", "in flight bytes", "67108864"),
        ("all", "is frozen", "False"),
        ("all", "left out", "8"),
        ("9", "time", "1012.0"),
        ("9", "verdict", "taken back"),
        ("9", "knob", "batch_bytes"),
        ("9", "before", "4194304"),
        ("9", "after", "16777216"),
        ("9", "reason", "no <b>gain</b> on 71.0 MB/s & more"),
        ("10", "time", "1030.0"),
        ("10", "verdict", "settled"),
        ("10", "reason", "reading limits the speed"),
    ]
