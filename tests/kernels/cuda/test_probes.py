from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from kernels.collectors.probes import FAR_STEP, NEAR, Table, probe_index
from kernels.cuda import probes as on_device
from tests.kernels.collectors.test_probes import FASTQC, by_reference, reads_with_probes
from tests.kernels.cuda.device import through_device
from tests.strategies import Columns, columns_of

adapter_hits = through_device(on_device.adapter_hits)


def tables_of(reads: Columns, probes: list[bytes]) -> tuple[Table, Table]:
    index = probe_index(probes)
    longest = int(reads.lengths.max(initial=0))
    near = np.zeros((len(probes), min(longest, NEAR) + 1), np.int64)
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
    return near, far


@settings(max_examples=8)
@given(drawn=reads_with_probes())
@example(drawn=(columns_of([b"NNagatcggaagagAGATCGGAAGAG", b"C" * 30 + b"A" * 13 + b"G" * 14, b"AGATCGGAAGA"]), FASTQC))
@example(drawn=(columns_of([]), FASTQC))
def test_hits_agree_with_reference(drawn: tuple[Columns, list[bytes]]) -> None:
    reads, probes = drawn
    near, far = tables_of(reads, probes)
    assert {(int(probe), int(at)): int(near[probe, at]) for probe, at in np.argwhere(near)} == by_reference(
        reads, probes
    )
    assert not far.any()


def test_late_hits_are_counted_by_thousands() -> None:
    read = bytearray(b"C" * (NEAR + 40))
    read[NEAR - 1 : NEAR + 11] = FASTQC[0]
    read[NEAR + 20 : NEAR + 32] = FASTQC[1]
    near, far = tables_of(columns_of([bytes(read)]), FASTQC)
    assert near[0, NEAR - 1] == near.sum() == 1
    assert far[1, (NEAR + 21) // FAR_STEP].tolist() == far.sum(axis=(0, 1)).tolist() == [1, NEAR + 20]
