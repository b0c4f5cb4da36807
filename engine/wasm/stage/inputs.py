"""Putting a batch into a guest's memory."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

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
_NEW_NAME_ADDRESSES = ("new_name_starts", "new_name_lengths", "new_names")


class BatchWriter:
    """Writes batches as one plugin is to see them."""

    def __init__(self, manifest: Manifest, parameters: bytes, neutral: Values, columns: int) -> None:
        self._parameters = np.frombuffer(parameters, np.uint8)
        self._neutral = neutral.view(np.uint8)
        self._columns = columns
        self._trims = "trim" in manifest.changes
        addresses = [name for name in _ADDRESSES if _PART_OF.get(name, "") in ("", *manifest.needs)]
        self._addresses = (*addresses, *(_TRIM_ADDRESSES if self._trims else ()))
        self._constant = {
            "abi": VERSION,
            "size": DESCRIPTOR.itemsize,
            "metric_slots": len(neutral),
            "read_metric_columns": columns,
            "message_bytes": MESSAGE_BYTES,
            "changes": sum(CHANGE_BITS[change] for change in manifest.changes),
        }

    def write(self, guest: Guest, placement: Placement) -> None:
        """Writes everything, outputs as they are if the guest does nothing."""
        # In one go, straight into the guest's memory: each access has its price, and so has a copy on the way.
        guest.fill(placement.region, placement.layout.bytes, lambda region: self._fill(region, placement))

    def _fill(self, region: Bytes, placement: Placement) -> None:
        self._write_head(region, placement)
        if placement.part is None:
            _write_whole(region, placement)
        else:
            _write_part(region, placement, placement.part)
        self._write_columns(region, placement)

    def _write_columns(self, region: Bytes, placement: Placement) -> None:
        layout, batch = placement.layout, placement.batch
        reads = len(batch)
        _int32(region, layout.lengths, reads)[:] = batch.lengths
        region[layout.keep : layout.keep + reads] = 1 if batch.dropped is None else batch.dropped == 0
        if self._trims:
            _int32(region, layout.trim_starts, reads)[:] = 0
            _int32(region, layout.trim_ends, reads)[:] = batch.lengths
        if placement.new_name_bytes:
            _int32(region, layout.new_name_starts, reads).view(np.uint32)[:] = UNCHANGED
            _int32(region, layout.new_name_lengths, reads)[:] = 0
        if self._columns:
            _int32(region, layout.read_metrics, self._columns * reads).view(np.float32)[:] = np.nan

    def _write_head(self, region: Bytes, placement: Placement) -> None:
        """Descriptor, parameters, metrics and an empty message, as they lie at the start of the region."""
        layout, batch = placement.layout, placement.batch
        addresses = (*self._addresses, *(_NEW_NAME_ADDRESSES if placement.new_name_bytes else ()))
        values = self._constant | {name: placement.region + getattr(layout, name) for name in addresses}
        values |= {
            "reads": len(batch),
            "text_bytes": placement.text_bytes,
            "new_names_bytes": placement.new_name_bytes,
            "first_record": batch.first_record,
            "batch_number": batch.number,
            "mate": placement.mate,
        }
        region[: layout.head_bytes] = 0
        descriptor = tuple([values.get(name, 0) for name in DESCRIPTOR.names or ()])
        region[: DESCRIPTOR.itemsize].view(DESCRIPTOR)[0] = descriptor
        region[layout.parameters : layout.parameters + len(self._parameters)] = self._parameters
        region[layout.metrics : layout.metrics + len(self._neutral)] = self._neutral


def _write_whole(region: Bytes, placement: Placement) -> None:
    layout, batch, text = placement.layout, placement.batch, placement.text
    reads = len(batch)
    name_shift = -text.low if batch.name_buffer is None else text.size - placement.names.low
    np.add(batch.name_starts, np.int32(name_shift), out=_int32(region, layout.name_starts, reads))
    _int32(region, layout.name_lengths, reads)[:] = batch.name_lengths
    np.add(batch.sequence_starts, np.int32(-text.low), out=_int32(region, layout.sequence_starts, reads))
    np.add(batch.quality_starts, np.int32(-text.low), out=_int32(region, layout.quality_starts, reads))
    target = region[layout.text : layout.text + placement.text_bytes + PADDING]
    target[: text.size] = batch.buffer[text.low : text.high]
    if batch.name_buffer is not None:
        names = placement.names
        target[text.size : text.size + names.size] = batch.name_buffer[names.low : names.high]
    _clear_between(region, placement, target)


def _clear_between(region: Bytes, placement: Placement, target: Bytes) -> None:
    """Leaves nothing in the text but the reads' own bytes.

    What stands between them may be of another plugin's memory, of an earlier batch, or of whatever this process
    had there before: buffers are used again, and pieces of batches are put together with all that is in them.
    """
    from kernels.wasm.spans import clear_between

    layout, batch = placement.layout, placement.batch
    reads = len(batch)
    names = _int32(region, layout.name_starts, reads), batch.name_lengths
    bases = _int32(region, layout.sequence_starts, reads), batch.lengths
    qualities = _int32(region, layout.quality_starts, reads), batch.lengths
    if batch.name_buffer is None:
        columns = _woven(names, bases, qualities)
    else:
        columns = np.concatenate([_woven(bases, qualities), _woven(names)], axis=1)
    if (columns[0, 1:] < columns[0, :-1]).any():
        columns = columns[:, np.argsort(columns[0], kind="stable")]
    clear_between(target, columns[0], columns[1])


def _woven(*parts: tuple[Column, Column]) -> npt.NDArray[np.int32]:
    """Starts and lengths of the parts of reads, int32 [2, parts x n_reads], read by read."""
    woven = np.empty((2, len(parts[0][0]), len(parts)), np.int32)
    for at, (starts, lengths) in enumerate(parts):
        woven[0, :, at], woven[1, :, at] = starts, lengths
    return woven.reshape(2, -1)


def _write_part(region: Bytes, placement: Placement, part: Part) -> None:
    from kernels.wasm.spans import pack

    layout, reads = placement.layout, len(placement.batch)
    starts, lengths = np.ascontiguousarray(part.starts), np.ascontiguousarray(part.lengths)
    target = region[layout.text : layout.text + placement.text_bytes + PADDING]
    pack(part.buffer, starts, lengths, target, _int32(region, getattr(layout, _STARTS[part.name]), reads))
    # Packing takes up to 63 bytes too many along: of another part, another read, or whatever was in the buffer before.
    target[placement.text_bytes :] = 0
    if part.name == "names":
        _int32(region, layout.name_lengths, reads)[:] = lengths


def _int32(region: Bytes, start: int, count: int) -> Column:
    """A part of the region as a column, int32 [count]."""
    return region[start : start + 4 * count].view(np.int32)
