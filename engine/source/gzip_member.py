"""One gzip member. RFC 1952."""

from __future__ import annotations

from typing import cast

from isal import igzip_lib

# The stubs declare the exception as an instance.
DAMAGE = cast("type[Exception]", igzip_lib.IsalError)
"""What tells of damage."""

_FIXED = 10  # bytes before the optional fields
_FLAGS = 3
_EXTRA, _NAME, _COMMENT, _HEADER_CRC = 4, 8, 16, 2
_RESERVED = 0xE0  # fields that nobody knows may follow such a flag; ISA-L looks at none of them
# Names and comments end with a zero byte: one that does not should not fill the memory.
_LONGEST_HEADER = 1 << 20


class GzipMember:
    """Decompresses a member with ISA-L, which finds damage where there is none in headers that come in pieces.

    With ISA-L 2.32, a header with more than one optional field, or with a checksum of its own, is
    only read right if it comes in one piece. So it is kept back until it is whole.
    """

    def __init__(self) -> None:
        self._member = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        self._header: bytes | None = b""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""
        return self._member.eof

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without more data."""
        return self._header is not None or self._member.needs_input

    @property
    def unused_data(self) -> bytes:
        """What followed the member."""
        return self._member.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most `max_length` bytes of text.

        Raises:
            isal.igzip_lib.IsalError: the data is damaged.
        """
        if self._header is not None:
            data = self._header + data
            if len(data) > _FLAGS and data[_FLAGS] & _RESERVED:
                raise DAMAGE("a reserved flag is set")
            if not _has_whole_header(data) and len(data) < _LONGEST_HEADER:
                self._header = data
                return b""
            self._header = None
        return self._member.decompress(data, max_length)


def _has_whole_header(data: bytes) -> bool:
    if len(data) < _FIXED + 2:
        return False
    flags = data[_FLAGS]
    end = _FIXED
    if flags & _EXTRA:
        end += 2 + int.from_bytes(data[end : end + 2], "little")
    for field in (_NAME, _COMMENT):
        if flags & field:
            end = data.find(b"\0", end) + 1
            if not end:
                return False
    return end + (2 if flags & _HEADER_CRC else 0) <= len(data)
