from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.home import find_home
from engine.run.state import RunState
from engine.store.store import Store
from tests.naive_counts import naive_counts

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "resources" / "samples"


def run(*arguments: str | Path) -> int:
    return main(["run", *map(str, arguments)])


def test_summary_results_and_database(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sample = SAMPLES / "illumina_single.fastq.gz"
    out = tmp_path / "deep" / "out"
    assert run(sample, "--out", out) == 0
    shown = capsys.readouterr()
    naive = naive_counts(sample)
    assert f"{naive.reads:,}" in shown.out
    assert str(out) in shown.out
    assert shown.err == ""  # no progress in a pipe
    document = json.loads((out / "illumina_single.json").read_text())
    assert document["results"]["basic"]["bases"] == naive.bases
    with Store.open(find_home().database) as store:
        (row,) = store.list_runs()
        assert (row.state, row.reads) == (RunState.COMPLETED, naive.reads)


def test_json_of_several_files(capsys: pytest.CaptureFixture[str]) -> None:
    paths = sorted(SAMPLES.glob("*pair*"))
    assert run(*paths, "--json", "--threads", "1") == 0
    documents = json.loads(capsys.readouterr().out)
    assert [document["results"]["basic"]["reads"] for document in documents] == [2500, 2500]
    assert [document["run"]["workers"] for document in documents] == [1, 1]


def test_a_bad_file_fails_and_the_good_ones_go_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.fastq"
    bad.write_bytes(b"@a\nACGT\n+\nIIII\n@b\nAC GT\n+\nIIIII\n")
    assert run(bad, tmp_path / "missing.fastq", SAMPLES / "nanopore.fastq.gz") == 1
    shown = capsys.readouterr()
    assert "record 2, line 6, byte 20" in shown.err
    assert "missing.fastq does not exist" in shown.err
    assert "4,000" in shown.out


def test_a_folder_is_walked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(SAMPLES, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == len(list(SAMPLES.glob("*.fastq.gz")))


def test_same_names_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "reads.fastq").write_bytes(b"@a\nACGT\n+\nIIII\n")
    assert run(tmp_path / "one", tmp_path / "two", "--out", tmp_path / "out") == 0
    assert {path.name for path in (tmp_path / "out").glob("*.json")} == {"one_reads.json", "two_reads.json"}


def test_another_database_or_none(tmp_path: Path) -> None:
    sample = SAMPLES / "illumina_single.fastq.gz"
    assert run(sample, "--no-save") == 0
    assert run(sample, "--database", tmp_path / "mine.sqlite") == 0
    assert not find_home().database.exists()
    with Store.open(tmp_path / "mine.sqlite") as store:
        assert len(store.list_runs()) == 1


def test_a_name_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "red\x1b[31m.fastq"
    path.write_bytes(b"@a\nACGT\n+\nIII\n")
    assert run(path) == 1
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err


def test_an_output_folder_that_cannot_be_made(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run(SAMPLES / "nanopore.fastq.gz", "--out", tmp_path / "file" / "out") == 2
    assert "cannot be made" in capsys.readouterr().err
    assert run(SAMPLES / "nanopore.fastq.gz", "--out", tmp_path / "file") == 2
    assert "cannot be made" in capsys.readouterr().err
    with Store.open(find_home().database) as store:
        assert store.list_runs() == []


@pytest.mark.skipif(sys.platform != "linux", reason="not on this platform: a folder that not even root may write into")
def test_reports_into_a_folder_that_takes_no_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(SAMPLES / "nanopore.fastq.gz", "--no-save", "--out", "/proc") == 2
    told = capsys.readouterr()
    assert "Nothing can be written into the folder /proc" in told.err
    assert told.out == ""


@pytest.mark.parametrize("arguments", [[], ["--threads", "0", "x"], ["--threads", "many", "x"]])
def test_a_wrong_command_line_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "usage" in told
    assert "_" not in told  # no name out of the program


def test_a_name_that_begins_with_a_dash_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-reads.fastq").write_text("@r\nACGT\n+\nIIII\n")
    with pytest.raises(SystemExit):
        run("-reads.fastq")
    assert capsys.readouterr().err.endswith("-reads.fastq is a file here: name it as ./-reads.fastq\n")
    assert run("./-reads.fastq", "--no-save") == 0


def test_what_is_not_saved_needs_neither_a_home_nor_room_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reads, out = tmp_path / "reads.fastq", tmp_path / "out.fastq"
    reads.write_text("@r\nACGT\n+\nIIII\n")
    with monkeypatch.context() as patched:
        patched.setattr("engine.cli.run._ROOM", 1 << 62)
        assert run(str(reads), "--no-save") == 0
    monkeypatch.setenv("LANESCOPE_HOME", str(reads / "home"))  # in a file there can be none
    assert run(str(reads), "--no-save", "-o", str(out)) == 0
    assert out.read_text() == reads.read_text()
    assert main(["search", str(reads), "-o", str(out), "--force"]) == 0
    assert main(["search", str(reads), "--no-pipelines"]) == 0
    assert main(["search", str(reads), "--pipeline", "nanopore"]) == 1
    assert "Lanescope has no place for its files" in capsys.readouterr().err


def test_no_qt_is_imported() -> None:
    code = (
        "import sys; from gui.main import main; status = main(sys.argv[1:]);"
        "qt = [name for name in sys.modules if name.startswith(('PySide6', 'pyqtgraph', 'qasync'))];"
        "assert not qt, qt; sys.exit(status)"
    )
    command = [sys.executable, "-c", code, "run", str(SAMPLES / "illumina_single.fastq.gz")]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "10,000" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_output_that_cannot_be_written(options: list[str]) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from engine.cli.main import main; sys.exit(main(sys.argv[1:]))",
        "run",
    ]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*command, str(SAMPLES / "illumina_single.fastq.gz"), *options],
            cwd=ROOT,
            env=dict(os.environ),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.strip() == "Lanescope could not continue: The output cannot be written: No space left on device."


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX tells the status")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_whoever_reads_the_output_may_have_had_enough(options: list[str]) -> None:
    code = "import sys; from gui.main import main; sys.exit(main(sys.argv[1:]))"
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, "run", str(SAMPLES / "illumina_single.fastq.gz"), "--no-save", *options],
            cwd=ROOT,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_nobody_has_to_read_what_went_wrong() -> None:
    code = "import sys; from gui.main import main; sys.exit(main(sys.argv[1:]))"
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, "run", "missing.fastq", "--no-save"], cwd=ROOT, stderr=writing, check=False
        )
    finally:
        os.close(writing)
    assert done.returncode == 1


def test_the_null_device_is_refused_as_any_empty_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", os.devnull]) == 1
    assert "is empty" in capsys.readouterr().err
    assert not find_home().database.exists()


@pytest.mark.parametrize("command", [["run", "x"], ["report", "1"], ["serve"], ["checkpoint", "list"]])
def test_a_database_is_made_in_no_folder_that_is_missing(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "mistyped"
    with pytest.raises(SystemExit):
        main([*command, "--database", str(missing / "runs.sqlite")])
    assert f"there is no folder {missing}" in capsys.readouterr().err
    assert not missing.exists()
