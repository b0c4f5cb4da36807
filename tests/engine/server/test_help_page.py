"""The help page tells what there is, and what it asks is answered."""

from __future__ import annotations

import re
from pathlib import Path

from tests.engine.server.serving import Served

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "resources" / "help" / "http.md").read_text("utf-8")
SAMPLE = ROOT / "resources" / "samples" / "illumina_single.fastq.gz"


def test_every_request_it_names_is_there(served: Served) -> None:
    paths = served.client.get("/openapi.json").json()["paths"]
    named = re.findall(r"`(GET|POST) (/[^`]*)`", PAGE)

    assert len(named) >= 10
    for method, path in named:
        assert method.lower() in paths[path], path


def test_what_it_asks_is_answered(served: Served) -> None:
    sample = served.folder / "sample.fastq.gz"
    sample.write_bytes(SAMPLE.read_bytes())
    asked = re.findall(r"^ask (?:-N )?\$URL(\S+)(?: -d '(.*)')?$", PAGE, re.MULTILINE)

    assert len(asked) == 6
    for path, body in asked:
        if body:
            content = body.replace("/data/sample.fastq.gz", sample.as_posix())
            answer = served.client.post(path, content=content, headers={"content-type": "application/json"})
        else:
            answer = served.client.get(path)
        assert answer.is_success, (path, answer.text)
