"""What was done to a draft, and can be undone and done again."""

from __future__ import annotations

from dataclasses import dataclass

from gui.models.pipelines.draft import Draft

_MOST = 500


@dataclass(frozen=True, slots=True)
class Step:
    """A draft, and what was done to come to it.

    Attributes:
        draft: how it stands after the step.
        text: what was done, for the menu, in the form ``move quality``.
        chosen: the stage that was being worked on.
        subject: what was edited, where edits of the same one in a row are one step; else ``None``.
    """

    draft: Draft
    text: str = ""
    chosen: int | None = None
    subject: object = None


class History:
    """The steps that led to the present draft, and those that were taken back.

    Drafts never change, so that a step back is the draft as it was.
    """

    def __init__(self, draft: Draft) -> None:
        self._steps = [Step(draft)]
        self._at = 0

    @property
    def now(self) -> Step:
        """The newest step that holds."""
        return self._steps[self._at]

    @property
    def undo_text(self) -> str:
        """What :meth:`undo` would take back, or an empty string."""
        return self.now.text if self._at else ""

    @property
    def redo_text(self) -> str:
        """What :meth:`redo` would do again, or an empty string."""
        return self._steps[self._at + 1].text if self._at + 1 < len(self._steps) else ""

    def push(self, step: Step) -> None:
        """Take a step; what was taken back is forgotten."""
        del self._steps[self._at + 1 :]
        if step.subject is not None and step.subject == self.now.subject and self._at:
            self._steps[self._at] = step
            return
        self._steps.append(step)
        # The first one is kept as what nothing was done to yet.
        del self._steps[: max(0, len(self._steps) - _MOST)]
        self._at = len(self._steps) - 1

    def settle(self) -> None:
        """Let the next edit be a step of its own."""
        now = self.now
        self._steps[self._at] = Step(now.draft, now.text, now.chosen)

    def undo(self) -> Step | None:
        """Take the newest step back; the stage to look at is the one that it was done to."""
        if not self._at:
            return None
        undone = self.now
        self._at -= 1
        return Step(self.now.draft, undone.text, undone.chosen)

    def redo(self) -> Step | None:
        """Do again what was taken back last."""
        if self._at + 1 >= len(self._steps):
            return None
        self._at += 1
        return self.now
