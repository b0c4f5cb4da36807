"""What shells complete, asked of the shells themselves."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from engine.cli.commands import COMMANDS, WORDS
from engine.cli.main import main

ASK = """
line=("$@"); COMP_WORDS=("${line[@]}"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_lanescope; printf '%s\\n' "${COMPREPLY[@]}"
"""


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        (["r"], ["report", "run"]),
        (["run", "--pa"], ["--pairs"]),
        (["run", "--pairs", "a"], ["auto"]),
        (["run", ""], [""]),
        (["pipeline", "va"], ["validate"]),
        (["pipeline", "try", "--do"], ["--document"]),
        (["again", "--fa"], ["--failed"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
    ],
)
def test_bash_completes(line: list[str], completed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("not on this platform: there is no bash")
    command = [bash, "-c", script("bash", capsys) + ASK, "bash", "lanescope", *line]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.rstrip("\n").split("\n") == completed


def test_every_shell_knows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(WORDS) == set(COMMANDS)
    for shell in ("bash", "zsh", "fish"):
        text = script(shell, capsys)
        assert all(name in text for name in COMMANDS)
    assert "bashcompinit" in script("zsh", capsys)
    with pytest.raises(SystemExit):
        main(["completion", "csh"])


def test_words_of_help_cannot_end_a_string_of_fish(capsys: pytest.CaptureFixture[str]) -> None:
    for line in script("fish", capsys).splitlines():
        assert line.replace("\\'", "").count("'") % 2 == 0, line
