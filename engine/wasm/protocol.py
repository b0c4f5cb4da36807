"""Messages for pipeline threads: one byte for the type, the length of the data as u32 LE, the data."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import LanescopeError

MOST_DATA = 0xFFFF_FFFF
"""Bytes of data that one message can have."""

_HEAD = struct.Struct("<BI")


class ProtocolError(LanescopeError):
    """Bytes are not protocol messages, or a message cannot be one.

    Attributes:
        offset: where the faulty message begins, in bytes; 0 where it was to be encoded.
    """

    title = "A message to or from a plugin makes no sense"

    def __init__(self, message: str, *, offset: int = 0) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class ProtocolMessage:
    """One message.

    Attributes:
        type: 0 to 255; what it means is between host and guest.
        data: up to 4 GiB less one byte.
    """

    type: int
    data: bytes = b""

    def __post_init__(self) -> None:
        """Checks that it can be encoded.

        Raises:
            ProtocolError: it cannot.
        """
        if not 0 <= self.type <= 0xFF:
            raise ProtocolError(f"The type of a message is 0 to 255, not {self.type}.")
        if len(self.data) > MOST_DATA:
            raise ProtocolError(f"A message of {len(self.data):,} bytes is too long.")


def encode_messages(messages: Iterable[ProtocolMessage]) -> bytes:
    """The bytes of messages, one after the other."""
    return b"".join(_HEAD.pack(message.type, len(message.data)) + message.data for message in messages)


def decode_messages(data: bytes) -> list[ProtocolMessage]:
    """The messages in bytes, to the last byte.

    Raises:
        ProtocolError: the last message is cut off.
    """
    messages = []
    place = 0
    while place < len(data):
        message, place = decode_message(data, place)
        messages.append(message)
    return messages


def decode_message(data: bytes, offset: int = 0) -> tuple[ProtocolMessage, int]:
    """The message that begins at an offset, and where the next one would.

    Raises:
        ProtocolError: it is cut off.
    """
    start = offset + _HEAD.size
    if offset < 0 or start > len(data):
        raise ProtocolError(f"The message at byte {offset:,} ends within its first {_HEAD.size} bytes.", offset=offset)
    kind, length = _HEAD.unpack_from(data, offset)
    if length > len(data) - start:
        raise ProtocolError(
            f"The message at byte {offset:,} should have {length:,} bytes of data, but {len(data) - start:,} follow.",
            offset=offset,
        )
    return ProtocolMessage(kind, data[start : start + length]), start + length
