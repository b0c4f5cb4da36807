from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication

from engine.run.state import RunState
from gui.models.run_page import Key
from tests.gui.desk import SAMPLES, Desk, write_reads
from tests.naive_counts import naive_counts


@pytest.mark.parametrize("name", ["reads.fastq", "reads.fq.gz"])
def test_a_dropped_file_is_run_and_its_numbers_are_those_of_a_naive_count(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    path = write_reads(tmp_path / name, 3000)
    counts = naive_counts(path)
    desk.open()
    assert desk.window.place == "reads"

    desk.run(path)

    assert desk.window.place == "runs"
    assert (desk.page.title, desk.page.word) == (name, "completed")
    basic = desk.shown.results.basic
    assert (basic.reads, basic.bases) == (counts.reads, counts.bases)
    assert basic.mean_quality == pytest.approx(counts.mean_quality)
    assert basic.gc_percent == pytest.approx(counts.gc_percent)
    assert desk.number(Key.READS) == "3,000"
    assert desk.number(Key.BASES) == "240.0 kbp"
    assert desk.number(Key.MEAN_QUALITY) == f"{counts.mean_quality:.1f} Phred"
    above = sum(number for (_, quality), number in counts.qualities_by_cycle.items() if quality >= 30)
    assert desk.number(Key.Q30) == f"{100 * above / counts.bases:.1f} %"
    assert desk.page.fraction == 1.0
    entry = desk.entries()[0]
    assert (entry.name, entry.state, entry.reads) == (name, RunState.COMPLETED, 3000)


def test_real_reads(desk: Desk) -> None:
    desk.open()
    desk.run(SAMPLES / "nanopore.fastq.gz")

    counts = naive_counts(SAMPLES / "nanopore.fastq.gz")
    basic = desk.shown.results.basic
    assert (basic.reads, basic.bases) == (counts.reads, counts.bases)
    assert basic.mean_quality == pytest.approx(counts.mean_quality)


def test_a_folder_is_searched_and_its_files_run_in_order(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "lane"
    (folder / "deep").mkdir(parents=True)
    write_reads(folder / "b.fastq", 20)
    write_reads(folder / "a.fastq.gz", 10)
    write_reads(folder / "deep" / "c.fq", 30)
    (folder / "notes.txt").write_text("nothing to see")
    desk.open()

    desk.drop(folder)
    desk.until(lambda: desk.session.runs.total == 3 and not desk.session.is_busy)

    assert [(entry.name, entry.reads) for entry in desk.entries()] == [
        ("c.fq", 30),
        ("b.fastq", 20),
        ("a.fastq.gz", 10),
    ]
    assert [entry.word for entry in desk.session.inputs.entries] == ["completed"] * 3
    assert desk.window.notices.isHidden()


def test_what_cannot_be_read_is_refused_with_its_reason_and_the_others_go_on(desk: Desk, tmp_path: Path) -> None:
    good = write_reads(tmp_path / "good.fastq", 5)
    notes = tmp_path / "notes.fastq"
    notes.write_text("Dear diary")
    empty = tmp_path / "empty.fastq"
    empty.touch()
    desk.open()

    desk.drop(notes, good, empty, tmp_path / "missing.fastq")
    desk.until(lambda: desk.states() == [RunState.COMPLETED])

    refused = {entry.name: entry.detail for entry in desk.session.inputs.entries if entry.word == "refused"}
    assert list(refused) == ["notes.fastq", "empty.fastq", "missing.fastq"]
    assert refused["notes.fastq"] == "Is not FASTQ: it does not begin with @."
    notice = desk.window.notices.notices[0]
    assert notice.message.title == "3 files cannot be read"
    assert notice.isVisible()
    assert not notice.details.isVisible()
    notice.unfold.click()
    assert notice.details.isVisible()
    assert "empty.fastq is empty." in notice.details.text()
    notice.dismiss.click()
    assert desk.window.notices.isHidden()


def test_a_broken_file_fails_with_record_line_and_byte(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "broken.fastq"
    whole = "@a\nACGT\n+\nIIII\n"
    path.write_text(whole * 11 + "@b\nACGT\n+\nIII\n" + whole)
    desk.open()

    desk.run(path)

    assert desk.page.word == "failed"
    assert desk.number(Key.READS) == "11"
    failure = desk.page.failure
    assert failure is not None
    assert (failure.record, failure.line) == (12, 48)
    assert failure.offset is not None
    card = desk.window.runs.run.failure
    assert card.isVisible()
    said = card.message.text() + card.place.text()
    assert all(word in said for word in ("record 12", "line 48", f"byte {failure.offset:,}"))
    assert card.hint.text()

    card.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert str(path) in copied
    assert "record 12" in copied


def test_an_address_is_no_file(desk: Desk) -> None:
    desk.open()
    desk.drop_urls(QUrl("https://example.org/reads.fastq"))

    assert desk.window.notices.notices[0].message.title == "Only files of this computer can be read"
    assert desk.session.runs.total == 0


def test_names_are_data(desk: Desk, tmp_path: Path) -> None:
    # Windows knows no names with angle brackets.
    markup = "" if os.name == "nt" else "<b>"
    path = write_reads(tmp_path / f"{markup}a&amp; '; DROP TABLE runs; --.fastq", 3)
    desk.open()
    desk.run(path)

    assert desk.window.runs.run.header.title.text() == path.name
    desk.window.runs.panel.search.setText("drop table")
    assert [entry.name for entry in desk.entries()] == [path.name]


def test_drops_are_taken_everywhere(desk: Desk, tmp_path: Path) -> None:
    path = write_reads(tmp_path / "reads.fastq", 3)
    desk.open()
    desk.run(path)
    runs = desk.window.runs

    for number, widget in enumerate((runs.panel.search, runs.panel.list.viewport(), runs.run.plots.plots[0]), start=2):
        desk.drop(path, on=widget)
        desk.until(lambda number=number: desk.states() == [RunState.COMPLETED] * number)  # type: ignore[misc] # mypy infers no lambda with a default


def test_files_given_at_the_start_are_run(desk: Desk, tmp_path: Path) -> None:
    path = write_reads(tmp_path / "reads.fastq", 4)
    desk.open([path], wait=False)

    desk.until(lambda: desk.states() == [RunState.COMPLETED] and desk.window.place == "runs")


def test_the_samples_are_one_click_away(desk: Desk) -> None:
    desk.open()
    desk.window.reads.drop.samples_button.click()
    desk.until(lambda: desk.states() == [RunState.COMPLETED] * 4)


def test_how_many_of_many_are_queued_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.open()
    told: list[str] = []
    places: dict[str, str] = {}
    desk.session.entering.queueing.connect(told.append)
    desk.session.entering.queueing.connect(lambda words: places.setdefault(words, desk.window.place))
    desk.run(*[write_reads(tmp_path / f"{name}.fastq", 3) for name in "abc"])
    desk.until(lambda: told[-1] == "")
    assert "Queueing 1 of 3 runs" in told
    assert "Queueing 3 of 3 runs" in told
    assert places["Queueing 1 of 3 runs"] == "reads"
    assert places["Queueing 2 of 3 runs"] == "runs", "the first is shown before the others are there"
    assert desk.shown.name == "a.fastq"
    assert desk.window.status.activity.text() == ""
