"""What a command of another program comes to, while it is written."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from engine.pipeline.commands import from_command, words_in
from engine.pipeline.definition import PipelineDefinition
from engine.pipeline.translation import TranslationError
from gui.models.format import plural


@dataclass(frozen=True, slots=True)
class CommandReading:
    """What a command comes to.

    Attributes:
        words: in plain words, over some lines; empty where nothing is written yet.
        pipeline: made of it, or ``None`` where there is none.
        is_wrong: whether the command cannot be translated.
    """

    words: str = ""
    pipeline: PipelineDefinition | None = None
    is_wrong: bool = False


def read_command(text: str, name: str) -> CommandReading:
    """Translate a command into a pipeline called ``name``."""
    if not text.strip():
        return CommandReading()
    try:
        made = from_command(words_in(text))
        pipeline = made.definition(name)
    except TranslationError as error:
        return CommandReading(" ".join(filter(None, (str(error), error.hint))), is_wrong=True)
    except ValidationError as error:
        reasons = "; ".join(problem["msg"].removeprefix("Value error, ") for problem in error.errors())
        return CommandReading(f"No pipeline can be like this: {reasons}.", is_wrong=True)
    if not pipeline.stages:
        return CommandReading("\n".join(["This leaves all reads as they are.", *made.notes]))
    stages = ", ".join(stage.name for stage in pipeline.stages)
    lines = [f"{plural(len(pipeline.stages), 'stage')}: {stages}", *made.notes]
    if made.dropped:
        lines.append(
            "Reads that are dropped go into one file where “Write dropped reads, too” is on, on the page Reads."
        )
    if made.split_reads:
        lines.append("Outputs in parts are made by lanescope run --split-reads.")
    return CommandReading("\n".join(lines), pipeline)
