"""Which profile a command judges by: the ``--profile`` that is asked for."""

from __future__ import annotations

import argparse
import contextlib
import os
from pathlib import Path

from engine.collectors.judged_by import JudgedBy
from engine.collectors.profile_shelf import ProfileShelf
from engine.collectors.profiles import profile_names, read_profile
from engine.home import HomeError, find_home


def add_profile_option(parser: argparse.ArgumentParser, usual: str) -> None:
    """Adds ``--profile``; `usual` says what holds without it."""
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help=f"the profile to judge by, which says what warns and fails: {', '.join(profile_names())}, one of your own "
        f"by its title, or a TOML file; lanescope profile list tells of all (default: {usual})",
    )


def judged_by_wanted(text: str | None) -> JudgedBy | None:
    """The profile that is asked for, if one is; see `profile_wanted`."""
    return None if text is None else profile_wanted(text)


def profile_wanted(text: str) -> JudgedBy:
    """The profile of that name or title, Lanescope's or the user's, or in that file.

    Raises:
        ProfileError: there is none, or what there is makes no sense.
    """
    if text not in profile_names() and os.path.exists(text):  # noqa: PTH110 - of names that cannot be, Path's raises
        return JudgedBy("", read_profile(Path(text)))
    shelf = shelf_at_home()
    return shelf.judged_by(shelf.find(text))


def shelf_at_home() -> ProfileShelf:
    """The profiles of the user beside Lanescope's, or those alone where there is no home."""
    with contextlib.suppress(HomeError):
        return ProfileShelf(find_home().profiles)
    return ProfileShelf()
