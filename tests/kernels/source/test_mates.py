from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.source.mates import first_strangers, mates_agree

Columns = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32], npt.NDArray[np.int32]]


def columns(headers: list[bytes]) -> Columns:
    """Headers as a batch has them, with other text around each."""
    text, starts = b"@", []
    for header in headers:
        starts.append(len(text))
        text += header + b"\nA\n+\nI\n@"
    lengths = [len(header) for header in headers]
    return np.frombuffer(text, np.uint8).copy(), np.array(starts, np.int32), np.array(lengths, np.int32)


def strangers(firsts: list[bytes], seconds: list[bytes]) -> int:
    return first_strangers(*columns(firsts), *columns(seconds))


PAIRS = [
    (b"r1", b"r1", True),
    (b"r1", b"r2", False),
    (b"r1", b"r11", False),
    (b"r1/1", b"r1/2", True),
    (b"r1/2", b"r1/1", False),
    (b"r1/1", b"r1/1", False),
    (b"r1/1", b"r2/2", False),
    (b"r1/1", b"r1", True),
    (b"r1/1 1:N:0", b"r1/2 2:N:0", True),
    (b"M:1:FC:1:1101:1:2 1:N:0:ACGT", b"M:1:FC:1:1101:1:2 2:N:0:ACGT", True),
    (b"M:1:FC:1:1101:1:2 1:N:0:ACGT", b"M:1:FC:1:1101:1:2 1:N:0:ACGT", False),
    (b"M:1:FC:1:1101:1:2 2:N:0:ACGT", b"M:1:FC:1:1101:1:2 1:N:0:ACGT", False),
    (b"M:1:FC:1:1101:1:2 1:N:0:ACGT", b"M:1:FC:1:1101:1:3 2:N:0:ACGT", False),
    (b"x 1:N:0", b"x 3:Y:0", True),
    (b"x\t1:N:0", b"x\t1:N:0", False),
    (b"x 1:N", b"x 1:N", True),
    (b"SRR1.1 1 length=150", b"SRR1.1 1 length=150", True),
    (b"SRR1.1 1 length=150", b"SRR1.2 2 length=150", False),
    (b"", b"", True),
    (b"/1", b"/2", False),
    (b"a/1", b"a/4", False),
    (b" 1:N:0", b" 2:N:0", True),
    (b"a ", b"a", True),
]


@pytest.mark.parametrize(("first", "second", "agree"), PAIRS)
def test_pairs_judged_by_hand(first: bytes, second: bytes, agree: bool) -> None:
    assert mates_agree(first, second) is agree
    assert strangers([first], [second]) == (-1 if agree else 0)


headers = st.lists(
    st.sampled_from([b"a", b"b", b"/", b"1", b"2", b"3", b" ", b"\t", b":", b"N", b"Y", b"0"]), max_size=12
).map(b"".join)
near = headers.flatmap(
    lambda header: st.tuples(st.just(header), st.sampled_from([header, header.replace(b"1", b"2")]) | headers)
)


@given(st.lists(near, max_size=6))
def test_the_kernel_finds_what_the_reference_finds(pairs: list[tuple[bytes, bytes]]) -> None:
    expected = next((i for i, (first, second) in enumerate(pairs) if not mates_agree(first, second)), -1)
    assert strangers([first for first, _ in pairs], [second for _, second in pairs]) == expected


@given(st.lists(near, max_size=6))
def test_interleaved_reads_are_every_other_element(pairs: list[tuple[bytes, bytes]]) -> None:
    buffer, starts, lengths = columns([header for pair in pairs for header in pair])
    expected = next((i for i, (first, second) in enumerate(pairs) if not mates_agree(first, second)), -1)
    assert first_strangers(buffer, starts[::2], lengths[::2], buffer, starts[1::2], lengths[1::2]) == expected
