"""A run loads what it needs and no more: most files are small, and a script runs many."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLE = REPOSITORY / "resources" / "samples" / "illumina_single.fastq.gz"

_UNNEEDED = {
    "engine.pipeline.definition", "engine.pipeline.steps.executor", "engine.pipeline.plan", "engine.report.bundle",
    "engine.report.json_report", "engine.search.search", "engine.server.app", "fastapi", "httpx", "starlette",
    "wasmtime",
}  # fmt: skip


def test_a_run_without_a_pipeline_and_reports_imports_neither() -> None:
    code = (
        "import sys; from engine.cli.main import main; status = main(sys.argv[1:]);"
        "print(*sorted(sys.modules), file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "run", str(SAMPLE), "--no-save"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "engine.run.queue" in done.stderr.split()
    assert _UNNEEDED.intersection(done.stderr.split()) == set()
