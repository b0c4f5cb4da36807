from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.collectors.known_sequences import KnownSequence, default_contaminants
from engine.collectors.modules.contaminants import NO_SOURCE, ContaminantFinder, Match, match_along, possible_source

TRUSEQ_1 = "GATCGGAAGAGCACACGTCTGAACTCCAGTCACATCACGATCTCGTATGCCGTCTTCTGCTTG"
COMPLEMENT = {"A": "T", "C": "G", "G": "C", "T": "A"}


def naive_source(contaminants: list[KnownSequence], sequence: str) -> str:
    """Every contaminant along every offset, none passed over."""
    best, name = None, ""
    for contaminant in contaminants:
        found = _naive_match(contaminant.bases, sequence)
        if found and (best is None or (found.length, found.identity) > (best.length, best.identity)):
            best, name = found, contaminant.name
    return f"{name} ({best.identity}% over {best.length}bp)" if best else NO_SOURCE


def _naive_match(forward: str, sequence: str) -> Match | None:
    reverse = "".join(COMPLEMENT[base] for base in reversed(forward))
    if 8 <= len(sequence) < 20 and (sequence in forward or sequence in reverse):
        return Match(len(sequence), 100)
    best: Match | None = None
    for strand in (forward, reverse):
        for offset in range(20 - len(forward), len(sequence) - 20):
            found = match_along(strand, sequence, offset)
            if found and (best is None or found.length > best.length):
                best = found
    return best


@pytest.mark.parametrize(
    ("sequence", "source"),
    [
        (TRUSEQ_1[:50], "TruSeq Adapter, Index 1 (100% over 50bp)"),
        (
            "TTATACCCCATCCAGCCCGAGAAATAGTAGATCGGAAGAGCACACGTCTG",
            "Illumina Multiplexing PCR Primer 2.01 (100% over 22bp)",
        ),
        ("TGATTATGAGCTTTTGTTCCTGTGAAGTTTAAGTTGACGTGTAAGATCGG", NO_SOURCE),
        (TRUSEQ_1[30:42], "Illumina PCR Primer Index 1 (100% over 12bp)"),  # comes earlier in the list
        # As long in contaminants before it, but with a mismatch.
        ("GCAGAAGACGGCATACGAGAT", "Illumina Paired End PCR Primer 2 (100% over 21bp)"),
        ("GTGACATCTCGTATGCCGTCTTC", "RNA PCR Primer, Index 41 (100% over 21bp)"),
        (TRUSEQ_1[:7], NO_SOURCE),
        ("N" * 50, NO_SOURCE),
        ("", NO_SOURCE),
    ],
)
def test_sources_that_fastqc_names(sequence: str, source: str) -> None:
    assert possible_source(sequence) == source


def test_a_stretch_by_hand() -> None:
    contaminant = "ACGTTGCAACGTAGCTAGCTTGACA"
    assert match_along(contaminant, contaminant, 0) == Match(25, 100)
    assert match_along(contaminant, "GG" + contaminant, 2) == Match(25, 100)
    assert match_along(contaminant, contaminant[3:], -3) == Match(22, 100)
    one_wrong = contaminant[:10] + "C" + contaminant[11:]
    assert match_along(contaminant, one_wrong, 0) == Match(25, 96)
    two_wrong = "G" + one_wrong[1:21] + "C" + one_wrong[22:]
    assert match_along(contaminant, two_wrong, 0) is None
    assert match_along(contaminant, contaminant[:20], 0) is None


bases = st.text("ACGT", min_size=8, max_size=40)


@settings(max_examples=150)
@given(known=st.lists(bases, min_size=1, max_size=4), parts=st.data())
def test_no_source_is_passed_over(known: list[str], parts: st.DataObject) -> None:
    contaminants = [KnownSequence(str(number), sequence) for number, sequence in enumerate(known)]
    contaminants += [KnownSequence("again", contaminants[0].bases)]
    chosen = parts.draw(st.sampled_from(known))
    start = parts.draw(st.integers(0, 10))
    sequence = (parts.draw(st.text("ACGTN", max_size=12)) + chosen[start:] + parts.draw(st.text("ACGT", max_size=12)))[
        :50
    ]
    if sequence and parts.draw(st.booleans()):
        at = parts.draw(st.integers(0, len(sequence) - 1))
        sequence = sequence[:at] + parts.draw(st.sampled_from("ACGTN")) + sequence[at + 1 :]
    if parts.draw(st.booleans()):
        sequence = "".join(COMPLEMENT.get(base, base) for base in reversed(sequence))
    assert ContaminantFinder(tuple(contaminants)).source(sequence) == naive_source(contaminants, sequence)


def test_what_overlaps_a_contaminant_is_found_among_all_of_them() -> None:
    contaminants = list(default_contaminants())
    for contaminant in contaminants[::17]:
        sequence = ("GATTACA" * 3 + contaminant.bases + "CCTAGG" * 5)[:50]
        assert possible_source(sequence) == naive_source(contaminants, sequence)
