"""Names of keys."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence


def key_names(keys: str) -> str:
    """What is printed on the keys of this machine: ``Ctrl+S``, or ``⌘S`` on a Mac.

    Args:
        keys: one combination or several with a comma and a space between, in Qt's own words.
    """
    return ", ".join(QKeySequence(part).toString(QKeySequence.SequenceFormat.NativeText) for part in keys.split(", "))
