"""Which sequences are kept is decided in file order, whoever counts which batch when."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.collectors import key_ledger
from engine.collectors.key_ledger import KeyLedger
from engine.collectors.key_table import KeyedReads, KeyTable
from engine.collectors.sequence_keys import SequenceKeys
from kernels.collectors.keys import key_text
from tests.naive_parser import Read
from tests.naive_sequences import NaiveKeys
from tests.strategies import batch_of

Contents = tuple[dict[str, int], int, int]


def contents(table: KeyTable) -> Contents:
    counts = {key_text(table.keys[row]).decode(): int(table.counts[row]) for row in range(table.known)}
    return counts, table.reads, table.reads_at_limit


def expected(reads: Sequence[Read], most: int) -> Contents:
    naive = NaiveKeys(reads, most)
    return naive.counts, naive.reads, naive.reads_at_limit


def reads_of(texts: str) -> list[Read]:
    return [Read(b"r", text.encode(), b"I" * len(text)) for text in texts.split(",")]


def team(size: int, most: int) -> list[SequenceKeys]:
    ledger = KeyLedger(most)
    return [SequenceKeys(ledger) for _ in range(size)]


def merged(parts: Sequence[SequenceKeys]) -> SequenceKeys:
    total = SequenceKeys()
    for part in parts:
        total.merge(part.copy())
    return total


@st.composite
def dealt_reads(draw: st.DrawFn) -> tuple[list[list[Read]], list[tuple[int, int]]]:
    """Batches, and in which order which worker takes each."""
    # Few different sequences, so that the limit is met by some and that they come again after it.
    letters = draw(st.lists(st.sampled_from(["A", "C", "G", "T", "AC", "", "GT", "ca"]), max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(letters)), max_size=8)))
    batches = [
        [Read(b"r", text.encode(), b"I" * len(text)) for text in letters[start:end]]
        for start, end in zip([0, *cuts], [*cuts, len(letters)], strict=True)
    ]
    order = draw(st.permutations(range(len(batches))))
    return batches, [(number, draw(st.integers(0, 2))) for number in order]


@settings(max_examples=200)
@given(drawn=dealt_reads(), most=st.sampled_from([1, 2, 3, 5, 100]))
def test_file_order_decides(drawn: tuple[list[list[Read]], list[tuple[int, int]]], most: int) -> None:
    batches, dealing = drawn
    parts = team(3, most)
    for number, worker in dealing:
        parts[worker].add(batch_of(batches[number], number))
    reads = [read for batch in batches for read in batch]
    assert contents(merged(parts).table()) == expected(reads, most)
    assert contents(merged(parts[::-1]).table(final=False)) == expected(reads, most)


def test_a_batch_that_never_comes_is_passed_over_at_the_end() -> None:
    first, _missing, third, fourth = (reads_of(texts) for texts in ("A,C", "G", "T,A,G", "C,TT"))
    [part] = team(1, 4)
    for number, reads in ((3, fourth), (0, first), (2, third)):
        part.add(batch_of(reads, number))
    assert contents(part.table(final=False)) == expected(first, 4)
    assert contents(merged([part]).table(final=False)) == expected(first, 4)
    assert contents(merged([part]).table()) == expected(first + third + fourth, 4)
    part.add(batch_of(_missing, 1))
    assert contents(part.table()) == expected(first + _missing + third + fourth, 4)


def test_a_copy_shows_one_moment() -> None:
    one, other = team(2, 2)
    one.add(batch_of(reads_of("A,C,A"), 0))
    early = one.copy()
    other.add(batch_of(reads_of("C,G"), 1))
    one.add(batch_of(reads_of("A"), 2))
    assert contents(early.table()) == ({"A": 2, "C": 1}, 3, 2)
    late = merged([one, other])
    late.merge(early)
    assert contents(late.table()) == ({"A": 3, "C": 2}, 6, 2)


def test_a_copy_of_a_workers_collector_is_for_reading() -> None:
    [part] = team(1, 9)
    with pytest.raises(ValueError, match="reading only"):
        part.copy().add(batch_of(reads_of("A")))


def test_workers_of_different_runs_cannot_be_merged() -> None:
    [one], [other] = team(1, 9), team(1, 9)
    with pytest.raises(ValueError, match="collector_sets"):
        one.merge(other)


def test_collectors_that_stand_alone_count_one_after_the_other() -> None:
    one, other = SequenceKeys(), SequenceKeys()
    one.add(batch_of(reads_of("A,C"), 7))
    one.add(batch_of(reads_of("C"), 3))
    other.add(batch_of(reads_of("C,G")))
    one.merge(other)
    assert contents(one.table()) == ({"A": 1, "C": 3, "G": 1}, 5, 5)
    assert contents(other.table()) == ({"C": 1, "G": 1}, 2, 2)
    twin = one.copy()
    twin.add(batch_of(reads_of("T")))
    assert contents(one.table()) == ({"A": 1, "C": 3, "G": 1}, 5, 5)
    [member] = team(1, 9)
    member.add(batch_of(reads_of("T,A"), 0))
    one.merge(member.copy())
    assert contents(one.table()) == ({"A": 2, "C": 3, "G": 1, "T": 1}, 7, 7)


def offer_in_thread(ledger: KeyLedger, texts: str, number: int) -> threading.Thread:
    thread = threading.Thread(target=lambda: ledger.offer(number, KeyedReads.of(batch_of(reads_of(texts)))))
    thread.start()
    return thread


@pytest.fixture
def _room_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_ledger, "MOST_WAITING", 1)


@pytest.mark.usefixtures("_room_for_one")
def test_too_early_a_worker_waits_until_its_turn_comes() -> None:
    ledger = KeyLedger(9)
    ledger.offer(3, KeyedReads.of(batch_of(reads_of("T"))))
    waiting = offer_in_thread(ledger, "G", 2)
    waiting.join(0.05)
    assert waiting.is_alive()
    ledger.offer(0, KeyedReads.of(batch_of(reads_of("A"))))
    waiting.join(0.05)
    assert waiting.is_alive()
    ledger.offer(1, KeyedReads.of(batch_of(reads_of("C"))))
    waiting.join(2)
    assert not waiting.is_alive()
    assert list(contents(ledger.page().settled())[0]) == ["A", "C", "G", "T"]


@pytest.mark.usefixtures("_room_for_one")
@pytest.mark.parametrize("freed_by", ["give up", "patience"])
def test_nobody_waits_for_ever(freed_by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_ledger, "_PATIENCE", 0.05 if freed_by == "patience" else 60)
    ledger = KeyLedger(9)
    ledger.offer(2, KeyedReads.of(batch_of(reads_of("T"))))
    waiting = offer_in_thread(ledger, "G", 1)
    if freed_by == "give up":
        SequenceKeys(ledger).give_up()
    waiting.join(2)
    assert not waiting.is_alive()
    assert list(contents(ledger.page().settled())[0]) == ["G", "T"]


def test_many_threads_at_once() -> None:
    texts = [",".join("ACGT"[(i * i + j * 7) % 4] * ((i + j) % 11) for j in range(50)) for i in range(60)]
    most = 12
    parts = team(4, most)
    numbers = iter(range(len(texts)))
    lock = threading.Lock()

    def work(part: SequenceKeys) -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            part.add(batch_of(reads_of(texts[number]), number))

    threads = [threading.Thread(target=work, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reads = [read for text in texts for read in reads_of(text)]
    assert contents(merged(parts).table()) == expected(reads, most)
