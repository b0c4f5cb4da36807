"""Opening the home folder and the store, while Qt is still being loaded."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engine.home import Home, find_home
from engine.store.store import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """Where this session keeps its things.

    Attributes:
        home: the folder.
        store: its runs.
        is_temporary: whether all of it goes away when the window closes.
    """

    home: Home
    store: Store
    is_temporary: bool = False

    def clean_up(self) -> None:
        """Remove a temporary home; the store is closed by then."""
        if self.is_temporary:
            shutil.rmtree(self.home.root, ignore_errors=True)


def open_store() -> Opened:
    """The user's home folder and store.

    Raises:
        HomeError: there is no folder that can be used.
        StoreError: the store cannot be used.
    """
    home = find_home()
    return Opened(home, Store.open(home.database))


def open_temporary_store() -> Opened:
    """An empty home and store for one session.

    Raises:
        OSError: not even a temporary folder can be made.
        StoreError: the store cannot be made.
    """
    home = Home(Path(tempfile.mkdtemp(prefix="lanescope-")))
    return Opened(home, Store.open(home.database), is_temporary=True)
