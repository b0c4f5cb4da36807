from __future__ import annotations

from pathlib import Path

import pytest

from engine.collectors.encoding import quality_encoding
from engine.collectors.results import BasicStatistics
from engine.report.fastqc import fastqc_data
from engine.report.html.report import run_page
from engine.report.json_report import run_document
from engine.report.text import summary
from tests.engine.report.running import ran


def basic(low: str, high: str) -> BasicStatistics:
    return BasicStatistics(reads=10, bases=1000, lowest_quality_byte=ord(low), highest_quality_byte=ord(high))


@pytest.mark.parametrize(
    ("low", "high", "name", "is_doubtful", "is_told"),
    [
        ("!", "~", "Phred+33", False, False),
        ("#", "J", "Phred+33", False, False),
        ("B", "h", "Phred+64", True, True),
        (";", "h", "Phred+64", True, True),  # Solexa
        (":", "h", "Phred+33", False, False),  # no instrument with an offset of 64 wrote that
        ("@", "~", "Phred+33", False, True),  # consensus reads; FastQC would guess
        ("F", "F", "Phred+33", False, True),  # binned qualities
        ("I", "I", "Phred+33", False, True),
    ],
)
def test_by_the_lowest_and_highest_character(low: str, high: str, name: str, is_doubtful: bool, is_told: bool) -> None:
    found = quality_encoding(basic(low, high))
    assert (found.name, found.is_doubtful, bool(found.note)) == (name, is_doubtful, is_told)


def test_nothing_is_said_of_no_bases() -> None:
    assert not quality_encoding(BasicStatistics(reads=3)).name


@pytest.mark.parametrize(("last", "is_told"), [(b"h" * 10, True), (b"h" * 9 + b"#", False)])
def test_the_last_base_of_a_file_counts(tmp_path: Path, last: bytes, is_told: bool) -> None:
    path = tmp_path / "old.fastq"
    read = b"@r\nACGTACGTAC\n+\n%b\n"
    path.write_bytes(read % b"BCDEFGefgh" * 20_000 + read % last)
    run = ran(path)
    assert ("offset of 64" in summary(run, "old")) is is_told
    page = run_page(run, "old")
    assert ("encoding doubtful" in page) is is_told
    assert run_document(run)["quality_encoding"]["name"] == ("Phred+64" if is_told else "Phred+33")  # type: ignore[index, call-overload]  # of any JSON value
    guessed = fastqc_data(run.results, "old.fastq", guess_encoding=True)
    assert ("Encoding\tIllumina 1.5" in guessed) is is_told
