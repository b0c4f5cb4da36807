from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.wasm.host import Host
from engine.wasm.state.errors import StateError
from engine.wasm.state.flush_message import decode_flush, encode_flush
from engine.wasm.state.memory import MemoryState
from engine.wasm.state.session import StateSession
from engine.wasm.state.sqlite import SqliteState
from engine.wasm.state.store import MOST_KEY_BYTES, MOST_VALUE_BYTES, StateReader, StateStore, Version, Writes
from engine.wasm.threads.manager import ThreadManager
from tests.engine.wasm.threads.family import family

KEYS = st.binary(max_size=3)
FLUSHES = st.lists(st.dictionaries(KEYS, st.none() | st.binary(max_size=5), max_size=5), max_size=8)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[StateStore]:
    made: StateStore = MemoryState() if request.param == "memory" else SqliteState(tmp_path / "state.db")
    yield made
    made.close()


def test_values_are_written_read_and_deleted(store: StateStore) -> None:
    assert store.sequence == 0
    assert store.get(b"a") is None
    assert store.apply({b"a": b"1", b"empty": b""}) == 1
    assert store.get(b"a") == b"1"
    assert store.get(b"empty") == b""
    assert store.apply({b"a": None}) == 2
    assert store.get(b"a") is None
    assert store.apply({}) == 2
    assert store.sequence == 2


def test_a_scan_is_in_the_order_of_bytes(store: StateStore) -> None:
    store.apply({key: key[::-1] for key in (b"ab", b"a", b"b", b"a\xff", b"a\xff\xff", b"\xff", b"\xff\xff", b"a\x00")})
    store.apply({b"ab": None})
    assert [key for key, _ in store.scan(b"a")] == [b"a", b"a\x00", b"a\xff", b"a\xff\xff"]
    assert store.scan(b"a\xff") == [(b"a\xff", b"\xffa"), (b"a\xff\xff", b"\xff\xffa")]
    assert [key for key, _ in store.scan(b"\xff")] == [b"\xff", b"\xff\xff"]
    assert len(store.scan(b"")) == 7
    assert len(store.scan(b"", 3)) == 3
    assert store.scan(b"", 0) == []


def test_the_history_of_a_key_only_grows(store: StateStore) -> None:
    for value in (b"1", b"2", None, b"3"):
        store.apply({b"key": value})
        store.apply({b"other": b"x"})
    assert store.history(b"key") == [Version(1, b"1"), Version(3, b"2"), Version(5, None), Version(7, b"3")]
    assert store.history(b"never") == []


def test_a_flush_is_all_or_nothing(store: StateStore) -> None:
    store.apply({b"a": b"1"})
    too_large: list[Writes] = [
        {b"b": b"2", bytes(MOST_KEY_BYTES + 1): b""},
        {b"b": b"2", b"c": bytes(MOST_VALUE_BYTES + 1)},
    ]
    for writes in too_large:
        with pytest.raises(StateError):
            store.apply(writes)
    assert store.scan(b"") == [(b"a", b"1")]
    assert store.sequence == 1


def test_an_update_that_fails_changes_nothing(store: StateStore) -> None:
    def change(reader: StateReader) -> Writes:
        assert reader.get(b"a") is None
        raise StateError("no")

    with pytest.raises(StateError, match="no"):
        store.update(change)
    assert store.apply({b"a": b"1"}) == 1


def test_what_changed_since_a_flush_is_known(store: StateStore) -> None:
    store.apply({b"a": b"1"})
    store.apply({b"b": b"1", b"c": None})
    assert store.changed_since(0) == frozenset({b"a", b"b", b"c"})
    assert store.changed_since(1) == frozenset({b"b", b"c"})
    assert store.changed_since(2) == frozenset()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FLUSHES, st.binary(max_size=1))
def test_both_kinds_of_state_agree(tmp_path: Path, flushes: list[dict[bytes, bytes | None]], prefix: bytes) -> None:
    (tmp_path / "agree.db").unlink(missing_ok=True)
    memory, sqlite = MemoryState(), SqliteState(tmp_path / "agree.db")
    for writes in flushes:
        assert memory.apply(writes) == sqlite.apply(writes)
    assert memory.scan(prefix) == sqlite.scan(prefix)
    for key in {key for writes in flushes for key in writes}:
        assert memory.get(key) == sqlite.get(key)
        assert memory.history(key) == sqlite.history(key)
    sqlite.close()


def test_state_in_a_file_lasts(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    first = SqliteState(path)
    first.apply({b"a": b"1"})
    second = SqliteState(path)
    session = StateSession(second)
    assert session.get(b"a") == b"1"
    first.apply({b"a": b"2"})
    assert session.get(b"a") == b"2"
    first.close()
    first.close()
    second.close()
    again = SqliteState(path)
    assert again.history(b"a") == [Version(1, b"1"), Version(2, b"2")]
    again.close()
    with pytest.raises(StateError, match="closed"):
        again.get(b"a")


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to look at" * 30)
    with pytest.raises(StateError, match=r"notes\.txt: file is not a database"):
        SqliteState(text)
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE run (id)")
    connection.close()
    before = other.read_bytes()
    with pytest.raises(StateError, match="something else"):
        SqliteState(other)
    assert other.read_bytes() == before
    with pytest.raises(StateError, match="unable to open"):
        SqliteState(tmp_path / "missing" / "state.db")


def test_memory_has_a_limit() -> None:
    state = MemoryState(most_bytes=10_000)
    for _ in range(8):
        state.apply({b"key": bytes(1000)})
    with pytest.raises(StateError, match="more than 10,000"):
        state.apply({b"key": bytes(1000)})
    assert state.sequence == 8


def test_others_see_only_what_is_flushed(store: StateStore) -> None:
    writer, reader = StateSession(store), StateSession(store)
    store.apply({b"a": b"old", b"gone": b"x"})
    writer.set(b"a", b"new")
    writer.delete(b"gone")
    writer.write({b"b": b"1", b"c": b"2"})
    assert writer.get(b"a") == b"new"
    assert writer.get(b"gone") is None
    assert writer.scan(b"") == [(b"a", b"new"), (b"b", b"1"), (b"c", b"2")]
    assert reader.scan(b"") == [(b"a", b"old"), (b"gone", b"x")]
    assert reader.get(b"a") == b"old"
    assert reader.get(b"b") is None
    assert writer.flush() == 2
    assert writer.unflushed == 0
    assert reader.get(b"a") == b"new"
    assert reader.get(b"b") == b"1"
    assert reader.history(b"a") == [Version(1, b"old"), Version(2, b"new")]
    writer.set(b"a", b"never")
    writer.discard()
    assert writer.get(b"a") == b"new"


def test_a_flush_that_fails_can_be_tried_again(store: StateStore) -> None:
    session = StateSession(store)
    session.set(b"a", b"1")
    store.close()
    if isinstance(store, SqliteState):
        with pytest.raises(StateError):
            session.flush()
        assert session.get(b"a") == b"1"
        assert session.unflushed == 1


def test_what_a_thread_keeps_is_bounded() -> None:
    class Counting(MemoryState):
        asked = 0

        def get(self, key: bytes) -> bytes | None:
            self.asked += 1
            return super().get(key)

    store = Counting()
    store.apply({b"%d" % number: bytes(100) for number in range(10)})
    session = StateSession(store, cache_entries=3)
    for number in (0, 1, 2, 0, 3, 0):
        session.get(b"%d" % number)
    assert (session.cached, store.asked) == (3, 4)
    session.get(b"1")  # the one longest not asked for has gone
    assert store.asked == 5
    store.apply({b"1": b"x"})
    assert session.cached == 3
    assert session.get(b"0") == bytes(100)
    assert store.asked == 5
    assert session.get(b"1") == b"x"
    assert store.asked == 6
    small = StateSession(store, cache_bytes=250)
    for number in range(10):
        small.get(b"%d" % number)
    assert small.cached == 2
    with pytest.raises(StateError, match="to flush"):
        StateSession(store, unflushed_bytes=10).set(b"key", bytes(10))


def test_a_cache_survives_more_flushes_than_are_remembered() -> None:
    store = MemoryState()
    store.apply({b"a": b"0"})
    session = StateSession(store)
    assert session.get(b"a") == b"0"
    for number in range(1500):
        store.apply({b"a" if not number else b"other": b"%d" % number})
    assert store.changed_since(1) is None
    assert session.get(b"a") == b"0"
    assert store.history(b"a") == [Version(1, b"0"), Version(2, b"0")]


def test_threads_write_without_losing_anything(store: StateStore) -> None:
    def work(name: int) -> None:
        session = StateSession(store)
        for number in range(50):
            session.set(b"%d/%d" % (name, number), b"left")
            session.set(b"%d/%d/twin" % (name, number), b"right")
            session.flush()

    in_threads(work, 4)
    assert store.sequence == 200
    assert len(store.scan(b"")) == 400


def in_threads(work: Callable[[int], None], count: int) -> None:
    """Runs it in several threads at once and raises what one of them raised."""
    errors: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@given(st.dictionaries(st.binary(max_size=200), st.binary(max_size=300), max_size=10))
def test_flush_messages_come_back_as_they_were(writes: dict[bytes, bytes]) -> None:
    assert decode_flush(encode_flush(writes)) == writes


@given(st.binary(max_size=40))
def test_any_bytes_are_a_flush_or_refused(message: bytes) -> None:
    try:
        writes = decode_flush(message)
    except StateError:
        return
    assert decode_flush(encode_flush(writes)) == writes


def test_a_manager_keeps_state_in_a_file(host: Host, tmp_path: Path) -> None:
    state = SqliteState(tmp_path / "state.db")
    with ThreadManager(host, "demo", family(), state=state) as threads:
        assert threads.state is state
    assert state.apply({b"a": b"1"}) == 1
    state.close()
