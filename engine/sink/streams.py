"""From a batch to the text of each file: mates, and reads whose mate is dropped."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.sink.plan import OutputPlan
from engine.sink.texts import Text, interleaved, kept, text_of


def stream_texts(batch: ReadBatch, plan: OutputPlan) -> list[Text]:
    """The text of what a batch keeps, for each of `OutputPlan.paths`."""
    mine = kept(batch)
    mate = batch.mate
    if mate is None:
        return [text_of(batch, mine)] + [_nothing()] * (len(plan.paths()) - 1)
    theirs = kept(mate)
    if plan.with_singletons:
        turns = np.flatnonzero(np.column_stack([mine, theirs])) % 2 == 1
        return [interleaved(text_of(batch, mine), text_of(mate, theirs), turns)]
    pairs = mine & theirs
    first, second = text_of(batch, pairs), text_of(mate, pairs)
    if plan.second is None:
        turns = np.tile(np.array([False, True]), first.reads)
        texts = [interleaved(first, second, turns)]
    else:
        texts = [first, second]
    if plan.singletons is not None:
        alone = mine ^ theirs
        texts.append(interleaved(text_of(batch, mine & alone), text_of(mate, theirs & alone), theirs[alone]))
    return texts


def _nothing() -> Text:
    return Text(np.empty(0, np.uint8), np.zeros(1, np.int64))
