from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings

from kernels.cuda import prefix_sums as on_device
from kernels.stages.prefix_sums import quality_prefix_sums_reference
from tests.kernels.cuda.device import through_device
from tests.strategies import Columns, columns_of, quality_columns

quality_prefix_sums = through_device(on_device.quality_prefix_sums)


@settings(max_examples=6)
@given(reads=quality_columns(longest=70, most=6))
@example(reads=columns_of([b"!#~", b"", b"5"], junk=b"I"))
@example(reads=columns_of([]))
def test_agrees_with_reference(reads: Columns) -> None:
    sums, expected = np.full((2, len(reads.buffer)), -1, np.int32)
    quality_prefix_sums(reads.buffer, reads.starts, reads.lengths, sums)
    quality_prefix_sums_reference(reads.buffer, reads.starts, reads.lengths, expected)
    assert np.array_equal(sums, expected)
