from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.collectors.far_bases import Table, far_base_counts, far_base_counts_reference


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32), first=st.integers(0, 90), step=st.sampled_from([1, 10, 37]))
def test_agrees_with_reference(seed: int, first: int, step: int) -> None:
    chance = np.random.default_rng(seed)
    buffer = chance.choice(np.frombuffer(b"ACGTNacgtnR.", np.uint8), 400)
    starts, lengths = chance.integers(0, 200, (2, 5)).astype(np.int32)
    tables: list[Table] = []
    for kernel in (far_base_counts, far_base_counts_reference):
        table: Table = np.ones((200 // step + 1, 5), np.int64)
        kernel(buffer, starts, lengths, first, step, table)
        tables.append(table)
    assert np.array_equal(tables[0], tables[1])


def test_a_bin_begins_at_a_multiple_counted_from_base_1() -> None:
    table: Table = np.zeros((3, 5), np.int64)
    starts, lengths = np.array([[0], [13]], np.int32)
    far_base_counts(np.frombuffer(b"AAAAACCCCCGGn", np.uint8), starts, lengths, 2, 5, table)
    assert table.tolist() == [[2, 0, 0, 0, 0], [1, 4, 0, 0, 0], [0, 1, 2, 0, 1]]
