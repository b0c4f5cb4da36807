"""By which profile a run is judged: what it keeps, until another is chosen."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.collectors.judged_by import JudgedBy, standard
from engine.collectors.profiles import Profile, profile
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState
from gui.models.settings import Settings
from gui.models.verdict_choices import KEPT, ProfileChoices


def run(judged_by: JudgedBy | None = None) -> RunSnapshot:
    return RunSnapshot(
        run_id=3,
        name="a",
        path=Path("a"),
        kind="",
        state=RunState.COMPLETED,
        created=datetime.now(UTC),
        judged_by=judged_by,
    )


@pytest.fixture
def choices(tmp_path: Path) -> ProfileChoices:
    """With one profile of one's own, ``my_rna``."""
    found = ProfileChoices()
    found.remember(Settings(tmp_path / "window.ini"), tmp_path)
    found.shelf.keep("my_rna", own(30))
    return found


def own(percent: float) -> Profile:
    base = profile("rna_seq")
    limits = base.gc_content.deviation.model_copy(update={"warn": percent})
    content = base.gc_content.model_copy(update={"deviation": limits})
    return base.model_copy(update={"title": "Our RNA", "gc_content": content})


def test_a_run_is_judged_by_what_it_keeps_until_another_is_chosen(choices: ProfileChoices) -> None:
    heard: list[int] = []
    choices.changed.connect(heard.append)
    old, new = run(), run(JudgedBy("my_rna", own(30)))
    assert [choices.name_of(each) for each in (old, new)] == ["default", "my_rna"]
    assert choices.of(old) == standard()
    choices.choose(new, "my_rna")
    assert not heard
    choices.choose(new, "amplicon")
    assert heard == [3]
    assert choices.applied(new).limits.title == "Amplicon"
    assert choices.kept_of(new) is None


@pytest.mark.parametrize("name", ["my_rna", "my_gone", "", "default"])
def test_limits_that_no_profile_has_any_more_can_be_chosen_again(choices: ProfileChoices, name: str) -> None:
    before = JudgedBy(name, own(20))
    one = run(before)
    assert choices.name_of(one) == KEPT
    choices.choose(one, "my_rna")
    assert (choices.name_of(one), choices.kept_of(one)) == ("my_rna", before)
    choices.choose(one, KEPT)
    assert (choices.name_of(one), choices.of(one)) == (KEPT, before)


def test_a_run_follows_a_change_of_its_profile_but_not_its_end(choices: ProfileChoices) -> None:
    one = run(JudgedBy("my_rna", own(30)))
    choices.shelf.keep("my_rna", own(35))
    choices.follow(one, "my_rna")
    assert choices.of(one) == JudgedBy("my_rna", own(35))
    choices.shelf.keep("my_rna", own(35).model_copy(update={"title": "Another name"}))
    assert choices.name_of(one) == "my_rna"
    choices.shelf.remove("my_rna")
    choices.follow(one, "my_rna")
    assert (choices.name_of(one), choices.of(one).limits) == (KEPT, own(35))


def test_new_runs_are_judged_as_was_chosen_while_that_profile_is_there(choices: ProfileChoices) -> None:
    assert (choices.for_new_runs, choices.for_new_run()) == ("default", None)
    choices.for_new_runs = "my_rna"
    assert choices.for_new_run() == JudgedBy("my_rna", own(30))
    choices.shelf.remove("my_rna")
    assert (choices.for_new_runs, choices.for_new_run()) == ("default", standard())
