"""Devices in the window: the choice in the settings, and what they do on the page of a run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.devices.discovery import INSTALL, Device, Devices, install_command
from engine.run.snapshot import DeviceLoad, DeviceState
from engine.run.state import RunState
from gui.models import device_choice
from gui.models.settings import Settings
from gui.views.device_card import DevicePanel
from tests.gui.conftest import MakeSnapshot
from tests.gui.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

MISSING = Devices(reason="There is a GPU, but numba-cuda is not installed.", hint=f"Install it with {INSTALL}.")


def test_a_chosen_device_counts_and_is_remembered(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "few.fastq"
    path.write_bytes(b"".join(b"@r%d\nACGTNACGTACG\n+\nIIIIIIIIIII#\n" % number for number in range(4)))
    desk.open()
    desk.window.go_to("settings")
    card, choice = desk.conductor.devices_card, desk.conductor.devices
    desk.until(lambda: choice.found is not None)
    assert "cuda:0" in card.found.text()
    assert card.options.currentData() == "cpu"
    card.options.setCurrentIndex(card.options.findData("cuda:0"))
    card.options.activated.emit(card.options.currentIndex())
    desk.window.go_to("reads")
    desk.drop(path)
    desk.until(lambda: desk.states() == [RunState.COMPLETED])
    desk.window.go_to("runs")
    panel = desk.window.runs.run.devices
    desk.until(lambda: panel.isVisible() and "done" in panel.card.lines[0].title.text())
    (line,) = panel.card.lines
    assert line.name.text() == "cuda:0"
    assert line.share_text.text() == "100 %"
    desk.close()
    desk.open()
    assert desk.conductor.devices.value == "cuda:0"
    desk.window.go_to("settings")
    assert desk.conductor.devices_card.options.currentData() == "cuda:0"


def test_what_is_missing_is_told_and_its_command_copied(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device_choice, "find_devices", lambda: MISSING)
    desk.open(wait=False)
    desk.window.go_to("settings")
    card, choice = desk.conductor.devices_card, desk.conductor.devices
    desk.until(lambda: choice.found is not None)
    assert card.found.text() == f"{MISSING.reason} {MISSING.hint}"
    assert card.options.count() == 1
    card.copy.click()
    assert QApplication.clipboard().text() == install_command()
    assert sys.executable in install_command()
    two = Devices((Device(0, "One", 8 << 30), Device(1, "Two", 0)), "550.54")
    monkeypatch.setattr(device_choice, "find_devices", lambda: two)
    card.again.click()
    desk.until(lambda: choice.found is two)
    assert card.found.text() == "cuda:0 · One · 8.59 GB\ncuda:1 · Two\nNVIDIA driver 550.54"
    assert not card.copy.isVisible()
    values = [card.options.itemData(row) for row in range(card.options.count())]
    assert values == [
        "cpu",
        "auto",
        "cuda:0",
        "cpu,cuda:0",
        "cuda:1",
        "cpu,cuda:1",
        "cuda:0,cuda:1",
        "cpu,cuda:0,cuda:1",
    ]


def test_a_run_shows_what_its_devices_do(qtbot: QtBot, make_snapshot: MakeSnapshot) -> None:
    panel = DevicePanel()
    qtbot.addWidget(panel)
    panel.set_snapshot(make_snapshot())
    assert panel.isHidden()
    first = DeviceLoad("cuda:0", "<b>Tesla</b>", DeviceState.COUNTING, 1 << 20, 412, 0.4, 0.2, 0.63, 0.71)
    second = DeviceLoad("cuda:1", "Tesla", DeviceState.FAILED)
    choice = "Counting on cuda:0 was 2.1 times as fast."
    panel.set_snapshot(make_snapshot(devices=(first, second), device_choice=choice, warnings=("cuda:1 is gone.",)))
    line = panel.card.lines[0]
    assert line.title.text() == "<b>Tesla</b> · counting · 1.05 MB held"
    assert (line.busy.fraction, line.busy_text.text()) == (0.63, "63 %")
    assert (line.queue_share.fraction, line.share_text.text()) == (0.71, "71 %")
    assert line.times.text() == "copying 0.40 s · counting 0.20 s"
    assert "63 % busy, 71 % of the batches" in line.accessibleDescription()
    assert panel.card.choice.text() == choice
    assert panel.warning.text.text() == "cuda:1 is gone."
    panel.set_snapshot(make_snapshot(devices=(first,)))
    assert panel.card.lines[1].isHidden()
    assert panel.warning.isHidden()


def test_a_setting_that_makes_no_sense_is_the_cpu(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.ini")
    settings.device = "cuda:3"
    assert settings.device == "cuda:3"
    settings.device = "toaster"
    assert settings.device == "cpu"
