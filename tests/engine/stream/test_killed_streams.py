"""Streams whose process is killed with SIGKILL go on in another one, and end as if nothing had happened."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest

from engine.checkpoint.folder import CheckpointFolder
from engine.stream.processor import StreamProcessor
from tests.conftest import REPOSITORY
from tests.engine.stream.lost_stream import POLICIES, TEXT, built
from tests.engine.stream.taking import pieces, take


@pytest.fixture(autouse=True)
def whole_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: what is chosen goes by whole batches."""
    monkeypatch.setattr("engine.parse.fastq._LIVE", 3600.0)


def lose(folder: Path, policy: str, most: int) -> int:
    """Takes so many batches in a process that is killed then; gives the number of the first."""
    command = [sys.executable, "-m", "tests.engine.stream.lost_stream", str(folder), policy]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            first = child.stdout.readline()
            for _ in range(most):
                child.stdin.write("\n")
                child.stdin.flush()
                assert child.stdout.readline() != "end\n", "there was too little to be killed in"
        finally:
            child.kill()
    return int(first)


def ended(folder: Path, policy: str) -> tuple[StreamProcessor, dict[int, bytes]]:
    """The stream to its end, in this process."""
    batches: dict[int, bytes] = {}

    async def main() -> StreamProcessor:
        processor = await built(folder / "checkpoints", policy)
        assert await take(processor, pieces(TEXT), batches)
        return processor

    return asyncio.run(main()), batches


@pytest.mark.parametrize("policy", POLICIES)
def test_a_killed_stream_ends_as_if_nothing_had_happened(tmp_path: Path, policy: str) -> None:
    (tmp_path / "whole").mkdir()
    whole, expected = ended(tmp_path / "whole", policy)
    chance = random.Random(3)  # noqa: S311 - moments, not secrets
    starts = [lose(tmp_path, policy, chance.randrange(5, 10)) for _ in range(2)]
    [own] = [path for path in (tmp_path / "checkpoints").iterdir() if path.is_dir()]
    assert CheckpointFolder(own).newest() is not None
    processor, rest = ended(tmp_path, policy)
    starts.append(processor.resumed_at.number)
    assert starts == sorted(starts)
    assert starts[0] == 0 < starts[-1]
    seen = {int(path.stem): path.read_bytes() for path in tmp_path.glob("*.fastq")} | rest
    assert seen == expected
    assert processor.results == whole.results
    assert processor.results_after == whole.results_after
    assert processor.left_out == whole.left_out
