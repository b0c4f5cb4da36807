"""What holds for everything about checkpoints."""

from __future__ import annotations

from tests.open_files import no_file_left_open

__all__ = ["no_file_left_open"]
