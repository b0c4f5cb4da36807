from __future__ import annotations

from pathlib import Path

import pytest

from engine.sink.errors import OutputError
from engine.sink.names import fault_of, own_descriptor, place_of
from engine.sink.plan import OutputPlan


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("CON.fastq.gz", "is a name that Windows keeps for a device"),
        ("com1", "is a name that Windows keeps for a device"),
        ("nul.fastq", "is a name that Windows keeps for a device"),
        ("lane:1?.fastq", "cannot have : ? in it"),
        ("reads\t.fastq", r"cannot have '\t' in it"),
        ("reads.", "cannot end with a dot or a space"),
        ("NUL", ""),
        ("control.fastq", ""),
        ("R1.CON.fastq", ""),
        ("reads (2), \u00e9 \u8bfb.fastq.gz", ""),
    ],
)
def test_names_that_windows_cannot_have(name: str, fault: str) -> None:
    assert fault_of(name, "win32") == fault
    assert fault_of(name, "linux") == fault_of(name, "darwin") == ""


def test_a_sample_may_not_be_named_as_a_device(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plan = OutputPlan(tmp_path / "{sample}.fastq", samples=("alpha", "CON"))
    plan.check()
    monkeypatch.setattr("engine.sink.plan.fault_of", lambda name: fault_of(name, "win32"))
    with pytest.raises(OutputError, match=r"CON\.fastq is a name that Windows keeps for a device\."):
        plan.check()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_capitals_make_no_second_file(platform: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plan = OutputPlan(tmp_path / "reads.fastq", second=tmp_path / "Reads.fastq")
    plan.check()
    monkeypatch.setattr("engine.sink.plan.place_of", lambda path: place_of(path, platform))
    with pytest.raises(OutputError, match="are the same file"):
        plan.check()


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("/dev/fd/4", 4), ("/proc/self/fd/12", 12), ("/dev/stdout", 1), ("/dev/stderr", 2), ("/dev/stdin", None),
        ("/dev/fd/x", None), ("/proc/1/fd/3", None), ("reads.fastq", None),
    ],
)  # fmt: skip
def test_names_of_what_this_process_has_open(name: str, number: int | None) -> None:
    assert own_descriptor(Path(name), "linux") == number
    assert own_descriptor(Path(name), "win32") is None
