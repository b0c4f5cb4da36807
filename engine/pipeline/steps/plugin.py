"""Steps that plugins carry out, in WebAssembly."""

from __future__ import annotations

from engine.batch import ReadBatch
from engine.pipeline.policies import Rules, Step
from engine.pipeline.steps.cancellation import Cancellation, ExecutionCancelled
from engine.pipeline.steps.statistics import StepStatistics
from engine.wasm.errors import GuestCancelled
from engine.wasm.plugins.opening import ReadPlugin
from engine.wasm.stage.metrics import MetricTotals


class PluginStep(Step):
    """A plugin's instance for one worker, stopped at once when its time is up or the run is called off.

    Args:
        rules: how it is carried out.
        plugin: checked and compiled.
        cancellation: of the run.
    """

    def __init__(self, rules: Rules, plugin: ReadPlugin, cancellation: Cancellation) -> None:
        super().__init__(rules, StepStatistics(rules.name, rules.kind), cancellation)
        self._watch = cancellation.watch()
        self._stage = plugin.open(self._watch)
        self._counted: MetricTotals | None = None
        if plugin.manifest.metrics:
            self.statistics.metrics = MetricTotals(plugin.manifest.metrics)

    def attempt(self, batch: ReadBatch, deadline: float) -> ReadBatch:
        """See `Step.attempt`. What the plugin changes has buffers of its own."""
        self._watch.deadline = deadline
        try:
            output = self._stage.process(batch)
        except GuestCancelled:
            raise ExecutionCancelled from None
        self._counted = output.metrics
        return output.batch

    def accept(self, before: ReadBatch, after: ReadBatch) -> None:
        """See `Step.accept`."""
        self.statistics.reads.count(before, after)
        if self._counted is not None and self.statistics.metrics is not None:
            self.statistics.add_metrics(self._counted)

    def skip(self, number: int) -> None:
        """See `Step.skip`."""

    def close(self) -> None:
        """See `Step.close`."""
        self._stage.close()
