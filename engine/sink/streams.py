"""From a batch to the text of each file: mates, reads whose mate is dropped, and those that are."""

from __future__ import annotations

import numpy as np

from engine.batch import ReadBatch
from engine.sink.plan import OutputPlan
from engine.sink.texts import Text, interleaved, kept, nothing, text_of, turns_of


def stream_texts(batch: ReadBatch, plan: OutputPlan) -> list[Text]:
    """The text of each of `OutputPlan.paths`: what a batch keeps, and what it has dropped."""
    texts = _kept_texts(batch, plan)
    if not plan.dropped:
        return texts
    # Imported where it is needed: its kernels are for those who have such files.
    from engine.sink.dropped_texts import dropped_texts

    return texts + dropped_texts(batch, plan.dropped, tells_reasons=plan.tells_reasons)


def _kept_texts(batch: ReadBatch, plan: OutputPlan) -> list[Text]:
    mine = kept(batch)
    mate = batch.mate
    if mate is None:
        return [text_of(batch, mine)] + [nothing() for other in (plan.second, plan.singletons) if other is not None]
    theirs = kept(mate)
    if plan.with_singletons:
        return [interleaved(text_of(batch, mine), text_of(mate, theirs), turns_of(mine, theirs))]
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
