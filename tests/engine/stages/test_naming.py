from __future__ import annotations

from dataclasses import replace

import pytest
from cutadapt.modifiers import Renamer as TheirRenamer
from hypothesis import given
from hypothesis import strategies as st

from engine.stages.name_filters import names_of
from engine.stages.naming import UmiMover, UmiParameters
from engine.stages.renaming import RenameParameters, Renamer
from tests.engine.stages.agreement import modified, through
from tests.naive_parser import Read
from tests.strategies import batch_of

NAMES = st.text(alphabet="ab:/1 \t", max_size=12).map(str.encode)


@given(
    names=st.lists(NAMES, max_size=6),
    template=st.sampled_from(["{header}", "{id}", "x_{id}/1 {comment}", "{comment}{comment}"]),
)
def test_renaming_agrees_with_cutadapt(names: list[bytes], template: str) -> None:
    reads = [Read(name, b"AC", b"II") for name in names]
    ours = through(Renamer(RenameParameters(template=template)), reads)
    assert ours == modified(TheirRenamer(template), reads)


def test_numbers_and_lengths() -> None:
    batch = batch_of([Read(b"a b", b"ACG", b"III"), Read(b"c", b"", b"")], first_record=99)
    after = Renamer(RenameParameters(template="r{number}:{length} {id}")).process(batch)
    assert names_of(after) == [b"r100:3 a", b"r101:0 c"]
    pair = Renamer(RenameParameters(template="{id}/{rn}")).process(replace(batch, mate=batch))
    assert pair.mate is not None
    assert (names_of(pair), names_of(pair.mate)) == ([b"a/1", b"c/1"], [b"a/2", b"c/2"])


@pytest.mark.parametrize("template", ["{unknown}", "{id", "{0}", "{id!r}", "{id:>9}", "a\nb", "é", ""])
def test_bad_templates_are_refused(template: str) -> None:
    with pytest.raises(ValueError, match="template"):
        RenameParameters(template=template)


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("first index", [b"a:x_ACG 1:N:0:ACG+TT", b"b:x_GG 1:N:0:GG", b"c"]),
        ("second index", [b"a:x_TT 1:N:0:ACG+TT", b"b 1:N:0:GG", b"c"]),
        ("both indexes", [b"a:x_ACG_TT 1:N:0:ACG+TT", b"b:x_GG 1:N:0:GG", b"c"]),
    ],
)
def test_umis_of_the_index(place: str, names: list[bytes]) -> None:
    reads = [Read(name, b"ACGT", b"IIII") for name in (b"a 1:N:0:ACG+TT", b"b 1:N:0:GG", b"c")]
    stage = UmiMover(UmiParameters.model_validate({"place": place, "prefix": "x_"}))
    after = stage.process(replace(batch_of(reads), mate=batch_of(reads)))
    assert after.mate is not None
    assert names_of(after) == names_of(after.mate) == names
    assert after.lengths.tolist() == [4, 4, 4]


@pytest.mark.parametrize(
    ("place", "names", "lengths"),
    [
        ("first", [b"a:x_ACG 1", b"b:x_AC 1"], ([1, 0], [5, 2])),
        ("second", [b"a:x_TTT 1", b"b:x_GG 1"], ([5, 2], [1, 0])),
        ("both", [b"a:x_ACG_TTT 1", b"b:x_AC_GG 1"], ([1, 0], [1, 0])),
    ],
)
def test_umis_go_to_both_names(place: str, names: list[bytes], lengths: tuple[list[int], list[int]]) -> None:
    first = batch_of([Read(b"a 1", b"ACGTA", b"ABCDE"), Read(b"b 1", b"AC", b"II")])
    second = batch_of([Read(b"a 2", b"TTTCC", b"ABCDE"), Read(b"b 2", b"GG", b"II")])
    parameters = UmiParameters.model_validate({"place": place, "length": 3, "skip": 1, "prefix": "x_"})
    after = UmiMover(parameters).process(replace(first, mate=second))
    assert after.mate is not None
    assert names_of(after) == names
    assert names_of(after.mate) == [name[:-1] + b"2" for name in names]
    assert (after.lengths.tolist(), after.mate.lengths.tolist()) == lengths
