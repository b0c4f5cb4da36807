"""A plugin as a folder or a zip file."""

from __future__ import annotations

import hashlib
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.wasm.cache import MOST_BYTES
from engine.wasm.errors import ModuleRefused
from engine.wasm.manifest import FILE_NAME, Manifest, parse_manifest

MOST_FILES = 50
_MOST_TOTAL = MOST_BYTES + (8 << 20)
_NO_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, RuntimeError, EOFError, ValueError)
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_WHAT_IT_IS = f"A plugin is a folder with {FILE_NAME} in it, or a zip file of one."


@dataclass(frozen=True, slots=True, eq=False)
class PluginPackage:
    """A plugin's files, whose manifest is right and whose module is what the manifest says.

    Attributes:
        manifest: what it says about itself.
        wasm: the module.
        files: content of every file by name, those two among them; a plugin has no folders.
    """

    manifest: Manifest
    wasm: bytes
    files: Mapping[str, bytes]


def read_package(path: Path) -> PluginPackage:
    """Reads and checks a plugin; nothing of it is run.

    Args:
        path: a folder with ``plugin.toml`` in it, or a zip file of one.

    Raises:
        ModuleRefused: it cannot be read, is too large, would write outside its folder, or its module has
            another hash than its manifest says.
    """
    files = read_files(path)
    manifest = parse_manifest(_required(files, FILE_NAME, path.name, _WHAT_IT_IS), path.name)
    wasm = _required(files, manifest.module, manifest.name, "Build it first, with: lanescope plugin build FOLDER")
    found = hashlib.sha256(wasm).hexdigest()
    if found != manifest.sha256:
        raise ModuleRefused(
            f"{manifest.name}: {manifest.module} is not the file that its manifest describes "
            f"(SHA-256 {found[:12]}… instead of {manifest.sha256[:12]}…).",
            plugin=manifest.name,
            hint="It was damaged or changed after it was made. Get it anew from its author, or build your own anew.",
        )
    return PluginPackage(manifest, wasm, files)


def read_files(path: Path) -> dict[str, bytes]:
    """The files of a folder or zip by name, as they are.

    Raises:
        ModuleRefused: it cannot be read, is too large, or would write outside its folder.
    """
    try:
        if path.is_dir():
            return _folder(path)
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("neither a folder nor a file")
        if found.st_size > _MOST_TOTAL:
            raise ModuleRefused(f"{path.name}: it is larger than {_MOST_TOTAL >> 20} MiB.", plugin=path.name)
        with zipfile.ZipFile(path) as archive:
            return _zip(path.name, archive)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ModuleRefused(
            f"{path.name} cannot be read: {reason}.", plugin=path.name, hint="Check the path, and who may read it."
        ) from error
    except _NO_ZIP as error:
        raise ModuleRefused(
            f"{path.name} is not a folder, and not a zip file that can be read.", plugin=path.name,
            hint=_WHAT_IT_IS,
        ) from error  # fmt: skip


def _required(files: Mapping[str, bytes], name: str, plugin: str, hint: str) -> bytes:
    if name not in files:
        raise ModuleRefused(f"{plugin}: there is no {name} in it.", plugin=plugin, hint=hint)
    return files[name]


def _folder(path: Path) -> dict[str, bytes]:
    found = [entry for entry in sorted(path.iterdir()) if stat.S_ISREG(entry.lstat().st_mode) and _is_plain(entry.name)]
    _check_size(path.name, len(found), sum(entry.lstat().st_size for entry in found))
    return {entry.name: entry.read_bytes() for entry in found}


def _zip(name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _check_size(name, len(entries), sum(entry.file_size for entry in entries))
    places = [PurePosixPath(entry.filename) for entry in entries]
    for place in places:
        if place.is_absolute() or ".." in place.parts or "\\" in str(place) or ":" in str(place):
            raise ModuleRefused(
                f"{name}: it would write outside its folder, to {str(place)!r}.", plugin=name,
                hint="Nothing of it was unpacked. Do not use it.",
            )  # fmt: skip
    # Zip files of a folder have it in front of every name.
    folder = min((place.parent for place in places if place.name == FILE_NAME), default=PurePosixPath(),
                 key=lambda parent: len(parent.parts))  # fmt: skip
    found = {}
    for entry, place in zip(entries, places, strict=True):
        if place.parent == folder and _is_plain(place.name):
            with archive.open(entry) as file:
                found[place.name] = file.read(entry.file_size + 1)
    return found


def _check_size(name: str, count: int, size: int) -> None:
    if count > MOST_FILES or size > _MOST_TOTAL:
        raise ModuleRefused(f"{name}: it has more than {MOST_FILES} files or {_MOST_TOTAL >> 20} MiB.", plugin=name)


def _is_plain(name: str) -> bool:
    return _FILE_NAME.fullmatch(name) is not None
