"""Headers that tell which adapter was found in a read, and where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.batch import ReadBatch
from engine.stages.adapter_search import AdapterSearch, Matches
from engine.stages.base import Mask
from engine.stages.naming import Pieces
from engine.stages.templates import Fill, filled

_NONE = b"no_adapter"


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The reads of one side of the pairs, and what was found in them before anything was cut.

    Attributes:
        batch: the reads.
        found: what was found.
        search: what has found it; ``None``: nobody looked.
    """

    batch: ReadBatch
    found: Matches
    search: AdapterSearch | None

    def fill_name(self, pieces: Pieces) -> None:
        """Adds the name of the last adapter found."""
        titles = [] if self.search is None else self.search.titles
        pieces.add_choice([_NONE, *titles], self.found.which + 1)

    def fill_match(self, pieces: Pieces, *, source: int) -> None:
        """Adds what the adapter was found as; of linked ones both parts, with a comma between."""
        starts = self.batch.sequence_starts
        front_begins, front_ends, back_begins, back_ends = self.found.places
        pieces.add_part(starts + np.maximum(front_begins, 0), front_ends - front_begins, source)
        if self.search is not None:
            pieces.add_word(b",", np.append(self.search.is_linked, [False])[self.found.which])
        pieces.add_part(starts + np.maximum(back_begins, 0), back_ends - back_begins, source)


def renamed(sides: list[Side], template: str, turned: Mask) -> list[ReadBatch]:
    """The reads of each side with headers made from a template of `TEMPLATE_FIELDS`.

    Args:
        sides: first reads and, where there are mates, second ones.
        template: see `AdapterParameters.rename`.
        turned: bool [n_reads], reads or pairs that go on in the other orientation.
    """
    sources = sides[0].batch.buffer, sides[1].batch.buffer if len(sides) > 1 else None
    shared: dict[str, Fill] = {"rc": lambda pieces: pieces.add_word(b"rc", turned)}
    for number in (0, 1):  # of single reads, both are the read itself
        shared |= _fills(sides[min(number, len(sides) - 1)], f"r{number + 1}.", min(number, len(sides) - 1))
    return [
        filled(side.batch, template, shared | _fills(side, "", number), sources, is_second=number == 1)
        for number, side in enumerate(sides)
    ]


def _fills(side: Side, prefix: str, number: int) -> dict[str, Fill]:
    source = Pieces.SECOND if number else Pieces.FIRST
    return {
        f"{prefix}adapter_name": side.fill_name,
        f"{prefix}match_sequence": partial(side.fill_match, source=source),
    }
