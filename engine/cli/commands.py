"""The names of the commands that need no window; imports nothing, since every start looks here."""

from __future__ import annotations

COMMANDS = {
    "again": "engine.cli.again",
    "checkpoint": "engine.cli.checkpoint",
    "completion": "engine.cli.completion",
    "devices": "engine.cli.devices",
    "pipeline": "engine.cli.pipeline",
    "plugin": "engine.cli.plugin",
    "profile": "engine.cli.profile",
    "report": "engine.cli.report",
    "run": "engine.cli.run",
    "search": "engine.cli.search",
    "serve": "engine.cli.serve",
}
"""Name of a command to the module whose ``main`` carries it out."""

WITHOUT_KERNELS = frozenset({"completion", "report"})
"""Commands that do with what memory there is."""

WORDS = {
    "run": "read files: quality control, trimming, filtering, reports",
    "report": "list the runs there are, or write reports about them",
    "again": "run the inputs of earlier runs once more, such as those that failed",
    "search": "find reads by name, motif, length and quality",
    "pipeline": "keep, check and try pipelines that trim and filter",
    "plugin": "make, check and install plugins",
    "profile": "list, show and keep profiles, which say what warns and fails",
    "checkpoint": "go on with runs that were interrupted",
    "devices": "list the GPUs that reads can be counted on",
    "serve": "let programs on this machine start runs over HTTP",
    "completion": "let a shell complete commands and options",
}
"""Name of a command to what it does, in the order in which help tells it."""
