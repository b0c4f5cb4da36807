"""gzip, any number of members, by ISA-L."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path
from typing import cast

from isal import igzip_lib

from engine.errors import CompressedStreamError
from engine.source.trouble import input_error

MAGIC = b"\x1f\x8b"

# The stubs declare the exception as an instance.
_DAMAGE = cast("type[Exception]", igzip_lib.IsalError)

_READ = 1 << 17
# What is decompressed in one call is lost when that call meets damage. A fixed size, whatever the
# size of the batches, makes what is kept the same on every machine.
_CHUNK = 1 << 20


class GzipSource:
    """A gzip file; members one after another are one text. Zero bytes after the last are padding."""

    kind = "gzip"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = FileIO(path)
            self.size: int | None = os.fstat(self._file.fileno()).st_size
        except OSError as error:
            raise input_error(error, path) from error
        self._read = 0
        self._compressed = b""
        self._member: igzip_lib.IgzipDecompressor | None = None
        self._chunk = memoryview(b"")

    @property
    def position(self) -> int:
        """Bytes of the compressed file handed to the decompressor."""
        return self._read - len(self._compressed)

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        if not self._chunk:
            self._chunk = memoryview(self._decompress())
        count = min(len(target), len(self._chunk))
        target[:count] = self._chunk[:count]
        self._chunk = self._chunk[count:]
        return count

    def _decompress(self) -> bytes:
        """The next text, empty at the end only."""
        while True:
            if self._member is None:
                if not self._find_member():
                    return b""
                self._member = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
            if self._member.needs_input and not self._compressed and not self._fill():
                raise self._damaged("the file ends in the middle of the compressed data: it is truncated")
            compressed, self._compressed = self._compressed, b""
            try:
                text = self._member.decompress(compressed, _CHUNK)
            except _DAMAGE as error:
                raise self._damaged("the compressed data is corrupt") from error
            if self._member.eof:
                self._compressed = self._member.unused_data
                self._member = None
            if text:
                return bytes(text)

    def _find_member(self) -> bool:
        """Moves on to the next member; false at the end of the file."""
        while True:
            self._compressed = (
                self._compressed.lstrip(b"\0") if self._read > len(self._compressed) else self._compressed
            )
            if len(self._compressed) >= len(MAGIC):
                if self._compressed.startswith(MAGIC):
                    return True
                raise self._damaged("after the compressed data stand bytes that are not gzip")
            if not self._fill():
                if self._compressed:
                    raise self._damaged("the file ends in the middle of the compressed data: it is truncated")
                return False

    def _fill(self) -> bool:
        """Appends from the file; false at its end."""
        try:
            block = self._file.read(_READ)
        except OSError as error:
            raise input_error(error, self._path) from error
        if not block:
            return False
        self._read += len(block)
        self._compressed += block
        return True

    def _damaged(self, reason: str) -> CompressedStreamError:
        return CompressedStreamError(
            f"{self._path.name}: {reason}, at or before byte {self.position:,} of the file.",
            path=self._path,
            offset=self.position,
        )

    def close(self) -> None:
        """See `ByteSource.close`."""
        self._file.close()
