"""``lanescope run`` on sources that are too fast, and what it tells of how a run was carried out."""

from __future__ import annotations

import json
import os
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from engine.cli.load import add_options, load_wanted
from engine.cli.main import main
from engine.home import find_home
from engine.report.load_text import decision_text, memory_text
from engine.run.settings import RunSettings
from engine.store.store import Store
from engine.tuning.decision import Decision, Verdict
from engine.tuning.optimizer import Optimizer
from engine.tuning.setting import Knob

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"
RECORD = b"@read\nACGTACGTAC\n+\nIIIIIIIIII\n"
READS = 20_000


@pytest.fixture
def pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path]:
    """Makes a pipe into which reads are written as fast as they are taken."""
    monkeypatch.setattr("engine.parse.fastq._LIVE", 3600.0)
    path = tmp_path / "pipe.fastq"

    def write() -> None:
        with path.open("wb") as file:
            file.write(RECORD * READS)

    def make() -> Path:
        os.mkfifo(path)
        threading.Thread(target=write).start()
        return path

    return make


def run(*arguments: str | Path) -> int:
    return main(["run", *map(str, arguments)])


def test_a_sample_of_a_pipe_is_told_and_kept(pipe: Callable[[], Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(pipe(), "--backpressure", "sample", "--sample-share", "0.000001", "--sample-seed", "7", "--json") == 0
    [document] = json.loads(capsys.readouterr().out)
    assert document["sampling"]["policy"] == "sample"
    assert document["sampling"]["reads"] + document["sampling"]["left_out_reads"] == READS
    assert document["sampling"]["left_out_reads"] > 0
    with Store.open(find_home().database) as store:
        [row] = store.list_runs()
        assert store.parameters(row.run_id)["backpressure"] == {"kind": "sample", "share": 1e-6, "seed": 7}


def test_the_summary_says_that_it_is_a_sample(pipe: Callable[[], Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(pipe(), "--backpressure", "sample", "--sample-share", "0.000001") == 0
    assert "These numbers rest on a sample: 0 of 20,000 reads (0.0 %)" in capsys.readouterr().out


def test_files_wait(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(SAMPLES / "illumina_single.fastq.gz", "--backpressure", "drop") == 1
    assert "illumina_single.fastq.gz is a file, which waits" in capsys.readouterr().err
    assert not find_home().database.exists()


def test_a_folder_that_fills_may_be_sampled(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "reads.fastq").write_bytes(RECORD)
    assert run(tmp_path / "in", "--follow", "--silent", "0.2", "--backpressure", "adaptive") == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--sample-share", "0.5"), "--sample-share needs --backpressure sample or adaptive"),
        (("--backpressure", "drop", "--sample-seed", "1"), "--sample-seed needs --backpressure sample or adaptive"),
    ],
)
def test_options_that_do_not_go_together(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(SAMPLES / "nanopore.fastq.gz", *arguments) == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--backpressure", "hope"),
        ("--sample-share", "0"),
        ("--sample-share", "1.5"),
        ("--in-flight", "0"),
        ("--checkpoint-seconds", "nan"),
        ("--checkpoint-batches", "0"),
    ],
)
def test_values_that_make_no_sense(arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("-", *arguments)
    assert arguments[0] in capsys.readouterr().err


def test_verbose_tells_threads_buffers_and_tuning(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.run.tuning.Optimizer", partial(Optimizer, patience=3600.0))  # nothing is moved
    assert run(SAMPLES / "nanopore.fastq.gz", "--verbose", "--tune", "--threads", "2", "--in-flight", "64") == 0
    told = capsys.readouterr().out
    assert "read + parse: " in told
    assert "worker 2: " in told
    assert "buffers of 4 MiB: " in told
    assert "tuned to 2 workers, batches of 4 MiB, 64 MiB under way" in told
    assert run(SAMPLES / "nanopore.fastq.gz") == 0
    assert "buffers" not in capsys.readouterr().out


def test_decisions_in_words() -> None:
    tried = Decision(2.25, Verdict.TRIED, Knob.WORKERS, 1, 2, "workers were busy 99 % of the time")
    back = Decision(12.0, Verdict.TAKEN_BACK, Knob.BATCH, 4 << 20, 16 << 20, "70.0 MB/s is no gain on 71.0 MB/s")
    settled = Decision(30.0, Verdict.SETTLED, None, 0, 0, "71.0 MB/s; reading limits the speed")
    assert decision_text(tried).strip() == "2.2 s  workers 1 → 2 tried, since workers were busy 99 % of the time"
    assert "batch size 4 MiB → 16 MiB taken back: 70.0 MB/s is no gain" in decision_text(back)
    assert decision_text(settled).strip() == "30.0 s  settled: 71.0 MB/s; reading limits the speed"
    assert (memory_text(900), memory_text(1500 << 10)) == ("900 bytes", "1.465 MiB")


def test_how_often_checkpoints_are_taken() -> None:
    parser = ArgumentParser()
    add_options(parser)
    wanted = load_wanted(parser.parse_args(["--checkpoint-seconds", "0", "--checkpoint-batches", "40"]))
    settings = RunSettings.model_validate(wanted)
    assert (settings.checkpoint_seconds, settings.checkpoint_batches) == (0, 40)
    assert RunSettings.model_validate(load_wanted(parser.parse_args([]))).checkpoint_seconds == 5
