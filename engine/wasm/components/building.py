"""Python that cannot be compiled, made into a component with the interpreter in it."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.wasm.components.child import Outcome, have_done, stop_if_due
from engine.wasm.components.host import ComponentHost
from engine.wasm.components.source import read_free_source
from engine.wasm.errors import PluginError
from engine.wasm.limits import Watch
from engine.wasm.manifest import Manifest
from engine.wasm.plugins.library import shipped_folder
from engine.wasm.private_files import PrivateFiles
from engine.wasm.python.compiling import Tell, check_manifest, complaint, say_nothing
from engine.wasm.python.source import SourceError

BUILDING = "Building the slow version of your plugin: 10 to 20 s, once."
_MOST_ENTRIES = 6
_UNKEPT = "On this system the builder of Python plugins could not be kept from"


def build_component(
    text: str, manifest: Manifest, host: ComponentHost, tell: Tell = say_nothing, watch: Watch | None = None
) -> bytes:
    """A component of the manifest's ABI from a Python source that no compiler takes, or from what was kept of it.

    Args:
        text: the source; `process` takes and returns the same as where it is compiled, with bytes for arrays.
        manifest: what the plugin says about itself, but for the hash.
        host: keeps what has been built.
        tell: called with a sentence about anything that its user should know.
        watch: ends it early.

    Raises:
        PluginError: it cannot be built; the message names the line.
        GuestCancelled: it was called off.
    """
    plugin = manifest.name
    try:
        function = read_free_source(text, manifest)
        check_manifest(manifest, function.result, function.parts)
    except SourceError as error:
        raise complaint(plugin, error) from error
    files = _files(text, function.module(), over_documents=bool(manifest.documents))
    watch = watch or Watch()
    store = PrivateFiles(host.folder, ".wasm", _MOST_ENTRIES)

    def make() -> bytes:
        tell(BUILDING)
        outcome = have_done(plugin, "build", files, "plugin.wasm", watch)
        if outcome.unkept:
            tell(f"{_UNKEPT}: {', '.join(outcome.unkept)}. Build only sources that you trust.")
        if outcome.made is None:
            raise _failed(plugin, outcome)
        return outcome.made

    return host.kept(store, _key(files), make, lambda: stop_if_due(plugin, watch))


def _files(text: str, declared: str, *, over_documents: bool) -> dict[str, bytes]:
    kit = shipped_folder() / "sdk" / "component"
    app = kit / ("each_document.py" if over_documents else "each_read.py")
    return {
        "wit/plugin.wit": (kit / "plugin.wit").read_bytes(),
        "world.txt": b"document-plugin" if over_documents else b"read-plugin",
        "source/app.py": app.read_bytes(),
        "source/sandbox.py": (kit / "sandbox.py").read_bytes(),
        "source/declared.py": declared.encode(),
        "source/plugin.py": text.encode(),
    }


def _key(files: dict[str, bytes]) -> str:
    try:
        builder = version("componentize-py")
    except PackageNotFoundError:  # a bundle without package metadata
        builder = "unknown"
    key = hashlib.sha256(builder.encode())
    for name, content in files.items():
        key.update(Path(name).name.encode() + b"\0" + hashlib.sha256(content).digest())
    return key.hexdigest()


def _failed(plugin: str, outcome: Outcome) -> PluginError:
    if outcome.fault:
        return PluginError(f"{plugin}: {outcome.fault}.", plugin=plugin, hint="Mend the source, then build anew.")
    return PluginError(
        f"{plugin}: the slow version cannot be built: {outcome.error}.", plugin=plugin,
        hint="Write it so that it can be compiled, or write the plugin in C or Rust.",
    )  # fmt: skip
