from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from engine.checkpoint.unsaved import unsaved_beside
from engine.server import bounded
from tests.alignment_files import Record, bam, sam
from tests.engine.server.serving import FASTQ, TRIM, Served


def test_a_pipeline_is_kept_changed_and_removed(served: Served) -> None:
    client = served.client
    made = client.post("/_pipeline/mine", json=TRIM)
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["version"]) == ("mine", "1.0.0")
    again = client.post("/_pipeline/mine", json={**TRIM, "description": "Another one."})
    assert (again.status_code, again.json()["version"]) == (200, "1.0.1")
    assert client.get("/_pipeline/mine").json()["description"] == "Another one."
    assert client.get("/_pipeline/mine", params={"version": "1.0.0"}).json()["description"] == TRIM["description"]
    (listed,) = [each for each in client.get("/_pipeline").json() if each["name"] == "mine"]
    assert (listed["versions"], listed["is_shipped"]) == (["1.0.0", "1.0.1"], False)
    assert client.get("/_pipeline", params={"type": "query"}).json() == []
    assert client.delete("/_pipeline/mine").status_code == 204
    gone = client.get("/_pipeline/mine")
    assert (gone.status_code, gone.headers["content-type"]) == (404, "application/problem+json")
    assert gone.json()["type"] == "urn:lanescope:problem:pipeline-not-found"


def test_everything_that_is_wrong_is_told_at_once(served: Served) -> None:
    stages = [
        {"name": "a", "stage": "length", "parameters": {"minimum": -1}},
        {"name": "a", "stage": "lenght"},
        {"name": "B!", "stage": "quality", "parameters": {"three_prime": "high"}},
        {"name": "c", "type": "wasm"},
        {"name": "d", "type": "composite"},
        {"name": "e", "type": "composite", "pipeline": "nowhere"},
        {"name": "f", "stage": "length", "parameters": {"unknown": 1}},
        {"name": "g", "stage": "length", "timeout": 0},
    ]
    answer = served.client.post("/_pipeline/bad", json={"version": "one", "stages": stages, "colour": "red"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert len(problem["faults"]) >= 10
    assert {"version", "colour", "stages[0].parameters.minimum", "stages[3].udf_name"} <= {
        fault["path"] for fault in problem["faults"]
    }


ODD_NAMES = (
    "..%2Fetc%2Fpasswd", "..", "%2e%2e%2f%2e%2e", "x'; DROP TABLE runs; --", "a b", "ä", "%00", "con", "A" * 300,
)  # fmt: skip


def test_odd_names_are_refused_and_harm_nothing(served: Served) -> None:
    before = sorted(served.place.store.path.parent.iterdir())
    for name in ODD_NAMES:
        for answer in (
            served.client.get(f"/_pipeline/{name}"),
            served.client.post(f"/_pipeline/{name}", json=TRIM),
            served.client.delete(f"/_pipeline/{name}"),
            served.client.post(f"/_pipeline/{name}/_execute", content=FASTQ),
            served.client.get(f"/_pipeline/{name}/_stats"),
        ):
            assert 400 <= answer.status_code < 500, name
            assert answer.headers["content-type"] == "application/problem+json"
    assert sorted(served.place.store.path.parent.iterdir()) == before
    assert served.client.get("/_run").json() == []


def test_names_have_to_agree_and_shipped_pipelines_stay(served: Served) -> None:
    assert served.client.post("/_pipeline/mine", json={**TRIM, "name": "other"}).status_code == 422
    shipped = next(each["name"] for each in served.client.get("/_pipeline").json() if each["is_shipped"])
    assert served.client.post(f"/_pipeline/{shipped}", json=TRIM).status_code == 409
    assert served.client.delete(f"/_pipeline/{shipped}").status_code == 409
    for body in ("[]", "null", "{", '{"stages": 1e999}', "[" * 100_000):
        answer = served.client.post("/_pipeline/mine", content=body, headers={"content-type": "application/json"})
        assert 400 <= answer.status_code < 500


def test_reads_in_the_body_go_through(served: Served) -> None:
    served.client.post("/_pipeline/mine", json=TRIM)
    for packed in (FASTQ, gzip.compress(FASTQ)):
        answer = served.client.post("/_pipeline/mine/_execute", content=packed)
        assert answer.status_code == 200
        document = answer.json()
        assert [read["name"] for read in document["reads"]] == ["one", "three 3"]
        assert (document["reads_out"], document["is_shortened"]) == (2, False)
        assert document["pipeline"]["stages"][0]["reads_in"] == 3
        as_text = served.client.post("/_pipeline/mine/_execute", content=packed, headers={"accept": "text/x-fastq"})
        assert as_text.content == b"@one\nACGTAC\n+\nIIIIII\n@three 3\nACGT\n+\n!!!!\n"
    statistics = served.client.get("/_pipeline/mine/_stats").json()
    assert statistics["executed"]["reads_in"] == 12
    assert statistics["executed"]["stages"][0]["p99"] > 0
    assert not unsaved_beside(served.place.store.path).exists()


def test_bodies_that_decompress_to_too_much_are_refused(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "LARGEST_TEXT", 8 << 20)
    served.client.post("/_pipeline/mine", json=TRIM)
    record = b"@r\n" + b"A" * 1000 + b"\n+\n" + b"I" * 1000 + b"\n"
    for text in (record * 5000, b"@r\n" + b"A" * (10 << 20), b"\n" * (10 << 20)):
        answer = served.client.post("/_pipeline/mine/_execute", content=gzip.compress(text))
        assert answer.status_code == 413
        assert "more than 8,388,608 bytes once they are decompressed" in answer.json()["detail"]
    assert served.client.post("/_pipeline/mine/_execute", content=gzip.compress(record * 4000)).status_code == 200
    (served.folder / "many.fastq.gz").write_bytes(gzip.compress(record * 5000))  # files may be as large as they are
    answer = served.client.post("/_pipeline/mine/_execute", json={"path": str(served.folder / "many.fastq.gz")})
    assert answer.json()["reads_out"] == 5000
    assert not unsaved_beside(served.place.store.path).exists()


@pytest.mark.parametrize("made", [bam, sam])
def test_bodies_of_records_that_are_no_reads_are_bounded_too(
    served: Served, monkeypatch: pytest.MonkeyPatch, made: Callable[[list[Record]], bytes]
) -> None:
    monkeypatch.setattr(bounded, "LARGEST_TEXT", 1 << 20)
    served.client.post("/_pipeline/mine", json=TRIM)
    repeated, read = Record("repeated", 0x100, "A" * 1000, (30,) * 1000), Record("read", 4, "ACGTA", (30,) * 5)

    def answer_to(repeats: int) -> httpx.Response:
        body = made([repeated] * repeats + [read])
        return served.client.post("/_pipeline/mine/_execute", content=gzip.compress(body))

    answer = answer_to(1000)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "more than 1,048,576 bytes once they are decompressed" in answer.json()["detail"]
    answer = answer_to(100)
    assert answer.status_code == 200
    assert answer.json()["reads_out"] == 1


def test_a_document_of_reads_or_a_path(served: Served) -> None:
    served.client.post("/_pipeline/mine", json=TRIM)
    reads = [{"name": "a", "bases": "ACGT", "qualities": "IIII"}, {"name": "b", "bases": "A", "qualities": "I"}]
    answer = served.client.post("/_pipeline/mine/_execute", json={"reads": reads})
    assert answer.json()["reads"] == reads[:1]
    (served.folder / "reads.fastq").write_bytes(FASTQ)
    answer = served.client.post("/_pipeline/mine/_execute", json={"path": str(served.folder / "reads.fastq")})
    assert answer.json()["reads_out"] == 2


def test_bodies_that_hold_no_reads(served: Served) -> None:
    served.client.post("/_pipeline/mine", json=TRIM)
    documents: list[object] = [
        {},
        {"reads": [], "path": "/x"},
        {"reads": [{"name": "a\n@b", "bases": "A", "qualities": "I"}]},
        {"reads": [{"name": "a", "bases": "A", "qualities": "II"}]},
        [],
    ]
    bodies = [(json.dumps(document).encode(), "application/json") for document in documents]
    bodies += [(text, "text/x-fastq") for text in (b"", b"this is no FASTQ", b"@one\nACGT\n+\nII\n")]
    for body, kind in [*bodies, (b"{", "application/json")]:
        answer = served.client.post("/_pipeline/mine/_execute", content=body, headers={"content-type": kind})
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), body


def test_only_pipelines_for_reads_are_executed(served: Served) -> None:
    assert served.client.post("/_pipeline/asks", json={"type": "query"}).status_code == 201
    assert served.client.post("/_pipeline/asks/_execute", content=FASTQ).status_code == 422
    assert served.client.post("/_pipeline/nowhere/_execute", content=FASTQ).status_code == 404


def test_paths_outside_of_the_allowed_folder(served: Served, tmp_path: Path) -> None:
    served.client.post("/_pipeline/mine", json=TRIM)
    secret = tmp_path / "secret.fastq"
    secret.write_bytes(FASTQ)
    (served.folder / "link.fastq").symlink_to(secret)
    (served.folder / "folder").symlink_to(tmp_path)
    (served.folder / "loop").symlink_to(served.folder / "loop")
    inside = str(served.folder)
    for path in (
        str(secret), f"{inside}/../secret.fastq", f"{inside}/link.fastq", f"{inside}/folder/secret.fastq",
        f"{inside}/../{served.folder.name}x", "secret.fastq", "-", "", "/dev/stdin", "/proc/self/environ", "~/x",
        f"{inside}/\0", "/" + "x" * 4000,
    ):  # fmt: skip
        answer = served.client.post("/_pipeline/mine/_execute", json={"path": path})
        assert answer.status_code == 403, path
        assert served.client.post("/_run", json={"paths": [path]}).status_code == 403, path
    for path in (f"{inside}/missing", inside, f"{inside}/loop"):
        answer = served.client.post("/_pipeline/mine/_execute", json={"path": path})
        assert answer.status_code in (403, 422), path
