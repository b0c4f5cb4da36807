from __future__ import annotations

from engine.collectors.known_sequences import KnownSequence, default_adapters, default_contaminants


def test_what_lanescope_comes_with() -> None:
    assert default_adapters()[0] == KnownSequence("Illumina Universal Adapter", "AGATCGGAAGAG")
    assert [adapter.name for adapter in default_adapters()[-2:]] == ["PolyA", "PolyG"]
    assert {len(adapter.bases) for adapter in default_adapters()} == {12}
    contaminants = default_contaminants()
    assert contaminants[0] == KnownSequence("Illumina Single End Adapter 1", "GATCGGAAGAGCTCGTATGCCGTCTTCTGCTTG")
    assert len(contaminants) > 150
    assert all(not set(known.bases) - set("ACGT") for known in contaminants)
