"""What happens where datasets use pipelines."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.errors import LanescopeError
from gui.models.pipelines.library import Library
from gui.models.pipelines.orders import Followed
from gui.models.pipelines.uses import Uses
from gui.models.session import Session
from gui.views.notice import told
from gui.views.window import Window

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineType
    from engine.pipeline.keeping.associations import DatasetKind
    from gui.views.pipeline.uses_dialog import UsesDialog

_MOST_TOLD = 2


class UsesDesk(QObject):
    """Opens the dialog, makes the changes that are wanted there, and says when a file runs what its dataset uses.

    Attributes:
        uses: the datasets that use pipelines.
        dialog: where they are changed, once it has been opened.
    """

    def __init__(self, window: Window, session: Session, library: Library) -> None:
        super().__init__(window)
        self.uses = Uses(library.keeper, session.tasks, self)
        self.dialog: UsesDialog | None = None
        self._window = window
        self._session = session
        self._library = library
        self._followed: list[Followed] = []
        window.because.taken.connect(self._change)
        window.because.dismissed.connect(self._forget)
        window.reads.pipelines_requested.connect(self.open_for_run)
        window.runs.panel.pipelines_requested.connect(self.open_for_run)
        session.entering.searching.connect(lambda words: self._forget() if words else None)

    def open(self, pipeline: str = "", key: tuple[DatasetKind, str] | None = None) -> None:
        """Show what uses pipelines, to add datasets to one, or to look at one dataset."""
        self._start(self._open(pipeline, key))

    def open_for_run(self, run_id: int, kind: str) -> None:
        """Show what the folder or the sample of a run uses."""
        entry = self._session.runs.entry(run_id)
        if entry is not None:
            self._start(self._open_for_path(entry.path, is_sample=kind == "sample"))

    def note(self, followed: Followed) -> None:
        """Say that a file runs what its dataset uses."""
        if followed not in self._followed:
            self._followed.append(followed)
        words = [each.words for each in self._followed[:_MOST_TOLD]]
        more = len(self._followed) - len(words)
        text = "; ".join(words) + (f"; and {more} more like this" if more else "")
        self._window.because.say(f"{text[0].upper()}{text[1:]}.")

    def _change(self) -> None:
        key = self._followed[0].key if self._followed else None
        self._forget()
        self.open(key=key)

    def _forget(self) -> None:
        self._followed = []
        self._window.because.say("")

    async def _open_for_path(self, path: Path, *, is_sample: bool) -> None:
        await self._open("", await self._session.tasks.aside(_key_of, path, is_sample))

    async def _open(self, pipeline: str, key: tuple[DatasetKind, str] | None) -> None:
        await self._library.refresh()
        await self.uses.refresh()
        if key is not None and key[0] == "folder" and self.uses.entry(("watched", key[1])) is not None:
            key = ("watched", key[1])  # what holds for it
        if self.dialog is None:
            from gui.views.pipeline.uses_dialog import UsesDialog

            self.dialog = UsesDialog(self.uses, self._library.shelf, self._window)
            self.dialog.set_wanted.connect(lambda *wanted: self._start(self._set(*wanted)))
            self.dialog.remove_wanted.connect(lambda key, types: self._start(self._remove(key, types)))
            self.dialog.undo_wanted.connect(lambda: self._start(self.uses.undo()))
        self.dialog.show_for(pipeline, key)

    async def _set(self, kind: DatasetKind, place: str, reference: str) -> None:
        await self.uses.set(kind, place, reference)

    async def _remove(self, key: tuple[DatasetKind, str], types: tuple[PipelineType, ...]) -> None:
        await self.uses.remove(key, types)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        self._session.tasks.start(self._told(work))

    async def _told(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except LanescopeError as error:
            if self.dialog is not None and self.dialog.isVisible():
                self.dialog.tell(f"{error} {error.hint}".strip())
            else:
                self._window.notices.add(told(error))


def _key_of(path: Path, is_sample: bool) -> tuple[DatasetKind, str]:
    from engine.pipeline.keeping.associations import Dataset
    from engine.source.file_names import read_name

    if is_sample:
        return "sample", read_name(path).sample
    folder = Dataset.of_folder(path if path.is_dir() else path.parent)
    return folder.kind, folder.place
