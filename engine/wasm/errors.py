"""What can go wrong with a plugin."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import LanescopeError


class PluginError(LanescopeError):
    """Something is wrong with a plugin or its module.

    Attributes:
        plugin: the plugin's name, as the user knows it.
    """

    title = "This plugin cannot be used"

    def __init__(self, message: str, *, plugin: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.plugin = plugin


class PluginNotFoundError(PluginError):
    """There is no such plugin, or none that can be removed."""

    title = "This plugin cannot be found"
    is_refusal = True
    hint = "See which there are with: lanescope plugin list"


class ModuleRefused(PluginError):
    """The module is not WebAssembly, not valid, or not made for what it is to do."""

    title = "This plugin cannot be loaded"
    hint = "Ask the plugin's author for a module built for this version of Lanescope."


class ImportRefused(ModuleRefused):
    """The module asks for something that it has not been granted.

    Attributes:
        module: first part of the import's name.
        name: second part.
    """

    hint = "Plugins get no files, clock, environment, randomness or network. Ask its author for one that needs none."

    def __init__(self, message: str, *, plugin: str, module: str, name: str) -> None:
        super().__init__(message, plugin=plugin)
        self.module = module
        self.name = name


class OutputRefused(PluginError):
    """The guest ran, but what it wrote makes no sense."""

    title = "A plugin gave an impossible result"
    hint = "This is a defect of the plugin. Tell its author, and run without it meanwhile."


@dataclass(frozen=True, slots=True)
class GuestFrame:
    """One call in a guest's stack.

    Attributes:
        function: its name, or ``function N`` where the module has no names.
        offset: byte offset in the module's file; ``None`` where it is not known.
    """

    function: str
    offset: int | None

    def __str__(self) -> str:
        return self.function if self.offset is None else f"{self.function} (+{self.offset:#x})"


class GuestTrap(PluginError):
    """A guest was stopped in the middle of a call. Its instance is gone.

    Attributes:
        export: the function that the host called.
        trap: why, in words.
        code: name of the trap as WebAssembly knows it, such as ``UNREACHABLE``; empty if the host ended the call.
        frames: where, innermost first; 20 at most.
    """

    title = "A plugin failed"
    hint = "This is a defect of the plugin. Tell its author, and run without it meanwhile."

    def __init__(
        self,
        trap: str,
        *,
        plugin: str,
        export: str,
        code: str = "",
        frames: tuple[GuestFrame, ...] = (),
        hint: str | None = None,
    ) -> None:
        where = f", in {' < '.join(map(str, frames[:4]))}" if frames else ""
        super().__init__(f"{plugin}: {export} stopped: {trap}{where}.", plugin=plugin, hint=hint)
        self.export = export
        self.trap = trap
        self.code = code
        self.frames = frames


class GuestTimeout(GuestTrap):
    """A call took longer than it may."""

    title = "A plugin took too long"
    hint = "It may be in an endless loop. Give it more time in its limits, or run without it."


class GuestCancelled(GuestTrap):
    """The host called it off."""

    title = "A plugin was stopped"
    hint = ""
