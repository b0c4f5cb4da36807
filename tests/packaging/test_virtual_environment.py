"""The set-up on real virtual environments, from lock files that name no package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import checkout
import virtual_environment
from set_up_error import SetUpError

PACKAGING = Path(virtual_environment.__file__).parent


def make_repository(folder: Path, lock: str = "# nothing\n") -> Path:
    """A repository with no code and the given lock file."""
    (folder / "packaging").mkdir(parents=True)
    (folder / "packaging" / "requirements.lock").write_text(lock, encoding="utf-8")
    write_version(folder, "1.2")
    return folder


def write_version(repository: Path, version: str) -> None:
    (repository / "pyproject.toml").write_text(f'[project]\nversion = "{version}"\n', encoding="utf-8")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose environment is set up."""
    folder = make_repository(tmp_path_factory.mktemp("set up"))
    virtual_environment.provide(folder)
    return folder


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pip finds nobody at its index, and asks nowhere else."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null" if sys.platform != "win32" else "nul")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_environment_imports_the_repository_from_any_folder(repository: Path, tmp_path: Path) -> None:
    (repository / "engine_of_test.py").write_text("print('found')", encoding="utf-8")
    command = [str(virtual_environment.python(repository)), "-P", "-m", "engine_of_test"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout == "found\n"


def test_environment_knows_the_version_even_when_it_changes(repository: Path) -> None:
    code = "from importlib.metadata import version; print(version('lanescope'))"
    for version in ("1.2", "1.10"):
        write_version(repository, version)
        command = [str(virtual_environment.provide(repository)), "-c", code]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"{version}\n"


def test_command_starts_the_application_from_any_folder_with_its_arguments(repository: Path, tmp_path: Path) -> None:
    (repository / "gui").mkdir()
    (repository / "gui" / "main.py").write_text("import sys; print(sys.argv[1:])", encoding="utf-8")
    (tmp_path / "gui").mkdir()
    (tmp_path / "gui" / "main.py").write_text("print('not ours')", encoding="utf-8")
    told = subprocess.run(
        [str(checkout.command(repository)), "run", "two words.fastq"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout == "['run', 'two words.fastq']\n"


def test_command_that_went_missing_is_laid_anew(repository: Path) -> None:
    checkout.command(repository).unlink()
    virtual_environment.provide(repository)
    assert checkout.command(repository).exists()


def test_second_call_makes_nothing(repository: Path, capfd: pytest.CaptureFixture[str]) -> None:
    python = virtual_environment.provide(repository)
    assert python.exists()
    assert capfd.readouterr() == ("", "")


def test_stamp_depends_on_lock_file_and_place(tmp_path: Path) -> None:
    one = make_repository(tmp_path / "one")
    other = make_repository(tmp_path / "other")
    before = virtual_environment.stamp(one)
    assert before == virtual_environment.stamp(one)
    assert before != virtual_environment.stamp(other)
    (one / "packaging" / "requirements.lock").write_text("# something\n", encoding="utf-8")
    assert before != virtual_environment.stamp(one)


def test_environment_without_its_python_is_not_ready(tmp_path: Path) -> None:
    folder = make_repository(tmp_path)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "lanescope-stamp").write_text(virtual_environment.stamp(folder), encoding="utf-8")
    assert not virtual_environment.is_ready(folder)


def test_calls_at_once_mend_an_interrupted_set_up_once(tmp_path: Path) -> None:
    folder = make_repository(tmp_path)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").write_text("half a file", encoding="utf-8")
    assert not virtual_environment.is_ready(folder)
    code = "import sys, pathlib, virtual_environment as v; print(v.provide(pathlib.Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(folder)]
    both = [subprocess.Popen(command, cwd=PACKAGING, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("Setting up" in text for text in said) == 1
    assert virtual_environment.is_ready(folder)
    python = virtual_environment.python(folder)
    assert subprocess.run([python, "-c", "print(1)"], capture_output=True, text=True, check=True).stdout == "1\n"


@pytest.mark.usefixtures("no_index")
def test_no_network_is_said_in_words_and_leaves_no_stamp(tmp_path: Path) -> None:
    folder = make_repository(tmp_path, f"lanescope-needs-this==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetUpError, match="could not reach the package index"):
        virtual_environment.provide(folder)
    assert not virtual_environment.is_ready(folder)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("ERROR: No matching distribution found for numba==0.68.1", "is not offered for Python"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "its own words are above"),
    ],
)
def test_pip_failures_are_explained(said: str, expected: str) -> None:
    assert expected in virtual_environment.explain_pip(said)


@pytest.mark.parametrize(("encoding", "folder"), [("cp1252", "Jörg"), ("utf-8", "читает"), ("cp1252", "читает")])
def test_its_folder_is_told_in_the_encoding_that_python_reads(
    encoding: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("locale.getencoding", lambda: encoding)
    known = "utf-8" if folder == "читает" else encoding
    assert checkout.pth_line(Path(folder)) == f"{folder}\n".encode(known)
