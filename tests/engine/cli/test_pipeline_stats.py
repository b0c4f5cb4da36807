from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli.main import main

PIPELINE = """name = "mine"
type = "document"

[[stages]]
name = "long"
stage = "length"
parameters = { minimum = 4 }
"""
READS = b"@one\nACGTAC\n+\nIIIIII\n@two\nAC\n+\nII\n@three 3\nACGT\n+\n!!!!\n"


def test_what_runs_have_done_adds_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reads, definition = tmp_path / "reads.fastq", tmp_path / "mine.toml"
    reads.write_bytes(READS)
    definition.write_text(PIPELINE)
    assert main(["pipeline", "import", str(definition)]) == 0
    assert main(["pipeline", "stats", "mine"]) == 0
    assert "mine has not run yet." in capsys.readouterr().out
    for number in range(2):
        assert main(["run", str(reads), "--pipeline", "mine", "-o", str(tmp_path / f"{number}.fastq")]) == 0
    bad = tmp_path / "bad.fastq"
    bad.write_bytes(READS + b"@bad\nA\n+\n\n")
    assert main(["run", str(bad), "--pipeline", "mine"]) == 1
    capsys.readouterr()

    assert main(["pipeline", "stats", "mine@1.0.0", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    done = json.loads(line)
    assert (done["runs"], done["failed"]) == (3, 1)
    assert (done["total"]["reads_in"], done["total"]["reads_out"], done["total"]["bases_out"]) == (9, 6, 30)
    (stage,) = done["stages"]
    assert (stage["name"], stage["drops"]) == ("long", {"too short": 3})
    assert 0 < stage["p50"] <= stage["p95"] <= stage["p99"]
    assert main(["pipeline", "stats", "mine"]) == 0
    shown = capsys.readouterr().out
    assert "mine@1.0.0: 3 runs, 1 of them failed" in shown
    assert "long: 3 dropped: too short" in shown
    assert main(["pipeline", "stats", "mine@9.9.9"]) == 2
    assert main(["pipeline", "stats", "nowhere"]) == 2
