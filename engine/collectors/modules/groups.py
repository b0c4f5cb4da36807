"""Cycles in groups, so that long reads fit a plot.

As in FastQC 0.12.1 (``BaseGroup.makeLinearBaseGroups``): single cycles up to 75; above, 1..9
singly and then the smallest interval of {2, 5, 10} x 10^n that gives fewer than 75 groups.
"""

from __future__ import annotations

from itertools import count

_UNGROUPED = 75
_MOST_GROUPS = 75
_SINGLE = 9


def cycle_groups(longest: int) -> list[tuple[int, int]]:
    """First and last cycle of each group, from 1, both included."""
    if longest <= _UNGROUPED:
        return [(cycle, cycle) for cycle in range(1, longest + 1)]
    interval = _interval(longest)
    groups = [(cycle, cycle) for cycle in range(1, _SINGLE + 1)]
    start = _SINGLE + 1
    while start <= longest:
        # Wide groups begin at a multiple of their width: 10..49, 50..99, 100..
        following = interval if start == _SINGLE + 1 and interval > start else start + interval
        groups.append((start, min(following - 1, longest)))
        start = following
    return groups


def _interval(longest: int) -> int:
    widths = (digit * int(10**power) for power in count() for digit in (2, 5, 10))
    return next(width for width in widths if _SINGLE - (_SINGLE - longest) // width < _MOST_GROUPS)
