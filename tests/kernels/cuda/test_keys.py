from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from kernels.collectors import keys as on_cpu
from kernels.cuda import keys as on_device
from tests.kernels.collectors.test_keys import BY_HAND, empty, hashes_of, texts_of
from tests.kernels.cuda.device import through_device
from tests.strategies import Columns, base_columns, columns_of

key_hashes = through_device(on_device.key_hashes)
count_known_keys = through_device(on_device.count_known_keys)


@settings(max_examples=6)
@given(reads=base_columns(longest=70, most=9))
@example(reads=columns_of(BY_HAND))
def test_hashes_are_those_of_the_cpu(reads: Columns) -> None:
    hashes = np.zeros(len(reads.starts), np.uint64)
    key_hashes(reads.buffer, reads.starts, reads.lengths, hashes)
    assert np.array_equal(hashes, hashes_of(reads))


@settings(max_examples=6)
@given(known=base_columns(longest=60, most=9), reads=base_columns(longest=60, most=9))
@example(known=columns_of(BY_HAND[:3]), reads=columns_of(BY_HAND, junk=b"G"))
@example(known=columns_of([b"T" * 50]), reads=columns_of([]))
def test_known_keys_are_counted(known: Columns, reads: Columns) -> None:
    table = empty(20)
    table.add(known)
    counts = np.full(20, 7, np.int64)
    count_known_keys(
        reads.buffer, reads.starts, reads.lengths, hashes_of(reads), table.slots.copy(), table.keys.copy(), counts
    )
    keys = list(table.contents())
    expected = [7] * 20
    on_cpu.count_keys_reference(texts_of(reads), keys, expected, len(keys))
    assert counts.tolist() == expected
