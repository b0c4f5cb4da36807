"""Regular expressions of users find what Python's engine finds, and hold nobody up."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.flow.turnstile import TurnstileAborted
from engine.stages.name_filters import NameFilter, NameFilterParameters
from engine.stages.name_patterns import NamePattern, SlowPatternError, compiled
from tests.engine.pipeline.chains import batch_of

NAMES = [b"A00:1:HX:1:1101:%d:%d 1:N:0:ACGT+TTTT" % (number * 7 % 30_000, number) for number in range(600)]
ENDLESS = b"(a|aa)+$"
TRAP = b"a" * 60 + b"!"


@pytest.mark.parametrize(
    "pattern",
    [
        b":1101:", b"^A00.*:5", b"[ACGT]{4}$", b"(?i)hx:.*n:0", rb"^(\w+):\d+:\w+:1:.*([ACGT])\2\2\2$",
        b"(?=.*77)(?!.*99)", b"(A|C|G|T|\\+){9}$", b"(a+)+$", b"", b"x*", b"[+]", b"7{2}|5{2}",
    ],
)  # fmt: skip
def test_found_is_what_pythons_engine_finds(pattern: bytes) -> None:
    expected = [re.search(pattern, name) is not None for name in NAMES]
    assert NamePattern(pattern).found_in(NAMES).tolist() == expected


@given(st.lists(st.sampled_from("ab.*+?|()[]^$1{2,}e<=\\d"), max_size=8).map("".join), st.text("ab1 ", max_size=8))
def test_engines_agree(pattern: str, name: str) -> None:
    try:
        expected = re.search(pattern.encode(), name.encode()) is not None
    except (re.error, FutureWarning):
        return
    assert NamePattern(pattern.encode()).found_in([name.encode()]).tolist() == [expected]


def test_names_of_any_length_are_looked_at() -> None:
    long = b"a" * 100_000
    assert NamePattern(b"a{9}b").found_in([long, long + b"b", b""]).tolist() == [False, True, False]


def test_one_name_that_takes_for_ever_is_told() -> None:
    began = time.thread_time()
    with pytest.raises(SlowPatternError, match=r"^\(a\|aa\)\+\$ does not come to an end .* with the name a{60}…\.$"):
        NamePattern(ENDLESS).found_in([b"a", TRAP])
    assert time.thread_time() - began < 1.0


def test_many_names_that_take_long_in_all_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.stages.name_patterns._BATCH_SECONDS", 0.01)
    monkeypatch.setattr("engine.stages.name_patterns._NAME_SECONDS", 60.0)
    each = b"a" * 14 + b"!"
    with pytest.raises(SlowPatternError, match=r"with [\d,]+ names, such as a{14}!\.$"):
        NamePattern(ENDLESS).found_in([each] * 2000)


def test_a_process_that_is_busy_with_other_things_is_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library counts the CPU time of all threads, and on Windows any time."""
    monkeypatch.setattr("engine.stages.name_patterns._NAME_SECONDS", 1e-9)
    monkeypatch.setattr(time, "thread_time", lambda: 0.0)  # this thread has had no time at all yet
    assert NamePattern(ENDLESS).found_in([b"a" * 18 + b"!"]).tolist() == [False]


@pytest.mark.parametrize("pattern", [b"[[:alpha:]]", b"x*[[:^digit:]_]+", b"[a[:space:]]"])
def test_classes_of_other_programs_are_refused(pattern: bytes) -> None:
    """One engine takes them for classes, and the other for letters."""
    with pytest.raises(re.error, match="there are no classes such as"):
        compiled(pattern)


def test_what_python_warns_of_is_searched_as_it_says() -> None:
    assert NamePattern(b"[[a]").found_in([b"[", b"b"]).tolist() == [True, False]


def test_a_search_that_nobody_waits_for_any_more_ends_after_some_names() -> None:
    asked = []

    def go_on() -> None:
        asked.append(0)
        if len(asked) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        NamePattern(b"b").found_in([b"a"] * 1_000_000, go_on)


def test_a_filter_ends_when_it_is_called_off() -> None:
    wanted = NameFilter(NameFilterParameters(text="x", match="regular expression"))
    wanted.abort()
    with pytest.raises(TurnstileAborted):
        wanted.process(batch_of(3))


def test_a_filter_says_what_is_no_expression() -> None:
    with pytest.raises(ValidationError, match=r"not a regular expression: there are no classes such as \[:alpha:\]"):
        NameFilterParameters(text="[[:alpha:]]", match="regular expression")
