"""Measures the GC content of each read."""

import math


def is_gc(base):
    return base in (67, 71, 99, 103)  # C, G, c, g


def process(bases) -> float:
    if len(bases) == 0:
        return math.nan
    gc = 0
    for base in bases:
        gc += is_gc(base)
    return 100 * gc / len(bases)
