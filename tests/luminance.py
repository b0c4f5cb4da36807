"""How bright a colour is."""

from __future__ import annotations


def luminance(color: str) -> float:
    """Relative luminance, 0..1, of ``#rrggbb`` (Web Content Accessibility Guidelines 2.1)."""
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
