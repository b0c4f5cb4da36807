from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernels.source.colours import (
    REPORT_SIZE,
    ColourField,
    ColourTrouble,
    bases_of_reference,
    colours_to_fastq,
    colours_to_fastq_reference,
)


def turned(text: bytes, cuts: list[int], room: int) -> tuple[bytes, int, int, int, ColourTrouble]:
    """What the kernel makes of a text that comes in pieces, with so much room for what it writes, or what it needs."""
    data = np.frombuffer(text, np.uint8).copy()
    report = np.zeros(REPORT_SIZE, np.int64)
    written, consumed = b"", 0
    for stop in [*sorted(cuts), len(data)]:
        space = room
        while True:
            target = np.full(space + 8, 255, np.uint8)
            colours_to_fastq(data, consumed, stop, target, space, report)
            count = int(report[ColourField.WRITTEN])
            assert (target[space:] == 255).all(), "it wrote more than it might"
            written += target[:count].tobytes()
            consumed += int(report[ColourField.CONSUMED])
            if not report[ColourField.ROOM]:
                break
            space = max(room, int(report[ColourField.ROOM]))
    records, lines, trouble = (int(report[at]) for at in (ColourField.RECORDS, ColourField.LINES, ColourField.TROUBLE))
    return written, consumed, records, lines, ColourTrouble(trouble)


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """Records, most of them valid, with blank lines between them, and an end anywhere."""
    text = b""
    for _ in range(draw(st.integers(0, 6))):
        end = draw(st.sampled_from([b"\n", b"\r\n"]))
        read = draw(st.from_regex(rb"[ACGTacgt][0-6.]{0,30}", fullmatch=True) | st.just(b""))
        name = draw(st.sampled_from([b"", b"r 1", b"+", b"\xff\r"]))
        qualities = b"I!~"[draw(st.integers(0, 2)) :][:1] * (
            max(len(read) - 1, 0) + draw(st.integers(0, len(read) > 0))
        )
        separator = b"+" + draw(st.sampled_from([b"", name]))
        lines = [b"@" + name, read, separator, qualities]
        if draw(st.integers(0, 9)) == 0:
            lines[draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
        text += draw(st.sampled_from([b"", b"", b"\n", b" \t\x0b\n", b"\r\n"])) + end.join([*lines, b""])
    return text[: draw(st.integers(0, len(text)))] if draw(st.booleans()) else text


@settings(max_examples=400)
@given(text=texts(), cuts=st.lists(st.integers(0, 300), max_size=4), room=st.integers(0, 200))
@example(b"@a\nT01\n+\nII\n", [], 11)
@example(b"@a\nT01\n+\nII\n", [], 10)
def test_kernel_agrees_with_reference(text: bytes, cuts: list[int], room: int) -> None:
    assert turned(text, [min(cut, len(text)) for cut in cuts], room) == colours_to_fastq_reference(text)


@pytest.mark.parametrize(
    ("read", "bases"),
    [
        (b"T0123", b"TGAT"), (b"T01251230", b"TGANNNNN"), (b"T0126123", b"TGANNNN"), (b"G.012", b"NNNN"),
        (b"g0123", b"GTCG"), (b"a3", b"T"), (b"T", b""), (b"", b""),
    ],
)  # fmt: skip
def test_colours_turned_by_fastqc(read: bytes, bases: bytes) -> None:
    assert bases_of_reference(read) == bases
    text = b"@r\n%b\n+\n%b\n" % (read, b"5" * len(read))
    assert turned(text, [], 99) == (b"@r\n%b\n+\n%b\n" % (bases, b"5" * len(bases)), len(text), 1, 4, 0)


@settings(max_examples=200)
@given(reads=st.lists(st.from_regex(rb"[ACGTacgt][0-6.]{0,40}", fullmatch=True), max_size=8))
def test_any_colours(reads: list[bytes]) -> None:
    text = b"".join(b"@r\n%b\n+\n%b\n" % (read, b"5" * len(read)) for read in reads)
    assert turned(text, [], 0)[0].split(b"\n")[1::4] == [bases_of_reference(read) for read in reads]
