from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from gui.models import format as show


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1000, "1.00 k"),
        (999_449, "999.4 k"),
        (999_999, "1.00 M"),
        (41_280_000, "41.28 M"),
        (359_123_456, "359.1 M"),
        (3.314, "3.31"),
        (99.996, "100.0"),
        (2.5e18, "2500 P"),
    ],
)
def test_scaled(number: float, text: str) -> None:
    assert str(show.scaled(number)) == text


def test_counts_are_exact_while_they_are_short() -> None:
    assert show.count(99_999) == ("99,999", "")
    assert show.count(100_000) == ("100.0", "k")


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 B"), (999, "999 B"), (359_400_000, "359 MB"), (1_083_000_000, "1.08 GB")]
)
def test_byte_sizes_are_decimal(number: int, text: str) -> None:
    assert show.byte_size(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, show.NOTHING),
        (0.0, "0.00 s"),
        (0.4234, "0.42 s"),
        (9.999, "10.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1:00 min"),
        (67.2, "1:07 min"),
        (7400, "2:03:20 h"),
    ],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert str(show.duration(seconds)) == text


def test_moments_are_as_short_as_they_can_be() -> None:
    now = datetime(2025, 3, 12, 18, 0, tzinfo=UTC)

    assert show.moment(datetime(2025, 3, 12, 14, 2, tzinfo=UTC), now) == "14:02"
    assert show.moment(datetime(2025, 3, 11, 14, 2, tzinfo=UTC), now) == "yesterday 14:02"
    assert show.moment(datetime(2025, 3, 3, 14, 2, tzinfo=UTC), now) == "3 March"
    assert show.moment(datetime(2024, 9, 3, 14, 2, tzinfo=UTC), now) == "3 Sep 2024"


def test_moments_are_told_in_the_reader_s_zone() -> None:
    tokyo = timezone(timedelta(hours=9))
    now = datetime(2025, 3, 12, 1, 0, tzinfo=tokyo)

    assert show.moment(datetime(2025, 3, 11, 15, 30, tzinfo=UTC), now) == "00:30"


def test_percent_and_plural() -> None:
    assert str(show.percent(91.44)) == "91.4 %"
    assert str(show.percent(None)) == show.NOTHING
    assert show.plural(1, "run") == "1 run"
    assert show.plural(1204, "run") == "1,204 runs"
    assert show.plural(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 0, "0.0 %"), (0, 9, "0.0 %"), (9, 9, "100.0 %"), (3, 10_000, "under 0.1 %"), (9_997, 10_000, "over 99.9 %"),
     (1, 3, "33.3 %")],
)  # fmt: skip
def test_no_share_is_rounded_to_all_or_nothing(part: int, whole: int, told: str) -> None:
    assert show.share(part, whole) == told


def test_a_name_stays_in_its_line() -> None:
    assert show.one_line("a\t\nb\u2028 <c>\x7f") == "a b  <c> "
