from __future__ import annotations

import pytest

from gui.theme.theme import Theme


@pytest.fixture(autouse=True)
def _dressed(dark: Theme) -> None:
    """As widgets are in the application."""
