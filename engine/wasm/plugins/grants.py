"""What the user has granted to plugins."""

from __future__ import annotations

import json

from engine.home import Home
from engine.wasm.errors import PluginError
from engine.wasm.manifest import Manifest
from engine.whole_file import PRIVATE, write_whole

_MOST_BYTES = 1 << 20


class Grants:
    """Capabilities granted to plugins, in the file ``plugin-grants.json`` of Lanescope's home.

    A grant is for one module: another version, or another plugin of the same name, has to be granted anew.
    """

    def __init__(self, home: Home) -> None:
        self._path = home.root / "plugin-grants.json"

    def of(self, manifest: Manifest) -> tuple[str, ...]:
        """What is granted of what this plugin asks for; nothing where the file cannot be read."""
        kept = self._read().get(manifest.name)
        granted = kept.get("capabilities") if isinstance(kept, dict) and kept.get("sha256") == manifest.sha256 else ()
        return tuple(each for each in manifest.capabilities if isinstance(granted, list) and each in granted)

    def set(self, manifest: Manifest, capability: str, *, granted: bool) -> None:
        """Grants a capability, or takes it away.

        Raises:
            PluginError: the plugin does not ask for it, or the file cannot be written.
        """
        if capability not in manifest.capabilities:
            raise PluginError(f"{manifest.name}: it does not ask for {capability}.", plugin=manifest.name)
        now = [each for each in self.of(manifest) if each != capability] + ([capability] if granted else [])
        grants = {**self._read(), manifest.name: {"sha256": manifest.sha256, "capabilities": now}}

        def failure(reason: str) -> PluginError:
            return PluginError(
                f"{manifest.name}: the file {self._path} cannot be written: {reason}.",
                plugin=manifest.name,
                hint="Make the folder writable, or free some space.",
            )

        write_whole(self._path, json.dumps(grants, indent=1), rights=PRIVATE, failure=failure)

    def _read(self) -> dict[str, object]:
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                return {}
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):  # nothing is granted that cannot be read
            return {}
        return found if isinstance(found, dict) else {}
