"""What the help says about streams works as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_example_of_the_help() -> None:
    text = (REPOSITORY / "resources" / "help" / "streaming.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    told = re.search(r"([\d,]+) reads kept, ([\d,]+) left out", done.stdout)
    assert told is not None
    kept, left_out = (int(number.replace(",", "")) for number in told.groups())
    assert kept + left_out == 10_000
    assert "mean quality Q40.0" in done.stdout
