"""How threads agree through shared state: keys with a place, counters, and work that each item of is done once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.wasm.state.errors import StateError
from engine.wasm.state.store import StateReader, StateStore, Writes

_ROOT = "coordination"
_DIGITS = 20


def coordination_key(*parts: str | int) -> bytes:
    """The key ``coordination/A/B/…`` in UTF-8. Numbers have 20 digits, so that keys sort by them.

    Raises:
        StateError: a part is empty, has a slash, or is a negative number.
    """
    words = [_ROOT]
    for part in parts:
        text = f"{part:0{_DIGITS}d}" if isinstance(part, int) else part
        if not text or "/" in text or text.startswith("-"):
            raise StateError(f"{part!r} cannot be part of a coordination key.")
        words.append(text)
    return "/".join(words).encode()


class SharedCounter:
    """A number that any thread may add to. Any thread of the host may use it.

    Guests read it under ``coordination/counter/NAME``, as decimal digits.
    """

    def __init__(self, store: StateStore, name: str) -> None:
        self._store = store
        self._key = coordination_key("counter", name)

    @property
    def value(self) -> int:
        """What it stands at; 0 before the first addition."""
        return _number(self._store.get(self._key), self._key)

    def add(self, amount: int = 1) -> int:
        """Adds, and returns what it stands at then.

        Raises:
            StateError: something else is kept under its name.
        """
        reached = 0

        def change(reader: StateReader) -> Writes:
            nonlocal reached
            reached = _number(reader.get(self._key), self._key) + amount
            return {self._key: b"%d" % reached}

        self._store.update(change)
        return reached


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something to do.

    Attributes:
        number: from 1, in the order of adding.
        data: what it is.
    """

    number: int
    data: bytes


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """Items by what became of them."""

    waiting: int
    taken: int
    done: int


class WorkItems:
    """Items that each are taken by one worker, the oldest first. Any thread of the host may use them.

    Guests find results under ``coordination/work/NAME/done/NUMBER``.
    """

    def __init__(self, store: StateStore, name: str) -> None:
        self._store = store
        self._name = name
        self._numbers = SharedCounter(store, f"work {name}")

    def add(self, data: bytes) -> int:
        """Adds an item. Returns its number."""
        number = self._numbers.add()
        self._store.apply({self._key("waiting", number): data})
        return number

    def take(self, worker: str) -> WorkItem | None:
        """Takes the oldest item that waits; ``None`` if there is none.

        Args:
            worker: whoever takes it.
        """
        item: WorkItem | None = None

        def change(reader: StateReader) -> Writes:
            nonlocal item
            found = reader.scan(self._key("waiting") + b"/", 1)
            if not found:
                return {}
            key, data = found[0]
            item = WorkItem(_last_number(key), data)
            taken = len(worker.encode()).to_bytes(4, "little") + worker.encode() + data
            return {key: None, self._key("taken", item.number): taken}

        self._store.update(change)
        return item

    def holder(self, number: int) -> str | None:
        """Who has taken an item; ``None`` if nobody has it now."""
        taken = self._store.get(self._key("taken", number))
        return None if taken is None else _apart(taken)[0]

    def finish(self, number: int, result: bytes = b"") -> None:
        """Notes the result of an item that was taken.

        Raises:
            StateError: nobody has taken it, or it is done.
        """
        self._leave(number, lambda _data: {self._key("done", number): result})

    def put_back(self, number: int) -> None:
        """Lets another worker take an item that was taken; it keeps its number.

        Raises:
            StateError: nobody has taken it, or it is done.
        """
        self._leave(number, lambda data: {self._key("waiting", number): data})

    def result(self, number: int) -> bytes | None:
        """The result of an item; ``None`` if it is not done."""
        return self._store.get(self._key("done", number))

    def counts(self) -> WorkCounts:
        """How many items there are."""
        counted = [len(self._store.scan(self._key(place) + b"/")) for place in ("waiting", "taken", "done")]
        return WorkCounts(*counted)

    def _leave(self, number: int, then: Callable[[bytes], Writes]) -> None:
        key = self._key("taken", number)

        def change(reader: StateReader) -> Writes:
            taken = reader.get(key)
            if taken is None:
                raise StateError(f"Nobody has taken item {number} of {self._name}.")
            return {key: None, **then(_apart(taken)[1])}

        self._store.update(change)

    def _key(self, *place: str | int) -> bytes:
        return coordination_key("work", self._name, *place)


def _apart(taken: bytes) -> tuple[str, bytes]:
    end = 4 + int.from_bytes(taken[:4], "little")
    return taken[4:end].decode(), taken[end:]


def _last_number(key: bytes) -> int:
    return int(key.rpartition(b"/")[2])


def _number(value: bytes | None, key: bytes) -> int:
    try:
        return int(value or b"0")
    except ValueError as error:
        raise StateError(f"{key.decode()} is not a number.") from error
