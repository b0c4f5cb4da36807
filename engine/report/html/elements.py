"""HTML and SVG put together so that text can never become markup."""

from __future__ import annotations

import html
import re

_EMPTY = frozenset({"br", "hr", "img", "input", "link", "meta"})
# Control characters, lone halves of surrogate pairs (bytes of a name that were no text), and marks that turn the
# direction of writing, with which a name can pass for another.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Html(str):
    """Text that is markup already. Only this module and files of our own make it."""

    __slots__ = ()


Child = str | Html | None


def text(value: object) -> Html:
    """Any value as text of a page: escaped, and without what no page may hold."""
    return Html(html.escape(legible(str(value)), quote=True))


def legible(value: str) -> str:
    """Text with a mark in the place of control characters and of bytes that were no text."""
    return _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", value)


def element(tag: str, *children: Child, **attributes: str | float | bool | None) -> Html:
    """An element.

    Args:
        tag: its name.
        children: what it holds; what is not `Html` is escaped, ``None`` is left out.
        attributes: their values are escaped; ``None`` and ``False`` leave the attribute out, ``True`` stands for
            one without a value. ``class_`` becomes ``class``, other underscores become hyphens.
    """
    opened = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}>"
    if tag in _EMPTY:
        return Html(opened)
    return Html(f"{opened}{join(*children)}</{tag}>")


def join(*children: Child, between: str = "") -> Html:
    """Children one after the other; what is not `Html` is escaped."""
    parts = (child if isinstance(child, Html) else text(child) for child in children if child is not None)
    return Html(between.join(parts))


def _attribute(name: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = "class" if name == "class_" else name.replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(value)}"'
