"""Putting a batch into a guest's memory."""

from __future__ import annotations

import numpy as np

from engine.batch import PADDING, Bytes, Column
from engine.wasm.guest import Guest
from engine.wasm.manifest import Manifest
from engine.wasm.stage.abi import CHANGE_BITS, DESCRIPTOR, MESSAGE_BYTES, UNCHANGED, VERSION
from engine.wasm.stage.layout import Part, Placement
from engine.wasm.stage.metrics import Values

_ADDRESSES = (
    "name_starts", "name_lengths", "sequence_starts", "quality_starts", "lengths", "keep",
    "parameters", "metrics", "read_metrics", "message", "text",
)  # fmt: skip
_TRIM_ADDRESSES = ("trim_starts", "trim_ends")
_PART_OF = {
    "name_starts": "names", "name_lengths": "names", "sequence_starts": "bases", "quality_starts": "qualities",
}  # fmt: skip
_STARTS = {"names": "name_starts", "bases": "sequence_starts", "qualities": "quality_starts"}
# Packing takes up to 63 bytes too many along: of another part, another read, or whatever was in the buffer before.
_NOTHING_BEHIND = np.zeros(PADDING, np.uint8)
_NEW_NAME_ADDRESSES = ("new_name_starts", "new_name_lengths", "new_names")


class BatchWriter:
    """Writes batches as one plugin is to see them."""

    def __init__(self, manifest: Manifest, parameters: bytes, neutral: Values, columns: int) -> None:
        self._parameters = np.frombuffer(parameters, np.uint8)
        self._neutral = neutral
        self._columns = columns
        self._changes = sum(CHANGE_BITS[change] for change in manifest.changes)
        self._trims = "trim" in manifest.changes
        self._addresses = [name for name in _ADDRESSES if _PART_OF.get(name, "") in ("", *manifest.needs)]
        self._addresses += _TRIM_ADDRESSES if self._trims else ()

    def write(self, guest: Guest, placement: Placement) -> None:
        """Writes everything, outputs as they are if the guest does nothing."""
        guest.write(placement.region, self._head(placement))
        if placement.part is None:
            _write_whole(guest, placement)
        else:
            _write_part(guest, placement, placement.part)
        self._write_columns(guest, placement)

    def _write_columns(self, guest: Guest, placement: Placement) -> None:
        at, layout, batch = placement.region, placement.layout, placement.batch
        reads = len(batch)
        lengths = np.ascontiguousarray(batch.lengths)
        guest.write(at + layout.lengths, lengths)
        kept = np.ones(reads, np.uint8) if batch.dropped is None else (batch.dropped == 0).view(np.uint8)
        guest.write(at + layout.keep, kept)
        if self._trims:
            guest.write(at + layout.trim_starts, np.zeros(reads, np.uint32))
            guest.write(at + layout.trim_ends, lengths)
        if placement.new_name_bytes:
            guest.write(at + layout.new_name_starts, np.full(reads, UNCHANGED, np.uint32))
            guest.write(at + layout.new_name_lengths, np.zeros(reads, np.uint32))
        if self._columns:
            guest.write(at + layout.read_metrics, np.full((self._columns, reads), np.nan, np.float32))

    def _head(self, placement: Placement) -> Bytes:
        """Descriptor, parameters, metrics and an empty message, as they lie at the start of the region."""
        layout, batch = placement.layout, placement.batch
        head = np.zeros(layout.head_bytes, np.uint8)
        descriptor = head[: DESCRIPTOR.itemsize].view(DESCRIPTOR)
        for name in (*self._addresses, *(_NEW_NAME_ADDRESSES if placement.new_name_bytes else ())):
            descriptor[name] = placement.region + getattr(layout, name)
        values = {
            "abi": VERSION,
            "size": DESCRIPTOR.itemsize,
            "reads": len(batch),
            "text_bytes": placement.text_bytes,
            "new_names_bytes": placement.new_name_bytes,
            "metric_slots": len(self._neutral),
            "read_metric_columns": self._columns,
            "message_bytes": MESSAGE_BYTES,
            "first_record": batch.first_record,
            "batch_number": batch.number,
            "mate": placement.mate,
            "changes": self._changes,
        }
        for name, value in values.items():
            descriptor[name] = value
        head[layout.parameters : layout.parameters + len(self._parameters)] = self._parameters
        head[layout.metrics : layout.metrics + self._neutral.nbytes] = self._neutral.view(np.uint8)
        return head


def _write_whole(guest: Guest, placement: Placement) -> None:
    at, layout, batch, text = placement.region, placement.layout, placement.batch, placement.text
    name_shift = -text.low if batch.name_buffer is None else text.size - placement.names.low
    guest.write(at + layout.name_starts, _moved(batch.name_starts, name_shift))
    guest.write(at + layout.name_lengths, np.ascontiguousarray(batch.name_lengths))
    guest.write(at + layout.sequence_starts, _moved(batch.sequence_starts, -text.low))
    guest.write(at + layout.quality_starts, _moved(batch.quality_starts, -text.low))
    guest.write(at + layout.text, batch.buffer[text.low : text.high])
    if batch.name_buffer is not None:
        names = placement.names
        guest.write(at + layout.text + text.size, batch.name_buffer[names.low : names.high])
    guest.write(at + layout.text + placement.text_bytes, _NOTHING_BEHIND)


def _write_part(guest: Guest, placement: Placement, part: Part) -> None:
    from kernels.spans import pack

    at, layout = placement.region, placement.layout
    packed = np.empty(len(placement.batch), np.int32)
    # Straight into the guest's memory: a copy on the way would cost as much again.
    starts, lengths = np.ascontiguousarray(part.starts), np.ascontiguousarray(part.lengths)
    size = placement.text_bytes + PADDING
    guest.fill(at + layout.text, size, lambda target: pack(part.buffer, starts, lengths, target, packed))
    guest.write(at + layout.text + placement.text_bytes, _NOTHING_BEHIND)
    guest.write(at + getattr(layout, _STARTS[part.name]), packed)
    if part.name == "names":
        guest.write(at + layout.name_lengths, lengths)


def _moved(column: Column, shift: int) -> Column:
    return np.ascontiguousarray(column if not shift else column + np.int32(shift))
