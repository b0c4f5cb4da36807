from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.collectors.nanopore_names import nanopore_fields, nanopore_fields_reference
from tests.strategies import columns_of


def fast(names: list[bytes]) -> list[tuple[int, int]]:
    columns = columns_of(names, junk=b" ch=9")
    channels, times = np.zeros((2, len(names)), np.int64)
    nanopore_fields(columns.buffer, columns.starts, columns.lengths, channels, times)
    return list(zip(channels.tolist(), times.tolist(), strict=True))


@pytest.mark.parametrize("told", [fast, nanopore_fields_reference])
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        (b"7f runid=1 read=5 ch=304 start_time=1970-01-02T00:01:02Z", (304, 86462)),
        (b"7f ch=0 start_time=2000-03-01T00:00:00.123456+01:30", (0, 951868800 - 5400)),
        (b"7f\tst:Z:2024-02-29T23:59:59-00:01\tch:i:12", (12, 1709251199 + 60)),
        (b"ch=5 start_time=2000-03-01T00:00:00Z", (-1, 951868800)),
        (b"7f ch=100000 start_time=2023-02-29T00:00:00Z", (-1, -1)),
        (b"7f ch= start_time=2023-02-28T24:00:00Z", (-1, -1)),
        (b"7f ch=1x start_time=2023-02-28", (-1, -1)),
        (b"7f start_time=1969-12-31T23:59:59Z", (-1, -1)),
        (b"LS1:45:HX5:1:1101:20:30 1:N:0:ACGT", (-1, -1)),
        (b"", (-1, -1)),
    ],
)
def test_by_hand(told: Callable[[list[bytes]], list[tuple[int, int]]], name: bytes, fields: tuple[int, int]) -> None:
    assert told([name]) == [fields]


times = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat().encode()),
    st.from_regex(
        rb"\A20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.5)?(Z|[+-]0[0-9]:[0-9]{2})?\Z"
    ),
    st.binary(max_size=30),
)
words = st.one_of(
    st.binary(max_size=5),
    st.builds(lambda key, time: key + time, st.sampled_from([b"start_time=", b"st:Z:"]), times),
    st.builds(lambda key, number: key + b"%d" % number, st.sampled_from([b"ch=", b"ch:i:"]), st.integers(-5, 10**7)),
)
names = st.lists(words, max_size=5).map(lambda parts: b" ".join(parts).replace(b"\n", b"\t").replace(b"\r", b""))


@given(st.lists(names, max_size=8))
def test_agrees_with_reference(drawn: list[bytes]) -> None:
    assert fast(drawn) == nanopore_fields_reference(drawn)
