"""What came out of a search, as the JSON document that goes through pipelines of type ``result``."""

from __future__ import annotations

from typing import Any

from engine.search.search import SearchSummary


def numbers_of_search(summary: SearchSummary) -> dict[str, Any]:
    """The document: ``reads`` and ``bases`` are those of the hits, as a pipeline left them.

    Besides, it has ``kind`` (``search``), ``looked_at`` (reads), ``limited`` and the ``request`` as it was made.
    """
    return {
        "kind": "search",
        "reads": summary.hits,
        "bases": summary.bases,
        "looked_at": summary.reads,
        "limited": summary.is_limited,
        "request": summary.request.model_dump(mode="json"),
    }
