from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.probes import FAR_STEP, MOST_PROBES, NEAR, adapter_hits, adapter_hits_reference, probe_index
from tests.strategies import Columns, base_columns, columns_of

FASTQC = [b"AGATCGGAAGAG", b"TGGAATTCTCGG", b"GATCGTCGGACT", b"CTGTCTCTTATA", b"A" * 12, b"G" * 12]


def hits_of(reads: Columns, probes: list[bytes]) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], list[int]]]:
    """Near and far hits that are not zero."""
    index = probe_index(probes)
    longest = int(reads.lengths.max(initial=0))
    near = np.zeros((len(probes), min(longest, NEAR)), np.int64)
    far = np.zeros((len(probes), longest // FAR_STEP + 1, 2), np.int64)
    adapter_hits(
        reads.buffer,
        reads.starts,
        reads.lengths,
        index.letters,
        index.sizes,
        index.width,
        index.stride,
        index.lists,
        index.candidates,
        near,
        far,
    )
    nears = {(int(probe), int(at)): int(near[probe, at]) for probe, at in np.argwhere(near)}
    return nears, {(int(probe), int(bin_)): far[probe, bin_].tolist() for probe, bin_ in np.argwhere(far[:, :, 0])}


def by_reference(reads: Columns, probes: list[bytes]) -> dict[tuple[int, int], int]:
    texts = [
        bytes(reads.buffer[start : start + length])
        for start, length in zip(reads.starts.tolist(), reads.lengths.tolist(), strict=True)
    ]
    counted: dict[tuple[int, int], int] = {}
    for hits in adapter_hits_reference(texts, probes):
        for probe, at in enumerate(hits):
            if at >= 0:
                counted[probe, at] = counted.get((probe, at), 0) + 1
    return counted


def test_hits_by_hand() -> None:
    texts = [
        b"AGATCGGAAGAG",
        b"NNagatcggaagagAGATCGGAAGAG",
        b"C" * 30 + b"A" * 13 + b"G" * 14,
        b"AGATCGGAAGA",
        b"",
    ]
    expected = {(0, 0): 1, (0, 2): 1, (4, 30): 1, (5, 43): 1}
    reads = columns_of(texts, junk=b"AGATCGGAAGAG")
    assert by_reference(reads, FASTQC) == expected
    assert hits_of(reads, FASTQC) == (expected, {})


@st.composite
def reads_with_probes(draw: st.DrawFn) -> tuple[Columns, list[bytes]]:
    """Reads into which pieces of the probes are put."""
    letters = st.sampled_from([b"ACGT", b"AG", b"A"])
    probes = draw(
        st.one_of(
            st.just(FASTQC),
            st.lists(
                letters.flatmap(lambda some: st.lists(st.sampled_from(some), min_size=1, max_size=20).map(bytes)),
                min_size=1,
                max_size=8,
            ),
        )
    )
    pieces = st.sampled_from([*probes, *(probe[:-1] for probe in probes), *(probe.lower() for probe in probes), b"N"])
    texts = draw(
        st.lists(st.lists(st.one_of(pieces, st.binary(max_size=12).map(_bases)), max_size=8).map(b"".join), max_size=12)
    )
    return columns_of(texts, junk=draw(st.sampled_from([b"", probes[0]]))), probes


def _bases(drawn: bytes) -> bytes:
    return bytes(b"ACGT"[byte & 3] for byte in drawn)


@settings(max_examples=200)
@given(drawn=reads_with_probes())
def test_hits_agree_with_reference(drawn: tuple[Columns, list[bytes]]) -> None:
    reads, probes = drawn
    assert hits_of(reads, probes) == (by_reference(reads, probes), {})


@settings(max_examples=30)
@given(reads=base_columns(300))
def test_any_bytes_agree_with_reference(reads: Columns) -> None:
    assert hits_of(reads, FASTQC)[0] == by_reference(reads, FASTQC)


def test_probes_that_share_a_hash_do_not_hide_each_other() -> None:
    probes = [bytes(b"ACGT"[number >> shift & 3] for shift in range(0, 12, 2)) * 2 for number in range(0, 4096, 64)]
    reads = columns_of([probe + b"T" * 9 + probes[0] for probe in probes])
    assert len(probes) == MOST_PROBES
    assert hits_of(reads, probes)[0] == by_reference(reads, probes)


def test_late_hits_are_counted_by_thousands() -> None:
    read = bytearray(b"C" * 200_000)
    for at, probe in ((NEAR - 1, FASTQC[0]), (NEAR + 20, FASTQC[1]), (150_999, FASTQC[4])):
        read[at : at + 12] = probe
    other = bytearray(b"C" * 70_000)
    other[65_600:65_612] = FASTQC[1]
    near, far = hits_of(columns_of([bytes(read), bytes(other)]), FASTQC)
    assert near == {(0, NEAR - 1): 1}
    assert far == {(1, 65): [2, NEAR + 20 + 65_600], (4, 151): [1, 150_999]}


@pytest.mark.parametrize("probes", [[], [b""], [b"ACGT", b""], [b"A"] * (MOST_PROBES + 1)])
def test_probes_that_make_no_sense(probes: list[bytes]) -> None:
    with pytest.raises(ValueError, match="probes"):
        probe_index(probes)


def test_the_index_covers_every_place_of_a_probe() -> None:
    for size in range(1, 30):
        index = probe_index([(b"ACGTTGCA" * 4)[:size]])
        assert index.width + index.stride - 1 <= size
        assert 1 <= index.width <= 8
