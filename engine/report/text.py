"""A run in a few lines for a terminal."""

from __future__ import annotations

from pathlib import Path

from engine.collectors.encoding import quality_encoding
from engine.collectors.results import EstimatedDuplication
from engine.report.colour_text import colour_note
from engine.report.damage_text import skipped_in
from engine.report.html.elements import legible
from engine.report.sample_numbers import mean_length, q30_percent, tenths
from engine.report.sampling_text import sampling_sentences
from engine.run.snapshot import LONG_PREPARING, RunSnapshot, StageSummary
from engine.run.state import RunState
from engine.sink.names import own_descriptor
from engine.stages.counters import TURNED

_TOO_FEW = 100_000  # bytes: to begin and to end takes longer than to read them
_SLOW, _FAST = 0.1, 10.0  # MB/s
_MOST_ADAPTERS = 5


def summary(run: RunSnapshot, name: str) -> str:
    """What a person wants to know first of a run that has ended, under the given name."""
    basic = run.results.basic
    partial = "" if run.state is RunState.COMPLETED else " (of the part that was read)"
    lines = [
        f"{name}: {run.state}{partial}",
        f"  reads         {basic.reads:,}",
        f"  bases         {basic.bases:,}",
    ]
    if basic.reads:
        lengths = (
            f"{basic.shortest:,}" if basic.shortest == basic.longest else f"{basic.shortest:,} to {basic.longest:,}"
        )
        lines.append(f"  read length   {lengths} bp, mean {tenths(mean_length(basic))}")
        found = run.results.length_statistics
        if found and basic.shortest != basic.longest:
            lines.append(f"                median {found.median:,.1f}, N50 {found.n50:,} bp")
    if basic.bases:
        lines += [
            f"  mean quality  Q{basic.mean_quality:.1f}",
            f"  Q30 or more   {tenths(q30_percent(basic))} % of bases",
            f"  GC            {basic.gc_percent:.1f} %",
        ]
    if basic.bases and (duplication := run.results.estimated_duplication):
        lines.append(f"  duplicates    {_about(duplication)} % of reads")
    lines += _mates(run)
    lines += _sampled(run)
    if (encoding := quality_encoding(basic)).is_doubtful:
        lines.append(f"  note          {encoding.note}")
    if note := colour_note(run.kind):
        lines.append(f"  note          {note}")
    lines += _processed(run)
    lines += _devices(run)
    if run.prepared > LONG_PREPARING:
        lines.append(f"  prepared in   {run.prepared:.1f} s")
    if run.elapsed > 0:
        lines.append(f"  took          {run.elapsed:.2f} s{_speed(run)}")
    return "\n".join(lines)


def _speed(run: RunSnapshot) -> str:
    """Of the input as far as it was read; a run that did not come to its end has none."""
    if run.state is not RunState.COMPLETED or not run.bytes_total:
        return ""
    size = min(run.bytes_total, run.samples[-1].bytes_read) if run.samples else run.bytes_total
    speed = speed_text(size, run.elapsed)
    return f", {speed}" if speed else ""


def speed_text(size: int, seconds: float) -> str:
    """So many bytes in so much time, to two digits at least; empty where they are too few to tell.

    Args:
        size: bytes.
        seconds: more than 0.
    """
    if size < _TOO_FEW:
        return ""
    speed = size / seconds / 1e6
    if speed < _SLOW:
        return f"{1e3 * speed:,.1f} kB/s"
    return f"{speed:,.0f} MB/s" if speed >= _FAST else f"{speed:.1f} MB/s"


def _devices(run: RunSnapshot) -> list[str]:
    lines = [
        f"  {load.name:<13} {load.state}: {100 * load.queue_share:.0f} % of the batches, {100 * load.busy:.0f} % busy, "
        f"{load.copying:.2f} s copying, {load.counting:.2f} s counting"
        for load in run.devices
    ]
    return [*lines, f"  choice        {run.device_choice}"] if run.device_choice else lines


def _sampled(run: RunSnapshot) -> list[str]:
    sentences = sampling_sentences(run.sampling) if run.sampling is not None else []
    sampled = [f"  {'sample' if not at else '':<13} {sentence}" for at, sentence in enumerate(sentences)]
    return sampled + [f"  {'damage' if not at else '':<13} {each}" for at, each in enumerate(skipped_in(run))]


def _mates(run: RunSnapshot) -> list[str]:
    """The second reads of pairs; what stands above them is about the first."""
    if run.results.mate is None or not run.results.mate.basic.bases:
        return []
    basic = run.results.mate.basic
    return [
        f"  mates         {basic.reads:,} second reads, {basic.bases:,} bases, mean quality Q{basic.mean_quality:.1f},",
        f"                {tenths(q30_percent(basic))} % Q30 or more, GC {basic.gc_percent:.1f} %",
    ]


def _processed(run: RunSnapshot) -> list[str]:
    if run.pipeline is None:
        return _written(run)
    total = run.pipeline.total
    lines = [
        f"  pipeline      {run.pipeline.name} {run.pipeline.version}",
        f"    reads kept  {total.reads_out:,} of {total.reads_in:,}{_share(total.reads_out, total.reads_in)}",
        f"    bases kept  {total.bases_out:,} of {total.bases_in:,}{_share(total.bases_out, total.bases_in)}",
    ]
    for stage in run.pipeline.stages:
        lines += _stage_lines(stage, "    ")
    return lines + _written(run)


def _stage_lines(stage: StageSummary, indent: str) -> list[str]:
    did = [f"{count:,} dropped ({reason})" for reason, count in stage.drops.items()]
    if stage.reads_cut:
        did.append(f"{stage.reads_cut:,} reads cut by {stage.bases_cut:,} bases{_adapters(stage)}")
    if turned := sum(stage.counters.get(TURNED, {}).values()):
        did.append(f"{turned:,} turned around")
    if stage.failures:
        did.append(f"failed on {stage.failures:,} of {stage.executions:,} batches: {_line(stage.errors[0])}")
    lines = [f"{indent}{stage.name}: {', '.join(did) or 'nothing dropped or cut'}"]
    for inner in stage.stages:
        lines += _stage_lines(inner, indent + "  ")
    return lines


def _adapters(stage: StageSummary) -> str:
    """The adapters that were removed and how often, most frequent first."""
    if stage.kind != "adapters":
        return ""
    adapters = {name: sum(counts.values()) for name, counts in stage.counters.items() if name != TURNED}
    found = sorted(((count, name) for name, count in adapters.items()), reverse=True)
    told = [f"{legible(name)} {count:,} times" for count, name in found[:_MOST_ADAPTERS]]
    more = len(found) - len(told)
    rest = f"; {more:,} {'other' if more == 1 else 'others'}" if more else ""
    return f" ({'; '.join(told)}{rest})" if told else ""


def _written(run: RunSnapshot) -> list[str]:
    return [f"  written       {_output_name(output.path)}: {output.reads:,} reads" for output in run.outputs]


def _output_name(path: Path) -> str:
    return "standard output" if own_descriptor(path) == 1 else _line(str(path))


def _line(text: str) -> str:
    """Text in one line: what came from outside must not look like lines of ours."""
    return " ".join(text.splitlines())


def _share(part: int, whole: int) -> str:
    """In percent; what is not all or nothing is not rounded to it."""
    if not whole:
        return ""
    share = 100 * part / whole
    if 0 < share < 0.05:
        return " (under 0.1 %)"
    return " (over 99.9 %)" if share >= 99.95 and part != whole else f" ({share:.1f} %)"


def _about(duplication: EstimatedDuplication) -> str:
    if not duplication.relative_error:
        return f"{duplication.duplicates:.1f}"
    # Two standard errors of what remains, which are percentage points of the duplicates too.
    return f"{duplication.duplicates:.1f} ± {2 * duplication.relative_error * duplication.remaining:.1f}"
