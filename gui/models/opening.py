"""Opening the store of a session."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from engine.home import Home
from engine.store.store import Store


@dataclass(frozen=True, slots=True)
class Opened:
    """A store and where it lies.

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


def open_store(home: Home) -> Opened:
    """The store in ``home``.

    Raises:
        StoreError: it cannot be used.
    """
    return Opened(home, Store.open(home.database))


def open_temporary_store() -> Opened:
    """An empty store for one session.

    Raises:
        OSError: not even a temporary folder can be made.
        StoreError: the store cannot be made.
    """
    home = Home(Path(tempfile.mkdtemp(prefix="lanescope-")))
    return Opened(home, Store.open(home.database), is_temporary=True)
