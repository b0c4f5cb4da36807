"""Actions of a command, such as ``lanescope pipeline show``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Actions = argparse._SubParsersAction[argparse.ArgumentParser]


def add_action(actions: Actions, name: str, words: str) -> argparse.ArgumentParser:
    """Adds an action whose own help page says what it does, as the page of the command does.

    Args:
        actions: of the command.
        name: of the action.
        words: what it does, beginning in lower case, without a full stop.
    """
    return actions.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
