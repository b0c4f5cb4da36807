"""The section on how a run was tuned by its load."""

from __future__ import annotations

from engine.report.html.elements import Child, Html, element
from engine.report.html.parts import table
from engine.report.load_text import KNOB_WORDS, setting_text, value_text
from engine.tuning.decision import Decision, Tuning

_MOST_OPEN = 6
"""More decisions than these are folded away on the screen."""

_COLUMNS = ("After", "What", "Step", "Outcome", "Reason")


def tuning_section(tuning: Tuning | None) -> Html | None:
    """Each decision with its reason, oldest first; ``None`` where the run was not tuned.

    Args:
        tuning: of the run.
    """
    if tuning is None:
        return None
    decisions = tuning.decisions
    log: Child = None
    if decisions:
        log = table(_COLUMNS, map(_row, decisions), caption="Decisions of the tuning", texts=len(_COLUMNS))
        summary = element("summary", f"{len(decisions):,} decisions")
        log = element("details", summary, log, class_="log") if len(decisions) > _MOST_OPEN else log
    return element(
        "section",
        element("h2", "How the run was tuned"),
        element("p", _said(tuning), class_="shows"),
        log,
        id="tuning",
        class_="card",
    )


def _said(tuning: Tuning) -> str:
    said = f"It was carried out at last with {setting_text(tuning.setting)}."
    if tuning.is_frozen:
        said += " Tuning was frozen by hand."
    if tuning.left_out:
        many = "decision was" if tuning.left_out == 1 else "decisions were"
        said += f" {tuning.left_out:,} earlier {many} not kept."
    elif not tuning.decisions:
        said += " Nothing was tried."
    return f"{said} The results are the same at every setting."


def _row(decision: Decision) -> tuple[Child, ...]:
    knob = decision.knob
    time, verdict, reason = f"{decision.time:,.1f} s", str(decision.verdict), decision.reason
    if knob is None:
        return time, None, None, verdict, reason
    before, after = value_text(knob, decision.before), value_text(knob, decision.after)
    return time, KNOB_WORDS[knob], f"{before} \N{RIGHTWARDS ARROW} {after}", verdict, reason
