from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.collectors.modules.java_order import hash_map_order, hashtable_order, string_hash
from tests.naive_sequences import naive_hash_map

distinct = st.lists(st.text("ACGTN", max_size=12), unique=True, max_size=120)


def test_hashes_by_hand() -> None:
    # As documented: s[0] * 31 ** (n - 1) + ... + s[n - 1], of 32 bits.
    assert string_hash("") == 0
    assert string_hash("A") == 65
    assert string_hash("AC") == 65 * 31 + 67
    assert string_hash("ACGTACGTACGT") == sum(ord(c) * 31 ** (11 - i) for i, c in enumerate("ACGTACGTACGT")) % 2**32


@given(keys=distinct)
def test_hash_maps_agree_with_a_plain_one(keys: list[str]) -> None:
    assert [keys[i] for i in hash_map_order(keys, len(keys))] == naive_hash_map(keys)


@given(keys=distinct, every=st.integers(1, 5))
def test_some_keys_keep_the_order_of_all(keys: list[str], every: int) -> None:
    some = keys[::every]
    assert [some[i] for i in hash_map_order(some, len(keys))] == [key for key in naive_hash_map(keys) if key in some]


def test_hash_tables_by_hand() -> None:
    # Buckets of "A", "B", "C", "D" among 3: 65 % 3 = 2, 0, 1, 2; given out from the last bucket, newest first.
    assert hashtable_order(["A", "B", "C"], 4) == ["C", "B", "A"]
    # With room for two of three buckets, the third key makes 7: 65 % 7 = 2, 3, 4, 5.
    assert hashtable_order(["A", "B", "C", "D"], 3) == ["D", "C", "B", "A"]
    # Of one bucket the newest comes first; "A" and "P" (80 % 15 = 5) share one of 15.
    assert hashtable_order(["A", "P"], 15) == ["P", "A"]


@given(keys=distinct, capacity=st.integers(1, 50))
def test_hash_tables_give_out_what_was_put_in(keys: list[str], capacity: int) -> None:
    assert sorted(hashtable_order(keys, capacity)) == sorted(keys)
