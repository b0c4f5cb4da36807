from __future__ import annotations

from dataclasses import replace

import pytest

from engine.search.query_stages import QUERY_KINDS
from engine.stages.catalogue import KINDS
from gui.models.pipelines.fields import Field, Kind
from gui.models.pipelines.palette import Palette, native_notes


@pytest.fixture(scope="module")
def palette() -> Palette:
    return Palette(native_notes())


def _fields(palette: Palette, name: str) -> dict[str, Field]:
    note = palette.note(f"native:{name}")
    assert note is not None
    return {field.key: field for field in note.fields}


def test_all_stages_are_there_in_their_groups(palette: Palette) -> None:
    for pipeline_type in ("document", "query", "result"):
        titles = [note.title for _, notes in palette.groups(pipeline_type=pipeline_type) for note in notes]
        stages = [kind.title for kind in KINDS.values() if pipeline_type in kind.works_on]
        searches = [kind.title for kind in QUERY_KINDS.values() if pipeline_type in kind.works_on]
        assert sorted(titles) == sorted(stages + searches)
    assert [group for group, _ in palette.groups()][:3] == ["Trim", "Filter", "Change"]


def test_a_search_looks_for_all_words_anywhere(palette: Palette) -> None:
    found = [note.name for _, notes in palette.groups("poly tails") for note in notes if note.type == "native"]
    assert found == ["poly_a"]
    assert palette.groups("nothing like it") == []


def test_every_field_has_words(palette: Palette) -> None:
    for _, notes in palette.groups():
        for note in notes:
            assert note.title
            assert all(field.title for field in note.fields)


def test_fields_tell_what_can_be_set(palette: Palette) -> None:
    minimum, maximum = (_fields(palette, "length")[key] for key in ("minimum", "maximum"))
    assert (minimum.kind, minimum.unit, minimum.default, minimum.least) == (Kind.WHOLE, "bases", 20, 0)
    assert (maximum.kind, maximum.is_optional, maximum.default) == (Kind.WHOLE, True, None)

    quality = _fields(palette, "quality")["three_prime"]
    assert (quality.unit, quality.hint) == ("Phred", "0 to 93")
    assert _fields(palette, "name")["text"].is_required


def test_lists_of_groups(palette: Palette) -> None:
    fields = _fields(palette, "adapters")
    adapter = fields["adapters"].item
    assert fields["adapters"].kind is Kind.LIST
    assert adapter is not None
    assert adapter.kind is Kind.GROUP
    assert adapter.empty() == {"sequence": ""}
    place = next(field for field in adapter.fields if field.key == "place")
    assert place.kind is Kind.CHOICE
    assert "5' anchored" in place.choices
    assert place.default == "3'"
    assert fields["known"].kind is Kind.SWITCH
    assert fields["errors"].kind is Kind.NUMBER
    assert fields["action"].choices[0] == "trim"


def test_origins_are_told_in_words() -> None:
    note = native_notes()[0]
    assert replace(note, source="Martin 2011.").origin == "After Martin 2011."
    assert replace(note, source="Lanescope; splitmix64.").origin == "After splitmix64."
    assert replace(note, source="Lanescope.").origin == ""
    assert replace(note, type="wasm", source="Ada, version 2.0.0").origin == "By Ada, version 2.0.0"


def test_no_two_fields_of_a_stage_are_called_alike() -> None:
    for note in native_notes():
        titles = [field.title for field in note.fields]
        assert len(set(titles)) == len(titles), note.title
