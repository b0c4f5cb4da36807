"""Stages over JSON documents that are ready to be built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.pipeline.documents.step import Bystander, DocumentStep, DocumentWork
from engine.pipeline.policies import Rules, Step
from engine.pipeline.steps.cancellation import Cancellation


@dataclass(frozen=True, slots=True, eq=False)
class DocumentPlan:
    """A stage over documents; reads pass it as they are.

    Attributes:
        rules: how it is carried out.
        make: gives what it does; nothing is kept from one document to the next.
    """

    rules: Rules
    make: Callable[[], DocumentWork]

    def share(self, _shared: object) -> None:
        """Instances have nothing in common."""

    def build(self, _shared: object, cancellation: Cancellation) -> Step:
        """An instance for a worker, which has reads alone."""
        return Bystander(self.rules, cancellation)

    def build_for_documents(self, cancellation: Cancellation) -> Step:
        """An instance for documents."""
        return DocumentStep(self.rules, self.make, cancellation)
