"""What is left of the name of a file where there is no room for it."""

from __future__ import annotations

import pytest

from gui.models.fitting_name import fitting_name

NAME = "Proj-01_S1_L001_R1_001.fastq.gz"


@pytest.mark.parametrize(
    ("name", "room", "shown"),
    [
        (NAME, 31, NAME),
        (NAME, 30, "Proj-01_S1_L001_R1_001"),
        (NAME, 21, "Proj-01_S1_L001_R1"),
        (NAME, 17, "Proj-01_L001_R1"),
        (NAME, 12, "Pro\N{HORIZONTAL ELLIPSIS}_L001_R1"),
        ("HELSINKI_panel_A01_S1_L001_R1_001.fastq.gz", 17, "HELSI\N{HORIZONTAL ELLIPSIS}A01_L001_R1"),
        ("standard input", 8, "st\N{HORIZONTAL ELLIPSIS}input"),
        ("a/b.fastq", 9, "a/b.fastq"),
        ("standard input", 0, "\N{HORIZONTAL ELLIPSIS}"),
        ("", 3, ""),
    ],
)
def test_lane_and_mate_stay(name: str, room: int, shown: str) -> None:
    assert fitting_name(name, lambda text: len(text) <= room) == shown
