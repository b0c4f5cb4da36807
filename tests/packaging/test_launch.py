"""How the application is started, with a screen or without."""

from __future__ import annotations

from pathlib import Path

import pytest

import launch
import system_packages
from engine.cli.commands import COMMANDS
from set_up_error import SetUpError


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "vnc:port=5900"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_display_is_found(environment: dict[str, str], platform: str, expected: bool) -> None:
    assert launch.has_display(environment, platform) is expected


def test_only_the_libraries_of_the_display_are_asked_for() -> None:
    x11 = launch.libraries({"DISPLAY": ":0"}, "linux")
    wayland = launch.libraries({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert x11 == system_packages.QT | system_packages.QT_XCB
    assert wayland == system_packages.QT | system_packages.QT_WAYLAND
    assert launch.libraries({"DISPLAY": ":0"}, "darwin") == {}


@pytest.mark.parametrize("there", ["QT_WAYLAND", "QT_XCB"])
def test_of_two_displays_the_one_that_works_is_taken(there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    complete: dict[str, str] = getattr(system_packages, there)
    monkeypatch.setattr(system_packages, "missing_libraries", lambda wanted: {} if wanted is complete else wanted)
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    assert launch.libraries(both, "linux") == system_packages.QT | complete


@pytest.mark.parametrize("arguments", [*([command] for command in COMMANDS), ["--help"], ["-h"], ["--version"]])
def test_subcommands_and_questions_need_no_screen(arguments: list[str]) -> None:
    assert not launch.opens_window(arguments)


@pytest.mark.parametrize("arguments", [[], ["reads.fastq"]])
def test_files_open_a_window(arguments: list[str]) -> None:
    assert launch.opens_window(arguments)


def test_arguments_reach_the_application_as_they_are() -> None:
    command = launch.application(Path("python"), ["a file.fastq", "--x"])
    assert command == ["python", "-P", "-m", "gui.main", "a file.fastq", "--x"]


def test_without_a_screen_the_sample_reads_are_run(lanescope_home: Path) -> None:
    repository = Path(launch.__file__).parent.parent
    command = launch.without_window(Path("python"), repository, [])
    samples = sorted(str(path) for path in (repository / "resources" / "samples").glob("*.fastq.gz"))
    assert len(samples) == 4
    out = str(lanescope_home / "lanescope-demo")
    assert command == ["python", "-P", "-m", "gui.main", "run", *samples, "--out", out]


def test_without_a_screen_named_files_are_run(tmp_path: Path) -> None:
    command = launch.without_window(Path("python"), tmp_path, ["mine.fastq"])
    assert command[4:7] == ["run", "mine.fastq", "--out"]


def test_missing_sample_reads_are_said(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="The sample reads are missing"):
        launch.without_window(Path("python"), tmp_path, [])
