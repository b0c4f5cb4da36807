"""Regular expressions of users, searched in the names of reads: none may hold the process up, whatever it is."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from engine.errors import LanescopeError

_NAME_SECONDS = 0.25
"""CPU time that one name may take: a sound pattern takes microseconds."""

_BATCH_SECONDS = 0.5
_SECONDS_FOR_NAME = 25e-6
"""CPU time that the names of a batch may take in all, and how much more for each of them."""

_CLASS = re.compile(rb"\[:\^?[a-z]+:\]")
_TOGETHER = 256
_LONGEST_FOR_SIMPLE = 500
_SHOWN = 60

_REPETITIONS = re.compile(rb"[*+?{]")
_REPEATED_GROUP = re.compile(rb"\)[*+?{]")
_PLAIN_BRACE = re.compile(rb"(?s)\\.|\{(?!(?:\d+(?:,\d*)?|,\d*)\})")
"""What is escaped, or a brace that is no number of repetitions: `regex` takes that for errors that a match may have."""

Mask = npt.NDArray[np.bool_]
Finder = Callable[[bytes], object]


class SlowPatternError(LanescopeError):
    """A regular expression takes so long that nobody could wait for it, or call it off."""

    title = "The regular expression takes too long"
    hint = (
        "Write it without repetitions of repetitions, such as (a|aa)+, and without many .* in a row, or look for plain "
        "text."
    )


class NamePattern:
    """A regular expression that is searched in names; may be shared by threads.

    Python's own engine cannot be stopped, and lets nobody else work meanwhile. So it gets only what cannot take long:
    one repetition at most, of something simple, in names of usual length. The engine of `regex`, for all else, is asked
    for a time.

    Args:
        pattern: an expression of Python's syntax for bytes.
    """

    def __init__(self, pattern: bytes) -> None:
        self._pattern = pattern
        self._plain = compiled(pattern).search

    def found_in(self, names: Sequence[bytes], go_on: Callable[[], None] | None = None) -> Mask:
        """Which names have it in them.

        Args:
            names: of reads.
            go_on: asked after every few names; raises where nobody wants to know any more.

        Raises:
            SlowPatternError: that takes too long.
        """
        longest = max(map(len, names), default=0)
        is_quick = longest <= _LONGEST_FOR_SIMPLE and _is_simple(self._pattern)
        search = self._plain if is_quick else _stoppable(self._pattern)
        found = np.zeros(len(names), np.bool_)
        end = time.thread_time() + _BATCH_SECONDS + len(names) * _SECONDS_FOR_NAME
        for first in range(0, len(names), _TOGETHER):
            some = names[first : first + _TOGETHER]
            found[first : first + len(some)] = [self._is_found(search, name) for name in some]
            if go_on is not None:
                go_on()
            if time.thread_time() > end:
                raise self._too_slow(f"{first + len(some):,} names, such as {_shown(some[-1])}")
        return found

    def _is_found(self, search: Finder, name: bytes) -> bool:
        try:
            return search(name) is not None
        except TimeoutError:
            raise self._too_slow(f"the name {_shown(name)}") from None

    def _too_slow(self, what: str) -> SlowPatternError:
        return SlowPatternError(f"{_shown(self._pattern)} does not come to an end in reasonable time with {what}.")


def compiled(pattern: bytes) -> re.Pattern[bytes]:
    """An expression as Python has it.

    Raises:
        re.error: it is none; or it has a class of letters as other programs write it, which means letters here to one
            engine and a class to the other.
    """
    if found := _CLASS.search(pattern):
        raise re.error(f"there are no classes such as {found[0].decode()}: write the letters, such as [A-Za-z0-9]")
    with warnings.catch_warnings():  # of what may mean something else in a Python to come
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(pattern)


def _is_simple(pattern: bytes) -> bool:
    """Whether it takes at most the square of a name's length; said of some that do only by chance of their writing."""
    text = pattern.replace(b"(?", b"(")
    return len(_REPETITIONS.findall(text)) <= 1 and not _REPEATED_GROUP.search(text)


def _stoppable(pattern: bytes) -> Finder:
    # Imported where it is needed, which is seldom.
    import regex

    try:
        compiled = regex.compile(_PLAIN_BRACE.sub(lambda found: rb"\{" if found[0] == b"{" else found[0], pattern))
    except regex.error as error:
        words = f"{_shown(pattern)} cannot be searched: {error}."
        raise LanescopeError(words, hint="Write the regular expression in another way.") from error

    def search(name: bytes) -> object:
        """Raises `TimeoutError` after CPU time of this thread; the library counts that of all, or the clock's time."""
        began, limit = time.thread_time(), _NAME_SECONDS
        while True:
            try:
                return compiled.search(name, timeout=limit)
            except TimeoutError:
                if time.thread_time() - began >= _NAME_SECONDS / 2:
                    raise
                limit *= 2

    return search


def _shown(text: bytes) -> str:
    whole = text.decode("utf-8", "backslashreplace")
    return whole if len(whole) <= _SHOWN else f"{whole[:_SHOWN]}…"
