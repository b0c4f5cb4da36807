"""Words of an adapter, one of which a read has to hold for the adapter to be in it.

An alignment with at most k errors leaves one of k + 1 pieces of the adapter unharmed. Where only a
part of the adapter may be in the read, at one of its ends, fewer errors are allowed and shorter words are looked
for, close to that end. The words are those of cutadapt 5's heuristic: what it passes over is passed over here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

_SHORTEST = 5
"""Below this many bases, a word of a part is looked for only at the very end of the read."""


@dataclass(frozen=True, slots=True)
class Word:
    """Letters, and the part of the read in which they are searched.

    Attributes:
        text: the letters.
        begin: where the part begins; below zero, counted from the read's end.
        end: where it ends; ``None``: with the read.
    """

    text: str
    begin: int
    end: int | None


def words_of(
    adapter: str, overlap: int, rate: float, *, at_end: bool, at_start: bool, inside: bool
) -> tuple[Word, ...]:
    """The words of an adapter.

    Args:
        adapter: its letters.
        overlap: least bases of it that have to be in the read.
        rate: errors allowed for each base.
        at_end: the read's 3' end may hold only the beginning of the adapter.
        at_start: the read's 5' end may hold only the end of the adapter.
        inside: the whole adapter may be anywhere.

    Returns:
        The words; those that are searched in the whole read come first.
    """
    found: list[Word] = []
    if at_end:
        found += [Word(text, -reach, None) for text, reach in _of_parts(adapter, overlap, rate)]
    if at_start:
        found += [Word(text[::-1], 0, reach) for text, reach in _of_parts(adapter[::-1], overlap, rate)]
    if inside:
        found += [Word(text, 0, None) for text in _pieces(adapter, int(len(adapter) * rate) + 1)]
    return _merged(found)


def _pieces(text: str, count: int) -> set[str]:
    """The text in `count` pieces as equal as can be, the longer ones first."""
    size, longer = divmod(len(text), count)
    bounds = [i * size + min(i, longer) for i in range(count + 1)]
    return {text[begin:end] for begin, end in pairwise(bounds)}


def _of_parts(adapter: str, overlap: int, rate: float) -> list[tuple[str, int]]:
    """Words of the adapter's beginnings, and how far from the read's end each has to be searched."""
    spans: list[int] = []
    for length in range(len(adapter) + 1):
        if int(length * rate) > len(spans):
            spans.append(length - 1)
    spans.append(len(adapter))
    found: list[tuple[str, int]] = []
    shortest = overlap
    for errors, longest in enumerate(spans):
        if shortest > longest:
            continue
        if errors == 0:
            found += [(adapter[:length], length) for length in range(shortest, _SHORTEST)]
            shortest = max(shortest, _SHORTEST)
        found += [(piece, longest) for piece in _pieces(adapter[:shortest], errors + 1)]
        shortest = longest + 1
    return found


def _merged(words: list[Word]) -> tuple[Word, ...]:
    """Each text once for each end of the read, in the widest part that it is searched in."""
    merged: dict[tuple[str, str], Word] = {}
    everywhere = {word.text for word in words if word.begin == 0 and word.end is None}
    for word in words:
        if word.text in everywhere:
            merged[word.text, ""] = Word(word.text, 0, None)
        elif word.end is None:
            begin = min(word.begin, merged.get((word.text, "3'"), word).begin)
            merged[word.text, "3'"] = Word(word.text, begin, None)
        else:
            end = max(word.end, merged.get((word.text, "5'"), word).end or 0)
            merged[word.text, "5'"] = Word(word.text, 0, end)
    return tuple(sorted(merged.values(), key=lambda word: (word.begin != 0 or word.end is not None, word.text)))
