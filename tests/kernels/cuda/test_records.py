"""What the device finds, and what the CPU then finds in the rest, is what the CPU finds alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.cuda import records as on_device
from kernels.parse.lines import line_index_reference
from kernels.parse.record_faults import Field
from tests.kernels.cuda.device import through_device
from tests.kernels.parse.test_records import SMALL_TEXTS, Tabled, scrap_texts, tabled
from tests.naive_parser import Blame, Read
from tests.strategies import fastq_texts, mutated

record_table = through_device(on_device.record_table)


def on_both(text: bytes, most: int | None = None) -> tuple[Tabled, int]:
    """The reads and the fault as found by both, and how many records the device found."""
    buffer = np.frombuffer(text + b"\n" * 64, np.uint8)
    newlines, oddities = np.empty((2, len(text)), np.int32)
    counts = np.array(line_index_reference(buffer, len(text), newlines, oddities), np.int64)
    columns = np.full((5, counts[0] // 4 + 1 if most is None else most), -1, np.int32)
    report = np.full(on_device.FOUND + 1, -1, np.int64)
    rows = [column.copy() for column in columns]
    record_table(buffer, newlines, counts, oddities, *rows, report)
    found = int(report[on_device.FOUND])
    n_bytes, n_lines = int(report[Field.BYTES]), int(report[Field.LINES])
    assert report.tolist() == [n_bytes, n_lines, *[0] * (len(report) - 3), found]
    assert n_lines == text.count(b"\n", 0, n_bytes) == 4 * found
    reads = [
        Read(text[n : n + n_length], text[s : s + length], text[q : q + length])
        for n, n_length, s, q, length in np.stack(rows)[:, :found].T.tolist()
    ]
    rest = tabled(text[n_bytes:])
    blame = rest.blame and Blame(
        rest.blame.fault, rest.blame.record + found, rest.blame.line + n_lines, rest.blame.offset + n_bytes
    )
    return Tabled([*reads, *rest.reads], blame, rest.used_bytes + n_bytes, rest.used_lines + n_lines), found


def test_by_hand() -> None:
    text = b"@a 1\nACGT\n+a\n@II!\n@b\r\nac\r\n+\r\n+~\r\n@c\n\n+\n\n@d\nA\n+\n"
    both, found = on_both(text)
    assert found == 3
    assert both.reads == [Read(b"a 1", b"ACGT", b"@II!"), Read(b"b", b"ac", b"+~"), Read(b"c", b"", b"")]
    assert on_both(text, 2)[1] == 2
    assert on_both(text, 0)[1] == 0
    assert on_both(b"")[1] == 0


@pytest.mark.parametrize(
    "record",
    [
        b"a\nAC\n+\nII\n", b"@a\nA C\n+\nI I\n", b"@a\nAC\n+\nI \n", b"@a\nAC\n+b\nII\n", b"@a\nAC\n+\nIII\n",
        b"@a\nAC\n\n+\nII\n", b"@a\nA\nC\n+\nII\n", b"\n@a\nAC\n+\nII\n", b"@a\nAC\n-\nII\n", b"@ab\nAC\n+a\nII\n",
    ],
)  # fmt: skip
def test_stops_at_what_is_not_plain(record: bytes) -> None:
    plain = b"@a b\nAC\n+a\nII\n"
    both, found = on_both(2 * plain + record + plain)
    assert found == 2
    assert both == tabled(2 * plain + record + plain)


@pytest.mark.parametrize("text", SMALL_TEXTS)
def test_small_texts_are_as_on_the_cpu(text: bytes) -> None:
    assert on_both(text)[0] == tabled(text)


@settings(max_examples=60)
@given(text=st.one_of(fastq_texts().flatmap(lambda drawn: mutated(drawn[1])), scrap_texts))
def test_any_text_is_as_on_the_cpu(text: bytes) -> None:
    assert on_both(text)[0] == tabled(text)
