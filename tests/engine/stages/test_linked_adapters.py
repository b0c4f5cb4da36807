"""Linked adapters, in either orientation, against cutadapt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cutadapt import adapters as theirs
from cutadapt.info import ModificationInfo
from cutadapt.modifiers import PairedReverseComplementer, ReverseComplementer
from cutadapt.parser import make_adapter
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.stages.adapter_models import Adapter
from engine.stages.adapter_parameters import AdapterParameters
from engine.stages.adapter_set import Place
from engine.stages.adapters import AdapterTrimmer
from engine.stages.counters import TURNED
from engine.stages.name_filters import names_of
from kernels.stages.adapter_cuts import HISTOGRAM, count_cuts, count_cuts_reference
from kernels.stages.turn import COMPLEMENT, picked, picked_reference, turn, turn_reference, turned, turned_reference
from tests.engine.stages.agreement import modified, reads_with, record_of, through, writable
from tests.engine.stages.test_adapters import CLASSES, cutter
from tests.naive_parser import Read
from tests.parsing import reads_of
from tests.strategies import batch_of

FRONTS = [Place.START, Place.START_ANCHORED, Place.START_ONLY]
BACKS = [Place.END, Place.END_ANCHORED, Place.END_ONLY]
REQUIRED = ["anchored", "both", "5' part", "3' part", "none"]


def texts(letters: str = "ACGT") -> st.SearchStrategy[str]:
    return st.text(alphabet=letters, min_size=1, max_size=24).filter(lambda text: set(text) - set("NX"))


@st.composite
def adapters(draw: st.DrawFn, *, linked: bool) -> dict[str, Any]:
    letters = draw(st.sampled_from(["ACGT", "ACGT", "AC", "ACGTNRY"]))
    own: dict[str, Any] = {
        "errors": draw(st.sampled_from([None, 0.0, 0.2, 0.34])),
        "minimum_overlap": draw(st.sampled_from([None, 1, 5])),
    }
    if not linked:
        return {"sequence": draw(texts(letters)), "place": draw(st.sampled_from(list(Place))), **own}
    front = {"sequence": draw(texts(letters)), "place": draw(st.sampled_from(FRONTS)), **own}
    return {
        "sequence": draw(texts(letters)),
        "place": draw(st.sampled_from(BACKS)),
        "minimum_overlap": draw(st.sampled_from([None, 2])),
        "front": front,
        "required": draw(st.sampled_from(REQUIRED)),
    }


@st.composite
def settings_of(draw: st.DrawFn, /, **more: Any) -> AdapterParameters:
    times = draw(st.sampled_from([1, 1, 1, 2, 3]))
    chosen = draw(st.lists(adapters(linked=True), min_size=1, max_size=2))
    chosen += draw(st.lists(adapters(linked=False), max_size=1))
    actions = ["trim", "trim", "mask", "lowercase", "none"] + (["retain"] if times == 1 else [])
    return AdapterParameters.model_validate(
        {
            "adapters": draw(st.permutations(chosen)),
            "indels": draw(st.booleans()),
            "read_wildcards": draw(st.sampled_from([False, False, True])),
            "times": times,
            "action": draw(st.sampled_from(actions)),
            **more,
        }
    )


def parts_of(parameters: AdapterParameters) -> list[str]:
    """All the sequences that are looked for."""
    chosen = (*parameters.adapters, *parameters.second)
    return [adapter.sequence for adapter in chosen] + [each.front.sequence for each in chosen if each.front]


@st.composite
def reads_between(draw: st.DrawFn, parameters: AdapterParameters, turns: bool = False) -> list[Read]:
    """Reads with parts of adapters at one end, at both, or at none, some of them turned around."""
    reads = draw(reads_with(draw(st.sampled_from(parts_of(parameters))), "ACGT", most=4))
    for adapter in (*parameters.adapters, *parameters.second):
        inside = draw(reads_with(adapter.sequence, "ACGT", most=2))
        start = adapter.front.sequence.encode() if adapter.front else b""
        cut = draw(st.integers(0, max(len(start) - 1, 0)))
        whole = [draw(st.sampled_from([b"", b"AC"])) + start[cut:] + read.bases for read in inside]
        reads += [Read(b"r", bases, bytes(33 + i % 60 for i in range(len(bases)))) for bases in whole]
    if turns:
        reads = [around(read) if draw(st.booleans()) else read for read in reads]
    return [replace(read, name=b"r%d x" % number) for number, read in enumerate(reads)]


def around(read: Read) -> Read:
    return replace(read, bases=record_of(read).reverse_complement().sequence.encode(), qualities=read.qualities[::-1])


@settings(max_examples=150)
@given(data=st.data())
def test_linked_adapters_agree_with_cutadapt(data: st.DataObject) -> None:
    parameters = data.draw(settings_of())
    reads = data.draw(reads_between(parameters))
    stage, their = AdapterTrimmer(parameters), cutter(parameters)
    assert through(stage, reads) == modified(their, reads)
    assert_same_counts(stage, [their])


def assert_same_counts(stage: AdapterTrimmer, their: list[Any]) -> None:
    """The bases cut off for each part, the same as cutadapt's."""
    wanted: dict[str, dict[int, int]] = {}
    for cut in their:
        for adapter, counted in cut.adapter_statistics.items():
            for side, words in zip(counted.end_statistics(), ("5' part", "3' part"), strict=True):
                if side is None:
                    continue
                name = f"{adapter.name}, {words}" if isinstance(adapter, theirs.LinkedAdapter) else adapter.name
                for length, errors in side.errors.items():
                    mine = wanted.setdefault(name, {})
                    mine[length] = mine.get(length, 0) + sum(errors.values())
    found = {name: dict(counts) for name, counts in stage.statistics.counters.items() if counts and name != TURNED}
    assert found == {name: counts for name, counts in wanted.items() if counts}


@settings(max_examples=120)
@given(data=st.data())
def test_both_orientations_agree_with_cutadapt(data: st.DataObject) -> None:
    parameters = data.draw(settings_of(revcomp=True))
    reads = data.draw(reads_between(parameters, turns=True))
    stage, their = AdapterTrimmer(parameters), ReverseComplementer(cutter(parameters))
    assert through(stage, reads) == modified(their, reads)
    assert_same_counts(stage, [their.adapter_cutter])
    assert stage.statistics.counters[TURNED]["turned"] == their.reverse_complemented


@settings(max_examples=100)
@given(data=st.data(), mates=st.sampled_from(["both", "both", "first", "second"]))
def test_pairs_change_places_as_with_cutadapt(data: st.DataObject, mates: str) -> None:
    second = data.draw(st.lists(adapters(linked=False), max_size=1)) if mates == "both" else []
    parameters = data.draw(settings_of(revcomp=True, mates=mates, second=second))
    first = data.draw(reads_between(parameters))
    mates_of = data.draw(st.permutations(first))
    other = [replace(read, name=read.name + b"y", qualities=read.qualities[::-1]) for read in mates_of]
    cutters = [
        None if mates == skipped else cutter(parameters, of_second=of_second)
        for skipped, of_second in (("second", False), ("first", True))
    ]
    their = PairedReverseComplementer(*cutters)
    wanted: tuple[list[Read], list[Read]] = ([], [])
    for pair in zip(first, other, strict=True):
        records = [record_of(read) for read in pair]
        after = their(*records, *map(ModificationInfo, records))
        for reads, record in zip(wanted, after, strict=True):
            reads.append(Read(record.name.encode(), record.sequence.encode(), record.qualities.encode()))
    stage = AdapterTrimmer(parameters)
    result = stage.process(replace(writable(batch_of(first)), mate=writable(batch_of(other))))
    assert result.mate is not None
    for side, reads in zip((result, result.mate), wanted, strict=True):
        named = [replace(read, name=name) for read, name in zip(reads_of(side), names_of(side), strict=True)]
        assert named == reads
    assert_same_counts(stage, [each for each in cutters if each is not None])
    assert stage.statistics.counters[TURNED]["turned"] == their.reverse_complemented


def words_of_part(front: bool) -> st.SearchStrategy[str]:
    letters = st.sampled_from(["ACGTAC", "TTGA", "A{5}G", "acgun", "GGNCC"])
    shapes = ["{}", "^{}", "X{}", "xx{}"] if front else ["{}", "{}$", "{}X"]
    settings_ = st.sampled_from(["", ";e=0.2", ";max_error_rate=0.3;o=2", ";required", ";optional", ";max_errors=1"])
    return st.builds(lambda shape, text, rest: shape.format(text) + rest, st.sampled_from(shapes), letters, settings_)


@given(
    front=words_of_part(front=True),
    back=words_of_part(front=False),
    name=st.sampled_from(["", "mine=", " an other ="]),
    kind=st.sampled_from(["linked", "-g linked", "back", "front...", "...back"]),
)
def test_texts_mean_what_they_mean_to_cutadapt(front: str, back: str, name: str, kind: str) -> None:
    text = {
        "linked": f"{name}{front}...{back}", "-g linked": f"{name}{front}...{back}", "back": f"{name}{back}",
        "front...": f"{name}{front}...", "...back": f"...{name}{back}",
    }[kind]  # fmt: skip
    common = {"max_errors": 0.1, "min_overlap": 3, "read_wildcards": False, "adapter_wildcards": True, "indels": True}
    told = {"sequence": text, "required": "both"} if kind == "-g linked" else text
    try:
        their = make_adapter(text, "front" if kind == "-g linked" else "back", dict(common))
    except (ValueError, KeyError):
        with pytest.raises(ValueError, match="adapters"):
            AdapterParameters.model_validate({"adapters": [told]})
        return
    if kind == "-g linked" and ("required" in text or "optional" in text):
        return  # said twice
    parameters = AdapterParameters.model_validate({"adapters": [told]})
    ((title, spec),) = parameters.specs()
    parts: list[tuple[Any, Any]] = [(spec, their)]
    if isinstance(their, theirs.LinkedAdapter):
        assert spec.front is not None
        assert (spec.needs_front, spec.needs_back) == (their.front_required, their.back_required)
        parts = [(spec.front, their.front_adapter), (spec, their.back_adapter)]
    for mine, other in parts:
        assert type(other) is CLASSES[mine.place]
        assert mine.sequence == other.sequence
        assert mine.rate == other.max_error_rate
        assert mine.least == (len(other.sequence) if mine.is_anchored else other.min_overlap)
    assert not name or title == name.strip(" =")


def test_by_hand() -> None:
    reads = [Read(b"r", bases, b"I" * len(bases)) for bases in (b"ACGTTTTTCCGG", b"ACGTTTTT", b"TTTTCCGG", b"TTTT")]

    def left(adapter: object) -> list[bytes]:
        stage = AdapterTrimmer(AdapterParameters.model_validate({"adapters": [adapter], "minimum_overlap": 4}))
        return [read.bases for read in through(stage, reads)]

    assert left("ACGT...CCGG") == [b"TTTT"] * 4
    assert left("^ACGT...CCGG") == [b"TTTT", b"TTTT", b"TTTTCCGG", b"TTTT"]
    assert left({"sequence": "ACGT...CCGG", "required": "both"}) == [b"TTTT", b"ACGTTTTT", b"TTTTCCGG", b"TTTT"]
    assert left("ACGT...CCGG;required") == [b"TTTT", b"ACGTTTTT", b"TTTT", b"TTTT"]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"adapters": ["ACGT...TTGA"], "action": "crop"}, "take 'retain'"),
        ({"adapters": [{"sequence": "TTGA", "place": "5'", "front": {"sequence": "ACG"}}]}, "3' adapter"),
        ({"adapters": [{"sequence": "TTGA", "front": {"sequence": "ACG", "place": "3'"}}]}, "5' anchored"),
        ({"adapters": [{"sequence": "TTGA", "front": "ACG"}]}, "front"),
        ({"adapters": ["ACGT"], "second": ["ACGT"], "mates": "first"}, "'both'"),
        ({"adapters": [{"sequence": "ACGT$", "place": "5'"}]}, "something else"),
        ({"adapters": ["ACGT", "TTGA"], "second": ["ACGT"], "together": True}, "as many"),
        ({"adapters": ["ACGT"], "revcomp": True, "together": True}, "one orientation"),
        ({"adapters": ["ACGT"], "second": ["TTGA"], "detect": True, "together": True}, "switch detecting off"),
        ({"adapters": ["AC...GT...TT"]}, "two linked parts"),
        ({"adapters": ["ACGT;required"]}, "only a part"),
        ({"adapters": ["ACGT;e=x"]}, "a number"),
        ({"adapters": ["ACGT;nonesuch"]}, "not known"),
        ({"adapters": ["ACGT...TTT;e=4"]}, "found anywhere"),
    ],
)
def test_what_cannot_work_is_refused(chosen: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        AdapterParameters.model_validate(chosen)


def test_a_text_comes_out_as_fields() -> None:
    adapter = Adapter.model_validate({"sequence": "^ACGT...TTGA"})
    assert adapter.front is not None
    assert (adapter.sequence, adapter.front.sequence, adapter.front.place) == ("TTGA", "ACGT", Place.START_ANCHORED)
    assert Adapter.model_validate_json(adapter.model_dump_json()) == adapter
    assert Adapter.model_validate({"sequence": "TTGA", "front": {"sequence": "^ACGT"}}) == adapter


def test_x_at_an_end_is_a_letter_where_the_place_is_told() -> None:
    assert Adapter.model_validate({"sequence": "ACGTX"}).place is Place.END_ONLY
    told = Adapter.model_validate({"sequence": "ACGTX", "place": "5'"})
    assert (told.sequence, told.place) == ("ACGTX", Place.START)


@given(data=st.data(), seed=st.integers(0, 99))
def test_kernels_agree_with_references(data: st.DataObject, seed: int) -> None:
    alphabet = st.sampled_from(b"ACGTUNacgtunRYKMBVDHWS-.X")
    bases = data.draw(st.lists(st.lists(alphabet, max_size=9).map(bytes), min_size=1, max_size=5))
    chance = np.random.default_rng(seed)
    first, second = (
        batch_of([Read(b"r", text, bytes(chance.integers(33, 127, len(text), np.uint8))) for text in side])
        for side in (bases, bases[::-1])
    )
    which = chance.integers(0, 2, len(bases), np.uint8)
    columns = [np.array([side.sequence_starts, side.quality_starts, side.lengths]) for side in (first, second)]
    made = []
    for whole, inside, pick, count in (
        (turned, turn, picked, count_cuts),
        (turned_reference, turn_reference, picked_reference, count_cuts_reference),
    ):
        flat, twice = np.zeros(50, np.uint8), np.zeros(105, np.uint8)
        whole(first.buffer, first.sequence_starts, first.lengths, COMPLEMENT, flat)
        buffer = first.buffer.copy()
        inside(buffer, first.sequence_starts, first.quality_starts, first.lengths, which, COMPLEMENT)
        places = np.empty((3, len(bases)), np.int32)
        pick(first.buffer, columns[0], second.buffer, columns[1], which, twice, places)
        hits = np.random.default_rng(seed).integers(-1, 3, (2, len(bases)), np.int32)
        histogram = np.zeros((3, HISTOGRAM), np.int64)
        count(hits, 700 * (hits + 1), which, histogram)
        made.append([bytes(flat), bytes(buffer), bytes(twice), places.tolist(), histogram.tolist()])
    assert made[0] == made[1]


def test_the_complement_is_dnaios() -> None:
    text = bytes(range(33, 127))
    assert around(Read(b"r", text, b"I" * len(text))).bases == bytes(COMPLEMENT[np.frombuffer(text, np.uint8)])[::-1]
