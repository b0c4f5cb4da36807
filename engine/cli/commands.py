"""The names of the commands that need no window; imports nothing, since every start looks here."""

from __future__ import annotations

COMMANDS = {
    "checkpoint": "engine.cli.checkpoint",
    "devices": "engine.cli.devices",
    "pipeline": "engine.cli.pipeline",
    "plugin": "engine.cli.plugin",
    "report": "engine.cli.report",
    "run": "engine.cli.run",
    "search": "engine.cli.search",
    "serve": "engine.cli.serve",
}
"""Name of a command to the module whose ``main`` carries it out."""
