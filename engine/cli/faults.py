"""What is wrong with a pipeline, for a person at a terminal."""

from __future__ import annotations

import sys

from engine.cli.console import printable
from engine.pipeline.faults import InvalidPipelineError


def tell_faults(error: InvalidPipelineError) -> None:
    """Says on the error stream what is wrong, one fault a line."""
    print(printable(f"{error.title}: {error.summary}."), file=sys.stderr)
    for fault in error.faults:
        print(printable(f"  {fault}"), file=sys.stderr)
