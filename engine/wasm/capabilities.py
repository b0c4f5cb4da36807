"""What a plugin may be granted beyond computing."""

from __future__ import annotations

from collections.abc import Collection

from engine.wasm.errors import PluginError
from engine.wasm.functions import HostFunction
from engine.wasm.guest import Guest
from engine.wasm.log import MOST_BYTES, GuestLog
from engine.wasm.manifest import Manifest


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
    log = GuestLog()

    def say(guest: Guest, address: int, length: int) -> None:
        log.say(guest.plugin, guest.read(address & 0xFFFFFFFF, min(length & 0xFFFFFFFF, MOST_BYTES)))

    return (HostFunction("lanescope", "log", ("i32", "i32"), None, say),) if "log" in manifest.capabilities else ()
