"""MultiQC reads what Lanescope writes for FastQC's readers.

MultiQC brings more than a gigabyte of packages, so that it lives in an environment of its own below ``.cache``,
made at the first run of this test.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from engine.report.bundle import Format, write_reports
from engine.report.fastqc import fastqc_data
from engine.report.multiqc import multiqc_table
from engine.run.snapshot import PipelineSummary, StageSummary
from engine.run.state import RunState
from tests.engine.report.running import SAMPLES, ran

REPOSITORY = Path(__file__).resolve().parents[3]
ENVIRONMENT = REPOSITORY / ".cache" / "multiqc"
WANTED = "multiqc>=1.35,<2"

SECTIONS = {
    "fastqc_sequence_counts_plot",
    "fastqc_per_base_sequence_quality_plot",
    "fastqc_per_sequence_quality_scores_plot",
    "fastqc_per_sequence_gc_content_plot",
    "fastqc_per_base_n_content_plot",
    "fastqc_sequence_length_distribution_plot",
    "fastqc_sequence_duplication_levels_plot",
    "fastqc_overrepresented_sequences_plot",
    "fastqc_top_overrepresented_sequences_table",
    "fastqc_adapter_content_plot",
    "fastqc-status-check-heatmap",
}
"""Every section that MultiQC draws of FastQC's modules, but base content, which it draws by a script of its own."""


@pytest.fixture(scope="module")
def multiqc() -> Path:
    """MultiQC's program."""
    program = ENVIRONMENT / ("Scripts/multiqc.exe" if sys.platform == "win32" else "bin/multiqc")
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        pip = [str(program.with_name("python" + program.suffix)), "-m", "pip", "install", "--quiet", WANTED]
        installed = subprocess.run(pip, capture_output=True, text=True, check=False)
        if installed.returncode:
            pytest.skip(f"not on this platform: pip cannot install MultiQC here: {installed.stderr[-500:]}")
    return program


@pytest.mark.timeout(900)  # the first run installs MultiQC
def test_every_section_of_every_sample(multiqc: Path, tmp_path: Path) -> None:
    samples = sorted(SAMPLES.glob("*.fastq.gz"))
    out = tmp_path / "out"
    write_reports([ran(sample) for sample in samples], out, set(Format))
    command = [str(multiqc), str(out), "--outdir", str(tmp_path), "--data-format", "json", "--no-ansi"]
    settings = ["--cl-config", "no_version_check: true"]
    environment = {**os.environ, "NO_COLOR": "1", "HOME": str(tmp_path)}
    done = subprocess.run([*command, *settings], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    names = {sample.name.removesuffix(".fastq.gz") for sample in samples}
    data = json.loads((tmp_path / "multiqc_data" / "multiqc_data.json").read_text("utf-8"))
    assert set(data["report_data_sources"]["FastQC"]["all_sections"]) == names
    assert set(data["report_plot_data"]) >= SECTIONS
    assert set(data["report_saved_raw_data"]["multiqc_fastqc"]) == names
    for section in ("per_base_sequence_quality", "per_sequence_quality_scores", "per_base_n_content"):
        plot = data["report_plot_data"][f"fastqc_{section}_plot"]
        drawn = {line["name"] for dataset in plot["datasets"] for line in dataset["lines"]}
        assert drawn == names, section
    for table in ("custom_content", "fastqc"):  # joined by the names
        assert set(data["report_general_stats_data"][table]) == names
    page = (tmp_path / "multiqc_report.html").read_text("utf-8")
    assert "Per Base Sequence Content" in page


def test_the_table_for_multiqc_tells_states_and_what_was_kept() -> None:
    run = ran(SAMPLES / "nanopore.fastq.gz")
    summary = PipelineSummary("p", "1.0.0", total=StageSummary("", "", reads_in=4, reads_out=3))
    table = multiqc_table([
        ("whole", run), ("part", replace(run, state=RunState.FAILED)), ("after", replace(run, pipeline=summary)),
    ])  # fmt: skip
    *comments, header, whole, part, after = table.splitlines()
    assert all(line.startswith("# ") for line in comments)
    rows = [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in (whole, part, after)]
    assert [row["Sample"] for row in rows] == ["whole", "part", "after"]
    assert [row["state"] for row in rows] == ["", "failed", ""]
    assert [row["kept"] for row in rows] == ["", "", "75.0"]
    assert rows[0]["n50"] == "395"
    assert "state" not in multiqc_table([("whole", run)]), "of no use"


def test_no_name_of_a_sample_is_a_comment() -> None:
    run = ran(SAMPLES / "nanopore.fastq.gz")
    *comments, header, odd, usual = multiqc_table([("#id: [", run), ("usual", run)]).splitlines()
    assert all(line.startswith("# ") for line in comments)
    assert header.startswith("Sample\t")
    assert odd.startswith(" #id: [\t")
    assert usual.startswith("usual\t")


def test_no_name_of_a_sample_is_a_cell_or_a_line() -> None:
    run = ran(SAMPLES / "nanopore.fastq.gz")
    *_, header, odd = multiqc_table([("a\tb\nc", run)]).splitlines()
    assert odd.startswith("a?b?c\t")
    assert odd.count("\t") == header.count("\t")
    assert "Filename\ta?b?c.fastq\n" in fastqc_data(run.results, "a\tb\nc.fastq")
