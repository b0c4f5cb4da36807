"""What happens on the page where pipelines are built."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from engine.errors import LanescopeError
from engine.home import Home
from gui.models.pipelines.builder import Builder
from gui.models.pipelines.choice import RunChoices
from gui.models.pipelines.library import Library
from gui.models.pipelines.orders import Orders
from gui.models.pipelines.palette import Palette
from gui.models.pipelines.readiness import Readiness
from gui.models.pipelines.trials import Trials
from gui.models.pipelines.unfinished import Unfinished
from gui.models.session import Session
from gui.views.choosing import Choosing
from gui.views.dialogs import Question
from gui.views.notice import told
from gui.views.pipeline.run_choice_bar import RunChoiceBar
from gui.views.pipeline.uses_desk import UsesDesk
from gui.views.window import Window

if TYPE_CHECKING:
    from engine.pipeline.definition import PipelineDefinition
    from gui.views.pipeline.bench import Bench

_ENDING = ".toml"
_FILTER = f"Pipelines (*{_ENDING})"


class PipelineDesk(QObject):
    """Brings the builder, the kept pipelines and the page together.

    Attributes:
        builder: the draft.
        library: the pipelines that are kept.
        choices: what is done with the reads of the next runs.
        bar: where that is chosen.
        trials: trials of the draft.
        readiness: prepares stages before they are used.
        uses: which folders and samples use which pipelines.
        is_ready: whether the palette and the check are there.
    """

    def __init__(self, window: Window, session: Session, home: Home) -> None:
        super().__init__(window)
        self.builder = Builder(self)
        self.library = Library(session.store, session.tasks, home, self)
        self.choices = RunChoices(home.settings, self)
        self.readiness = Readiness(self.library.keeper, session.tasks, self)
        self.readiness.changed.connect(lambda: window.status.show_activity(self.readiness.text))
        session.engine.ready.connect(self.readiness.listen)
        self.choices.changed.connect(self._prepare_choice)
        self.library.shelf.modelReset.connect(self._prepare_choice)  # one that was chosen another day
        session.entering.orders = orders = Orders(self.choices, self.library, session.tasks, self)
        self.uses = UsesDesk(window, session, self.library)
        orders.followed.connect(self.uses.note)
        self.trials = Trials(self.builder, self.library, session.tasks, self)
        self.is_ready = False
        self._palette = Palette()
        self._unfinished = Unfinished(home.settings, self.builder)
        self._window = window
        self._tasks = session.tasks
        self._folder = ""
        self.bar = RunChoiceBar(self.choices, self.library.shelf)
        window.reads.add_choices(self.bar)
        session.engine.ready.connect(lambda: self._start(self.library.refresh()))
        window.pipelines.wanted.connect(self._build)
        window.plugins.plugins_changed.connect(self._fetch_palette)
        window.place_changed.connect(self.adapt_commands)
        window.place_changed.connect(self._look_again)
        self.library.shelf.modelReset.connect(self._look_again)
        self.builder.changed.connect(self.adapt_commands)

    @property
    def bench(self) -> Bench:
        """What is on the page; there once the page has been seen."""
        bench = self._window.pipelines.bench
        if bench is None:
            raise RuntimeError("the page has not been seen yet")
        return bench

    def adapt_commands(self, *_: object) -> None:
        """Offer in the menu what would work now."""
        commands, is_here = self._window.commands, self._window.place == "pipelines"
        redo = self.builder.redo_text if is_here else ""
        commands.redo.setEnabled(bool(redo))
        commands.redo.setText(f"&Redo: {redo}" if redo else "&Redo")
        commands.save.setEnabled(is_here and self.builder.can_save)
        commands.duplicate.setEnabled(is_here and self.builder.chosen is not None)
        if is_here:
            undo = self.builder.undo_text
            commands.undo.setEnabled(bool(undo))
            commands.undo.setText(f"&Undo: {undo}" if undo else "&Undo")

    def _look_again(self, *_: object) -> None:
        if self.is_ready and self._window.place == "pipelines":
            self._start(self._learn())

    def duplicate(self) -> None:
        """Put a copy of the chosen stage behind it."""
        if self.builder.chosen is not None:
            self.builder.duplicate(self.builder.chosen)

    def save(self) -> None:
        """Keep the draft, where there is something to keep and nothing wrong with it."""
        if self.builder.can_save:
            self._start(self._save())

    def open(self, name: str) -> None:
        """Put a pipeline of the list on the table, after asking where something would be lost."""
        entry = self.library.shelf.entry(name)
        if entry is not None:
            self._start(self._replace(lambda: self.builder.open(entry.definition)))

    def delete(self, name: str) -> None:
        """Delete a pipeline in all its versions, after asking."""
        self._start(self._delete(name))

    def export(self, path: Path) -> None:
        """Write the draft to a file."""
        self._start(self._export(path))

    def take_files(self, paths: list[Path]) -> None:
        """Import pipelines that were dropped, and try the draft on reads that were."""
        for path in paths:
            if path.suffix.lower() == _ENDING:
                self._start(self._import(path))
        reads = [path for path in paths if path.suffix.lower() != _ENDING]
        if reads:
            # Two files at once are the two reads of pairs, as their names sort: R1 before R2.
            first, second = sorted(reads) if len(reads) == 2 else (reads[0], None)
            self.trials.start(first, second)

    def _build(self) -> None:
        self._window.pipelines.build(self.builder, self.library.shelf)
        self._unfinished.recall()
        bench, head, shelf = self.bench, self.bench.head, self.bench.shelf
        head.save_wanted.connect(self.save)
        head.export_wanted.connect(self._choose_export)
        head.versions_wanted.connect(lambda: self._start(self._show_versions()))
        head.done_wanted.connect(lambda: self._start(self._show_done()))
        head.uses_wanted.connect(lambda: self.uses.open(self._kept_name()))
        self.uses.uses.changed.connect(self._show_uses)
        self.builder.opened.connect(self._show_uses)
        shelf.wanted.connect(self.open)
        shelf.new_wanted.connect(lambda: self._start(self._replace(self._begin)))
        shelf.import_wanted.connect(self._choose_import)
        shelf.command_wanted.connect(self._ask_for_command)
        shelf.delete_wanted.connect(self.delete)
        bench.files_dropped.connect(self.take_files)
        bench.follow_trials(self.trials)
        bench.follow_readiness(self.readiness)
        self.builder.changed.connect(self._prepare_draft)
        self._choosing = Choosing(self._window)
        self._choosing.chosen.connect(self.take_files)
        bench.trial.file_wanted.connect(self._choosing.files)
        self._start(self._settle())

    def _fetch_palette(self) -> None:
        """Plugins have come or gone."""
        if self.is_ready:
            self._start(self._settle())

    async def _settle(self) -> None:
        await self.library.refresh()
        await self._learn()
        await self.uses.uses.refresh()
        self.is_ready = True
        self._prepare_draft()

    async def _learn(self) -> None:
        """Know the stages that there are now: plugins come and go, and so do pipelines."""
        palette = await self.library.palette()
        if palette != self._palette:
            self._palette = palette
            self.bench.set_palette(palette)
        self.builder.set_check(await self.library.check())

    def _prepare_draft(self) -> None:
        if self.is_ready and not self.builder.troubles and self._window.place == "pipelines":
            self.readiness.want(self.builder.draft.as_data())

    def _prepare_choice(self) -> None:
        entry = self.library.shelf.entry(self.choices.current.pipeline)
        if entry is not None:
            self.readiness.want(entry.definition.model_dump(mode="json"))

    def _kept_name(self) -> str:
        """The name of what is on the table, where datasets can use it; else empty."""
        name = self.builder.draft.name
        return name if self.library.shelf.entry(name) is not None else ""

    def _show_uses(self) -> None:
        users = self.uses.uses.users(self.builder.draft.name)
        self.bench.head.show_uses([use.title for use in users])

    def _begin(self) -> None:
        self.builder.begin()
        self.builder.choose(None)

    async def _replace(self, put: Callable[[], None]) -> None:
        """Put something else on the table, unless the user would rather keep what is there."""
        if self.builder.is_dirty and self.builder.draft.stages:
            text = f"{self.builder.draft.name or 'This pipeline'} has changes that are not saved"
            go = "Discard changes"
            if not await Question(self._window, text, "They would be lost.", keep="Keep editing", go=go).ask():
                self.bench.shelf.show_current(self.builder.draft.name)
                return
        put()

    async def _save(self) -> None:
        builder = self.builder
        entry = self.library.shelf.entry(builder.draft.name)
        if entry is not None and entry.is_preset:
            # What came with Lanescope stays as it is.
            builder.set(None, ("name",), self._free_name(f"my-{entry.name}"))
        draft = builder.draft
        saved = await self.library.save(draft.as_data())
        builder.mark_saved(draft, saved.version)
        self.bench.shelf.show_current(builder.draft.name)
        self._window.toast.say(f"Saved {saved.name} {saved.version}")

    async def _show_versions(self) -> None:
        # Late, since the window is to be there soon.
        from engine.pipeline.definition import PipelineDefinition
        from gui.views.pipeline.versions_dialog import VersionsDialog

        builder = self.builder
        versions = await self.library.versions(builder.draft.name)
        data = {**builder.draft.as_data(), "version": versions[-1].version}
        draft = PipelineDefinition.model_validate(data) if builder.is_dirty and not builder.troubles else None
        dialog = VersionsDialog(versions, draft, self._window)
        dialog.wanted.connect(lambda version: self._open_version(version, versions[-1]))
        dialog.open()

    async def _show_done(self) -> None:
        from gui.models.pipelines.done import fetch_done
        from gui.views.pipeline.done_dialog import DoneDialog

        name = self.builder.draft.name
        done = await self._tasks.aside(fetch_done, await self.library.keeper(), name)
        DoneDialog(name, done, self._window).open()

    def _open_version(self, version: PipelineDefinition, latest: PipelineDefinition) -> None:
        """Put a version on the table; an old one can be saved as it is, to hold again."""
        is_old = version.version != latest.version
        self._start(self._replace(lambda: self.builder.open(version, is_new=is_old)))

    def _free_name(self, wanted: str) -> str:
        number, name = 2, wanted
        while self.library.shelf.entry(name) is not None:
            number, name = number + 1, f"{wanted}-{number}"
        return name

    async def _delete(self, name: str) -> None:
        question = Question(self._window, f"Delete {name}?", "All of its versions go.", keep="Keep it", go="Delete")
        if await question.ask():
            await self.library.delete(name)
            self._window.toast.say(f"Deleted {name}")

    async def _import(self, path: Path) -> None:
        imported = await self.library.import_file(path)
        self._window.toast.say(f"Imported {imported.name} {imported.version}")
        await self._replace(lambda: self.builder.open(imported))

    def _choose_import(self) -> None:
        dialog = QFileDialog(self._window, "Import a pipeline", self._folder, _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self._remember_folder([self._start_import(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_for_command(self) -> None:
        # Late, since the window is to be there soon.
        from gui.views.pipeline.command_dialog import CommandDialog

        dialog = CommandDialog(self._free_name("translated"), self._window)
        dialog.wanted.connect(lambda made: self._start(self._replace(lambda: self.builder.open(made, is_new=True))))
        dialog.open()

    def _start_import(self, name: str) -> Path:
        self._start(self._import(Path(name)))
        return Path(name)

    def _choose_export(self) -> None:
        name = f"{self.builder.draft.name}{_ENDING}"
        dialog = QFileDialog(self._window, "Export this pipeline", str(Path(self._folder) / name), _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(_ENDING.removeprefix("."))
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _export(self, path: Path) -> None:
        version = self.builder.saved_version or "1.0.0"
        written = await self.library.export({**self.builder.draft.as_data(), "version": version}, path)
        self._remember_folder([written])
        self._window.toast.say(f"Exported to {written.name}")

    def _remember_folder(self, paths: list[Path]) -> None:
        if paths:
            self._folder = str(paths[0].parent)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        self._tasks.start(self._told(work))

    async def _told(self, work: Coroutine[object, object, None]) -> None:
        """Do ``work``; trouble with a pipeline is told where the user is."""
        try:
            await work
        except LanescopeError as error:
            self._window.notices.add(told(error))
