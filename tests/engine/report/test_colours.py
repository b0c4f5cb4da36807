"""What the reports of reads that were written as colours say."""

from __future__ import annotations

from pathlib import Path

from engine.report.bundle import Format, write_reports
from engine.report.text import summary
from tests.engine.report.running import ran


def test_every_report_says_that_there_were_colours(tmp_path: Path) -> None:
    path = tmp_path / "solid.csfastq"
    path.write_text("@r\nT0123\n+\n!IIII\n" * 3)
    run = ran(path)
    assert run.kind == "plain, colour space"
    assert "colour space (SOLiD)" in summary(run, run.name)
    write_reports([run], tmp_path / "out", {Format.FASTQC, Format.HTML})
    data = (tmp_path / "out" / "solid_fastqc" / "fastqc_data.txt").read_text()
    assert "\nFile type\tColorspace converted to bases\n" in data
    assert "\nTGAT\t3\t100.0\tNo Hit\n" in data
    assert "colour space (SOLiD)" in (tmp_path / "out" / "solid.html").read_text()
