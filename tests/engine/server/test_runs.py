from __future__ import annotations

import contextlib
import gzip
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.engine.server.serving import FASTQ, PATIENCE, TRIM, Served


def endless(folder: Path) -> Path:
    """A small file of so many reads that no machine is through with them before it is told to stop."""
    path = folder / "many.fastq.gz"
    path.write_bytes(gzip.compress(FASTQ * 20_000, 1) * 1200)
    return path


def events(client: httpx.Client, run_id: int) -> list[tuple[str, dict[str, Any]]]:
    """All events of a run until it ends."""
    found = []
    with client.stream("GET", f"/_run/{run_id}/_events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                found.append((name, json.loads(line.removeprefix("data: "))))
    return found


def test_a_run_from_start_to_results(served: Served) -> None:
    client = served.client
    client.post("/_pipeline/mine", json=TRIM)
    (served.folder / "reads.fastq").write_bytes(FASTQ)
    out = served.folder / "out.fastq.gz"
    gone = served.folder / "gone.fastq.gz"
    body = {"paths": [str(served.folder)], "pipeline": "mine", "output": str(out), "dropped": str(gone)}
    body["profile"] = "rna-seq"
    started = client.post("/_run", json=body)
    assert started.status_code == 202
    (run,) = started.json()
    told = events(client, run["id"])
    assert [name for name, _ in told][-1] == "end"
    assert {name for name, _ in told[:-1]} <= {"progress"}
    assert (told[-1][1]["state"], told[-1][1]["reads"]) == ("completed", 3)
    assert gzip.decompress(out.read_bytes()).count(b"\n") == 8
    shown = client.get(f"/_run/{run['id']}").json()
    assert (shown["state"], shown["pipeline"], shown["outputs"]) == ("completed", "mine@1.0.0", [str(out), str(gone)])
    assert gzip.decompress(gone.read_bytes()).count(b"\n") == 4
    results = client.get(f"/_run/{run['id']}/_results").json()
    assert results["results"]["basic"]["reads"] == 3
    assert results["profile"]["title"] == "RNA-seq"
    assert results["results_after"]["basic"]["reads"] == 2
    statistics = client.get("/_pipeline/mine/_stats").json()
    assert statistics["runs"][0]["pipeline"]["total"]["reads_out"] == 2
    assert [each["id"] for each in client.get("/_run").json()] == [run["id"]]
    assert client.get("/_run", params={"search": "nothing like it"}).json() == []
    assert client.post(f"/_run/{run['id']}/_cancel").json()["state"] == "completed"
    again = client.post("/_run", json={"paths": [str(served.folder / "reads.fastq")], "output": str(out)})
    assert (again.status_code, "is there already" in again.json()["detail"]) == (409, True)
    assert gzip.decompress(out.read_bytes()).count(b"\n") == 8


def test_a_run_is_cancelled_in_its_middle(served: Served) -> None:
    path = str(endless(served.folder))
    first, second = (served.client.post("/_run", json={"paths": [path]}).json()[0] for _ in range(2))
    assert served.client.post(f"/_run/{second['id']}/_cancel").json()["state"] == "cancelled"
    assert served.client.post(f"/_run/{first['id']}/_cancel").status_code == 202
    assert events(served.client, first["id"])[-1][1]["state"] == "cancelled"
    assert events(served.client, second["id"]) == [("end", served.client.get(f"/_run/{second['id']}").json())]


def test_requests_for_runs_that_cannot_be_met(served: Served, tmp_path: Path) -> None:
    client, inside = served.client, str(served.folder)
    (served.folder / "reads.fastq").write_bytes(FASTQ)
    (served.folder / "more.fastq").write_bytes(FASTQ)
    (served.folder / "bad.txt").write_bytes(b"no reads")
    reads = f"{inside}/reads.fastq"
    for body, status in (
        ({"paths": []}, 422),
        ({"paths": [f"{inside}/missing.fastq"]}, 422),
        ({"paths": [f"{inside}/bad.txt"]}, 422),
        ({"paths": [f"{inside}/{'x' * 300}"]}, 422),
        ({"paths": [reads], "pipeline": "nowhere"}, 404),
        ({"paths": [reads], "output": str(tmp_path / "out.fastq")}, 403),
        ({"paths": [reads], "output": f"{inside}/../out.fastq"}, 403),
        ({"paths": [reads], "output2": f"{inside}/out.fastq"}, 422),
        ({"paths": [reads], "dropped": f"{inside}/out.fastq"}, 422),
        ({"paths": [reads], "output": f"{inside}/a", "dropped2": f"{inside}/out.fastq"}, 422),
        ({"paths": [reads], "output": f"{inside}/a", "dropped": str(tmp_path / "out.fastq")}, 403),
        ({"paths": [reads], "output": f"{inside}/a", "dropped": f"{inside}/b"}, 409),
        ({"paths": [inside], "output": f"{inside}/out.fastq"}, 422),
        ({"paths": [reads], "colour": "red"}, 422),
        ({"paths": [reads], "profile": "gold"}, 422),
        ({"paths": "x'; DROP TABLE runs; --"}, 422),
    ):
        assert client.post("/_run", json=body).status_code == status, body
    for number in ("0", "7", "-1", "x", "9" * 30, "1;DROP TABLE runs"):
        for answer in (
            client.get(f"/_run/{number}"),
            client.get(f"/_run/{number}/_events"),
            client.get(f"/_run/{number}/_results"),
            client.post(f"/_run/{number}/_cancel"),
        ):
            assert answer.status_code in (404, 422)
            assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/_run").json() == []
    assert not (tmp_path / "out.fastq").exists()


def test_of_two_queued_runs_one_gets_a_file(served: Served) -> None:
    client, reads, out = served.client, served.folder / "reads.fastq", served.folder / "out.fastq"
    reads.write_bytes(FASTQ)
    (served.folder / "growing.fastq").touch()
    before = served.place.queue.submit_following(served.folder / "growing.fastq")  # until it is told to finish
    body = {"paths": [str(reads)], "output": str(out), "replace": True}
    first = client.post("/_run", json=body).json()[0]["id"]
    refused = client.post("/_run", json=body)
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    assert f"is to be written by run {first} (reads.fastq), which has not ended." in refused.json()["detail"]
    assert "cancel it" in refused.json()["hint"]
    other = {
        "paths": [str(reads)],
        "output": f"{served.folder}/pair.fastq",
        "output2": str(out),
        "pairs": "interleaved",
    }
    assert client.post("/_run", json=other).status_code == 409
    assert len(client.get("/_run").json()) == 2
    client.post(f"/_run/{first}/_cancel")
    last = client.post("/_run", json=body).json()[0]["id"]
    served.place.queue.finish(before.run_id)
    assert events(client, last)[-1][1]["state"] == "completed"
    assert client.post("/_run", json=body).status_code == 202
    assert served.place.queue.wait(PATIENCE)
    assert out.read_bytes() == FASTQ


def test_outputs_that_cannot_be_written_are_refused_at_once(served: Served) -> None:
    reads, folder = served.folder / "reads.fastq", served.folder
    reads.write_bytes(FASTQ)
    (folder / "older.fastq").write_bytes(b"")
    (folder / "hard.fastq").hardlink_to(reads)
    (folder / "link.fastq").symlink_to(reads)
    for name, replace, words in (
        ("reads.fastq", True, "is the input"),
        ("hard.fastq", True, "is the input"),
        ("link.fastq", True, "is the input"),
        ("sub/../reads.fastq", True, "is the input"),
        ("older.fastq", False, "is there already"),
        ("gone/out.fastq", False, "There is no folder"),
        ("out.bam", False, "cannot be written"),
        (f"{'x' * 300}.fastq", False, "cannot be written: File name too long"),
        ("", True, "is a folder"),
    ):
        body = {"paths": [str(reads)], "output": f"{folder}/{name}", "replace": replace}
        answer = served.client.post("/_run", json=body)
        assert (answer.status_code, words in answer.json()["detail"]) == (409, True), (name, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    second = {"paths": [str(reads)], "output": f"{folder}/out.fastq", "output2": str(reads), "replace": True}
    assert served.client.post("/_run", json=second).status_code == 409
    assert served.client.get("/_run").json() == []
    assert reads.read_bytes() == FASTQ


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes")
def test_no_run_waits_for_somebody_to_read_a_pipe(served: Served) -> None:
    reads, pipe = served.folder / "reads.fastq", served.folder / "pipe"
    reads.write_bytes(FASTQ)
    os.mkfifo(pipe)
    for body in ({"output": str(pipe), "replace": True}, {"output": f"{served.folder}/a.fastq", "output2": str(pipe)}):
        answer = served.client.post("/_run", json={"paths": [str(reads)], "pairs": "interleaved", **body})
        assert (answer.status_code, "pipe is not a file" in answer.json()["detail"]) == (409, True)
    assert served.client.get("/_run").json() == []


def test_a_file_whose_name_is_no_valid_text_is_run_too(served: Served) -> None:
    try:
        (served.folder / os.fsdecode(b"r\xff.fastq")).write_bytes(FASTQ)
    except OSError:
        pytest.skip("this file system takes no such names")
    started = served.client.post("/_run", json={"paths": [str(served.folder)]})
    assert started.status_code == 202
    (run,) = started.json()
    assert events(served.client, run["id"])[-1][1]["state"] == "completed"


def test_runs_are_started_all_or_none(served: Served) -> None:
    (served.folder / "a.fastq").write_bytes(FASTQ)
    (served.folder / "b.fastq").write_bytes(b"")
    answer = served.client.post("/_run", json={"paths": [str(served.folder)]})
    assert (answer.status_code, "b.fastq" in answer.json()["detail"]) == (422, True)
    assert served.client.get("/_run").json() == []


def test_samples_and_their_pipelines(served: Served, tmp_path: Path) -> None:
    client, inside = served.client, str(served.folder)
    for mate in (1, 2):
        (served.folder / f"sample_R{mate}.fastq").write_bytes(FASTQ)
    (served.folder / "secret.fastq").symlink_to(tmp_path / "elsewhere.fastq")
    (tmp_path / "elsewhere.fastq").write_bytes(FASTQ)
    found = client.get("/_dataset", params={"path": inside}).json()
    assert [(sample["name"], sample["is_paired"]) for sample in found["samples"]] == [("sample", True)]
    assert found["refused"] == ["elsewhere.fastq leads out of the allowed folders."] or "allowed" in str(found)
    assert client.get("/_dataset", params={"path": str(tmp_path)}).status_code == 403
    client.post("/_pipeline/mine", json=TRIM)
    wanted = {"kind": "folder", "place": inside, "pipeline": "mine"}
    kept = client.put("/_association", json=wanted)
    assert kept.json() == {**wanted, "type": "document"}
    assert client.get("/_association").json() == [kept.json()]
    in_use = client.delete("/_pipeline/mine")
    assert (in_use.status_code, inside in in_use.json()["detail"]) == (409, True)
    (served.folder / "secret.fastq").unlink()
    (run,) = client.post("/_run", json={"paths": [inside], "pairs": "auto"}).json()
    assert events(client, run["id"])[-1][1]["pipeline"] == "mine@1.0.0"
    place = {"kind": "folder", "place": inside}
    assert client.delete("/_association", params=place).status_code == 204
    assert client.delete("/_association", params=place).status_code == 404
    assert client.delete("/_pipeline/mine").status_code == 204
    for body, status in (
        ({**wanted, "place": str(tmp_path)}, 403),
        ({**wanted, "pipeline": "nowhere"}, 404),
        ({**wanted, "kind": "planet"}, 422),
        ({"kind": "sample", "place": "a\0b", "pipeline": "mine"}, 409),
    ):
        assert client.put("/_association", json=body).status_code == status, body


def test_the_server_ends_while_it_is_followed(served: Served) -> None:
    (run,) = served.client.post("/_run", json={"paths": [str(endless(served.folder))]}).json()
    with served.client.stream("GET", f"/_run/{run['id']}/_events") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("event: ")
        began = time.monotonic()
        served.server.stop()
        assert time.monotonic() - began < PATIENCE
        with contextlib.suppress(httpx.TransportError):  # on a busy machine it does not wait for who is slow
            list(lines)
    assert not served.server.is_running
    assert served.server.url == ""
    served.place.queue.cancel(run["id"])
    served.server.start()
    served.server.stop()
    served.server.stop()
