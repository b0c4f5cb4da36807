from __future__ import annotations

from pathlib import Path

import pytest

from engine.collectors.known_sequences import (
    KnownSequence,
    SequenceListError,
    default_adapters,
    default_contaminants,
    read_sequences,
)


def test_what_lanescope_comes_with() -> None:
    assert default_adapters()[0] == KnownSequence("Illumina Universal Adapter", "AGATCGGAAGAG")
    assert [adapter.name for adapter in default_adapters()[-2:]] == ["PolyA", "PolyG"]
    assert {len(adapter.bases) for adapter in default_adapters()} == {12}
    contaminants = default_contaminants()
    assert contaminants[0] == KnownSequence("Illumina Single End Adapter 1", "GATCGGAAGAGCTCGTATGCCGTCTTCTGCTTG")
    assert len(contaminants) > 150


def test_a_list_of_the_users(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("# comment\nname\tsequence\n\nOne\t\tacgt\r\nTwo words\tGGG\n")
    assert read_sequences(path) == (KnownSequence("One", "ACGT"), KnownSequence("Two words", "GGG"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("One ACGT\n", "mine.tsv, line 1: there have to be a name and a sequence"),
        ("One\tACGT\nTwo\tACGN\n", "mine.tsv, line 2: the sequence may hold"),
        ("# nothing\n", "mine.tsv holds no sequence"),
        ("One\t\n", "line 1: there have to be"),
    ],
)
def test_lists_that_make_no_sense(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(text)
    with pytest.raises(SequenceListError, match=message) as caught:
        read_sequences(path)
    assert caught.value.hint


def test_lists_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SequenceListError, match="cannot be read"):
        read_sequences(tmp_path / "missing.tsv")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SequenceListError, match="is not text"):
        read_sequences(tmp_path / "binary")
