"""Finding and installing what the operating system lacks; apt-get and sudo are programs made for the test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import benchmarks
import system_packages
from set_up_error import SetUpError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="not on this platform: apt-get")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the path, and empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    return folder


def write_program(folder: Path, name: str, script: str) -> None:
    """A shell script in ``folder``, which also notes each call in ``calls``."""
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "{name} $*" >> {folder}/calls\n{script}\n', encoding="utf-8")
    path.chmod(0o755)


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text(encoding="utf-8").splitlines()


def refuse(name: str) -> object:
    raise OSError(f"{name}: cannot open shared object file")


def test_libraries_that_load_are_not_missing() -> None:
    assert system_packages.missing_libraries(system_packages.QT, load=len, platform="linux") == {}


def test_libraries_that_do_not_load_are_missing() -> None:
    wanted = {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1"}
    assert system_packages.missing_libraries(wanted, load=refuse, platform="linux") == wanted


def test_nothing_is_missing_off_linux() -> None:
    assert system_packages.missing_libraries(system_packages.QT, load=refuse, platform="darwin") == {}


def test_loader_of_the_system_is_asked() -> None:
    wanted = {"libc.so.6": "libc6", "liblanescope-is-not-here.so.1": "nothing"}
    missing = system_packages.missing_libraries(wanted, platform="linux")
    assert "liblanescope-is-not-here.so.1" in missing


def test_without_apt_the_files_are_named(programs: Path) -> None:
    with pytest.raises(SetUpError, match=r"lacks libEGL\.so\.1, needed to open a window"):
        system_packages.install(["libegl1"], "to open a window", libraries=["libEGL.so.1"])


def test_without_rights_the_exact_command_is_said(programs: Path) -> None:
    write_program(programs, "apt-get", "exit 0")
    write_program(programs, "sudo", "exit 1")
    with pytest.raises(SetUpError) as error:
        system_packages.install(["libegl1", "libgl1"], "to open a window")
    assert str(error.value).endswith("\n\n  sudo apt-get install libegl1 libgl1")
    assert calls(programs) == ["sudo -n true"]


def test_sudo_without_password_installs(programs: Path) -> None:
    write_program(programs, "apt-get", "exit 0")
    write_program(programs, "sudo", 'shift; exec "$@"')
    write_program(programs, "true", "exit 0")
    system_packages.install(["libegl1"], "to open a window")
    assert calls(programs)[-1].endswith("install -y --no-install-recommends libegl1")


def test_package_lists_are_fetched_when_the_package_is_unknown(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    write_program(
        programs, "apt-get", f'if [ "$1" = update ]; then : > {programs}/lists; else [ -e {programs}/lists ]; fi'
    )
    system_packages.install(["libegl1"], "to open a window")
    assert [call.split()[-1] for call in calls(programs)] == ["libegl1", "update", "libegl1"]


def test_failing_apt_is_said(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    write_program(programs, "apt-get", "exit 100")
    with pytest.raises(SetUpError, match="apt-get could not install the packages needed to open a window"):
        system_packages.install(["libegl1"], "to open a window")


def test_benchmarks_go_on_without_tools_to_compare_with(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert benchmarks.missing_tools() == benchmarks.TOOLS
    benchmarks.provide_tools()
    assert "Benchmarks go on without." in capsys.readouterr().err
