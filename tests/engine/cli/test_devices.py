from __future__ import annotations

import json
from pathlib import Path

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


def few_reads(folder: Path) -> Path:
    path = folder / "few.fastq"
    path.write_bytes(b"".join(b"@r%d\nACGTNACGTACG\n+\nIIIIIIIIIII#\n" % number for number in range(6)))
    return path


def test_a_run_tells_what_a_device_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = few_reads(tmp_path)
    assert main(["run", str(path), "--no-save", "--device", "cuda:0", "--threads", "1"]) == 0
    assert "cuda:0        done: 100 % of the batches" in capsys.readouterr().out
    assert main(["run", str(path), "--no-save", "--device", "cuda:0", "--threads", "1", "--json"]) == 0
    (document,) = json.loads(capsys.readouterr().out)
    assert document["devices"][0]["name"] == "cuda:0"
    assert document["devices"][0]["batches"] == 1
    assert document["warnings"] == []


def test_a_device_that_is_missing_is_one_line_on_the_error_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(few_reads(tmp_path)), "--no-save", "--device", "cuda:7", "--threads", "1"]) == 0
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "few.fastq: cuda:7 cannot be used: this machine has cuda:0. The CPU counts instead." in captured.err


def test_a_wrong_device_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "x", "--device", "gpu"])
    assert "must be auto, cpu, cuda:0 for the first GPU" in capsys.readouterr().err
