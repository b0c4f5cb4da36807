"""Which limits a command judges by: the ``--profile`` that is asked for."""

from __future__ import annotations

import argparse
import contextlib
import os
from pathlib import Path

from engine.cli.console import WrongUse
from engine.collectors.profile_shelf import ProfileShelf
from engine.collectors.profiles import DEFAULT, Profile, ProfileError, profile_names, read_profile
from engine.home import HomeError, find_home


def add_profile_option(parser: argparse.ArgumentParser) -> None:
    """Adds ``--profile``."""
    parser.add_argument(
        "--profile",
        default=DEFAULT,
        metavar="NAME",
        help=f"the limits to judge by: {', '.join(profile_names())}, one of your own by its title, or a TOML file "
        f"({DEFAULT}: FastQC's limits)",
    )


def limits_wanted(text: str) -> Profile:
    """The profile of that name or title, Lanescope's or the user's, or in that file.

    Raises:
        WrongUse: there is none, or what there is makes no sense.
    """
    try:
        return _found(text)
    except ProfileError as error:
        raise WrongUse(str(error), hint=error.hint) from error


def _found(text: str) -> Profile:
    if text in profile_names():
        return _shelf().get(text)
    if os.path.exists(text):  # noqa: PTH110 - of names that cannot be, Path's raises
        return read_profile(Path(text))
    shelf = _shelf()
    own = {name: shelf.get(name) for name in shelf.names()}
    found = [limits for name, limits in own.items() if text.casefold() in (name.casefold(), limits.title.casefold())]
    if not found:
        raise ProfileError(
            f"There is no profile '{text}', and no file of that name.", hint=f"The profiles are {', '.join(own)}."
        )
    return found[0]


def _shelf() -> ProfileShelf:
    with contextlib.suppress(HomeError):
        return ProfileShelf(find_home().profiles)
    return ProfileShelf()
