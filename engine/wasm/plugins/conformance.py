"""Whether a plugin behaves: what its author runs before giving it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from engine.batch import PADDING, ReadBatch
from engine.wasm.components.host import ComponentHost
from engine.wasm.documents.abi import NAME as DOCUMENTS
from engine.wasm.errors import GuestTimeout, ModuleRefused, PluginError
from engine.wasm.host import Host
from engine.wasm.plugins.document_checks import check_documents
from engine.wasm.plugins.finding import Finding
from engine.wasm.plugins.opening import ReadPlugin, ReadStage, open_read_plugin
from engine.wasm.plugins.package import PluginPackage
from engine.wasm.python.compiling import Tell, say_nothing
from engine.wasm.stage.stage import StageOutput

_SEED = 20_260_601


def check_plugin(
    host: Host, package: PluginPackage, tell: Tell = say_nothing, components: ComponentHost | None = None
) -> Iterator[Finding]:
    """Runs a plugin on batches of every kind, one finding after another; stops where going on makes no sense.

    Args:
        host: the engine for modules.
        package: the plugin.
        tell: called with a sentence where something takes long.
        components: the engine for components; ``None``: the application's.
    """
    granted = tuple(package.manifest.capabilities)
    if package.manifest.abi == DOCUMENTS:
        yield from check_documents(host, package, tell, components)
        return
    try:
        plugin = open_read_plugin(
            host, package.manifest, package.wasm, granted=granted, components=components, tell=tell
        )
    except PluginError as error:
        yield Finding("the module is of this interface", str(error))
        return
    yield Finding("the module is of this interface")
    checks: dict[str, Callable[[ReadPlugin], str]] = {
        "reads of every length, none and one": _every_kind,
        "a large batch": lambda plugin: _runs(plugin, make_batch(20_000, 150)),
        "pairs": lambda plugin: _runs(plugin, replace(make_batch(100, 80), mate=make_batch(100, 60))),
        "the same result each time and in a new instance": _repeats,
        "the same result for a batch as for its halves": _divides,
        "reads that were dropped before are left alone": _spares_dropped,
    }
    for name, check in checks.items():
        try:
            yield Finding(name, check(plugin))
        except (ModuleRefused, GuestTimeout) as error:  # it will not be otherwise the next time
            yield Finding(name, str(error))
            return
        except PluginError as error:
            yield Finding(name, str(error))


def make_batch(reads: int, longest: int, *, number: int = 0, shortest: int = 0) -> ReadBatch:
    """A batch of made-up reads, the same each time; a tenth of them of one base, lower case and N among them."""
    random = np.random.default_rng(_SEED + number)
    lengths = random.integers(shortest, longest + 1, reads).astype(np.int32)
    text = bytearray()
    starts = np.empty((3, reads), np.int32)
    names = np.empty(reads, np.int32)
    for row, length in enumerate(lengths.tolist()):
        letters = b"ACGT" if row % 10 else b"G"
        name = b"read%d:%d 1:N:0" % (number, row)
        bases = bytearray(random.choice(np.frombuffer(letters, np.uint8), length).tobytes())
        if length and row % 7 == 0:
            bases[length // 2] = ord("N")
        if row % 13 == 0:
            bases = bytearray(bases.lower())
        places = (len(text) + 1, len(text) + len(name) + 2, len(text) + len(name) + length + 5)
        text += b"@" + name + b"\n" + bases + b"\n+\n"
        text += random.integers(33, 74, length, dtype=np.uint8).tobytes() + b"\n"
        starts[:, row], names[row] = places, len(name)
    end = len(text)
    buffer = np.frombuffer(bytes(text) + bytes(PADDING), np.uint8)
    return ReadBatch(
        buffer=buffer, name_starts=starts[0].copy(), name_lengths=names, sequence_starts=starts[1].copy(),
        quality_starts=starts[2].copy(), lengths=lengths, number=number, first_record=0, byte_start=0, byte_end=end,
    )  # fmt: skip


Row = tuple[int, bytes, bytes, bytes]


def rows_of(batch: ReadBatch) -> list[Row]:
    """Every read as it is: the reason why it was dropped, name, bases, qualities."""
    text = bytes(batch.buffer)
    names = text if batch.name_buffer is None else bytes(batch.name_buffer)
    dropped = np.zeros(len(batch), np.uint8) if batch.dropped is None else batch.dropped
    columns = (
        dropped,
        batch.name_starts,
        batch.name_lengths,
        batch.sequence_starts,
        batch.quality_starts,
        batch.lengths,
    )
    return [
        (reason, names[name : name + size], text[sequence : sequence + length], text[quality : quality + length])
        for reason, name, size, sequence, quality, length in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _process(plugin: ReadPlugin, batch: ReadBatch) -> StageOutput:
    with plugin.open() as stage:
        return stage.process(batch)


def _runs(plugin: ReadPlugin, batch: ReadBatch) -> str:
    _process(plugin, batch)
    return ""


def _every_kind(plugin: ReadPlugin) -> str:
    with plugin.open() as stage:
        for batch in (make_batch(0, 0), make_batch(1, 0), make_batch(1, 1), make_batch(500, 3), make_batch(300, 2000)):
            stage.process(batch)
    return ""


def _repeats(plugin: ReadPlugin) -> str:
    batch = make_batch(500, 150)
    with plugin.open() as stage:
        results = [_result(stage, batch), _result(stage, batch)]
    with plugin.open() as stage:
        results.append(_result(stage, batch))
    return "" if results[0] == results[1] == results[2] else "the results differ; nothing may be kept between batches"


def _result(stage: ReadStage, batch: ReadBatch) -> tuple[list[Row], bytes]:
    output = stage.process(batch)
    return rows_of(output.batch), output.metrics.raw()


def _divides(plugin: ReadPlugin) -> str:
    batch = make_batch(500, 150)
    whole = rows_of(_process(plugin, batch).batch)
    with plugin.open() as stage:
        halves = [rows_of(stage.process(batch.rows(part)).batch) for part in (slice(0, 250), slice(250, 500))]
    return "" if whole == halves[0] + halves[1] else "reads fare differently when batches are cut elsewhere"


def _spares_dropped(plugin: ReadPlugin) -> str:
    dropped = (np.arange(500) % 3 == 0).astype(np.uint8) * np.uint8(200)
    batch = replace(make_batch(500, 150), dropped=dropped)
    before, after = rows_of(batch), rows_of(_process(plugin, batch).batch)
    changed = [row for row, reason in enumerate(dropped) if reason and before[row] != after[row]]
    return f"read {changed[0] + 1} had keep = 0 and was changed; leave such reads alone" if changed else ""
