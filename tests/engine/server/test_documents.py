"""Searches, and documents through pipelines for searches and results, over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.document_plugins import install, plugin, write_reads, writing
from tests.engine.server.serving import FASTQ, TRIM, Served

LIMIT = {"type": "query", "stages": [{"name": "few", "stage": "search_limit", "parameters": {"hits": 1}}]}
CUT = {"name": "cut", "stage": "cut", "parameters": {"five_prime": 3}}
GATE = plugin("yield-gate", parameters={"least_reads": 2, "reject": True})


def test_searches_go_through_pipelines(served: Served) -> None:
    client = served.client
    install("longer", writing('{"minimum_length":5}'), "query")
    asks = {"type": "query", "stages": [plugin("longer")]}
    assert client.post("/_pipeline/asks", json=asks).status_code == 201
    assert client.post("/_pipeline/finds", json={"type": "result", "stages": [CUT, GATE]}).status_code == 201
    wanted = {"paths": [str(write_reads(served.folder))]}
    plain = client.post("/_search", json={**wanted, "request": {"motif": "GATTACA"}}).json()
    assert (plain["hits_found"], plain["looked_at"], plain["numbers"]) == (2, 3, None)
    assert [(hit["name"], hit["strand"], hit["place"]) for hit in plain["hits"]] == [
        ("one 1", "+", 2), ("two 1", "-", 1),
    ]  # fmt: skip

    piped = {**wanted, "query_pipeline": "asks", "result_pipeline": "finds", "hits": 1}
    found = client.post("/_search", json=piped).json()
    assert (found["hits_found"], found["request"]["minimum_length"]) == (2, 5)
    assert [hit["bases"] for hit in found["hits"]] == ["ATTACACC"]
    assert (found["numbers"]["bases"], found["rejected_by"]) == (16, "")
    assert found["result_pipeline"]["stages"][0]["bases_cut"] == 6
    assert found["query_pipeline"]["total"]["executions"] == 1
    few = client.post("/_search", json={**piped, "request": {"name": "one"}}).json()
    assert few["rejected_by"] == "yield-gate"
    assert client.get("/_pipeline/finds/_stats").json()["executed"]["stages"][0]["reads_in"] == 3
    asked = client.get("/_pipeline/asks/_stats").json()
    assert asked["executed"]["executions"] == 2
    assert (asked["lasting"]["runs"], asked["lasting"]["total"]["executions"]) == (2, 2)


def test_searches_that_cannot_be_made(served: Served) -> None:
    reads = str(write_reads(served.folder))
    for body, status in (
        ({"paths": [reads], "request": {"motif": "XX"}}, 422),
        ({"paths": [reads], "request": {"colour": "red"}}, 422),
        ({"paths": [reads], "query_pipeline": "rna-seq"}, 422),
        ({"paths": [reads], "result_pipeline": "nowhere"}, 404),
        ({"paths": ["/etc/passwd"]}, 403),
        ({"paths": [str(served.folder / "gone.fastq")]}, 422),
        ({"paths": []}, 422),
    ):
        answer = served.client.post("/_search", json=body)
        assert answer.status_code == status, (body, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


def test_the_folders_own_pipelines_are_used(served: Served) -> None:
    served.client.post("/_pipeline/asks", json=LIMIT)
    association = {"kind": "folder", "place": str(served.folder), "pipeline": "asks"}
    assert served.client.put("/_association", json=association).status_code == 200
    found = served.client.post("/_search", json={"paths": [str(write_reads(served.folder))]}).json()
    assert (found["hits_found"], found["is_limited"], found["request"]["limit"]) == (1, True, 1)


def test_documents_in_the_body_go_through(served: Served, tmp_path: Path) -> None:
    client = served.client
    client.post("/_pipeline/asks", json=LIMIT)
    client.post("/_pipeline/finds", json={"type": "result", "stages": [CUT, GATE]})
    client.post("/_pipeline/mine", json=TRIM)
    asked = client.post("/_pipeline/asks/_execute", json={"document": {"motif": "acgt"}}).json()
    assert (asked["document"]["motif"], asked["document"]["limit"]) == ("ACGT", 1)
    judged = client.post("/_pipeline/finds/_execute", json={"document": {"reads": 1, "mine": [1]}}).json()
    assert (judged["rejected_by"], judged["document"]["mine"]) == ("yield-gate", [1])
    hits = client.post("/_pipeline/finds/_execute", content=FASTQ).json()
    assert [read["bases"] for read in hits["reads"]] == ["TAC", "", "T"]

    (served.folder / "reads.fastq").write_bytes(FASTQ)
    (run,) = client.post("/_run", json={"paths": [str(served.folder)]}).json()
    assert served.place.queue.wait(90)
    passed = client.post("/_pipeline/finds/_execute", json={"run": run["id"]}).json()
    assert (passed["document"]["reads"], passed["document"]["kind"], passed["rejected_by"]) == (3, "run", "")
    assert passed["document"]["yield_gate"]["passed"]

    for name, body, status in (
        ("mine", {"document": {}}, 422),
        ("asks", {"run": run["id"]}, 422),
        ("asks", {"reads": []}, 422),
        ("asks", {"document": {"motif": "XX"}}, 422),
        ("finds", {"run": 999}, 404),
        ("finds", {"document": {}, "run": 1}, 422),
        ("finds", {"document": []}, 422),
    ):
        answer = client.post(f"/_pipeline/{name}/_execute", json=body)
        assert answer.status_code == status, (name, body, answer.text)
