from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.stages.adapter_parameters import AdapterParameters
from engine.stages.adapters import AdapterTrimmer
from engine.stages.detection import detected, with_adapters
from engine.stages.known_adapters import LIBRARIES
from kernels.stages.detect import word_counts, word_counts_reference
from tests.naive_parser import Read
from tests.strategies import batch_of, columns_of

CHANCE = np.random.default_rng(3)


def insert(length: int) -> bytes:
    return bytes(CHANCE.choice(list(b"ACGT"), length).astype(np.uint8))


def reads_of(adapter: str, count: int, total: int = 2000) -> list[Read]:
    texts = [(insert(40) + adapter.encode() + insert(60))[:100] if i < count else insert(100) for i in range(total)]
    return [Read(b"r", text, b"I" * len(text)) for text in texts]


def test_adapters_of_kits_are_found() -> None:
    for name, sequence in LIBRARIES.items():
        assert [adapter.name for adapter in detected([batch_of(reads_of(sequence, 20))])] == [name]


def test_rare_words_and_empty_inputs_are_no_adapters() -> None:
    assert detected([batch_of(reads_of(LIBRARIES["Nextera"], 1))]) == ()
    assert detected([batch_of([])]) == ()
    assert detected([]) == ()


def test_one_read_in_a_thousand_and_three_at_least_make_an_adapter() -> None:
    some, none = batch_of([Read(b"r", LIBRARIES["Nextera"].encode(), b"I" * len(LIBRARIES["Nextera"]))]), insert(40)
    others = batch_of([Read(b"r", none, b"I" * 40)] * 996)
    for with_adapter, batches_of_others, is_found in [(2, 0, False), (3, 1, True), (3, 4, False), (4, 4, True)]:
        found = detected([some] * with_adapter + [others] * batches_of_others)
        assert [adapter.name for adapter in found] == ["Nextera"] * is_found


def test_both_reads_of_pairs_are_looked_at() -> None:
    first, second = LIBRARIES["TruSeq, first read"], LIBRARIES["TruSeq, second read"]
    batch = replace(batch_of(reads_of(first, 30)), mate=batch_of(reads_of(second, 20)))
    parameters = with_adapters(AdapterParameters(detect=True, adapters=()), detected([batch]))
    assert [adapter.sequence for adapter in parameters.adapters] == [first, second]
    assert not parameters.detect
    stage = AdapterTrimmer(parameters)
    stage.process(batch)
    assert sum(stage.statistics.counters["TruSeq, first read"].values()) >= 30


@given(texts=st.lists(st.text(alphabet="ACGTNac", max_size=150).map(str.encode), max_size=5))
def test_counting_words_agrees_with_reference(texts: list[bytes]) -> None:
    reads = columns_of(texts)
    letters = np.zeros((3, 64), np.uint8)
    letters[1, :3] = [0, 1, 2]
    words = np.array([[0, 0, 2], [0, 0, 3], [0, 0, 64]])
    counts = np.zeros((2, 3), np.int64)
    word_counts(reads.buffer, reads.starts, reads.lengths, letters, words, counts[0])
    word_counts_reference(reads.buffer, reads.starts, reads.lengths, letters, words, counts[1])
    assert counts[0].tolist() == counts[1].tolist()
