"""Bases as sets of bits, so that two that match have a bit in common."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

A, C, G, T, U, OTHER = 1, 2, 4, 8, 16, 128

IUPAC = {
    "A": A, "C": C, "G": G, "T": T, "U": T,
    "R": A | G, "Y": C | T, "S": C | G, "W": A | T, "K": G | T, "M": A | C,
    "B": C | G | T, "D": A | G | T, "H": A | C | T, "V": A | C | G,
    "N": A | C | G | T | OTHER, "X": 0,
}  # fmt: skip
"""The bits of each IUPAC letter; N matches whatever stands in a read, X nothing."""


def pattern_codes(pattern: str) -> Bytes:
    """Codes of a pattern, an adapter for one.

    A pattern of A, C, G and T alone matches those letters. In one with other IUPAC letters, T matches U too
    (cutadapt has it so).

    Args:
        pattern: IUPAC letters, upper case.

    Returns:
        uint8 [n_letters].
    """
    plain = set(pattern) <= set("ACGT")
    codes = [IUPAC[letter] | (U if IUPAC[letter] & T and not plain else 0) for letter in pattern]
    return np.array(codes, np.uint8)


def read_codes(*, wildcards: bool) -> Bytes:
    """The code of every byte in a read.

    Args:
        wildcards: IUPAC letters in reads, N above all, match what they stand for.

    Returns:
        uint8 [256].
    """
    table = np.full(256, 0 if wildcards else OTHER, np.uint8)
    letters = IUPAC if wildcards else {"A": A, "C": C, "G": G, "T": T, "U": U}
    for letter, code in letters.items():
        table[ord(letter)] = table[ord(letter.lower())] = code
    return table


MOST_OTHERS = 4
"""Letters besides A, C, G and T that adapters may hold where all stand for themselves."""


def literal_codes(letters: str, *, are_read: bool) -> dict[str, int]:
    """A code for each letter that stands for itself alone.

    Args:
        letters: of all patterns, upper case; no more than `MOST_OTHERS` besides A, C, G and T.
        are_read: reads have them too; if not, N in reads alone matches those others (cutadapt has it so).

    Raises:
        ValueError: there are more.
    """
    others = sorted(set(letters) - set("ACGT"))
    if len(others) > MOST_OTHERS and are_read:
        raise ValueError(f"{', '.join(others)}: without wildcards, adapters hold at most {MOST_OTHERS} such letters")
    codes = {"A": A, "C": C, "G": G, "T": T}
    return codes | {letter: (U << number) if are_read else OTHER for number, letter in enumerate(others)}


def literal_table(codes: dict[str, int]) -> Bytes:
    """The code of every byte in a read, uint8 [256], where letters match themselves alone, in either case."""
    table = np.zeros(256, np.uint8)
    for letter, code in codes.items():
        table[ord(letter)] = table[ord(letter.lower())] = code
    return table
