from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from starlette.types import Message, Receive, Scope, Send

from engine.checkpoint.unsaved import unsaved_beside
from engine.home import find_home
from engine.server.access import AllowedFolders, PathNotAllowedError, TokenError, kept_token, token_file
from engine.server.guard import Guard
from tests.engine.server.serving import PATIENCE, TRIM, Served, serving

CHUNK = b"@read\n" + b"A" * 1000 + b"\n+\n" + b"I" * 1000 + b"\n"
GIGABYTE = 1 << 30


def test_the_token_is_private_and_stays(lanescope_home: Path) -> None:
    home = find_home()
    token = kept_token(home)
    path = token_file(home)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert kept_token(home) == token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(token) >= 32
    for content in ("", "short", "ä" * 40):
        path.write_text(content)
        with pytest.raises(TokenError):
            kept_token(home)
    path.unlink()
    path.symlink_to(home.root / "elsewhere")
    with pytest.raises(TokenError):
        kept_token(home)


def test_folders_that_are_not_allowed(tmp_path: Path) -> None:
    allowed = AllowedFolders([tmp_path / "in"])
    assert allowed.place(str(tmp_path / "in" / "x" / ".." / "y")) == tmp_path / "in" / "y"
    for text in (str(tmp_path), str(tmp_path / "inside"), str(tmp_path / "in" / ".." / "out"), "in", ""):
        with pytest.raises(PathNotAllowedError):
            allowed.place(text)
    with pytest.raises(PathNotAllowedError):
        AllowedFolders().place(str(tmp_path))


def test_requests_without_the_token_or_for_another_host(served: Served) -> None:
    with served.bare() as client:
        port = served.server.url.rpartition(":")[2]
        right = f"Bearer {served.token}"
        for route in ("/_pipeline", "/openapi.json", "/nowhere", "/_pipeline/x/_execute"):
            for wrong in ("", "Bearer", f"Bearer {served.token}x", f"Basic {served.token}", "Bearer ü"):
                answer = client.get(route, headers={b"authorization": wrong.encode()})
                assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
                assert answer.headers["content-type"] == "application/problem+json"
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "", f"127.0.0.1:{port}@evil"):
            assert client.get("/_pipeline", headers={"authorization": right, "host": host}).status_code == 421
        for host in ("localhost", f"LOCALHOST:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
            assert client.get("/_pipeline", headers={"authorization": right, "host": host}).status_code == 200


def test_only_this_machine_can_connect(served: Served) -> None:
    (listening,) = {
        connection.laddr.ip
        for connection in psutil.Process().net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN and served.server.url.endswith(f":{connection.laddr.port}")
    }
    assert listening == "127.0.0.1"


def test_unknown_routes_and_methods_are_problems(served: Served) -> None:
    for answer, status in ((served.client.get("/"), 404), (served.client.put("/_pipeline"), 405)):
        assert (answer.status_code, answer.json()["status"]) == (status, status)
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(served: Served) -> None:
    served.client.post("/_pipeline/mine", json=TRIM)
    for route in ("/_pipeline/mine/_execute", "/_pipeline/mine", "/_run"):
        with socket.create_connection(("127.0.0.1", int(served.server.url.rpartition(":")[2])), PATIENCE) as line:
            head = f"POST {route} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {served.token}\r\n"
            line.sendall(f"{head}Content-Length: {GIGABYTE}\r\n\r\n".encode())
            line.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: line.recv(1 << 16), b""))  # the server ends the connection
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b"application/problem+json" in answer


def test_who_leaves_in_the_middle_of_a_body_is_no_defect(
    lanescope_home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(tmp_path / "allowed") as served:
        served.client.post("/_pipeline/mine", json=TRIM)
        with socket.create_connection(("127.0.0.1", int(served.server.url.rpartition(":")[2])), PATIENCE) as line:
            head = (
                f"POST /_pipeline/mine/_execute HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {served.token}\r\n"
            )
            line.sendall(f"{head}Content-Length: 100\r\n\r\n@read".encode())
            line.shutdown(socket.SHUT_WR)
            while line.recv(1 << 16):
                pass
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_gigabyte_of_unknown_length_is_cut_short_and_memory_stays_flat(lanescope_home: Path, tmp_path: Path) -> None:
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        while sent < GIGABYTE:
            yield CHUNK * 30
            sent += len(CHUNK) * 30

    with serving(tmp_path / "allowed", largest_body=8 << 20) as served:
        served.client.post("/_pipeline/mine", json=TRIM)
        small = served.client.post("/_pipeline/mine/_execute", content=CHUNK)  # all kernels are loaded
        assert small.status_code == 200
        before = psutil.Process().memory_info().rss
        try:
            answer = served.client.post("/_pipeline/mine/_execute", content=body())
            assert answer.status_code == 413
        except httpx.TransportError:  # the server has hung up while the client was still sending
            pass
        assert sent < 64 << 20
        assert psutil.Process().memory_info().rss - before < 64 << 20
        assert served.client.get("/_pipeline/mine").status_code == 200
        assert not unsaved_beside(served.place.store.path).exists()


def test_a_large_document_is_refused(served: Served) -> None:
    served.client.post("/_pipeline/mine", json=TRIM)
    body = b'{"reads": [' + b" " * (3 << 20)
    for route, status in (("/_pipeline/mine", 413), ("/_run", 413), ("/_pipeline/mine/_execute", 422)):
        answer = served.client.post(route, content=body, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_who_reads_a_body_that_never_comes_is_told_that_the_client_is_gone_when_the_server_ends() -> None:
    """Cancelled instead, each such request would leave a traceback."""
    got: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        return {}

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        got.append(await receive())

    async def unsent(_message: Message) -> None:
        return

    async def begin_and_end() -> None:
        headers = [(b"host", b"localhost"), (b"authorization", b"Bearer token")]
        scope: Scope = {"type": "http", "path": "/_run", "headers": headers}
        request = asyncio.ensure_future(Guard(app, "token", 1)(scope, never, unsent))
        await asyncio.sleep(0)
        request.cancel()
        await request

    asyncio.run(begin_and_end())
    assert got == [{"type": "http.disconnect"}]
