"""Starting a plugin of one's own."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from engine.wasm.errors import PluginError
from engine.wasm.manifest import PluginName
from engine.wasm.plugins.library import shipped_folder

LANGUAGES = ("assemblyscript", "c", "python", "rust")
"""What there are templates for."""

_PAGES = {"assemblyscript": ("ABI.md",), "c": ("ABI.md",), "python": ("ABI.md", "PYTHON.md"), "rust": ("ABI.md",)}
_SDK = {"assemblyscript": ("lanescope.ts",), "c": ("lanescope.h",), "python": (), "rust": ("lanescope.rs",)}


def new_plugin(name: str, language: str, parent: Path) -> Path:
    """Makes a folder with a plugin that can be built and run, with everything it needs beside it.

    Args:
        name: of the plugin and of the folder.
        language: one of `LANGUAGES`.
        parent: where to make the folder.

    Raises:
        PluginError: the name cannot be one, or the folder is there or cannot be made.
    """
    try:
        TypeAdapter(PluginName).validate_python(name)
    except ValidationError as error:
        raise PluginError(
            f"{name!r} cannot be the name of a plugin.", plugin=name,
            hint="Use lower-case letters and digits, words joined by '-', at most 40 in all.",
        ) from error  # fmt: skip
    folder, shipped = parent / name, shipped_folder()
    sdk = [shipped / "sdk" / name for name in _SDK[language]]
    files = [
        *sorted((shipped / "templates" / language).glob("plugin.*")),
        *sdk,
        *(shipped / name for name in _PAGES[language]),
    ]
    try:
        contents = {file.name: file.read_bytes().replace(b"my-plugin", name.encode()) for file in files}
        folder.mkdir(parents=True)
        for file_name, content in contents.items():
            (folder / file_name).write_bytes(content)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise PluginError(
            f"The folder {folder} cannot be made: {reason}.", plugin=name, hint="Choose another name or folder."
        ) from error
    return folder
