"""Damage that was passed over, in sentences."""

from __future__ import annotations

from engine.report.damage_text import skipped_sentences
from engine.run.skipped import Skipped


def test_nothing_is_said_where_nothing_was_passed_over() -> None:
    assert skipped_sentences(Skipped(0, 0)) == []


def test_regions_of_text_are_counted_and_the_first_told() -> None:
    told = tuple(f"record {number}" for number in range(7))
    sentences = skipped_sentences(Skipped(regions=9, text_bytes=1200, told=told))
    assert sentences[0].startswith("9 damaged regions of the input with 1,200 bytes of text were passed over.")
    assert sentences[1:] == [*told[:5], "There are 4 more such regions."]


def test_of_compressed_data_it_is_said_that_what_comes_before_may_be_wrong() -> None:
    sentences = skipped_sentences(Skipped(regions=1, text_bytes=53, file_bytes=343_027, told=("record 8,665",)))
    assert "and about 343,027 compressed bytes" in sentences[0]
    assert sentences[1] == "record 8,665"
    assert "may be wrong" in sentences[-1]
