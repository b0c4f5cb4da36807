from __future__ import annotations

from pathlib import Path

import pytest

from engine.collectors.profile_shelf import ProfileShelf, checked, write_profile
from engine.collectors.profiles import DEFAULT, ProfileError, profile, profile_names, read_profile


@pytest.fixture
def shelf(tmp_path: Path) -> ProfileShelf:
    return ProfileShelf(tmp_path / "profiles")


def _stricter(shelf: ProfileShelf, name: str) -> None:
    values = shelf.get(name).model_dump()
    values["n_content"]["percent"] = {"warn": 0.5, "fail": 1.5}
    shelf.keep(name, checked(values, "mine"))


def test_lanescopes_profiles_are_there_and_cannot_be_changed(shelf: ProfileShelf) -> None:
    assert shelf.names() == profile_names()
    assert not shelf.is_own(DEFAULT)
    with pytest.raises(ProfileError, match="comes with Lanescope"):
        shelf.keep(DEFAULT, profile())
    with pytest.raises(ProfileError, match="came with Lanescope and stays"):
        shelf.remove(DEFAULT)


def test_a_copy_is_kept_changed_and_found_again(shelf: ProfileShelf, tmp_path: Path) -> None:
    name = shelf.copy("rna_seq")
    assert shelf.is_own(name)
    assert shelf.get(name).title == f"{profile('rna_seq').title} (copy)"
    _stricter(shelf, name)
    again = ProfileShelf(tmp_path / "profiles")
    assert again.get(name).n_content.percent.fail == 1.5
    assert again.get(name).duplication == profile("rna_seq").duplication
    assert again.names() == (*profile_names(), name)


def test_reset_brings_back_the_limits_and_keeps_the_title(shelf: ProfileShelf) -> None:
    name = shelf.copy("amplicon")
    shelf.keep(name, shelf.get(name).model_copy(update={"title": "Panel 7"}))
    _stricter(shelf, name)
    back = shelf.original(name)
    assert back.title == "Panel 7"
    assert back.n_content == profile("amplicon").n_content
    assert back.base_content == profile("amplicon").base_content
    # Also of a copy of a copy.
    second = shelf.copy(name)
    assert shelf.get(second).based_on == "amplicon"


def test_titles_are_told_apart(shelf: ProfileShelf) -> None:
    first, second = shelf.copy(DEFAULT), shelf.copy(DEFAULT)
    assert [shelf.get(name).title for name in (first, second)] == ["Standard (copy)", "Standard (copy 2)"]
    with pytest.raises(ProfileError, match="already"):
        shelf.keep(second, shelf.get(second).model_copy(update={"title": "standard (COPY)"}))
    with pytest.raises(ProfileError, match="needs a name"):
        shelf.keep(second, shelf.get(second).model_copy(update={"title": "  "}))


def test_removed_and_kept_again(shelf: ProfileShelf, tmp_path: Path) -> None:
    name = shelf.copy(DEFAULT)
    gone = shelf.remove(name)
    assert not list((tmp_path / "profiles").iterdir())
    with pytest.raises(ProfileError, match="no profile"):
        shelf.get(name)
    shelf.keep(name, gone)
    assert shelf.get(name) == gone


def test_files_go_out_and_come_in(shelf: ProfileShelf, tmp_path: Path) -> None:
    name = shelf.copy("nanopore")
    _stricter(shelf, name)
    write_profile(shelf.get(name), tmp_path / "out.toml")
    assert read_profile(tmp_path / "out.toml") == shelf.get(name)
    second = shelf.take_in(tmp_path / "out.toml")
    assert second != name
    assert shelf.get(second).n_content == shelf.get(name).n_content
    assert shelf.get(second).title == "Nanopore (copy 2)"


def test_a_file_that_says_little_gets_a_name_of_its_own(shelf: ProfileShelf, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('title = "Käse: ../../etc"\n[n_content]\npercent.fail = 30\n', "utf-8")
    name = shelf.take_in(tmp_path / "mine.toml")
    assert name == "my_kase_etc"
    assert shelf.get(name).n_content.percent.fail == 30
    assert [path.name for path in (tmp_path / "profiles").iterdir()] == ["my_kase_etc.toml"]


@pytest.mark.parametrize("text", ["[n_content\n", "[n_content]\npercent = { warn = 9, fail = 3 }\n"])
def test_a_bad_file_is_refused_and_told(shelf: ProfileShelf, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.toml").write_text(text)
    with pytest.raises(ProfileError, match=r"bad\.toml"):
        shelf.take_in(tmp_path / "bad.toml")
    assert shelf.names() == profile_names()
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "bad.toml").write_text(text)
    shelf.look()
    assert shelf.names() == profile_names()
    assert len(shelf.troubles) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "profiles").write_text("a file")
    with pytest.raises(ProfileError, match="cannot be written"):
        ProfileShelf(tmp_path / "profiles").copy(DEFAULT)
