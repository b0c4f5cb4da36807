"""New headers of reads, made from templates such as ``{id}_{adapter_name} {comment}``."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping

from engine.batch import Bytes, ReadBatch
from engine.stages.naming import Pieces

Fill = Callable[[Pieces], None]
"""Adds what stands for a field."""

NAME_FIELDS = ("header", "id", "comment", "rn")
"""What every template may hold: the old header, what is before and after its first space, and 1 or 2."""


def filled(
    batch: ReadBatch,
    template: str,
    fills: Mapping[str, Fill],
    sources: tuple[Bytes | None, Bytes | None] = (None, None),
    *,
    is_second: bool,
) -> ReadBatch:
    """The batch with headers made from a template.

    Args:
        batch: one side of the pairs.
        template: as `engine.stages.naming.check_template` lets it pass.
        fills: what stands for each field that is not of `NAME_FIELDS`.
        sources: the buffers that `Pieces.FIRST` and `Pieces.SECOND` are.
        is_second: these are second reads.
    """
    pieces = Pieces(batch)
    id_starts, id_lengths, comment_starts, comment_lengths = pieces.parts
    own: dict[str, Fill] = {
        "header": lambda pieces: pieces.add_part(batch.name_starts, batch.name_lengths),
        "id": lambda pieces: pieces.add_part(id_starts, id_lengths),
        "comment": lambda pieces: pieces.add_part(comment_starts, comment_lengths),
        "rn": lambda pieces: pieces.add_word(b"2" if is_second else b"1"),
    }
    for word, name, _, _ in string.Formatter().parse(template):
        if word:
            pieces.add_word(word.encode())
        if name is not None:
            (own.get(name) or fills[name])(pieces)
    return pieces.named(*sources)
