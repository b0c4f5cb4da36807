"""Which profile each run is judged by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal

from gui.models.settings import Settings
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.collectors.judged_by import JudgedBy
    from engine.collectors.profile_shelf import ProfileShelf
    from engine.run.snapshot import RunSnapshot
    from engine.store.store import Store

KEPT = "\0kept"
"""In place of a name: the limits that a run keeps, since its profile has others now, is gone, or was a file's."""

_OLD_GROUP = "profiles"


class ProfileChoices(QObject):
    """The profile of each run: that which the run keeps, until another is chosen, which it keeps then.

    What it takes to judge is imported when it is first wanted: the window comes up sooner without.

    Args:
        store: brings the store as soon as it is there; ``None``: choices are not kept.
        tasks: does what blocks.

    Signals:
        changed: key of a run that is judged by another profile now.
        shelved: there are other profiles, or one is another now: its name.
    """

    changed = Signal(int)
    shelved = Signal(str)

    def __init__(
        self,
        store: Callable[[], Awaitable[Store]] | None = None,
        tasks: Tasks | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._shelf: ProfileShelf | None = None
        self._folder: Path | None = None
        self._settings: Settings | None = None
        self._chosen: dict[int, JudgedBy] = {}
        self._old: dict[int, JudgedBy] = {}
        self._kept: dict[int, JudgedBy] = {}
        self._unsaved: dict[int, JudgedBy] = {}
        self._is_saving = False

    @property
    def shelf(self) -> ProfileShelf:
        """All profiles."""
        if self._shelf is None:
            from engine.collectors.profile_shelf import ProfileShelf

            self._shelf = ProfileShelf(self._folder)
        return self._shelf

    def remember(self, settings: Settings, folder: Path) -> None:
        """Keep in ``settings`` by which profile new runs are judged; those of the user lie in ``folder``."""
        self._settings, self._folder = settings, folder

    @property
    def for_new_runs(self) -> str:
        """Name of the profile that new runs are judged by."""
        name = "" if self._settings is None else self._settings.new_runs_profile
        return name if name in self.shelf.names() else self.shelf.names()[0]

    @for_new_runs.setter
    def for_new_runs(self, name: str) -> None:
        if self._settings is not None:
            self._settings.new_runs_profile = name

    def for_new_run(self) -> JudgedBy | None:
        """What a run that is made now is judged by; ``None``: as usual."""
        has_choice = self._settings is not None and bool(self._settings.new_runs_profile)
        return self.shelf.judged_by(self.for_new_runs) if has_choice else None

    def of(self, run: RunSnapshot) -> JudgedBy:
        """What a run is judged by."""
        from engine.collectors.judged_by import standard

        return self._chosen_for(run) or run.judged_by or standard()

    def applied(self, run: RunSnapshot) -> RunSnapshot:
        """The run, with what was chosen for it since it was made or loaded."""
        chosen = self._chosen_for(run)
        return run if chosen is None else replace(run, judged_by=chosen)

    def name_of(self, run: RunSnapshot) -> str:
        """Name of the profile of a run, or `KEPT`."""
        judged_by = self.of(run)
        return judged_by.name if self._is_on_shelf(judged_by) else KEPT

    def kept_of(self, run: RunSnapshot) -> JudgedBy | None:
        """Limits of a run that no profile has any more, also if another was chosen since the window is open."""
        judged_by = self.of(run)
        return self._kept.get(run.run_id) if self._is_on_shelf(judged_by) else judged_by

    def choose(self, run: RunSnapshot, name: str) -> None:
        """Judge a run by the profile ``name`` from now on, or by what `kept_of` gives for `KEPT`."""
        before, kept = self.of(run), self.kept_of(run)
        after = kept if name == KEPT else self.shelf.judged_by(name)
        if after is None or after == before:
            return
        if kept is not None:
            self._kept[run.run_id] = kept
        self._keep(run.run_id, after)

    def titles(self) -> dict[str, str]:
        """Title of each profile by its name: Lanescope's, then the user's."""
        return {name: self.shelf.get(name).title for name in self.shelf.names()}

    def choose_for(self, run_ids: Iterable[int], name: str) -> None:
        """Judge runs by the profile ``name`` from now on."""
        for run_id in run_ids:
            self._keep(run_id, self.shelf.judged_by(name))

    def follow(self, run: RunSnapshot, name: str) -> None:
        """Judge a run by the profile ``name`` as it is after a change; if it is gone, the run stays as it is."""
        if name in self.shelf.names():
            self._keep(run.run_id, self.shelf.judged_by(name))

    def take_over(self, path: Path) -> None:
        """Keep with the runs what was chosen before they kept it, and stood in the INI file ``path``."""
        settings = QSettings(str(path), QSettings.Format.IniFormat)
        settings.beginGroup(_OLD_GROUP)
        names = {int(key): str(settings.value(key)) for key in settings.childKeys() if key.isdecimal()}
        if names and self._tasks is not None:
            self._old = {
                run_id: self.shelf.judged_by(name) for run_id, name in names.items() if name in self.shelf.names()
            }
            self._tasks.start(self._move(settings))
            for run_id in self._old:
                self.changed.emit(run_id)

    async def settle(self) -> None:
        """Keep what is not kept yet; the last chance before the store is closed.

        Raises:
            StoreError: it cannot be.
        """
        if self._unsaved and self._store is not None and self._tasks is not None:
            store, wanted = await self._store(), dict(self._unsaved)
            await self._tasks.aside(store.judge_by, wanted)
            for run_id, judged_by in wanted.items():
                if self._unsaved.get(run_id) is judged_by:
                    del self._unsaved[run_id]

    def _is_on_shelf(self, judged_by: JudgedBy) -> bool:
        name = judged_by.name
        return name in self.shelf.names() and judged_by.limits.judges_as(self.shelf.get(name))

    def _chosen_for(self, run: RunSnapshot) -> JudgedBy | None:
        return self._chosen.get(run.run_id) or (self._old.get(run.run_id) if run.judged_by is None else None)

    def _keep(self, run_id: int, judged_by: JudgedBy) -> None:
        self._chosen[run_id] = self._unsaved[run_id] = judged_by
        if self._tasks is not None and not self._is_saving:
            self._is_saving = True
            self._tasks.start(self._save())
        self.changed.emit(run_id)

    async def _save(self) -> None:
        """One after another, so that the last choice is what remains."""
        try:
            while self._unsaved:
                await self.settle()
        finally:
            self._is_saving = False

    async def _move(self, settings: QSettings) -> None:
        if self._store is not None and self._tasks is not None:
            store = await self._store()
            await self._tasks.aside(partial(store.judge_by, self._old, only_undecided=True))
            settings.remove("")
