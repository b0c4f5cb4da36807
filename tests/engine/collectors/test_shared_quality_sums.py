from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.collectors import quality_sums as shared
from engine.collectors.quality_sums import QualitySums
from kernels.collectors.few_qualities import few_quality_error_sums
from kernels.collectors.read_errors import ERROR_UNITS
from kernels.qualities import OFFSET
from tests.naive_parser import Read
from tests.strategies import batch_of

TEXTS = ["I5", "", "~" * 70, "!+5?I" * 30]


def batches() -> list[ReadBatch]:
    return [batch_of([Read(b"r", b"A" * len(text), text.encode()) for text in TEXTS[:count]]) for count in range(5)]


@given(asked=st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=20))
def test_sums_are_those_of_the_batch_whoever_asked_before(asked: list[tuple[int, bool]]) -> None:
    sums, held = QualitySums(), batches()
    for number, of_errors in asked:
        texts = [text.encode() for text in TEXTS[:number]]
        if of_errors:
            expected = [sum(int(ERROR_UNITS[byte - OFFSET]) for byte in text) for text in texts]
            assert sums.errors_of(held[number]).tolist() == expected
        else:
            assert sums.of(held[number]).tolist() == [sum(text) for text in texts]


@pytest.mark.parametrize(("with_errors", "both"), [(True, 4), (False, 1)])
def test_chances_of_error_are_worked_out_once_for_who_needs_them(
    monkeypatch: pytest.MonkeyPatch, *, with_errors: bool, both: int
) -> None:
    calls: list[int] = []
    real = few_quality_error_sums

    def counted(*arguments: np.ndarray) -> int:
        calls.append(1)
        return real(*arguments)

    monkeypatch.setattr(shared, "few_quality_error_sums", counted)
    sums = QualitySums()
    for batch in batches()[1:]:
        sums.of(batch)
        if with_errors:
            sums.errors_of(batch)
        sums.of(batch)
    assert len(calls) == both
