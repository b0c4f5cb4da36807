"""Every colour, size and distance of the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as ``#rrggbb``.

    Attributes:
        ground: the window behind everything.
        panel: cards, the rail.
        raised: what stands on a card: buttons, fields, stage cards.
        line: one-pixel lines, empty tracks.
        text: what is read.
        muted: notes, units, axes.
        accent: what can be acted on, and what is running.
        on_accent: text on the accent.
        passed: a verdict or state that is good.
        warned: one that wants a look.
        failed: one that is bad.
    """

    ground: str
    panel: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    passed: str
    warned: str
    failed: str


DARK = Tokens(
    ground="#0e1319",
    panel="#151c25",
    raised="#1b2430",
    line="#263140",
    text="#e8eef5",
    muted="#8a97a8",
    accent="#4cc2ff",
    on_accent="#0e1319",
    passed="#2fbf8f",
    warned="#e6a23c",
    failed="#e5604d",
)

LIGHT = Tokens(
    ground="#f3f5f8",
    panel="#ffffff",
    raised="#f7f9fb",
    line="#dfe5ec",
    text="#17202b",
    muted="#5d6b7c",
    accent="#0a6fc2",
    on_accent="#ffffff",
    passed="#0f8f66",
    warned="#b7791f",
    failed="#c8402f",
)

SERIES: Mapping[str, str] = MappingProxyType(
    {
        "A": "#009e73",
        "C": "#56b4e9",
        "G": "#e69f00",
        "T": "#d55e00",
        "N": "#8a8f98",
        "plugin": "#cc79a7",
    }
)
"""Bases and series after Okabe and Ito; told apart by people of any colour vision."""

SPACE = 4
"""The step of all distances, logical pixels."""

GAP = 12
"""Between cards."""

PADDING = 14
"""Inside a card."""

RADIUS = 10
"""Corners of cards."""

RADIUS_SMALL = 6
"""Corners of buttons and fields."""

SIZE_TITLE = 20
SIZE_FIGURE = 24
SIZE_TEXT = 13
SIZE_NOTE = 11
