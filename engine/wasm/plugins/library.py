"""The plugins that a user has: those shipped with Lanescope and those installed."""

from __future__ import annotations

import importlib.resources
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.home import Home
from engine.wasm.errors import PluginError, PluginNotFoundError
from engine.wasm.manifest import FILE_NAME
from engine.wasm.plugins.package import PluginPackage, read_files, read_package


@dataclass(frozen=True, slots=True, eq=False)
class ListedPlugin:
    """A plugin in the list.

    Attributes:
        name: its name, which is that of its folder.
        folder: where it is.
        shipped: whether it came with Lanescope and cannot be removed.
        package: its files; ``None`` if it is damaged.
        trouble: what is wrong with a damaged one.
    """

    name: str
    folder: Path
    shipped: bool
    package: PluginPackage | None
    trouble: PluginError | None = None


class PluginLibrary:
    """Plugins in the folder ``plugins`` of Lanescope's home, one folder each, and the shipped ones."""

    def __init__(self, home: Home) -> None:
        self._folder = home.root / "plugins"

    def listed(self) -> list[ListedPlugin]:
        """All plugins by name; an installed one stands for a shipped one of the same name."""
        found = {path.name: _listed(path, shipped=True) for path in _folders(shipped_folder())}
        found |= {path.name: _listed(path, shipped=False) for path in _folders(self._folder)}
        return [found[name] for name in sorted(found)]

    def get(self, name: str) -> PluginPackage:
        """The plugin of this name, its hash checked anew.

        Raises:
            PluginNotFoundError: there is none.
            PluginError: it is damaged.
        """
        for folder in (self._folder, shipped_folder()):
            if name and name == Path(name).name and (folder / name / FILE_NAME).is_file():
                return read_package(folder / name)
        raise PluginNotFoundError(f"There is no plugin {name!r}.", plugin=name)

    def install(self, path: Path) -> PluginPackage:
        """Installs a plugin from a folder or zip; replaces one of the same name.

        Nothing of it is run. Either all of it is there afterwards, or what was there before.

        Raises:
            ModuleRefused: it is not a plugin, or not what its manifest says.
            PluginError: it cannot be written.
        """
        package = read_package(path)
        self.put(package.manifest.name, package.files)
        return package

    def put(self, name: str, files: Mapping[str, bytes]) -> None:
        """Puts a plugin's files in place of what was there; for those that have been checked, or were there before.

        Raises:
            PluginError: it cannot be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".", dir=self._folder) as scratch:
                fresh, old = Path(scratch) / "new", Path(scratch) / "old"
                fresh.mkdir()
                for file, content in files.items():
                    (fresh / file).write_bytes(content)
                if (self._folder / name).exists():
                    (self._folder / name).replace(old)
                try:
                    fresh.replace(self._folder / name)
                except OSError:
                    if old.exists():
                        old.replace(self._folder / name)
                    raise
        except OSError as error:
            raise _unwritable(name, self._folder, error) from error

    def remove(self, name: str) -> Mapping[str, bytes]:
        """Removes an installed plugin, damaged or not.

        Returns:
            Its files, for `put` to bring it back.

        Raises:
            PluginNotFoundError: none of this name is installed.
            PluginError: it cannot be removed.
        """
        folders = {path.name: path for path in _folders(self._folder)}
        if name not in folders:
            shipped = name in {path.name for path in _folders(shipped_folder())}
            words = "came with Lanescope and stays" if shipped else "is not installed"
            raise PluginNotFoundError(f"{name} {words}.", plugin=name)
        files = read_files(folders[name])
        try:
            shutil.rmtree(folders[name])
        except OSError as error:
            raise _unwritable(name, self._folder, error) from error
        return files


def shipped_folder() -> Path:
    """Where the shipped plugins are."""
    return Path(str(importlib.resources.files("resources"))) / "plugins"


def _folders(parent: Path) -> list[Path]:
    try:
        return sorted(path for path in parent.iterdir() if (path / FILE_NAME).is_file())
    except OSError:
        return []


def _listed(folder: Path, *, shipped: bool) -> ListedPlugin:
    try:
        return ListedPlugin(folder.name, folder, shipped, read_package(folder))
    except PluginError as error:
        return ListedPlugin(folder.name, folder, shipped, None, error)


def _unwritable(name: str, folder: Path, error: OSError) -> PluginError:
    reason = (error.strerror or type(error).__name__).lower()
    return PluginError(
        f"{name}: the folder {folder} cannot be changed: {reason}.", plugin=name,
        hint="Make the folder writable, or free some space.",
    )  # fmt: skip
