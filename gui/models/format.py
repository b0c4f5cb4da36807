"""Numbers as a person reads them: SI units, three or four digits that count, and a dash for what is not known."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

NOTHING = "–"  # noqa: RUF001  (the dash that stands for a missing number)

_PREFIXES = ("", "k", "M", "G", "T", "P")
_EXACT_BELOW = 100_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Not strftime's %B: Qt sets the process's locale, and the rest of the window speaks English.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Quantity(NamedTuple):
    """A number ready to be shown: its digits, and the unit that stands smaller beside them."""

    value: str
    unit: str

    def __str__(self) -> str:
        return f"{self.value} {self.unit}".strip()


UNKNOWN = Quantity(NOTHING, "")


def scaled(number: float, unit: str = "", digits: int = 4) -> Quantity:
    """``number`` with an SI prefix so that 1 to 999 stands before it: 41.28 M, 359.1 M, 0.

    Shows up to two decimals and no more than ``digits`` digits.
    """
    step = 0
    while abs(number) >= 999.5 and step < len(_PREFIXES) - 1:
        number /= 1000
        step += 1
    if step == 0 and number == int(number):
        return Quantity(f"{number:.0f}", unit)
    written = (f"{number:.{decimals}f}" for decimals in (2, 1, 0))
    fitting = next((text for text in written if sum(map(str.isdigit, text)) <= digits), f"{number:.0f}")
    return Quantity(fitting, f"{_PREFIXES[step]}{unit}")


def count(number: int) -> Quantity:
    """A number of things: exact below 100,000, with a prefix above."""
    return Quantity(f"{number:,}", "") if number < _EXACT_BELOW else scaled(number)


def bases(number: int) -> Quantity:
    """A number of bases: bp, kbp, Mbp, Gbp."""
    return scaled(number, "bp")


def byte_size(number: int) -> str:
    """A number of bytes in decimal units, three digits: 359 MB, 1.08 GB."""
    return str(scaled(number, "B", digits=3))


def percent(share: float | None, digits: int = 1) -> Quantity:
    """``share`` is in percent already, 0..100."""
    return UNKNOWN if share is None else Quantity(f"{share:.{digits}f}", "%")


def duration(seconds: float | None) -> Quantity:
    """Time a person waits: 0.42 s, 8.3 s, 1:07 min, 2:03:20 h."""
    if seconds is None:
        return UNKNOWN
    if seconds < 9.995:
        return Quantity(f"{seconds:.2f}", "s")
    if seconds < 59.95:
        return Quantity(f"{seconds:.1f}", "s")
    return clock(seconds)


def clock(seconds: float) -> Quantity:
    """A countdown, whole seconds: 0:07 min, 1:02:07 h."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return Quantity(f"{hours}:{minutes:02}:{rest:02}", "h")
    return Quantity(f"{minutes}:{rest:02}", "min")


def latency(seconds: float | None) -> str:
    """Time that a batch takes, three digits: 850 µs, 12.4 ms, 1.2 s."""
    if seconds is None:
        return NOTHING
    if seconds < 0.9995e-3:
        return f"{1e6 * seconds:.0f} µs"
    return f"{1e3 * seconds:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def moment(when: datetime, now: datetime) -> str:
    """When something was, as short as it can be told: 14:02, yesterday 14:02, 3 March, 3 March 2024.

    ``now`` is in the zone that the reader lives in; ``when`` may be in any.
    """
    local = when.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days <= 0:
        return f"{local:%H:%M}"
    if days == 1:
        return f"yesterday {local:%H:%M}"
    if local.year == now.year:
        return f"{local.day} {_MONTHS[local.month - 1]}"
    return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year}"


def date(when: datetime) -> str:
    """The day in both ways a person may look for it: 2025-03-12 12 March 2025."""
    local = when.astimezone()
    return f"{local:%Y-%m-%d} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def plural(number: int, one: str, many: str = "") -> str:
    """``1 run``, ``1,204 runs``; ``many`` where an *s* does not do."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def share(part: int, whole: int) -> str:
    """In percent; what is not all or nothing is not rounded to it."""
    percentage = 100 * part / whole if whole else 0.0
    if 0 < percentage < 0.05:
        return "under 0.1 %"
    return "over 99.9 %" if percentage >= 99.95 and part != whole else f"{percentage:.1f} %"


def one_line(text: str) -> str:
    """A name as it fits into a line: ends of lines, tabs and other signs of control in it become a space."""
    return _CONTROL.sub(" ", text)
