"""What the window remembers from one day to the next."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QSettings

from engine.devices.wanted import CPU, wanted

Mode = Literal["system", "dark", "light"]
MODES: tuple[Mode, ...] = ("system", "dark", "light")


class Settings:
    """An INI file in the home folder. Values that make no sense read as the default.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def mode(self) -> Mode:
        """Whether to follow the system or to be dark or light."""
        written = self._file.value("appearance/mode", "system")
        return next((mode for mode in MODES if mode == written), "system")

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._file.setValue("appearance/mode", mode)

    @property
    def workers(self) -> int | None:
        """Worker threads of a run; ``None`` leaves it to the engine."""
        text = str(self._file.value("engine/workers", ""))
        return int(text) if text.isdecimal() and int(text) > 0 else None

    @workers.setter
    def workers(self, number: int | None) -> None:
        self._file.setValue("engine/workers", number or "")

    @property
    def device(self) -> str:
        """What counts in a run: see `engine.devices.wanted.wanted`."""
        text = str(self._file.value("engine/device", CPU))
        try:
            wanted(text)
        except ValueError:
            return CPU
        return text

    @device.setter
    def device(self, text: str) -> None:
        self._file.setValue("engine/device", text)

    @property
    def tuning(self) -> bool:
        """Whether runs are tuned by their load."""
        return self._file.value("engine/tuning", "") == "on"

    @tuning.setter
    def tuning(self, on: bool) -> None:
        self._file.setValue("engine/tuning", "on" if on else "")

    @property
    def new_runs_profile(self) -> str:
        """Name of the profile that new runs are judged by; empty: the usual one."""
        return str(self._file.value("runs/profile", ""))

    @new_runs_profile.setter
    def new_runs_profile(self, name: str) -> None:
        self._file.setValue("runs/profile", name)

    @property
    def grouping(self) -> str:
        """How files that come together become runs, or an empty string."""
        return str(self._file.value("reads/grouping", ""))

    @grouping.setter
    def grouping(self, name: str) -> None:
        self._file.setValue("reads/grouping", name)

    @property
    def report_folder(self) -> str:
        """Where reports went last, or an empty string."""
        return str(self._file.value("reports/folder", ""))

    @report_folder.setter
    def report_folder(self, folder: str) -> None:
        self._file.setValue("reports/folder", folder)

    @property
    def report_kinds(self) -> list[str]:
        """What was written of runs last; empty when nothing was yet."""
        return str(self._file.value("reports/kinds", "")).split()

    @report_kinds.setter
    def report_kinds(self, kinds: list[str]) -> None:
        self._file.setValue("reports/kinds", " ".join(kinds))

    @property
    def recent(self) -> list[str]:
        """Paths that were opened lately, the newest first."""
        try:
            known = json.loads(str(self._file.value("reads/recent", "[]")))
        except ValueError:
            return []
        return [text for text in known if isinstance(text, str)] if isinstance(known, list) else []

    @recent.setter
    def recent(self, paths: list[str]) -> None:
        self._file.setValue("reads/recent", json.dumps(paths))

    @property
    def tells(self) -> bool:
        """Whether to tell of long work that is over while another window is in front."""
        return self._file.value("window/tells", "on") != ""

    @tells.setter
    def tells(self, on: bool) -> None:
        self._file.setValue("window/tells", "on" if on else "")

    @property
    def overview_order(self) -> tuple[int, bool]:
        """Column that the overview of all runs is sorted by, -1 for none, and whether it goes down."""
        column, _, way = str(self._file.value("overview/order", "")).partition(" ")
        return (int(column), way == "down") if column.isdecimal() else (-1, False)

    @overview_order.setter
    def overview_order(self, order: tuple[int, bool]) -> None:
        column, is_down = order
        self._file.setValue("overview/order", f"{column} {'down' if is_down else 'up'}" if column >= 0 else "")

    @property
    def page(self) -> str:
        """Name of the page that was open last, or an empty string."""
        return str(self._file.value("window/page", ""))

    @page.setter
    def page(self, name: str) -> None:
        self._file.setValue("window/page", name)

    @property
    def geometry(self) -> QByteArray:
        """Place and size of the window as Qt saves them; empty when never saved."""
        return self._bytes("window/geometry")

    @geometry.setter
    def geometry(self, state: QByteArray) -> None:
        self._file.setValue("window/geometry", state)

    @property
    def splitter(self) -> QByteArray:
        """Where the list of runs ends and the page begins; empty when never saved."""
        return self._bytes("window/splitter")

    @splitter.setter
    def splitter(self, state: QByteArray) -> None:
        self._file.setValue("window/splitter", state)

    @property
    def lists_runs(self) -> bool:
        """Whether the list of runs stands beside their pages."""
        return self._file.value("window/list", "on") != ""

    @lists_runs.setter
    def lists_runs(self, on: bool) -> None:
        self._file.setValue("window/list", "on" if on else "")

    def save(self) -> None:
        """Write to disk now; Qt would otherwise wait for an idle moment."""
        self._file.sync()

    def _bytes(self, key: str) -> QByteArray:
        value = self._file.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()
