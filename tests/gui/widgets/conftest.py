from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from gui.theme.theme import Theme, theme


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Iterator[Theme]:
    theme().set_mode("dark")
    theme().apply(qapp)
    yield theme()
    theme().set_mode("dark")
