"""What a person does with plugins: look at them, install, grant, remove and bring back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import LanescopeError
from engine.home import Home
from gui.models.plugin_list import Fact, PluginEntry, PluginListModel, entry_of, facts_of
from gui.models.tasks import Tasks

if TYPE_CHECKING:
    from engine.store.plugin_runs import PluginRun
    from engine.store.store import Store
    from engine.wasm.plugins.finding import Finding
    from engine.wasm.plugins.package import PluginPackage


@dataclass(frozen=True, slots=True)
class Candidate:
    """A plugin that may be installed, and what its checks have found.

    Attributes:
        path: the folder or zip file.
        title: what to call it.
        findings: of the checks, in order.
        trouble: why it cannot even be read; empty if it can.
        hint: what to do about that.
        facts: about the plugin.
        capabilities: what it asks for.
        replaces: version that would be replaced; empty for none.
        package: its files; ``None`` if they cannot be read.
    """

    path: Path
    title: str
    findings: tuple[Finding, ...] = ()
    trouble: str = ""
    hint: str = ""
    facts: tuple[Fact, ...] = ()
    capabilities: tuple[str, ...] = ()
    replaces: str = ""
    package: PluginPackage | None = None

    @property
    def may_be_installed(self) -> bool:
        """Whether every check went well."""
        return self.package is not None and not any(finding.trouble for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Removal:
    """A plugin that was removed, or replaced.

    Attributes:
        name: its name.
        files: what it was.
        text: what was done, in words.
    """

    name: str
    files: Mapping[str, bytes]
    text: str


class PluginManager(QObject):
    """The plugins of the user. All of it belongs to the GUI thread; what touches the disk is done aside.

    Attributes:
        plugins: those there are.
        candidate: what was dropped or chosen and is not installed yet, or ``None``.

    Signals:
        changed: the list is new.
        candidate_changed: there is another candidate, or none.
        undo_changed: there is more or less to take back.
        runs_found: runs (a tuple of ``PluginRun``) of the plugin whose name goes first.
        changed_on_disk: plugins were installed, removed or brought back.
        told: what takes long at the moment, in a sentence.
    """

    changed = Signal()
    candidate_changed = Signal()
    undo_changed = Signal()
    runs_found = Signal(str, object)
    changed_on_disk = Signal()
    told = Signal(str)

    def __init__(
        self, store: Callable[[], Awaitable[Store]], tasks: Tasks, home: Home, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.plugins = PluginListModel(self)
        self.candidate: Candidate | None = None
        self._removals: list[Removal] = []
        self._store = store
        self._tasks = tasks
        self._home = home

    @property
    def undo_text(self) -> str:
        """What would be taken back; empty for nothing."""
        return self._removals[-1].text if self._removals else ""

    async def refresh(self) -> None:
        """Fetch the list from the disk."""
        self.plugins.set_entries(await self._tasks.aside(_listed, self._home))
        self.changed.emit()

    async def examine(self, path: Path) -> None:
        """Check a folder or zip file; what is found stands in ``candidate``, and nothing is installed."""
        self._propose(await self._tasks.aside(_examined, self._home, path, self.told.emit))

    def dismiss(self) -> None:
        """Forget the candidate."""
        self._propose(None)

    async def install(self) -> str:
        """Install the candidate; returns its name, empty where there is none that may be.

        Raises:
            PluginError: it cannot be written.
        """
        candidate = self.candidate
        if candidate is None or candidate.package is None or not candidate.may_be_installed:
            return ""
        name = candidate.package.manifest.name
        before = await self._tasks.aside(_installed, self._home, name, candidate.package.files)
        if before is not None:
            self._remember(Removal(name, before, f"Replaced {candidate.title} {candidate.replaces}"))
        self._propose(None)
        await self._refresh_changed()
        return name

    async def remove(self, name: str) -> None:
        """Remove an installed plugin, until that is undone or the window closes.

        Raises:
            PluginError: it came with Lanescope, or cannot be removed.
        """
        entry = self.plugins.entry(name)
        files = await self._tasks.aside(_removed, self._home, name)
        self._remember(Removal(name, files, f"Removed {entry.title if entry is not None else name}"))
        await self._refresh_changed()

    async def undo(self) -> str:
        """Bring back what was removed or replaced last; returns its name, empty where there is nothing.

        Raises:
            PluginError: it cannot be written; it stays to be brought back.
        """
        if not self._removals:
            return ""
        removal = self._removals.pop()
        try:
            await self._tasks.aside(_restored, self._home, removal.name, removal.files)
        except LanescopeError:
            self._removals.append(removal)
            raise
        self.undo_changed.emit()
        await self._refresh_changed()
        return removal.name

    async def grant(self, name: str, capability: str, *, granted: bool) -> None:
        """Grant a plugin what it asks for, or take it away.

        Raises:
            PluginError: it is damaged or gone, or that cannot be written.
        """
        await self._tasks.aside(_granted, self._home, name, capability, granted)
        await self.refresh()

    async def find_runs(self, name: str) -> None:
        """Fetch the newest runs of a plugin from the store."""
        store = await self._store()
        runs: list[PluginRun] = await self._tasks.aside(store.plugin_runs, name)
        self.runs_found.emit(name, tuple(runs))

    async def _refresh_changed(self) -> None:
        await self.refresh()
        self.changed_on_disk.emit()

    def _propose(self, candidate: Candidate | None) -> None:
        self.candidate = candidate
        self.candidate_changed.emit()

    def _remember(self, removal: Removal) -> None:
        self._removals.append(removal)
        self.undo_changed.emit()


# What follows runs beside the window's thread; the engine of plugins is imported there, since it takes its time.


def _listed(home: Home) -> list[PluginEntry]:
    from engine.wasm.plugins.grants import Grants
    from engine.wasm.plugins.library import PluginLibrary

    grants = Grants(home)
    return [
        entry_of(plugin, () if plugin.package is None else grants.of(plugin.package.manifest))
        for plugin in PluginLibrary(home).listed()
    ]


def _examined(home: Home, path: Path, tell: Callable[[str], object]) -> Candidate:
    from engine.wasm.errors import PluginError
    from engine.wasm.host import application_host
    from engine.wasm.plugins.conformance import check_plugin
    from engine.wasm.plugins.library import PluginLibrary
    from engine.wasm.plugins.package import read_package

    try:
        package = read_package(path)
    except PluginError as error:
        return Candidate(path, path.name, trouble=str(error), hint=error.hint)
    manifest = package.manifest
    same = [each.package for each in PluginLibrary(home).listed() if each.name == manifest.name]
    return Candidate(
        path,
        manifest.title,
        findings=tuple(check_plugin(application_host(), package, tell)),
        facts=tuple(facts_of(manifest, path, package.wasm)),
        capabilities=manifest.capabilities,
        replaces=same[0].manifest.version if same and same[0] is not None else "",
        package=package,
    )


def _installed(home: Home, name: str, files: Mapping[str, bytes]) -> Mapping[str, bytes] | None:
    """What was there before, if anything was installed."""
    from engine.wasm.plugins.library import PluginLibrary

    library = PluginLibrary(home)
    is_there = any(plugin.name == name and not plugin.shipped for plugin in library.listed())
    before = library.remove(name) if is_there else None
    library.put(name, files)
    return before


def _removed(home: Home, name: str) -> Mapping[str, bytes]:
    from engine.wasm.plugins.library import PluginLibrary

    return PluginLibrary(home).remove(name)


def _restored(home: Home, name: str, files: Mapping[str, bytes]) -> None:
    from engine.wasm.plugins.library import PluginLibrary

    PluginLibrary(home).put(name, files)


def _granted(home: Home, name: str, capability: str, granted: bool) -> None:
    from engine.wasm.plugins.grants import Grants
    from engine.wasm.plugins.library import PluginLibrary

    Grants(home).set(PluginLibrary(home).get(name).manifest, capability, granted=granted)
