"""Unfinished outputs of lost runs, found again by a note."""

from __future__ import annotations

from pathlib import Path

from engine.checkpoint.folder import CheckpointFolder
from engine.checkpoint.leftovers import Leftovers, temporary_ending


def test_only_the_runs_own_unfinished_files_go(tmp_path: Path) -> None:
    outputs = tmp_path / "out"
    outputs.mkdir()
    leftovers = Leftovers(tmp_path / "run 1")
    token = leftovers.begin([outputs, tmp_path / "gone"])
    mine = outputs / f".a.fastq.x{temporary_ending(token)}"
    kept = outputs / f".b.fastq.y{temporary_ending(token)}"
    others = [outputs / f".a.fastq{temporary_ending('0' * 12)}", outputs / f"a{temporary_ending(token)}"]
    for path in (mine, kept, *others):
        path.write_text("@r")
    assert Leftovers(tmp_path / "run 1").remove({kept}) == 2
    assert sorted(outputs.iterdir()) == sorted([kept, *others])
    assert Leftovers(tmp_path / "run 1").begin([tmp_path]) == token
    (tmp_path / "run 1" / ".outputs.json.x1y2.part").write_text("{")  # of a note that was broken off
    assert CheckpointFolder(tmp_path / "run 1").prune() == 2
    assert sorted(outputs.iterdir()) == sorted(others)
    assert not (tmp_path / "run 1").exists()


def test_a_damaged_note_finds_nothing(tmp_path: Path) -> None:
    leftovers = Leftovers(tmp_path)
    token = leftovers.begin([tmp_path])
    (tmp_path / f".a{temporary_ending(token)}").write_text("@r")
    note = tmp_path / "outputs.json"
    whole = note.read_bytes()
    for size in range(len(whole)):
        note.write_bytes(whole[:size])
        assert leftovers.remove() == 0
    for other in ('{"token": "../../etc", "folders": ["/"]}', f'{{"token": "{token}"}}', "[]"):
        note.write_text(other)
        assert leftovers.remove() == 0
        leftovers.remove_named(())
    note.write_text(f'{{"token": "{token}", "folders": []}}')
    leftovers.remove_named(())
    note.write_bytes(whole)
    assert leftovers.remove() == 2


def test_what_had_its_name_before_the_run_was_lost_goes_unless_it_is_gone_on_with(tmp_path: Path) -> None:
    leftovers = Leftovers(tmp_path / "run 1")
    ending = temporary_ending(leftovers.begin([tmp_path]))
    kept, named, foreign = (tmp_path / name for name in ("kept", "named", "foreign"))
    for path in (kept, named, foreign):
        path.write_text("@r")
    still_there = tmp_path / f".foreign.x{ending}"
    still_there.write_text("@r")
    leftovers.remove_named(())
    assert named.exists()  # nothing is noted yet
    leftovers.finish({tmp_path / ".named.part": named, tmp_path / "gone" / f".named.x{ending}": named})
    leftovers.remove_named(())
    assert named.exists()  # these are no temporary names of its own
    gone = [tmp_path / f".{path.name}.x{ending}" for path in (kept, named)]
    leftovers.finish({gone[0]: kept, gone[1]: named, still_there: foreign})
    assert leftovers.is_finishing
    leftovers.remove_named({kept})
    assert (kept.exists(), named.exists(), foreign.exists()) == (True, False, True)
    leftovers.begin([tmp_path])
    leftovers.remove_named(())
    assert kept.exists()
