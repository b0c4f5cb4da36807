"""Making a plugin's module from its source."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from engine.wasm.components.building import build_component
from engine.wasm.components.host import ComponentHost, application_components
from engine.wasm.errors import PluginError
from engine.wasm.manifest import FILE_NAME, parse_manifest
from engine.wasm.plugins.library import shipped_folder
from engine.wasm.python.compiling import NotCompilable, Tell, compile_python, say_nothing

_SECONDS = 300
_HASH_LINE = re.compile(rb'^sha256\s*=\s*"[^"]*"', re.MULTILINE)
_MODULE = "plugin.wasm"
SLOWER = (
    "That cannot be compiled to machine code, so the plugin gets an interpreter of Python of its own: some 100,000 "
    "reads a second with each worker, about a hundred times fewer."
)
_SOURCES = ("plugin.c", "plugin.rs", "plugin.ts", "plugin.py")
_C_FLAGS = ("-O3", "-msimd128", "-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all", "-Wall", "-Wextra")
_RUST_TARGET = "wasm32-unknown-unknown"
_RUST_FLAGS = (
    "--target", _RUST_TARGET, "-C", "opt-level=3", "-C", "panic=abort", "-C", "lto", "-C",
    "target-feature=+simd128", "-C", "strip=symbols", "--crate-type", "cdylib", "--edition", "2021",
)  # fmt: skip
_ASSEMBLYSCRIPT_FLAGS = ("-O3", "--noAssert", "--runtime", "stub", "--use", "abort=", "--enable", "simd")


def build_plugin(folder: Path, tell: Tell = say_nothing, components: ComponentHost | None = None) -> Path:
    """Compiles the source in a folder to ``plugin.wasm`` and notes its hash in the manifest.

    The source is in C, Rust, AssemblyScript or Python.

    Args:
        folder: with the source and the manifest.
        tell: called with a sentence about anything that the user should know.
        components: keeps what it builds of Python that cannot be compiled; ``None``: the application's.

    Raises:
        PluginError: there is no source or no compiler, or the compiler complains.
    """
    manifest = folder / FILE_NAME
    sources = [folder / name for name in _SOURCES if (folder / name).is_file()]
    if not manifest.is_file() or not sources:
        raise PluginError(
            f"{folder.name}: a plugin to build has {FILE_NAME} and one of {', '.join(_SOURCES)}.", plugin=folder.name,
            hint="Make such a folder with: lanescope plugin new NAME",
        )  # fmt: skip
    module = folder / _MODULE
    if sources[0].suffix == ".py":
        module.write_bytes(_python_module(folder.name, sources[0], manifest.read_bytes(), tell, components))
    else:
        compile_module(folder.name, sources[0], module)
    digest = hashlib.sha256(module.read_bytes()).hexdigest()
    text, replaced = _HASH_LINE.subn(f'sha256 = "{digest}"'.encode(), manifest.read_bytes(), count=1)
    if not replaced:
        raise PluginError(
            f"{folder.name}: {FILE_NAME} has no line for the hash.", plugin=folder.name,
            hint='Add the line: sha256 = ""',
        )  # fmt: skip
    manifest.write_bytes(text)
    return module


def changed_source(folder: Path) -> Path | None:
    """The source in a plugin's folder, if it was changed after the module was made; else ``None``."""
    try:
        built = (folder / _MODULE).stat().st_mtime_ns
        return next((file for file in map(folder.joinpath, _SOURCES) if _changed(file) > built), None)
    except OSError:
        return None  # a zip file, or no module yet


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns if file.is_file() else 0


def _python_module(plugin: str, source: Path, manifest: bytes, tell: Tell, components: ComponentHost | None) -> bytes:
    try:
        text = source.read_text("utf-8")
    except ValueError as error:
        raise PluginError(f"{plugin}: {source.name} is not UTF-8.", plugin=plugin) from error
    said = parse_manifest(manifest, plugin)
    try:
        return compile_python(text, said, tell)
    except NotCompilable as reason:
        tell(f"{reason} {SLOWER}")
        wasm = build_component(text, said, components or application_components(), tell)
    (components or application_components()).component(said.name, wasm, tell)
    return wasm


def compile_module(plugin: str, source: Path, module: Path) -> None:
    """Compiles one source file to a module, with Lanescope's header or module at hand.

    Raises:
        PluginError: there is no compiler, or it complains.
    """
    sdk = shipped_folder() / "sdk"
    if source.suffix == ".rs":
        rustc = rust_compiler()
        if rustc is None:
            raise _no_compiler(plugin, "a Rust compiler with the target wasm32-unknown-unknown")
        _compile(plugin, [rustc, *_RUST_FLAGS, "-o", str(module), str(source)], {"LANESCOPE_SDK": str(sdk)})
    elif source.suffix == ".ts":
        _compile_assemblyscript(plugin, source, module, sdk)
    else:
        _compile(plugin, [*_c_compiler(plugin), *_C_FLAGS, "-I", str(sdk), "-o", str(module), str(source)], {})


def _compile_assemblyscript(plugin: str, source: Path, module: Path, sdk: Path) -> None:
    """In a folder of its own: the compiler would run whatever an asconfig.json beside the source asks for."""
    asc = shutil.which("asc")
    if asc is None:
        raise _no_compiler(plugin, "a compiler for AssemblyScript: npm install --global assemblyscript")
    with tempfile.TemporaryDirectory(prefix="lanescope-") as name:
        folder = Path(name)
        for file in (source, sdk / "lanescope.ts"):
            shutil.copyfile(file, folder / file.name)
        command = [asc, source.name, *_ASSEMBLYSCRIPT_FLAGS, "-o", _MODULE]
        _compile(plugin, command, {}, folder)
        shutil.copyfile(folder / _MODULE, module)


def rust_compiler() -> str | None:
    """The first Rust compiler on the path that can make WebAssembly: a system's and a user's own may lie there."""
    folders = filter(None, os.environ.get("PATH", "").split(os.pathsep))
    for found in dict.fromkeys(filter(None, (shutil.which("rustc", path=folder) for folder in folders))):
        try:
            asked = subprocess.run(  # noqa: S603 - a compiler that the user has on the path
                [found, "--print", "target-libdir", "--target", _RUST_TARGET], capture_output=True, encoding="utf-8",
                errors="replace", timeout=_SECONDS, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            continue
        if asked.returncode == 0 and any(Path(asked.stdout.strip()).glob("libcore-*")):
            return found
    return None


def _c_compiler(plugin: str) -> list[str]:
    if importlib.util.find_spec("ziglang") is not None:
        return [sys.executable, "-m", "ziglang", "cc", "-target", "wasm32-freestanding"]
    clang = next(
        filter(None, map(shutil.which, ("clang", *(f"clang-{version}" for version in range(22, 13, -1))))), None
    )
    if clang is None:
        raise _no_compiler(plugin, "a C compiler for WebAssembly: pip install ziglang, or your system's clang and lld")
    return [clang, "--target=wasm32"]


def _no_compiler(plugin: str, what: str) -> PluginError:
    return PluginError(f"{plugin}: building it takes {what}.", plugin=plugin, hint="Install it, then build anew.")


def _compile(plugin: str, command: Sequence[str], settings: dict[str, str], folder: Path | None = None) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - a compiler on sources that the user asks to compile
            command, capture_output=True, encoding="utf-8", errors="replace", timeout=_SECONDS,
            env={**os.environ, **settings}, cwd=folder, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PluginError(f"{plugin}: the compiler did not end: {error}.", plugin=plugin) from error
    if done.returncode:
        raise PluginError(
            f"{plugin}: the compiler says:\n{done.stderr.strip()}",
            plugin=plugin,
            hint="Mend the source, then build anew.",
        )
