from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kernels.jit import kernel
from kernels.words import first_bytes, load_word, mixed, upper_word

texts = st.binary(min_size=8, max_size=8)


@kernel("uint64(uint8[::1], int64, int64)")
def _upper_prefix(buffer: np.ndarray[tuple[int], np.dtype[np.uint8]], offset: int, count: int) -> np.uint64:
    return upper_word(first_bytes(load_word(buffer, offset), count))


def number(text: bytes) -> int:
    return int.from_bytes(text, "little")


def test_a_word_by_hand() -> None:
    text = np.frombuffer(b".ACGTacgtn..", np.uint8)
    assert int(_upper_prefix(text, 1, 8)) == number(b"ACGTACGT")
    assert int(_upper_prefix(text, 2, 5)) == number(b"CGTAC")
    assert int(_upper_prefix(text, 1, 0)) == 0


@given(text=st.lists(st.integers(33, 126), min_size=11, max_size=11), offset=st.integers(0, 3), count=st.integers(0, 8))
def test_words_are_cut_and_in_upper_case(text: list[int], offset: int, count: int) -> None:
    buffer = np.array(text, np.uint8)
    expected = bytes(text)[offset : offset + count].upper()
    assert int(_upper_prefix(buffer, offset, count)) == number(expected)


def test_only_letters_change_case() -> None:
    for byte in range(127):
        assert int(upper_word(np.uint64(number(bytes([byte] * 8))))) == number(bytes([byte] * 8).upper())


@given(first=texts, second=texts)
def test_a_hash_takes_in_every_bit(first: bytes, second: bytes) -> None:
    start = np.uint64(7)
    one, other = mixed(start, np.uint64(number(first))), mixed(start, np.uint64(number(second)))
    assert (one == other) == (first == second)
