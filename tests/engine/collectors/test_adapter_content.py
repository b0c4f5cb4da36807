from __future__ import annotations

import numpy as np
import pytest

from engine.collectors.adapters import AdapterHits
from engine.collectors.collector_set import CollectorOptions, CollectorSet
from engine.collectors.known_sequences import KnownSequence
from engine.collectors.modules.adapters import adapter_content
from engine.collectors.modules.qc import qc_results
from tests.engine.collectors.comparison import assert_close
from tests.naive_parser import Read
from tests.naive_qc import naive_groups
from tests.naive_sequences import ADAPTERS, naive_adapters
from tests.strategies import batch_of

UNIVERSAL = ADAPTERS["Illumina Universal Adapter"].encode()


def read(bases: bytes) -> Read:
    return Read(b"r", bases, b"I" * len(bases))


def test_content_by_hand() -> None:
    collectors = CollectorSet()
    reads = [read(b"CC" + UNIVERSAL), read(UNIVERSAL + b"CC"), read(b"C" * 14), read(b"")]
    collectors.add(batch_of(reads))
    content = qc_results(collectors).adapters
    assert content is not None
    assert content.starts == content.ends == (1, 2, 3)
    assert content.percent[0] == (25.0, 25.0, 50.0)
    assert content.percent[1:] == ((0.0, 0.0, 0.0),) * 5


@pytest.mark.parametrize("length", [0, 1, 11, 12])
def test_reads_too_short_for_any_adapter(length: int) -> None:
    collectors = CollectorSet()
    collectors.add(batch_of([read(b"A" * length)]))
    content = qc_results(collectors).adapters
    assert content is not None
    assert content.too_short
    assert content.names == tuple(ADAPTERS)


def test_very_long_reads_are_as_if_counted_base_by_base() -> None:
    chance = np.random.default_rng(5)
    reads = []
    for size in (70_000, 180_000, 65_000, 400, 139_999):
        bases = chance.choice(np.frombuffer(b"CT", np.uint8), size)
        for probe in ADAPTERS.values():
            at = int(chance.integers(0, size - 12))
            bases[at : at + 12] = np.frombuffer(probe.encode(), np.uint8)
        reads.append(read(bases.tobytes()))
    reads.append(read(b"C" * 65_535 + UNIVERSAL + b"C" * 114_453))
    parts = [AdapterHits(), AdapterHits()]
    for number, one in enumerate(reads):
        parts[number % 2].add(batch_of([one]))
    parts[0].merge(parts[1].copy())
    longest = max(len(one.bases) for one in reads)
    assert_close(adapter_content(parts[0], len(reads), longest), naive_adapters(reads, naive_groups(longest - 12 + 1)))


def test_adapters_of_the_users() -> None:
    options = CollectorOptions(adapters=(KnownSequence("Short", "ACGT"), KnownSequence("Long", "GGGGGGGG")))
    parts = [CollectorSet(options), CollectorSet(options)]
    parts[0].add(batch_of([read(b"TTACGTGGGGGGGG")]))
    parts[1].add(batch_of([read(b"T" * 14)]))
    total = CollectorSet()
    for part in parts:
        total.merge(part)
    content = qc_results(total).adapters
    assert content is not None
    assert content.names == ("Short", "Long")
    assert content.percent == ((0.0, 0.0, 50.0, 50.0, 50.0, 50.0, 50.0), (0.0,) * 6 + (50.0,))
    other = AdapterHits()
    other.add(batch_of([read(UNIVERSAL)]))
    with pytest.raises(ValueError, match="different adapters"):
        other.merge(parts[0].adapters)
