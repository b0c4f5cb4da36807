"""The order in which Java's hash tables give out their keys, which decides between ties in FastQC's reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_LOWEST_CAPACITY = 16


def string_hash(text: str) -> int:
    """``String.hashCode`` of ASCII text, as an unsigned number of 32 bits."""
    value = 0
    for character in text.encode("ascii"):
        value = 31 * value + character & 0xFFFFFFFF
    return value


def hash_map_order(keys: Sequence[str], size: int) -> list[int]:
    """Indices of the keys in the order of a ``java.util.HashMap``.

    Args:
        keys: some keys of the map, in the order in which they were put in.
        size: how many keys the map holds.
    """
    capacity = _LOWEST_CAPACITY
    while size > capacity * 3 // 4:
        capacity *= 2

    def bucket(index: int) -> int:
        value = string_hash(keys[index])
        return (value ^ value >> 16) & (capacity - 1)

    return sorted(range(len(keys)), key=bucket)


def hashtable_order(keys: Iterable[str], capacity: int) -> list[str]:
    """The keys in the order of a ``java.util.Hashtable`` made with this capacity.

    Args:
        keys: all keys, in the order in which they were put in.
        capacity: at least 1.
    """
    buckets: list[list[str]] = [[] for _ in range(capacity)]
    for count, key in enumerate(keys):
        if count >= len(buckets) * 3 // 4:
            buckets = _rehashed(buckets)
        _put(buckets, key)
    return _given_out(buckets)


def _put(buckets: list[list[str]], key: str) -> None:
    # The newest of a bucket comes first; here it is the last of its list.
    buckets[(string_hash(key) & 0x7FFFFFFF) % len(buckets)].append(key)


def _given_out(buckets: list[list[str]]) -> list[str]:
    return [key for bucket in reversed(buckets) for key in reversed(bucket)]


def _rehashed(buckets: list[list[str]]) -> list[list[str]]:
    larger: list[list[str]] = [[] for _ in range(2 * len(buckets) + 1)]
    for key in _given_out(buckets):
        _put(larger, key)
    return larger
