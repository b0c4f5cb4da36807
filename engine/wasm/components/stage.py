"""A pipeline step that a component carries out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from wasmtime.component import Record

from engine.batch import ReadBatch
from engine.wasm.components.guest import ComponentGuest, ComponentProgram
from engine.wasm.components.host import ComponentHost
from engine.wasm.components.texts import Answer, Rows, parse_answer, portions, text_of_reads
from engine.wasm.errors import ModuleRefused, OutputRefused, PluginError
from engine.wasm.instance_stage import InstanceStage
from engine.wasm.limits import Watch
from engine.wasm.log import printable
from engine.wasm.manifest import Manifest
from engine.wasm.parameters import Parameter, encode_parameters, parameter_values
from engine.wasm.python.compiling import Tell, say_nothing
from engine.wasm.stage.abi import NAME, Need
from engine.wasm.stage.metrics import MetricTotals, neutral_slots, per_read_columns
from engine.wasm.stage.outputs import OutputCheck
from engine.wasm.stage.results import with_flags, with_trim
from engine.wasm.stage.stage import StageOutput

INTERFACE = "lanescope:plugin/reads@1.0.0"
_PARTS: tuple[Need, ...] = ("names", "bases", "qualities")


class ComponentPlugin:
    """A plugin that is a component, with its parameters. Any thread may `open` stages of it.

    Attributes:
        manifest: what it says about itself.
        reason: what `ReadBatch.dropped` gets for reads that it drops.
        parameters: its parameters as modules get them, equal where all are.
    """

    def __init__(
        self,
        host: ComponentHost,
        manifest: Manifest,
        wasm: bytes,
        parameters: Mapping[str, object] | None = None,
        *,
        reason: int = 1,
        tell: Tell = say_nothing,
        watch: Watch | None = None,
    ) -> None:
        """Compiles the component, or takes it from the cache, and checks that it is made for this.

        Args:
            host: the engine.
            manifest: what the plugin says about itself; its hash has been checked.
            wasm: the component.
            parameters: values of its parameters; those left out take their defaults.
            reason: 1..255.
            tell: called with a sentence where it takes long.
            watch: ends that early.

        Raises:
            ModuleRefused: the component is not valid, asks for something, or is of another interface.
            PluginError: a parameter is out of range, or what the manifest says is not for components.
        """
        if manifest.abi != NAME:
            raise ModuleRefused(f"{manifest.name}: it works on documents, not on reads.", plugin=manifest.name)
        odd = sorted(set(manifest.changes) - {"keep", "trim"})
        if odd:
            raise ModuleRefused(
                f"{manifest.name}: a component cannot change {' and '.join(odd)}, only keep and trim reads.",
                plugin=manifest.name,
            )
        self.manifest = manifest
        self.reason = reason
        self.parameters = encode_parameters(manifest.name, manifest.parameters, parameters or {})
        self.settings = settings_for(manifest, parameters or {})
        component = host.component(manifest.name, wasm, tell, watch)
        self.program = ComponentProgram(host, manifest.name, component, INTERFACE)

    def open(self, watch: Watch | None = None) -> ComponentStage:
        """A stage for the calling thread, which has to close it.

        Args:
            watch: ends its work early.
        """
        return ComponentStage(self, watch or Watch())


class ComponentStage(InstanceStage[ComponentGuest]):
    """Carries a component out on batches, one instance of it for one thread.

    After an error the instance is thrown away; the next batch gets a new one.
    """

    def __init__(self, plugin: ComponentPlugin, watch: Watch) -> None:
        super().__init__(plugin.manifest, watch, plugin.program.open)
        self._plugin = plugin
        self._parts: tuple[Need, ...] = ()
        self._columns = per_read_columns(self._manifest.metrics)

    def process(self, batch: ReadBatch) -> StageOutput:
        """Has the component work on a batch, and on its mates if it has any.

        Reads that have been dropped before are not shown to it.

        Raises:
            GuestTrap: it failed, took too long or was called off.
            OutputRefused: its answer makes no sense.
            PluginError: it says itself that it cannot go on.
        """
        metrics = MetricTotals(self._manifest.metrics)
        with self._at_work():
            if self._guest is not None:
                self._guest.allow_time()
            first = self._side(replace(batch, mate=None), metrics)
            mate = None if batch.mate is None else self._side(batch.mate, metrics)
        return StageOutput(replace(first, mate=mate) if mate is not None else first, metrics)

    def _side(self, batch: ReadBatch, metrics: MetricTotals) -> ReadBatch:
        rows: Rows = np.arange(len(batch)) if batch.dropped is None else np.flatnonzero(batch.dropped == 0)
        if not len(rows):
            return batch
        guest = self._opened()
        reads = len(batch)
        keep = np.ones(reads, np.uint8)
        starts, ends = np.zeros(reads, np.uint32), np.ascontiguousarray(batch.lengths).view(np.uint32).copy()
        table = np.full((self._columns, reads), np.nan, np.float32)
        for portion in portions(batch, rows, self._parts):
            text = text_of_reads(batch, portion, self._parts)
            said = guest.call("process", len(portion), text)
            if not isinstance(said, str):
                raise self._complaint(said, batch, portion)
            answer = parse_answer(self._manifest.name, said, len(portion), self._columns)
            _take(answer, portion, keep, starts, ends, table)
        return self._result(batch, keep, starts, ends, table, metrics)

    def _result(
        self,
        batch: ReadBatch,
        keep: npt.NDArray[np.uint8],
        starts: npt.NDArray[np.uint32],
        ends: npt.NDArray[np.uint32],
        table: npt.NDArray[np.float32],
        metrics: MetricTotals,
    ) -> ReadBatch:
        check = OutputCheck(self._manifest.name, batch)
        if self._manifest.metrics:
            slots = neutral_slots(self._manifest.metrics)
            check.metrics(slots, table, slots)
            metrics.add_batch(slots, table)
        if "trim" in self._manifest.changes:
            check.trim(starts, ends)
            batch = with_trim(batch, starts, ends)
        if "keep" in self._manifest.changes:
            batch = with_flags(batch, keep, self._plugin.reason, check)
        return batch

    def _begin(self, guest: ComponentGuest) -> None:
        needs = [part for part in _PARTS if part in self._manifest.needs]
        said = guest.call("start", json.dumps({"parts": needs, **self._plugin.settings}))
        if not isinstance(said, str):
            raise self._complaint(said, None, None)
        self._parts = tuple(part for part in _PARTS if part in _wanted(self._manifest.name, said, needs))

    def _complaint(self, fault: Record, batch: ReadBatch | None, portion: Rows | None) -> PluginError:
        name, row = self._manifest.name, getattr(fault, "row", None)
        words = plain_words(fault)
        if batch is not None and portion is not None and isinstance(row, int) and row < len(portion):
            words = f"{words} (read {batch.first_record + int(portion[row]) + 1:,})"
        return PluginError(f"{name}: it cannot go on: {words}.", plugin=name)


def _take(answer: Answer, rows: Rows, keep: Any, starts: Any, ends: Any, table: Any) -> None:
    """Puts an answer where it belongs among all reads of the batch."""
    if answer.keep is not None:
        keep[rows] = answer.keep
    if answer.trim is not None and answer.given is not None:
        starts[rows[answer.given]] = answer.trim[answer.given, 0]
        ends[rows[answer.given]] = answer.trim[answer.given, 1]
    if answer.metrics is not None:
        table[:, rows] = answer.metrics


def settings_for(manifest: Manifest, values: Mapping[str, object]) -> dict[str, object]:
    """What a component is told once: values of parameters by name, and places of choices.

    Raises:
        PluginError: a value is out of range, of the wrong type or of no parameter.
    """
    checked = parameter_values(manifest.name, manifest.parameters, values)
    choices = [parameter for parameter in manifest.parameters if parameter.type == "choice"]
    return {"parameters": checked, "choices": {each.name: _place(each, checked[each.name]) for each in choices}}


def _place(parameter: Parameter, value: object) -> int:
    return parameter.choices.index(str(value))


def _wanted(plugin: str, said: str, needs: list[Need]) -> list[str]:
    """The parts that a component asks for, of those that its manifest names."""
    try:
        parts = json.loads(said).get("parts", needs)
        if not set(parts) <= set(needs):
            raise ValueError("it asks for parts that its manifest does not name")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise OutputRefused(f"{plugin}: its answer to the start makes no sense: {error}.", plugin=plugin) from error
    return [str(part) for part in parts]


def plain_words(fault: Record) -> str:
    """What a component says about why it cannot go on."""
    return printable(str(getattr(fault, "message", ""))[:1000]).strip() or "no reason given"
