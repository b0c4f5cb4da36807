"""What a plugin may be granted beyond computing."""

from __future__ import annotations

import logging
from collections.abc import Collection

from engine.wasm.errors import PluginError
from engine.wasm.functions import HostFunction
from engine.wasm.guest import Guest
from engine.wasm.manifest import Manifest

_MOST_LINE = 1000
_logger = logging.getLogger(__name__)


def granted_functions(manifest: Manifest, granted: Collection[str]) -> tuple[HostFunction, ...]:
    """The host's functions for what the manifest asks and the user grants; neither alone is enough.

    Raises:
        PluginError: the manifest asks for something that the user has not granted.
    """
    missing = [capability for capability in manifest.capabilities if capability not in granted]
    if missing:
        raise PluginError(
            f"{manifest.name}: it asks for {', '.join(missing)}, which it has not been granted.",
            plugin=manifest.name,
            hint="Grant it in the list of plugins, or run without it.",
        )
    return (HostFunction("lanescope", "log", ("i32", "i32"), None, _log),) if "log" in manifest.capabilities else ()


def _log(guest: Guest, address: int, length: int) -> None:
    said = guest.read(address & 0xFFFFFFFF, min(length & 0xFFFFFFFF, _MOST_LINE)).decode(errors="replace")
    _logger.info("%s: %s", guest.plugin, "".join(letter if letter.isprintable() else " " for letter in said))
