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

    def soft(self, name: str) -> str:
        """The ground of a badge in the tint of the token ``name``; text in that token is legible on it."""
        return mixed(self.panel, self[name], 0.08)

    def __getitem__(self, name: str) -> str:
        """The colour of the token ``name``.

        Raises:
            KeyError: there is no such token.
        """
        if name not in self.__slots__:
            raise KeyError(name)
        return str(getattr(self, name))


def mixed(under: str, over: str, share: float) -> str:
    """``over`` laid upon ``under`` with the opacity ``share``, 0..1; all colours ``#rrggbb``."""
    pairs = ((int(under[at : at + 2], 16), int(over[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


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
    failed="#e8695a",
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
    passed="#0b7a57",
    warned="#8a5a12",
    failed="#c23b2b",
)

SERIES: Mapping[str, str] = MappingProxyType(
    {
        "A": "#009e73",
        "C": "#56b4e9",
        "G": "#e69f00",
        "T": "#d55e00",
        "N": "#a9aeb8",
        "plugin": "#cc79a7",
    }
)
"""Bases and series after Okabe and Ito, on dark ground; told apart by people of any colour vision."""

SERIES_ON_LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "A": "#00805d",
        "C": "#2b92d0",
        "G": "#c18500",
        "T": "#b34700",
        "N": "#636a75",
        "plugin": "#b85a90",
    }
)
"""The same hues, dark enough to be seen as thin lines on white."""

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
SIZE_HEADING = 14
SIZE_FIGURE = 24
SIZE_TEXT = 13
SIZE_NOTE = 11
