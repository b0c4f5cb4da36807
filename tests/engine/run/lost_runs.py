"""Runs whose process was killed."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]

# What it is asked to do comes as Python values. Its workers go on after the first checkpoint, but it cannot end: on no
# machine is it quicker than whoever kills it.
CHILD = """
import sys
import time
from pathlib import Path
import engine.run.run
from engine.checkpoint.folder import CheckpointFolder
from engine.run.queue import RunQueue
from engine.run.settings import RunSettings
from engine.source.naming import Dataset
from engine.store.store import Store
database, again, *files = sys.argv[1:]
write = CheckpointFolder.write
def write_and_stay(folder, state):
    write(folder, state)
    print("written", flush=True)
    time.sleep(600)
CheckpointFolder.write = write_and_stay
engine.run.run._INTERVAL = 0.002
store = Store.open(Path(database))
settings = RunSettings(workers=2, batch_bytes=1 << 16, checkpoint_seconds=0.02)
queue = RunQueue(store, settings=settings)
if again != "0":
    queue.continue_run(int(again))
elif len(files) == 1:
    queue.submit(Path(files[0]))
else:
    queue.submit_dataset(Dataset("pair", ((Path(files[0]), Path(files[1])),)))
queue.wait()
queue.close()
store.close()
"""


def reads_of(seed: int, count: int, mate: int = 1) -> bytes:
    """Illumina reads of different lengths, many of them more than once."""
    chance = random.Random(seed)  # noqa: S311 - reads, not secrets
    known = ["".join(chance.choices("ACGTN", (30, 20, 21, 28, 1), k=chance.randrange(30, 120))) for _ in range(2000)]
    lines = []
    for number in range(count):
        bases = chance.choice(known)
        qualities = chr(33 + chance.randrange(2, 41)) * len(bases)
        tile = 1101 + number * 8 // count
        lines.append(f"@M0:1:FC:1:{tile}:{number}:7 {mate}:N:0\n{bases}\n+\n{qualities}\n")
    return "".join(lines).encode()


def lose_run(database: Path, files: Sequence[Path], *, again: int = 0, delay: float = 0.0) -> None:
    """Starts or continues a run in another process, and kills that once it has taken a checkpoint.

    Args:
        database: where the run is kept, as its first.
        files: one, or two of mates.
        again: the run to go on with; 0: a new one.
        delay: seconds between the checkpoint and the end.
    """
    command = [sys.executable, "-c", CHILD, str(database), str(again), *map(str, files)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "written\n", "it ended without a checkpoint"
            time.sleep(delay)  # by then the workers are further, some way or other
        finally:
            child.kill()
