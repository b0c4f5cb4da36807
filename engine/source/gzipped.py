"""gzip by itself."""

from __future__ import annotations

from pathlib import Path

from engine.source.codec import GZIP
from engine.source.members import MemberSource
from engine.source.stored import open_file


class GzipSource(MemberSource):
    """A gzip file; members one after another are one text. Zero bytes after the last are padding."""

    def __init__(self, path: Path) -> None:
        super().__init__(open_file(path), GZIP)
