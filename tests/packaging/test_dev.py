"""The commands of dev.py, their order and their words."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

import benchmarks
import checks
import dev
import requirements
from set_up_error import SetUpError

REPOSITORY = Path(dev.__file__).resolve().parent.parent


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["--help"], 0)])
def test_usage_names_every_command(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(arguments) == status
    usage = capsys.readouterr().out
    assert all(re.search(rf"^  {name} ", usage, re.MULTILINE) for name in dev.COMMANDS)


def test_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["fly"]) == 2
    assert "There is no command 'fly'; try one of run, test, bench, lock." in capsys.readouterr().err


def test_failed_set_up_is_words_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(arguments: list[str]) -> int:
        raise SetUpError("Plug the network in.")

    monkeypatch.setitem(dev.COMMANDS, "run", fail)
    assert dev.main(["run"]) == 1
    assert capsys.readouterr().err == "\nPlug the network in.\n"


def test_tests_come_last_and_get_the_arguments() -> None:
    todo = checks.steps(Path(".venv/bin/python"), ["-k", "queue"])
    names = [step.name for step in todo]
    assert names[:5] == ["ruff check", "ruff format", "mypy", "kernels", "import-linter"]
    assert names[5:] == ["mypy for Windows", "mypy for macOS", "pytest"]
    assert todo[-1].command[-4:] == ["-m", "pytest", "-k", "queue"]
    assert todo[4].command[0] == str(Path(".venv/bin/lint-imports"))


def test_all_tests_are_run_by_two_processes() -> None:
    [*_, tests] = checks.steps(Path(".venv/bin/python"), [])
    assert "--numprocesses=2" in tests.command
    assert tests.again is not None
    assert "--numprocesses=2" not in tests.again


def test_all_steps_run_and_one_failure_fails(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = "import os, sys; print('ran', os.environ['QT_QPA_PLATFORM']); sys.exit(int(sys.argv[1]))"
    todo = [checks.Step(name, [sys.executable, "-c", code, status]) for name, status in [("a", "1"), ("b", "0")]]
    assert checks.run_all(todo, tmp_path) == 1
    said = capfd.readouterr()
    assert said.out.count("ran offscreen") == 2
    assert said.out.endswith("ran offscreen\n")
    assert said.err == "\nFailed: a\n"
    assert checks.run_all(todo[1:], tmp_path) == 0


@pytest.mark.parametrize(("status", "again", "expected"), [(0, 1, 0), (1, 0, 0), (1, 1, 1), (2, 0, 1)])
def test_what_failed_is_tried_by_itself(
    status: int, again: int, expected: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second = ([sys.executable, "-c", f"raise SystemExit({number})"] for number in (status, again))
    assert checks.run_all([checks.Step("a", first, second)], tmp_path) == expected
    said = capfd.readouterr()
    assert ("a: what failed, by itself" in said.out) == (status == 1)
    assert ("Unsteady, to be mended" in said.err) == (status == 1 and not again)
    assert ("Failed: a" in said.err) == bool(expected)


def test_benchmarks_are_found_by_name(tmp_path: Path) -> None:
    for name in ("gzip", "queue", "_shared"):
        (tmp_path / f"{name}.py").touch()
    assert [path.stem for path in benchmarks.select(tmp_path, [])] == ["gzip", "queue"]
    assert [path.stem for path in benchmarks.select(tmp_path, ["queue.py"])] == ["queue"]
    with pytest.raises(SetUpError, match=r"No benchmark nothing\. There are: gzip, queue\."):
        benchmarks.select(tmp_path, ["nothing"])


def test_a_gpu_is_measured_where_its_driver_is(tmp_path: Path) -> None:
    gpu, other = tmp_path / "gpu.py", tmp_path / "queue.py"
    assert benchmarks.measure_gpu([other, gpu], lambda name: f"/usr/bin/{name}")
    assert not benchmarks.measure_gpu([other], lambda name: f"/usr/bin/{name}")
    assert not benchmarks.measure_gpu([gpu], lambda _name: None)


def test_benchmarks_run_in_the_repository(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "good.py"
    good.write_text("import os; print(os.getcwd())", encoding="utf-8")
    bad = tmp_path / "bad.py"
    bad.write_text("raise SystemExit(1)", encoding="utf-8")
    assert benchmarks.run_all(Path(sys.executable), [bad, good], tmp_path) == 1
    said = capfd.readouterr()
    assert str(tmp_path) in said.out
    assert "Failed: bad" in said.err


def test_what_cannot_be_measured_here_is_no_failure(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    good, absent = tmp_path / "good.py", tmp_path / "absent.py"
    good.write_text("", encoding="utf-8")
    absent.write_text(f"raise SystemExit({benchmarks.NOT_HERE})", encoding="utf-8")
    assert benchmarks.run_all(Path(sys.executable), [absent, good], tmp_path) == 0
    assert capfd.readouterr().err == "\nNot measured on this machine: absent\n"
    assert benchmarks.run_all(Path(sys.executable), [absent], tmp_path) == 1


def test_lock_file_has_a_hash_for_everything_and_nothing_of_a_machine() -> None:
    text = (REPOSITORY / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text)[2:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"https?://|file:|^-|(?<!packaging)/(?!dev\.py)", text, re.MULTILINE)


def test_pinning_asks_for_every_system_with_hashes() -> None:
    asked = requirements.compile_arguments(upgrade=True)
    assert {"--universal", "--generate-hashes", "--no-emit-index-url", "--upgrade"} <= set(asked)
    assert "--upgrade" not in requirements.compile_arguments(upgrade=False)
