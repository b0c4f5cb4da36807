from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.pipeline.definition import PipelineDefinition, StageDefinition
from gui.models.pipelines.builder import Builder, Trouble
from gui.models.pipelines.draft import Path
from gui.models.pipelines.palette import Palette, StageNote, native_notes


@pytest.fixture(scope="module")
def palette() -> Palette:
    return Palette(native_notes())


def _note(palette: Palette, name: str) -> StageNote:
    note = palette.note(f"native:{name}")
    assert note is not None
    return note


def _names(builder: Builder) -> list[str]:
    return [stage.name for stage in builder.draft.stages]


@pytest.fixture
def builder(qapp: object, palette: Palette) -> Builder:
    builder = Builder()
    for name in ("adapters", "quality", "length"):
        builder.add(_note(palette, name))
    return builder


def test_stages_come_after_the_chosen_one(builder: Builder, palette: Palette) -> None:
    builder.choose(builder.draft.stages[0].key)
    builder.add(_note(palette, "cut"))
    builder.add(_note(palette, "trim_n"), 0)

    assert _names(builder) == ["trim_n", "adapters", "cut", "quality", "length"]
    assert builder.chosen == builder.draft.stages[0].key


def test_names_stay_unique(builder: Builder, palette: Palette) -> None:
    builder.add(_note(palette, "length"))
    first = builder.draft.stages[0].key
    builder.duplicate(first)
    builder.duplicate(first)

    assert _names(builder) == ["adapters", "adapters-3", "adapters-2", "quality", "length", "length-2"]


def test_everything_can_be_undone_and_done_again(builder: Builder, palette: Palette) -> None:
    adapters, quality, length = (stage.key for stage in builder.draft.stages)
    drafts = [builder.draft]
    steps: tuple[Callable[[], object], ...] = (
        lambda: builder.move(length, 0),
        lambda: builder.remove(quality),
        lambda: builder.duplicate(adapters),
        lambda: builder.enable(length, False),
        lambda: builder.set(length, ("parameters", "minimum"), 50),
        lambda: builder.set(length, ("name",), "long-enough"),
        lambda: builder.set(None, ("description",), "For all"),
    )
    for step in steps:
        step()
        drafts.append(builder.draft)
    assert len({str(draft.as_data()) for draft in drafts}) == len(drafts)

    for draft in reversed(drafts[:-1]):
        builder.undo()
        assert builder.draft == draft
    for draft in drafts[1:]:
        builder.redo()
        assert builder.draft == draft
    assert not builder.redo_text
    assert builder.undo_text == "change the pipeline"


def test_typing_is_one_step(builder: Builder) -> None:
    length = builder.draft.stages[2].key
    for number in (1, 15, 150):
        builder.set(length, ("parameters", "minimum"), number)
    builder.set(length, ("parameters", "maximum"), 300)

    builder.undo()
    assert builder.draft.stages[2].data["parameters"] == {"minimum": 150}
    builder.undo()
    assert "parameters" not in builder.draft.stages[2].data
    assert builder.undo_text == "add length"


def test_a_new_step_forgets_what_was_undone(builder: Builder) -> None:
    builder.undo()
    assert builder.redo_text == "add length"
    builder.enable(builder.draft.stages[0].key, False)
    assert not builder.redo_text
    builder.redo()
    assert _names(builder) == ["adapters", "quality"]


def test_undo_chooses_what_it_was_done_to(builder: Builder) -> None:
    adapters, _, length = (stage.key for stage in builder.draft.stages)
    builder.remove(length)
    builder.choose(adapters)

    builder.undo()

    assert builder.chosen == length


def _is_dirty(builder: Builder) -> bool:
    return builder.is_dirty


def test_what_is_dirty(builder: Builder) -> None:
    definition = PipelineDefinition(name="mine", version="1.2.0", stages=(StageDefinition(name="cut", stage="cut"),))
    builder.open(definition)
    assert not _is_dirty(builder)
    assert not builder.is_new
    assert builder.saved_version == "1.2.0"

    cut = builder.draft.stages[0].key
    builder.set(cut, ("parameters", "five_prime"), 3)
    assert _is_dirty(builder)
    builder.set(cut, ("parameters", "five_prime"), None)
    assert not _is_dirty(builder)

    builder.enable(cut, False)
    builder.mark_saved(builder.draft, "1.3.0")
    assert not _is_dirty(builder)
    builder.undo()
    assert _is_dirty(builder)
    assert builder.draft.stages[0].is_enabled


def test_a_draft_says_what_its_definition_says(builder: Builder) -> None:
    definition = PipelineDefinition.model_validate(
        {
            "name": "mine",
            "version": "2.0.0",
            "timeout": 30,
            "on_failure": {"action": "retry", "attempts": 5},
            "stages": [
                {"name": "a", "stage": "adapters", "parameters": {"adapters": [{"sequence": "ACGT"}]}},
                {"name": "b", "stage": "length", "enabled": False, "on_failure": {"action": "continue"}},
            ],
        }
    )
    builder.open(definition)
    assert PipelineDefinition.model_validate({**builder.draft.as_data(), "version": "2.0.0"}) == definition


def test_lists_grow_and_shrink(builder: Builder) -> None:
    adapters = builder.draft.stages[0].key
    path: Path = ("parameters", "adapters")
    builder.set(adapters, (*path, 0), {"sequence": "ACGT"})
    builder.set(adapters, (*path, 1), {"sequence": "TTTT"})
    builder.set(adapters, (*path, 1, "name"), "tail")
    assert builder.value(adapters, path) == [{"sequence": "ACGT"}, {"sequence": "TTTT", "name": "tail"}]
    assert builder.value(adapters, (*path, 1, "name")) == "tail"
    assert builder.value(adapters, (*path, 7, "name")) is None

    builder.set(adapters, (*path, 0), None)
    assert builder.value(adapters, path) == [{"sequence": "TTTT", "name": "tail"}]


def test_faults_stand_with_their_stage(builder: Builder, qtbot: QtBot) -> None:
    def check(data: dict[str, Any]) -> Sequence[tuple[Path, str]]:
        short = [
            (("stages", place, "parameters", "minimum"), "has to be at least 0")
            for place, stage in enumerate(data["stages"])
            if stage.get("parameters", {}).get("minimum", 0) < 0
        ]
        return [*short, *([] if data.get("description") else [(("description",), "is missing")])]

    builder.set_check(check)
    length = builder.draft.stages[2].key
    with qtbot.waitSignal(builder.changed):
        builder.set(length, ("parameters", "minimum"), -1)
    builder.move(length, 0)

    assert builder.troubles_of(length) == (Trouble(length, ("parameters", "minimum"), "has to be at least 0"),)
    assert [trouble.words for trouble in builder.troubles_of(None)] == ["is missing"]
    builder.set(length, ("parameters", "minimum"), 0)
    builder.set(None, ("description",), "all is well")
    assert not builder.troubles


def test_faults_count_stages_as_cards_do(builder: Builder) -> None:
    builder.set_check(lambda _: [(("stages", 1, "name"), "'a' is the name of stages[0] already")])
    assert [trouble.words for trouble in builder.troubles] == ["'a' is the name of stage 1 already"]


def test_the_last_stage_can_go(builder: Builder) -> None:
    for stage in builder.draft.stages:
        builder.remove(stage.key)
    assert builder.chosen is None
    assert not builder.draft.stages
