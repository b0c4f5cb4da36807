"""Adapters that are met most often."""

from __future__ import annotations

from typing import Final

KNOWN: Final = {
    "Illumina Universal": "AGATCGGAAGAG",
    "Illumina Small RNA 3'": "TGGAATTCTCGG",
    "Illumina Small RNA 5'": "GATCGTCGGACT",
    "Nextera Transposase": "CTGTCTCTTATA",
}
"""Names and sequences as in FastQC 0.12's list, but for poly-A and poly-G, which have stages of their own."""

LIBRARIES: Final = {
    "TruSeq, first read": "AGATCGGAAGAGCACACGTCTGAACTCCAGTCA",
    "TruSeq, second read": "AGATCGGAAGAGCGTCGTGTAGGGAAAGAGTGT",
    "Nextera": "CTGTCTCTTATACACATCT",
    "Small RNA": "TGGAATTCTCGGGTGCCAAGG",
    "BGI, first read": "AAGTCGGAGGCCAAGCGGTCTTAGGAAGACAA",
    "BGI, second read": "AAGTCGGATCGTAGCCATGTCGTTCTGTGAGCCAAGGAGTTG",
}
"""The whole sequences that library kits put after the insert, for detection and presets."""
