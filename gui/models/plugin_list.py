"""The plugins there are, as a list shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gui.models.entry_list import EntryListModel

if TYPE_CHECKING:
    from engine.wasm.manifest import Manifest
    from engine.wasm.parameters import Parameter
    from engine.wasm.plugins.library import ListedPlugin

PLUGIN_ROLE = Qt.ItemDataRole.UserRole + 1
CAPABILITY_WORDS = {"log": "Write lines to Lanescope's log"}
"""What each capability lets a plugin do."""

_ABI_WORDS = {"read-stage/1": "over reads", "document/1": "over JSON documents"}
_CHANGE_WORDS = {
    "keep": "drops reads", "trim": "trims reads", "bases": "changes bases", "qualities": "changes qualities",
    "names": "changes names",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """A line about a plugin.

    Attributes:
        name: what it is about.
        value: what is so.
        is_code: whether it is to be read letter by letter.
    """

    name: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class PluginEntry:
    """A plugin in the list.

    Attributes:
        name: its name, which is that of its folder.
        title: name for people.
        version: as its author counts; empty for a damaged one.
        description: what it does.
        is_shipped: it came with Lanescope and cannot be removed.
        trouble: what is wrong with a damaged one.
        facts: about the plugin.
        parameters: what can be set, each with what it may be.
        metrics: what it counts.
        capabilities: what it asks for.
        granted: what of that it has been granted.
    """

    name: str
    title: str
    version: str = ""
    description: str = ""
    is_shipped: bool = False
    trouble: str = ""
    facts: tuple[Fact, ...] = ()
    parameters: tuple[Fact, ...] = ()
    metrics: tuple[Fact, ...] = ()
    capabilities: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What stands below its title."""
        origin = "came with Lanescope" if self.is_shipped else "installed"
        if self.trouble:
            return f"damaged, {origin}"
        waits = " · not granted" if set(self.capabilities) - set(self.granted) else ""
        return f"{self.version} · {origin}{waits}"

    @property
    def spoken(self) -> str:
        """The line as a screen reader says it."""
        return ", ".join(part for part in (self.title, self.note, self.description or self.trouble) if part)


def entry_of(plugin: ListedPlugin, granted: tuple[str, ...]) -> PluginEntry:
    """A plugin of the library as an entry."""
    if plugin.package is None:
        facts = (Fact("Name", plugin.name, is_code=True), Fact("Folder", str(plugin.folder)))
        trouble = str(plugin.trouble or "")
        return PluginEntry(plugin.name, plugin.name, is_shipped=plugin.shipped, trouble=trouble, facts=facts)
    manifest = plugin.package.manifest
    return PluginEntry(
        name=plugin.name,
        title=manifest.title,
        version=manifest.version,
        description=manifest.description,
        is_shipped=plugin.shipped,
        facts=tuple(facts_of(manifest, plugin.folder, plugin.package.wasm)),
        parameters=tuple(Fact(each.title or each.name, _range(each)) for each in manifest.parameters),
        metrics=tuple(
            Fact(each.title or each.name, _told(f"In {each.unit}" if each.unit else "", each.help))
            for each in manifest.metrics
        ),
        capabilities=manifest.capabilities,
        granted=granted,
    )


def facts_of(manifest: Manifest, folder: Path, wasm: bytes) -> Iterator[Fact]:
    """What a plugin says about itself, what it is made of, and where it is."""
    from engine.wasm.components.host import is_component

    changes = [_CHANGE_WORDS[change] for change in manifest.changes] if not manifest.documents else []
    kinds = [{"query": "searches", "result": "results"}[kind] for kind in manifest.documents]
    yield Fact("Name", manifest.name, is_code=True)
    yield Fact("Version", manifest.version)
    yield Fact("Author", manifest.author or "not told")
    yield Fact("Licence", manifest.licence or "not told")
    yield Fact("Interface", f"{manifest.abi}, {_ABI_WORDS[manifest.abi]}")
    interpreted = "a component, such as Python that is not compiled: a hundred times slower than a module"
    yield Fact("Made as", interpreted if is_component(wasm) else "a module, compiled for this computer")
    yield Fact("What it does", ", ".join(changes or kinds) or "leaves reads as they are")
    yield Fact("Limits", f"{manifest.limits.memory_mib:,} MiB of memory, {manifest.limits.call_seconds:g} s a call")
    yield Fact("SHA-256", manifest.sha256, is_code=True)
    yield Fact("Folder", str(folder))


def _range(parameter: Parameter) -> str:
    unit = f" {parameter.unit}" if parameter.unit else ""
    least, most = parameter.minimum, parameter.maximum
    bounds = ""
    if parameter.choices:
        bounds = f", one of {', '.join(parameter.choices)}"
    elif least is not None and most is not None:
        bounds = f", {least:g} to {most:g}{unit}"
    elif least is not None or most is not None:
        bounds = f", at least {least:g}{unit}" if least is not None else f", at most {most:g}{unit}"
    default = (
        {True: "on", False: "off"}[parameter.default] if isinstance(parameter.default, bool) else parameter.default
    )
    return f"{_told(f'{default}{unit} unless set{bounds}', parameter.help)}"


def _told(*parts: str) -> str:
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


class PluginListModel(EntryListModel):
    """Lines of :class:`PluginEntry` under ``PLUGIN_ROLE``: installed ones first, each part by title."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[PluginEntry] = []

    def _said(self, row: int) -> dict[int, object]:
        entry = self._entries[row]
        return {
            Qt.ItemDataRole.DisplayRole: entry.title,
            Qt.ItemDataRole.AccessibleTextRole: entry.spoken,
            PLUGIN_ROLE: entry,
        }

    @property
    def entries(self) -> tuple[PluginEntry, ...]:
        """All of them, in order."""
        return tuple(self._entries)

    def entry(self, name: str) -> PluginEntry | None:
        """The plugin of this name, or ``None``."""
        return next((entry for entry in self._entries if entry.name == name), None)

    def row_of(self, name: str) -> int:
        """Where it stands; -1 for none of this name."""
        return next((row for row, entry in enumerate(self._entries) if entry.name == name), -1)

    def set_entries(self, entries: Iterable[PluginEntry]) -> None:
        """Show these."""
        self.beginResetModel()
        self._entries = sorted(entries, key=lambda entry: (entry.is_shipped, entry.title.casefold(), entry.name))
        self.endResetModel()
