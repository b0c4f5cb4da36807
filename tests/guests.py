"""Small WebAssembly guests in text form, and batches for them to work on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from wasmtime import wat2wasm

from engine.batch import PADDING, ReadBatch
from engine.wasm.host import Host
from engine.wasm.manifest import Manifest
from engine.wasm.stage.stage import StagePlugin
from tests.naive_parser import Read

RESERVE = """
    (local $pages i32)
    (local.set $pages (i32.sub
        (i32.shr_u (i32.add (local.get $bytes) (i32.const 66560)) (i32.const 16)) (memory.size)))
    (if (i32.gt_s (local.get $pages) (i32.const 0))
        (then (if (i32.eq (memory.grow (local.get $pages)) (i32.const -1)) (then (return (i32.const 0))))))
    (i32.const 1024)"""
"""A region from address 1,024 on, 0 where memory cannot grow."""


def wasm_of(text: str) -> bytes:
    """A module from its text form."""
    return bytes(wat2wasm(text))


def stage_module(process: str = "(i32.const 0)", reserve: str = RESERVE, abi: int = 1, more: str = "") -> bytes:
    """A module of the read-stage ABI; ``process`` has the descriptor in ``$batch``, and locals ``$i`` and ``$n``."""
    return wasm_of(f"""(module
        (memory (export "memory") 1)
        (func (export "lanescope_abi") (result i32) (i32.const {abi}))
        (func (export "lanescope_reserve") (param $bytes i32) (result i32) {reserve})
        (func (export "lanescope_process") (param $batch i32) (result i32) (local $i i32) (local $n i32) {process})
        {more})""")


def column(offset: int, row: int, width: int = 4) -> str:
    """Address of one row of the column whose address is at ``offset`` of the descriptor."""
    return f"(i32.add (i32.load offset={offset} (local.get $batch)) (i32.const {row * width}))"


def manifest_for(wasm: bytes, **changes: Any) -> Manifest:
    """A manifest that fits a module."""
    values = {"name": "guest", "title": "Guest", "version": "1", "sha256": hashlib.sha256(wasm).hexdigest()}
    return Manifest.model_validate(values | changes)


def stage_of(
    host: Host, wasm: bytes, values: Mapping[str, object] | None = None, *, reason: int = 1, **changes: Any
) -> StagePlugin:
    """A plugin ready to be opened."""
    return StagePlugin(host, manifest_for(wasm, **changes), wasm, values, reason=reason)


def batch_of(reads: Sequence[Read], *, junk: bytes = b"@", first_record: int = 0, number: int = 0) -> ReadBatch:
    """Reads as a batch, whose text is FASTQ with ``junk`` before every name."""
    text = bytearray()
    rows = []
    for read in reads:
        text += junk
        name = len(text)
        text += read.name + b"\n"
        sequence = len(text)
        text += read.bases + b"\n+\n"
        rows.append((name, len(read.name), sequence, len(text), len(read.bases)))
        text += read.qualities + b"\n"
    columns = np.array(rows, np.int32).reshape(-1, 5)
    end = len(text)
    text += b"\0" * PADDING
    names, sizes, sequences, qualities, lengths = (np.ascontiguousarray(columns[:, place]) for place in range(5))
    return ReadBatch(
        buffer=np.frombuffer(bytes(text), np.uint8),
        name_starts=names,
        name_lengths=sizes,
        sequence_starts=sequences,
        quality_starts=qualities,
        lengths=lengths,
        number=number,
        first_record=first_record,
        byte_start=0,
        byte_end=end,
    )


def reads_in(batch: ReadBatch) -> list[Read]:
    """The reads of a batch that are not dropped, copied out."""
    kept = batch.kept()
    text = bytes(kept.buffer)
    names = text if kept.name_buffer is None else bytes(kept.name_buffer)
    return [
        Read(names[name : name + size], text[sequence : sequence + length], text[quality : quality + length])
        for name, size, sequence, quality, length in zip(
            kept.name_starts.tolist(),
            kept.name_lengths.tolist(),
            kept.sequence_starts.tolist(),
            kept.quality_starts.tolist(),
            kept.lengths.tolist(),
            strict=True,
        )
    ]
