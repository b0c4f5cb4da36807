from __future__ import annotations

from engine.run.state import RunState
from gui.models.waiting import ahead
from tests.gui.conftest import MakeSnapshot


def test_a_queued_run_tells_how_many_come_before_it(make_snapshot: MakeSnapshot) -> None:
    going = [make_snapshot(1), make_snapshot(2, state=RunState.CREATED), make_snapshot(3, state=RunState.CREATED)]
    assert ahead(going, 1) == ahead(going, 9) == ahead((), 1) == ""
    assert ahead(going, 1, is_late=True).startswith("The engine is being made ready.")
    assert ahead(going, 9, is_late=True) == ""
    assert ahead(going, 2) == "Runs go one after another: 1 run before this one."
    assert ahead(going, 3) == "Runs go one after another: 2 runs before this one."


def test_a_run_behind_one_that_is_followed_tells_what_to_do(make_snapshot: MakeSnapshot) -> None:
    going = [make_snapshot(1, "run\n7", kind="followed"), make_snapshot(2, state=RunState.CREATED)]
    assert ahead(going, 2).startswith("Runs go one after another, and run 7 is followed until nothing more comes.")
    assert ahead(going, 1) == ""
