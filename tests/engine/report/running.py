"""Runs on real files, for reports about them."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

from engine.run.run import Run
from engine.run.settings import RunSettings
from engine.run.snapshot import RunSnapshot
from engine.run.state import RunState

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"


def ran(path: Path) -> RunSnapshot:
    """What a run on the file has found."""
    now = datetime.now().astimezone()
    created = RunSnapshot(
        run_id=1,
        name=path.name,
        path=path,
        kind="",
        state=RunState.CREATED,
        created=now,
        versions={"lanescope": "1.2.3"},
        host="here",
    )
    return Run(created, RunSettings(workers=1)).execute()


class Elements(HTMLParser):
    """Every element of a page, its attributes, and the text in it.

    Attributes:
        found: tag, attributes and text, in order.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        if tag not in {"meta", "img", "br"}:
            self._open.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.found[self._open.pop()][0] == tag, "elements are closed in order"

    def handle_data(self, data: str) -> None:
        for at in self._open:
            self.found[at][2].append(data)

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        """Attributes and text of every element of a kind."""
        return [(attributes, "".join(text)) for name, attributes, text in self.found if name == tag]

    def by_id(self, wanted: str) -> str:
        """The text of the only element of that id."""
        (text,) = ["".join(text) for _, attributes, text in self.found if attributes.get("id") == wanted]
        return text
