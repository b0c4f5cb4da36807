"""Which of this machine's devices count in the next runs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from engine.devices.discovery import Device, Devices, find_devices
from engine.devices.wanted import AUTO, CPU, wanted
from gui.models import format as show
from gui.models.engine_link import EngineLink
from gui.models.settings import Settings
from gui.models.tasks import Tasks


@dataclass(frozen=True, slots=True)
class DeviceOption:
    """One way to count.

    Attributes:
        value: as the setting has it.
        text: for people.
    """

    value: str
    text: str


class DeviceChoice(QObject):
    """The setting, what there is to choose from, and what is missing.

    Attributes:
        found: devices of this machine; ``None`` before anybody has looked.

    Signals:
        changed: anything of it.
    """

    changed = Signal()

    def __init__(self, settings: Settings, engine: EngineLink, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: Devices | None = None
        self._settings = settings
        self._engine = engine
        self._tasks = tasks
        self._is_looking = False

    @property
    def value(self) -> str:
        """What counts in the next runs."""
        return self._settings.device

    @property
    def is_looking(self) -> bool:
        """Whether devices are being looked for."""
        return self._is_looking

    def choose(self, value: str) -> None:
        """Have the next runs count so."""
        if value != self._settings.device:
            self._settings.device = value
            self._engine.set_device(value)
            self.changed.emit()

    def options(self) -> tuple[DeviceOption, ...]:
        """What can be chosen; what is chosen is among it even where the device is not there at present."""
        devices = self.found.usable if self.found is not None else ()
        options = [DeviceOption(CPU, "CPU")]
        if devices:
            options.append(DeviceOption(AUTO, "Automatic: try all, go on with what is faster"))
        for device in devices:
            options.append(DeviceOption(device.name, f"{device.name}, {device.title}"))
            options.append(DeviceOption(f"{CPU},{device.name}", f"CPU and {device.name}"))
        if len(devices) > 1:
            names = [device.name for device in devices]
            options.append(DeviceOption(",".join(names), " and ".join(names)))
            options.append(DeviceOption(",".join((CPU, *names)), f"CPU, {' and '.join(names)}"))
        if self.value not in [option.value for option in options]:
            options.append(DeviceOption(self.value, _in_words(self.value)))
        return tuple(options)

    def lines(self) -> tuple[str, ...]:
        """The devices, one a line."""
        return tuple(_line(device) for device in (self.found.usable if self.found is not None else ()))

    @property
    def driver(self) -> str:
        """NVIDIA's driver in words, or an empty string."""
        return f"NVIDIA driver {self.found.driver}" if self.found is not None and self.found.driver else ""

    @property
    def trouble(self) -> str:
        """What is missing and what to do, in sentences; empty where all is well."""
        return f"{self.found.reason} {self.found.hint}".strip() if self.found is not None else ""

    def look(self) -> None:
        """Look for devices, aside; harmless while that goes on."""
        if not self._is_looking:
            self._is_looking = True
            self.changed.emit()
            self._tasks.start(self._look())

    async def _look(self) -> None:
        try:
            self.found = await self._tasks.aside(find_devices)
        finally:
            self._is_looking = False
            self.changed.emit()


def _line(device: Device) -> str:
    parts = [device.name, device.title]
    if device.memory:
        parts.append(show.byte_size(device.memory))
    return " · ".join(parts)


def _in_words(value: str) -> str:
    if wanted(value).is_auto:
        return "Automatic: try all, go on with what is faster"
    return f"{value.replace(',', ', ').replace(CPU, 'CPU')} (not found)"
