"""What can be set for every pipeline, and for every stage whatever it does."""

from __future__ import annotations

from engine.pipeline.definition import FailurePolicy
from gui.models.pipelines.fields import Field, Kind

_ACTIONS = ("abort", "continue", "retry")
_ACTION_WORDS = ("End the run", "Pass the batch on as it is", "Try again")
_POLICY = FailurePolicy()
_RETRY = ("action", "retry")


def _policy(action: Field) -> Field:
    return Field(
        key="on_failure",
        title="When a batch fails",
        kind=Kind.GROUP,
        fields=(
            action,
            Field("attempts", "Attempts", "In all.", Kind.WHOLE, least=1, most=100, default=_POLICY.attempts,
                  shown_for=_RETRY),
            Field("backoff", "First wait", "Each further wait is twice as long.", Kind.NUMBER, unit="s", least=0,
                  most=600, default=_POLICY.backoff, shown_for=_RETRY),
            Field("jitter", "Jitter", "By which share a wait is longer or shorter at random.", Kind.NUMBER, least=0,
                  most=1, default=_POLICY.jitter, shown_for=_RETRY),
            Field("then", "After the last attempt", kind=Kind.CHOICE, choices=_ACTIONS[:2], words=_ACTION_WORDS[:2],
                  default=_POLICY.then, shown_for=_RETRY),
        ),
    )  # fmt: skip


def _action(*, is_optional: bool) -> Field:
    return Field(
        key="action",
        title="When a batch fails",
        kind=Kind.CHOICE,
        choices=_ACTIONS,
        words=_ACTION_WORDS,
        default=None if is_optional else _POLICY.action,
        is_optional=is_optional,
        empty_word="As the pipeline says" if is_optional else "",
    )


PIPELINE_FIELDS = (
    Field("name", "Name", "Lower-case letters, digits, - and _.", is_required=True),
    Field("description", "Description", "What it is for.", default=""),
    Field(
        "type",
        "Works on",
        "What goes through it.",
        Kind.CHOICE,
        choices=("document", "query", "result"),
        words=("Reads as they stream", "A read search before it runs", "What came out after"),
        default="document",
    ),
    Field("timeout", "Time limit", "For one batch through all stages; empty: none.", Kind.NUMBER, unit="s",
          is_optional=True),
    _policy(_action(is_optional=False)),
)  # fmt: skip
"""What a pipeline has beside its stages."""

STAGE_FIELDS = (
    Field("name", "Name", "Unique in the pipeline.", is_required=True),
    Field("timeout", "Time limit", "For one batch; empty: none.", Kind.NUMBER, unit="s", is_optional=True),
    _policy(_action(is_optional=True)),
)
"""What every stage has beside its parameters."""
