"""How a process of guest threads ends by its own will."""

from __future__ import annotations

from engine.wasm.errors import PluginError


class GuestExit(PluginError):
    """A guest called ``proc_exit``, which ends all its threads. It never reaches whoever runs the process.

    Attributes:
        code: the exit status.
    """

    def __init__(self, code: int, *, plugin: str) -> None:
        super().__init__(f"{plugin}: it ended with status {code}.", plugin=plugin)
        self.code = code
