from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from engine.cli.main import main
from engine.home import find_home
from engine.server.access import kept_token

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(tmp_path: Path, lanescope_home: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "gui.main", "serve", "--port", "0", "--allow", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().removeprefix("Lanescope listens on ").strip()
            assert process.stdout.readline().strip().endswith("api-token")
            headers = {"authorization": f"Bearer {kept_token(find_home())}"}
            with httpx.Client(base_url=url, headers=headers, timeout=30, trust_env=False) as client:
                assert client.get("/_pipeline").status_code == 200
                assert client.get("/_dataset", params={"path": str(tmp_path)}).status_code == 200
                process.send_signal(number)
                _, complaints = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert complaints.splitlines() == ["Ending in order. Once more ends at once."]


def test_what_cannot_be_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import socket

    assert main(["serve", "--allow", str(tmp_path / "missing")]) == 2
    assert "is not a folder" in capsys.readouterr().err
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert main(["serve", "--port", str(other.getsockname()[1])]) == 1
        assert "cannot be used: address already in use" in capsys.readouterr().err
