"""A pipeline step that a plugin carries out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.batch import ReadBatch
from engine.wasm.capabilities import granted_functions
from engine.wasm.errors import ModuleRefused, OutputRefused, PluginError
from engine.wasm.guest import Guest
from engine.wasm.host import Host
from engine.wasm.instance_stage import InstanceStage
from engine.wasm.limits import Watch
from engine.wasm.log import complaint
from engine.wasm.manifest import Manifest
from engine.wasm.parameters import encode_parameters
from engine.wasm.stage.abi import (
    EXPORTS,
    GUEST_ALIGNMENT,
    MESSAGE_BYTES,
    NAME,
    PROCESS_EXPORT,
    RESERVE_EXPORT,
    VERSION,
    VERSION_EXPORT,
)
from engine.wasm.stage.inputs import BatchWriter
from engine.wasm.stage.layout import Layout, Placement, Span, name_span, part_of, text_span
from engine.wasm.stage.metrics import MetricTotals, neutral_slots, per_read_columns
from engine.wasm.stage.results import BatchReader

_ROUND = 1 << 16
_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class StageOutput:
    """What became of a batch.

    Attributes:
        batch: the reads, as many as before; columns are new, and so are buffers that the plugin changed.
        metrics: what it counted in this batch.
    """

    batch: ReadBatch
    metrics: MetricTotals


class StagePlugin:
    """A plugin with its parameters, checked and compiled. Any thread may `open` stages of it.

    Attributes:
        manifest: what it says about itself.
    """

    def __init__(
        self,
        host: Host,
        manifest: Manifest,
        wasm: bytes,
        parameters: Mapping[str, object] | None = None,
        *,
        granted: tuple[str, ...] = (),
        reason: int = 1,
    ) -> None:
        """Compiles the module and checks that it is made for this.

        Args:
            host: the engine.
            manifest: what the plugin says about itself; its hash has been checked.
            wasm: the module.
            parameters: values of its parameters; those left out take their defaults.
            granted: capabilities that the user grants.
            reason: 1..255, what `ReadBatch.dropped` gets for reads that it drops.

        Raises:
            ModuleRefused: the module is not valid, exports or imports the wrong things, or is of another ABI.
            PluginError: a parameter is out of range.
        """
        if manifest.abi != NAME:
            raise ModuleRefused(f"{manifest.name}: it works on documents, not on reads.", plugin=manifest.name)
        self.manifest = manifest
        self.reason = reason
        self.parameters = encode_parameters(manifest.name, manifest.parameters, parameters or {})
        self.program = host.program(manifest.name, wasm, granted_functions(manifest, granted))
        self.program.require_all(EXPORTS)

    def open(self, watch: Watch | None = None) -> WasmStage:
        """A stage for the calling thread, which has to close it.

        Args:
            watch: ends its work early.
        """
        return WasmStage(self, watch or Watch())


class WasmStage(InstanceStage[Guest]):
    """Carries a plugin out on batches, one instance of it for one thread.

    After an error the instance is thrown away; the next batch gets a new one.
    """

    def __init__(self, plugin: StagePlugin, watch: Watch) -> None:
        super().__init__(plugin.manifest, watch, plugin.program.open)
        self._plugin = plugin
        self._region = 0
        self._region_bytes = 0
        self._neutral = neutral_slots(self._manifest.metrics)
        self._columns = per_read_columns(self._manifest.metrics)
        self._writer = BatchWriter(self._manifest, plugin.parameters, self._neutral, self._columns)
        self._rewrites = not {"bases", "qualities"}.isdisjoint(self._manifest.changes)

    def process(self, batch: ReadBatch) -> StageOutput:
        """Has the plugin work on a batch, and on its mates if it has any.

        Reads that have been dropped before stay dropped, whatever the plugin says.

        Raises:
            GuestTrap: the plugin failed, took too long or was called off.
            OutputRefused: it wrote what makes no sense.
            PluginError: it says itself that it cannot go on.
        """
        metrics = MetricTotals(self._manifest.metrics)
        if batch.mate is None:
            return StageOutput(self._side(batch, 0, metrics), metrics)
        first = self._side(replace(batch, mate=None), 1, metrics)
        return StageOutput(replace(first, mate=self._side(batch.mate, 2, metrics)), metrics)

    def _side(self, batch: ReadBatch, mate: int, metrics: MetricTotals) -> ReadBatch:
        if not len(batch):
            return batch
        with self._at_work():
            return self._carry_out(batch, mate, metrics)

    def _carry_out(self, batch: ReadBatch, mate: int, metrics: MetricTotals) -> ReadBatch:
        placement = self._placed(batch, mate)
        guest = self._reserved(placement.layout.bytes)
        placement = replace(placement, region=self._region)
        self._writer.write(guest, placement)
        failed = guest.call(PROCESS_EXPORT, self._region + placement.layout.descriptor)
        if failed:
            raise PluginError(self._complaint(guest, placement, int(failed)), plugin=self._manifest.name)
        reader = BatchReader(guest, self._manifest, placement)
        if self._manifest.metrics:
            reader.add_metrics(metrics, self._neutral, self._columns)
        return reader.batch(self._plugin.reason)

    def _placed(self, batch: ReadBatch, mate: int) -> Placement:
        manifest = self._manifest
        part = part_of(batch, manifest.needs[0]) if len(manifest.needs) == 1 and not self._rewrites else None
        span, names = (text_span(batch), name_span(batch)) if part is None else (Span(0, 0), Span(0, 0))
        text_bytes = span.size + names.size if part is None else int(part.lengths.sum())
        growing = "names" in manifest.changes
        growth = int(batch.name_lengths.sum()) + len(batch) * manifest.name_growth if growing else 0
        parameters, slots = len(self._plugin.parameters), len(self._neutral)
        layout = Layout(len(batch), text_bytes, parameters, slots, self._columns, growth)
        return Placement(batch, mate, span, names, part, text_bytes, growth, layout)

    def _begin(self, guest: Guest) -> None:
        self._region_bytes = 0
        version = guest.call(VERSION_EXPORT)
        if version != VERSION:
            raise ModuleRefused(
                f"{self._manifest.name}: the module is made for version {version} of the interface, "
                f"and this is version {VERSION}.",
                plugin=self._manifest.name,
            )

    def _reserved(self, wanted: int) -> Guest:
        """The guest, with a region of ``wanted`` bytes in its memory."""
        guest = self._opened()
        if wanted > self._region_bytes:
            size = -(-(wanted + wanted // 8) // _ROUND) * _ROUND
            self._region = self._region_of(guest, size)
            self._region_bytes = size
        return guest

    def _region_of(self, guest: Guest, size: int) -> int:
        name, most = self._manifest.name, self._manifest.limits.memory_mib
        start = 0 if size > most << 20 else int(guest.call(RESERVE_EXPORT, size) or 0) & _MASK
        if not start:
            raise PluginError(
                f"{name}: it has no room for a batch of {size:,} bytes in its {most:,} MiB of memory.",
                plugin=name,
                hint="Give it more memory in its limits.",
            )
        if start % GUEST_ALIGNMENT:
            raise OutputRefused(f"{name}: its region at {start:#x} is not aligned to 16 bytes.", plugin=name)
        if start + size > guest.memory_bytes:
            raise OutputRefused(
                f"{name}: its region at {start:#x} of {size:,} bytes is not inside its memory of "
                f"{guest.memory_bytes:,} bytes.",
                plugin=name,
            )
        return start

    def _complaint(self, guest: Guest, placement: Placement, status: int) -> str:
        message = guest.read(self._region + placement.layout.message, MESSAGE_BYTES)
        return f"{self._manifest.name}: it cannot go on: {complaint(message, status)}."
