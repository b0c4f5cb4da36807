"""FastQC's own report files, for whatever reads them: MultiQC above all."""

from __future__ import annotations

import io
import math
import re
import zipfile
from pathlib import Path

from engine.collectors.profiles import Profile, profile
from engine.collectors.results import (
    DUPLICATION_LEVELS,
    AdapterContent,
    BaseContent,
    Duplication,
    GcContent,
    LengthDistribution,
    NContent,
    Overrepresented,
    QcResults,
)
from engine.collectors.verdicts import verdicts
from engine.report.fastqc_modules import TITLES, module_lines
from engine.report.phred64 import NO_QUALITIES, read_as_fastqc_would

VERSION = "0.12.1"
"""The FastQC whose numbers these are."""

# In this order, each once: "reads.fastq.gz" and "reads.txt.bz2" lose two endings, "reads.fq.fastq" both.
_ENDINGS = (".gz", ".bz2", ".txt", ".fastq", ".fq", ".csfastq", ".sam", ".bam")
# FastQC judges these modules of a file without reads, and leaves out the others.
_NO_READS = QcResults(
    base_content=BaseContent(),
    gc_content=GcContent(counts=(0.0,) * 101, theory=(0.0,) * 101),
    n_content=NContent(),
    lengths=LengthDistribution(),
    duplication=Duplication(percent=(math.nan,) * len(DUPLICATION_LEVELS)),
    overrepresented=Overrepresented(),
    adapters=AdapterContent(too_short=True),
)
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def fastqc_data(
    results: QcResults,
    filename: str,
    limits: Profile | None = None,
    *,
    guess_encoding: bool = False,
    are_colours: bool = False,
) -> str:
    """The text of ``fastqc_data.txt``.

    Args:
        results: of a whole file.
        filename: of the input, without folders.
        limits: what to judge by; default: FastQC's own limits.
        guess_encoding: take qualities for offset by 64 where none is below 31, as FastQC does; else they are
            offset by 33, as in every file written since 2011.
        are_colours: the bases have been made of colours.
    """
    limits = limits or profile()
    results, encoding = _as_fastqc_has_it(results, guess_encoding=guess_encoding)
    lines = [f"##FastQC\t{VERSION}"]
    for module, verdict in verdicts(results, limits).items():
        lines.append(f">>{TITLES[module]}\t{verdict.status}")
        lines += module_lines(module, results, limits, _one_line(filename), encoding, are_colours=are_colours)
        lines.append(">>END_MODULE")
    return "\n".join(lines) + "\n"


def summary(results: QcResults, filename: str, limits: Profile | None = None, *, guess_encoding: bool = False) -> str:
    """The text of ``summary.txt``; arguments as for `fastqc_data`."""
    results, _ = _as_fastqc_has_it(results, guess_encoding=guess_encoding)
    judged = verdicts(results, limits or profile())
    return "".join(
        f"{verdict.status.upper()}\t{TITLES[module]}\t{_one_line(filename)}\n" for module, verdict in judged.items()
    )


def report_name(filename: str) -> str:
    """What FastQC calls the report of a file: ``reads_fastqc`` for ``reads.fastq.gz``."""
    name = filename.replace("stdin:", "")
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return f"{name}_fastqc"


def fastqc_archive(
    results: QcResults,
    filename: str,
    limits: Profile | None = None,
    *,
    guess_encoding: bool = False,
    are_colours: bool = False,
    html: str | None = None,
) -> bytes:
    """What is in ``NAME_fastqc.zip``, as FastQC lays it out; the same results give the same bytes.

    Args:
        results: of a whole file.
        filename: of the input.
        limits: what to judge by; default: FastQC's own limits.
        guess_encoding: see `fastqc_data`.
        are_colours: likewise.
        html: a report to put in too, as ``fastqc_report.html``.
    """
    filename = Path(filename).name
    name = report_name(filename)
    data = fastqc_data(results, filename, limits, guess_encoding=guess_encoding, are_colours=are_colours)
    content = {
        "Icons/": "",
        "Images/": "",
        **({"fastqc_report.html": html} if html is not None else {}),
        "fastqc_data.txt": data,
        "summary.txt": summary(results, filename, limits, guess_encoding=guess_encoding),
    }
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(zipfile.ZipInfo(f"{name}/", _EARLIEST), "")
        for entry, text in content.items():
            info = zipfile.ZipInfo(f"{name}/{entry}", _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr |= 0o644 << 16 if text else 0
            zipped.writestr(info, text)
    return archive.getvalue()


def _as_fastqc_has_it(results: QcResults, *, guess_encoding: bool) -> tuple[QcResults, str]:
    """The results, and FastQC's name for how qualities are written."""
    if not results.basic.reads:
        results = _NO_READS
    if not results.basic.bases:
        return results, NO_QUALITIES
    return read_as_fastqc_would(results) if guess_encoding else (results, "Sanger / Illumina 1.9")


def _one_line(filename: str) -> str:
    """A file's name that cannot be taken for a line or a column of its own."""
    return re.sub(r"[\x00-\x1f\x7f]", "?", filename)
