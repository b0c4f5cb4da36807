"""Writes reports of runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from gui.models.format import plural
from gui.models.reports import KINDS, USUAL, ReportOrder, write
from gui.models.session import Session
from gui.models.settings import Settings
from gui.views.report_dialog import ReportDialog
from gui.views.window import Window

_FOLDER = "lanescope-reports"


class ReportDesk(QObject):
    """Asks what to write, has it written, and tells where it is.

    Attributes:
        dialog: the open question, or ``None``.
        is_writing: whether reports are being written.
    """

    def __init__(self, window: Window, session: Session, settings: Settings) -> None:
        super().__init__(window)
        self.dialog: ReportDialog | None = None
        self.is_writing = False
        self._window = window
        self._session = session
        self._settings = settings
        window.runs.panel.report_requested.connect(self.open)
        window.runs.run.report_requested.connect(lambda run_id: self.open([run_id]))

    def open(self, run_ids: list[int]) -> None:
        """Ask what to write of some runs."""
        entries = [entry for entry in map(self._session.runs.entry, run_ids) if entry is not None]
        if not entries or self.is_writing:
            return
        what = f"Report of {entries[0].name}" if len(entries) == 1 else f"Report of {plural(len(entries), 'run')}"
        judged = "Each run is judged by its own profile, which its Verdict card shows. Choose another one there."
        folder = self._settings.report_folder or str(entries[0].path.absolute().parent / _FOLDER)
        kinds = [kind for kind in self._settings.report_kinds if kind in KINDS] or USUAL
        dialog = ReportDialog(what, judged, folder, kinds, self._window)
        ids = tuple(entry.run_id for entry in entries)

        def begin(place: Path, chosen: tuple[str, ...]) -> None:
            self._settings.report_folder, self._settings.report_kinds = str(place), list(chosen)
            is_shown = dialog.show_page.isChecked() and "html" in chosen
            self._session.tasks.start(self._write(ReportOrder(ids, place, chosen), is_shown))

        dialog.wanted.connect(begin)
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def _forget(self, _result: int) -> None:
        self.dialog = None

    async def _write(self, order: ReportOrder, is_shown: bool) -> None:
        self.is_writing = True
        self._window.toast.say("Writing reports…")
        try:
            written = await write(self._session, order)
        except BaseException:
            self._window.toast.hide()
            raise
        finally:
            self.is_writing = False
        self._window.toast.say(f"Wrote {plural(len(written), 'file')} into {order.folder}")
        if is_shown and written and written[0].suffix == ".html":
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(written[0])))
