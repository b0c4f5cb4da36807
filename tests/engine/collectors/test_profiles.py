from __future__ import annotations

from pathlib import Path

import pytest

from engine.collectors.profiles import (
    DEFAULT,
    Profile,
    ProfileError,
    parse_profile,
    profile,
    profile_names,
    read_profile,
)


def test_the_default_has_fastqcs_limits() -> None:
    limits = profile()
    assert (limits.base_quality.lower_quartile.warn, limits.base_quality.lower_quartile.fail) == (10, 5)
    assert (limits.base_quality.median.warn, limits.base_quality.median.fail) == (25, 20)
    assert (limits.tile_quality.deviation.warn, limits.tile_quality.deviation.fail) == (5, 10)
    assert (limits.sequence_quality.most_frequent.warn, limits.sequence_quality.most_frequent.fail) == (27, 20)
    assert (limits.base_content.difference.warn, limits.base_content.difference.fail) == (10, 20)
    assert (limits.gc_content.deviation.warn, limits.gc_content.deviation.fail) == (15, 30)
    assert (limits.n_content.percent.warn, limits.n_content.percent.fail) == (5, 20)
    assert (limits.lengths.different, limits.lengths.empty) == ("warn", "fail")
    assert (limits.duplication.remaining.warn, limits.duplication.remaining.fail) == (70, 50)
    assert (limits.overrepresented.percent.warn, limits.overrepresented.percent.fail) == (0.1, 1)
    assert (limits.adapters.percent.warn, limits.adapters.percent.fail) == (5, 10)
    assert (limits.kmers.significance.warn, limits.kmers.significance.fail) == (2, 5)
    assert not limits.kmers.shown


def test_every_profile_can_be_used_and_says_what_it_is_for() -> None:
    names = profile_names()
    assert names[0] == DEFAULT
    assert {"whole_genome", "rna_seq", "amplicon", "small_rna", "bisulfite", "nanopore"} < set(names)
    profiles = [profile(name) for name in names]
    assert len({each.title for each in profiles}) == len(names)
    assert all(each.description for each in profiles)
    assert all(each.model_dump(exclude={"title", "description"}) != profiles[0].model_dump() for each in profiles[1:])


def test_what_a_profile_does_not_say_is_as_in_the_default() -> None:
    mine = parse_profile("[n_content]\npercent = { warn = 1, fail = 2.5 }\n", "mine.toml")
    assert mine.n_content.percent.fail == 2.5
    assert mine.n_content.shown
    unchanged = set(Profile.model_fields) - {"n_content"}
    assert mine.model_dump(include=unchanged) == profile().model_dump(include=unchanged)
    half = parse_profile("[n_content]\npercent.fail = 30\n", "mine.toml")
    assert (half.n_content.percent.warn, half.n_content.percent.fail) == (5, 30)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[n_content\n", "mine.toml is not valid TOML"),
        ("[n_contents]\n", "there is no setting 'n_contents'"),
        ("[n_content]\nmedian = 3\n", "there is no setting 'n_content.median'"),
        ("[n_content]\npercent.warn = 'much'\n", "n_content.percent.warn: input should be a valid number"),
        ("[n_content]\npercent.warn = -1\n", "n_content.percent.warn: input should be greater than or equal to 0"),
        ("[n_content]\npercent.warn = nan\n", "n_content.percent.warn: input should be a finite number"),
        ("[n_content]\npercent.warn = 50\n", "n_content.percent: 'fail' has to be at or above 'warn'"),
        ("[duplication]\nremaining.fail = 90\n", "duplication.remaining: 'fail' has to be at or below 'warn'"),
        ("[overrepresented]\npercent.warn = 0.01\n", "overrepresented: 'warn' has to be at or above 0.1"),
        ("[lengths]\nempty = 'bad'\n", "lengths.empty: input should be 'pass', 'warn' or 'fail'"),
        ("n_content = 3\n", "n_content: input should be a valid"),
        ("[n_content]\nshown = 'no'\n", "n_content.shown: input should be a valid boolean"),
    ],
)
def test_errors_say_where_and_why(text: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "mine.toml")
    assert message in str(caught.value)
    assert caught.value.hint


def test_files_of_the_users(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("title = 'Mine'\n")
    assert read_profile(path).title == "Mine"
    with pytest.raises(ProfileError, match="cannot be read"):
        read_profile(tmp_path / "missing.toml")
    path.write_bytes(b"\xff")
    with pytest.raises(ProfileError, match="is not text"):
        read_profile(path)
    path.write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(ProfileError, match="larger than"):  # as a device without end would be
        read_profile(path)


def test_there_is_no_such_profile() -> None:
    with pytest.raises(ProfileError, match="no profile 'rna'") as caught:
        profile("rna")
    assert "rna_seq" in caught.value.hint
