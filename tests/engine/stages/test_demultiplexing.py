from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cutadapt.adapters import PrefixAdapter, SuffixAdapter
from cutadapt.info import ModificationInfo
from cutadapt.modifiers import AdapterCutter, PairedAdapterCutter
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import ReadBatch
from engine.reasons import Reason
from engine.stages.barcodes import UNKNOWN, DemultiplexParameters
from engine.stages.demultiplexing import Demultiplexer, MatesMissingError
from tests.engine.stages.agreement import record_of
from tests.naive_parser import Read
from tests.parsing import reads_of
from tests.strategies import batch_of

SEQUENCES = st.text("ACGT", min_size=4, max_size=8) | st.sampled_from(["ACGTAC", "ACGTAG", "ACNTR", "TTTTTTTT"])


def set_up(sequences: list[str], seconds: list[str] | None = None, **values: Any) -> DemultiplexParameters:
    barcodes = [
        {"name": f"s{index}", "sequence": sequence, "second": seconds[index] if seconds else ""}
        for index, sequence in enumerate(sequences)
    ]
    return DemultiplexParameters.model_validate({"barcodes": barcodes, **values})


def with_mates(first: list[Read], second: list[Read]) -> ReadBatch:
    return replace(batch_of(first, number=0), mate=batch_of(second, number=0))


def sorted_by_sample(parameters: DemultiplexParameters, batch: ReadBatch) -> list[tuple[str, bytes, bytes]]:
    """The sample of each read, and what is left of it and of its mate."""
    after = Demultiplexer(parameters).process(batch)
    assert after.samples is not None
    names = (*parameters.names(), UNKNOWN)
    mates = reads_of(after.mate) if after.mate is not None else [Read(b"", b"", b"")] * len(after)
    return [
        (names[sample], read.bases, mate.bases)
        for sample, read, mate in zip(after.samples.tolist(), reads_of(after), mates, strict=True)
    ]


def adapters(parameters: DemultiplexParameters, *, second: bool = False) -> list[Any]:
    kind = PrefixAdapter if parameters.end == "5' end" else SuffixAdapter
    return [
        kind(each.second if second else each.sequence, max_errors=parameters.mismatches, name=each.name, indels=False)
        for each in parameters.barcodes
    ]


@st.composite
def barcoded(draw: st.DrawFn, sequences: list[str], most: int) -> Read:
    barcode = list(draw(st.sampled_from(sequences)).replace("N", "A").replace("R", "G"))
    for _ in range(draw(st.integers(0, most + 1))):
        barcode[draw(st.integers(0, len(barcode) - 1))] = draw(st.sampled_from("ACGTN"))
    rest = draw(st.text("ACGTN", max_size=6))
    text = "".join(barcode) + rest if draw(st.booleans()) else rest + "".join(barcode)
    text = text[: draw(st.integers(0, 20))]
    return Read(b"r", text.encode(), b"I" * len(text))


ENDS = st.sampled_from(["5' end", "3' end"])


@settings(max_examples=120)
@given(
    data=st.data(), sequences=st.lists(SEQUENCES, min_size=1, max_size=5, unique=True), most=st.integers(0, 2), end=ENDS
)
def test_single_reads_agree_with_cutadapt(data: st.DataObject, sequences: list[str], most: int, end: str) -> None:
    reads = data.draw(st.lists(barcoded(sequences, most), min_size=1, max_size=8))
    parameters = set_up(sequences, mismatches=most, end=end, ambiguous="first")
    cutter = AdapterCutter(adapters(parameters), index=False)
    expected = []
    for read in reads:
        record = record_of(read)
        info = ModificationInfo(record)
        after = cutter(record, info)
        expected.append((info.matches[-1].adapter.name if info.matches else UNKNOWN, after.sequence.encode(), b""))
    assert sorted_by_sample(parameters, batch_of(reads, number=0)) == expected


@settings(max_examples=120)
@given(
    data=st.data(), sequences=st.lists(SEQUENCES, min_size=1, max_size=4, unique=True), most=st.integers(0, 2), end=ENDS
)
def test_pairs_agree_with_cutadapt(data: st.DataObject, sequences: list[str], most: int, end: str) -> None:
    seconds = data.draw(st.permutations(sequences))
    pairs = data.draw(st.lists(st.tuples(barcoded(sequences, most), barcoded(seconds, most)), min_size=1, max_size=8))
    parameters = set_up(sequences, seconds, mismatches=most, end=end, ambiguous="first")
    cutter = PairedAdapterCutter(adapters(parameters), adapters(parameters, second=True))
    expected = []
    for first, second in pairs:
        records = record_of(first), record_of(second)
        infos = ModificationInfo(records[0]), ModificationInfo(records[1])
        ours, theirs = cutter(*records, *infos)
        name = infos[0].matches[-1].adapter.name if infos[0].matches else UNKNOWN
        expected.append((name, ours.sequence.encode(), theirs.sequence.encode()))
    assert sorted_by_sample(parameters, with_mates(*map(list, zip(*pairs, strict=True)))) == expected


def reads(*texts: str) -> list[Read]:
    return [Read(b"r", text.encode(), b"I" * len(text)) for text in texts]


def test_what_two_barcodes_suit_belongs_to_neither() -> None:
    batch = batch_of(reads("ACGTTT", "ACCTTT", "ACTTTT"), number=0)
    assert [each[0] for each in sorted_by_sample(set_up(["ACG", "ACT"]), batch)] == ["s0", UNKNOWN, "s1"]
    assert [each[0] for each in sorted_by_sample(set_up(["ACG", "ACT"], ambiguous="first"), batch)] == [
        "s0",
        "s0",
        "s1",
    ]
    stage = Demultiplexer(set_up(["ACG", "ACT"], unknown="drop"))
    after = stage.process(batch)
    assert len(after.kept()) == 2
    assert stage.statistics.drops == {Reason.NO_BARCODE: 1}
    assert stage.statistics.counters["samples"] == {"s0": 1, "s1": 1, UNKNOWN: 1}
    assert stage.statistics.counters["ambiguous"] == {"reads": 1}


def test_barcodes_of_second_reads() -> None:
    batch = with_mates(reads("ACGTTT", "TTTTTT"), reads("GGGGGG", "ACGTTT"))
    found = sorted_by_sample(set_up(["ACG"], read="second", mismatches=0), batch)
    assert found == [(UNKNOWN, b"ACGTTT", b"GGGGGG"), ("s0", b"TTTTTT", b"TTT")]
    for parameters in (set_up(["ACG"], read="second"), set_up(["ACG"], ["CCC"])):
        with pytest.raises(MatesMissingError):
            Demultiplexer(parameters).process(batch_of(reads("ACG"), number=0))


def test_barcodes_of_headers() -> None:
    names = [b"M:1 1:N:0:ACGT+TTGG", b"M:2 1:N:0:ACTT+TTGG", b"M:3 1:N:0:GGGG+CCCC", b"M:4", b"M:5 1:N:0:ACGT"]
    batch = batch_of([Read(name, b"ACGTA", b"IIIII") for name in names], number=0)
    single = sorted_by_sample(set_up(["ACGT", "GGGG"], place="header"), batch)
    assert single == [(name, b"ACGTA", b"") for name in ("s0", "s0", "s1", UNKNOWN, "s0")]
    dual = set_up(["ACGT", "GGGG"], ["TTGG", "TTTT"], place="header")
    assert [each[0] for each in sorted_by_sample(dual, batch)] == ["s0", "s0", UNKNOWN, UNKNOWN, UNKNOWN]
    pairs = with_mates(*[[Read(name, text, b"IIII") for name in names] for text in (b"AAAA", b"CCCC")])
    assert [each[0] for each in sorted_by_sample(dual, pairs)] == ["s0", "s0", UNKNOWN, UNKNOWN, UNKNOWN]


def test_without_cutting_reads_stay_as_they_are() -> None:
    assert sorted_by_sample(set_up(["ACG"], cut=False), batch_of(reads("ACGTTT"), number=0)) == [("s0", b"ACGTTT", b"")]


def test_rows_that_are_chosen_keep_their_samples() -> None:
    after = Demultiplexer(set_up(["ACG", "TTT"])).process(batch_of(reads("ACGA", "TTTA", "GGGG"), number=0))
    chosen = after.rows(np.array([2, 1]))
    assert chosen.samples is not None
    assert chosen.samples.tolist() == [-1, 1]


@pytest.mark.parametrize(
    ("barcodes", "values", "words"),
    [
        ([("a", "ACG"), ("A", "TTT")], {}, "capitals"),
        ([("Unknown", "ACG")], {}, "no sample can be named"),
        ([("a", "ACG"), ("b", "acg")], {}, "two samples have the barcode ACG"),
        ([("a", "ACG"), ("b", "AC")], {"mismatches": 2}, "found anywhere"),
        ([("../a", "ACG")], {}, "sample's name"),
        ([("a", "AC-G")], {}, "not IUPAC"),
        ([("a", "NNN")], {}, "known"),
        ([], {}, "at least 1"),
    ],
)
def test_barcodes_that_cannot_work(barcodes: list[tuple[str, str]], values: dict[str, Any], words: str) -> None:
    listed = [{"name": name, "sequence": sequence} for name, sequence in barcodes]
    with pytest.raises(ValueError, match=words):
        DemultiplexParameters.model_validate({"barcodes": listed, **values})


def test_second_barcodes_for_all_or_none() -> None:
    with pytest.raises(ValueError, match="either all"):
        set_up(["ACG", "TTT"], ["AAA", ""])
    with pytest.raises(ValueError, match="leave 'read'"):
        set_up(["ACG"], ["AAA"], read="second")
