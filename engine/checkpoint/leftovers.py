"""Files that a lost run left beside its outputs: found again and removed, or gone on with."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.whole_file import PRIVATE, write_whole

_NAME = "outputs.json"
_TOKEN = re.compile(r"[0-9a-f]{12}")


def temporary_ending(token: str) -> str:
    """What the names of a run's unfinished files end with; they begin with a dot."""
    return f".{token}.part"


class Leftovers:
    """What one run has under temporary names, noted before the first of them is made.

    Args:
        folder: of the run's checkpoints; made when there is something to note.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, folders: Iterable[Path]) -> str:
        """Notes where the run writes; returns the token of its files, that of before if it has one.

        Args:
            folders: where its outputs go.

        Raises:
            OSError: it cannot be noted.
        """
        token, before = self._noted()
        token = token or secrets.token_hex(6)
        self._note(token, {*before, *folders}, is_finishing=self.is_finishing)
        return token

    def finish(self, files: Mapping[Path, Path]) -> None:
        """Notes that the files are about to get their names.

        Args:
            files: under their temporary names, and the names that they get.

        Raises:
            OSError: it cannot be noted.
        """
        token, folders = self._noted()
        if token is not None:
            self._note(token, folders, is_finishing=True, files=files)

    @property
    def is_finishing(self) -> bool:
        """Whether files may have their names already."""
        return self._read().get("is_finishing") is True

    def _note(
        self, token: str, folders: Iterable[Path], *, is_finishing: bool, files: Mapping[Path, Path] | None = None
    ) -> None:
        names = sorted({str(folder.absolute()) for folder in folders})
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        named = {str(temporary.absolute()): str(name.absolute()) for temporary, name in (files or {}).items()}
        note = {"token": token, "folders": names, "is_finishing": is_finishing, "files": named}
        write_whole(self._folder / _NAME, json.dumps(note), rights=PRIVATE)

    def remove(self, keep: Collection[Path] = ()) -> int:
        """Removes the run's unfinished files; returns the bytes that became free.

        Args:
            keep: those that are gone on with.
        """
        freed = 0
        for path in self._found():
            if path not in keep:
                with contextlib.suppress(OSError):
                    size = path.stat().st_size
                    path.unlink()
                    freed += size
        return freed

    def remove_named(self, keep: Collection[Path]) -> None:
        """Removes what had got its name when the run was lost, though it was begun after the checkpoint.

        Args:
            keep: names of the files that are gone on with.
        """
        token, _ = self._noted()
        files = self._read().get("files")
        if token is None or not isinstance(files, dict):
            return
        for temporary, name in ((Path(mine), Path(str(named))) for mine, named in files.items()):
            is_ours = temporary.parent == name.parent and _is_temporary(temporary.name, token)
            # One that is still there did not get its name: what has that name is somebody else's.
            if is_ours and name not in keep and not temporary.exists():
                with contextlib.suppress(OSError):
                    name.unlink(missing_ok=True)

    def forget(self) -> None:
        """Nothing is under a temporary name any more."""
        with contextlib.suppress(OSError):
            for path in (self._folder / _NAME, *self._folder.glob(f".{_NAME}.*.part")):
                path.unlink(missing_ok=True)

    def _found(self) -> Iterator[Path]:
        token, folders = self._noted()
        if token is None:
            return
        for folder in folders:
            with contextlib.suppress(OSError):
                for path in list(folder.iterdir()):
                    if _is_temporary(path.name, token) and path.is_file():
                        yield path

    def _noted(self) -> tuple[str | None, list[Path]]:
        """The token and folders; nothing where none are noted, or the note is damaged."""
        with contextlib.suppress(KeyError, TypeError):
            note = self._read()
            token, folders = note["token"], [Path(name) for name in note["folders"]]
            if _TOKEN.fullmatch(token):
                return token, folders
        return None, []

    def _read(self) -> dict[str, Any]:
        """The note; empty where there is none, or it is damaged."""
        with contextlib.suppress(OSError, ValueError):
            note = json.loads((self._folder / _NAME).read_text(encoding="ascii"))
            if isinstance(note, dict):
                return note
        return {}


def _is_temporary(name: str, token: str) -> bool:
    return name.startswith(".") and name.endswith(temporary_ending(token))
