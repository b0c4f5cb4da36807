from __future__ import annotations

import json

import pytest

from engine.cli.main import main
from engine.devices import discovery
from engine.devices.discovery import Device, Devices


def test_devices_are_listed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = Devices((Device(1, "Tesla \x1bA", 16 << 30, (8, 0)),), "550.54")
    monkeypatch.setattr("engine.cli.devices.find_devices", lambda: found)
    assert main(["devices"]) == 0
    assert capsys.readouterr().out == "cuda:1  Tesla ?A  16.0 GiB  compute capability 8.0\nNVIDIA driver 550.54\n"


def test_what_is_missing_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM", raising=False)
    monkeypatch.setattr(discovery, "_load", lambda names: None)
    assert main(["devices"]) == 0
    assert "NVIDIA" in capsys.readouterr().out
    assert main(["devices", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["usable"] == []
    assert document["reason"]
