"""What can be done with runs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from gui.models.format import byte_size, plural
from gui.models.session import Session
from gui.models.undo import Deletion
from gui.views.dialogs import Question
from gui.views.window import Window


class RunActions(QObject):
    """Delete and undo, cancel, run again, continue, copy, open folder; and the word about it."""

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._deleted_from = 0
        session.deleted.connect(self._show_deletion)
        session.restored.connect(self._show_restored)

    def delete(self, run_ids: list[int]) -> None:
        """Delete runs, until it is undone or the window closes."""
        if run_ids:
            self._deleted_from = min(self._session.runs.index_of(run_id).row() for run_id in run_ids)
            self._session.tasks.start(self._session.delete(run_ids))

    def undo(self) -> None:
        """Take back the last deletion."""
        self._window.toast.hide()
        self._session.tasks.start(self._session.undo_delete())

    def run_again(self, run_ids: list[int]) -> None:
        """Run the inputs of runs once more."""
        self._session.tasks.start(self._session.entering.run_again(run_ids))

    def continue_runs(self, run_ids: Sequence[int]) -> None:
        """Go on with runs that were interrupted."""
        self._session.tasks.start(self._session.entering.continue_runs(run_ids))

    def remove_checkpoints(self, run_id: int) -> None:
        """Give the room of a run's checkpoints back, after asking."""
        self._session.tasks.start(self._remove_checkpoints(run_id))

    def cancel(self, run_id: int) -> None:
        """End a run, after asking where much work would be lost."""
        self._session.tasks.start(self._cancel(run_id))

    def open_folder(self, run_id: int) -> None:
        """Show where the input of a run lies."""
        entry = self._session.runs.entry(run_id)
        if entry is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(entry.path.parent)))

    def copy_paths(self, run_ids: list[int]) -> None:
        """Put the paths of the inputs into the clipboard, one a line."""
        entries = [entry for entry in map(self._session.runs.entry, run_ids) if entry is not None]
        QGuiApplication.clipboard().setText("\n".join(str(entry.path) for entry in entries))
        what = "The path is" if len(entries) == 1 else "The paths are"
        self._window.toast.say(f"{what} in the clipboard")

    async def _cancel(self, run_id: int) -> None:
        page = self._window.runs.run.page
        if page is not None and page.run_id == run_id and page.asks_before_cancel:
            question = Question(
                self._window,
                f"Cancel {page.title}?",
                "What has been counted so far is kept, as the numbers of part of the file.",
                keep="Keep running",
                go="Cancel run",
            )
            if not await question.ask():
                return
        self._session.cancel(run_id)

    async def _remove_checkpoints(self, run_id: int) -> None:
        entry = self._session.runs.entry(run_id)
        if entry is None:
            return
        question = Question(
            self._window,
            f"Remove the checkpoints of {entry.name}?",
            "The run can only be started anew then. What it had written and not finished is removed with them.",
            keep="Keep them",
            go="Remove",
        )
        if await question.ask():
            freed = await self._session.continuing.prune(run_id)
            words = f"{byte_size(freed)} are free again" if freed is not None else "Another Lanescope works on this run"
            self._window.toast.say(words)

    def _show_deletion(self, deletion: Deletion) -> None:
        # Whatever came to stand in the place of the first that went.
        self._window.runs.panel.choose_row(self._deleted_from)
        self._window.toast.say(deletion.text, can_undo=True)

    def _show_restored(self, deletion: Deletion) -> None:
        self._window.toast.say(f"{plural(len(deletion.entries), 'run')} restored")
        if self._window.place == "runs":
            self._window.runs.panel.choose(deletion.run_ids[0])
