"""Scripts that let shells complete commands and options: ``lanescope completion bash``."""

from __future__ import annotations

import argparse
import importlib
import shlex
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.cli.commands import COMMANDS, WORDS
from engine.errors import LanescopeError

_SHELLS = {
    "bash": 'add to ~/.bashrc:                 eval "$(lanescope completion bash)"',
    "zsh": 'add to ~/.zshrc, after compinit:  eval "$(lanescope completion zsh)"',
    "fish": "once:  lanescope completion fish > ~/.config/fish/completions/lanescope.fish",
}


class _Command(NamedTuple):
    """A command, or an action of one, and what can stand behind it."""

    words: tuple[str, ...]
    actions: tuple[str, ...]
    options: tuple[argparse.Action, ...]


def main(argv: Sequence[str]) -> int:
    """Prints the script for a shell. Returns 0."""
    parser = argparse.ArgumentParser(
        prog="lanescope completion",
        description="Print a script that lets a shell complete commands, options and their choices.",
        epilog="\n".join(f"{shell}: {words}" for shell, words in _SHELLS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=tuple(_SHELLS))
    shell = parser.parse_args(argv).shell
    commands = [command for name in COMMANDS for command in _commands(name)]
    print(_fish(commands) if shell == "fish" else _bash(commands, is_zsh=shell == "zsh"))
    return 0


def _commands(name: str) -> Iterator[_Command]:
    """The command and its actions, read from what reads its arguments, so that none can be forgotten."""
    find = vars(importlib.import_module(COMMANDS[name])).get("_parser")
    if find is None:
        yield _Command((name,), tuple(_SHELLS) if name == "completion" else (), ())
        return
    try:
        yield from _described((name,), find())
    except LanescopeError:  # what it would list cannot be found now
        yield _Command((name,), (), ())


def _described(words: tuple[str, ...], parser: argparse.ArgumentParser) -> Iterator[_Command]:
    actions = parser._actions  # argparse tells its options in no other way
    inner = [action for action in actions if isinstance(action, argparse._SubParsersAction)]
    subparsers = {name: sub for action in inner for name, sub in action.choices.items()}
    yield _Command(words, tuple(subparsers), tuple(action for action in actions if action.option_strings))
    for name, sub in subparsers.items():
        yield from _described((*words, name), sub)


def _bash(commands: Sequence[_Command], *, is_zsh: bool) -> str:
    """One function; where nothing fits, names of files are completed."""
    cases = [
        f"    {shlex.quote(' '.join(one.words))}) words={shlex.quote(' '.join(one.actions))} "
        f"options={shlex.quote(' '.join(text for option in one.options for text in option.option_strings))};;"
        for one in commands
    ]
    choices = [choice for one in commands for choice in _choices(one)]
    chosen = [f"    {shlex.quote(place)}) words={shlex.quote(values)};;" for place, values in choices]
    actions = "|".join(one.words[0] for one in commands if one.actions and len(one.words) == 1)
    lines = [
        *(["autoload -U +X bashcompinit && bashcompinit"] if is_zsh else []),
        "_lanescope() {",
        "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} place=${COMP_WORDS[1]}",
        "  local words='' options=''",
        f'  case $place in {actions}) [ "$COMP_CWORD" -gt 2 ] && place="$place ${{COMP_WORDS[2]}}";; esac',
        '  if [ "$COMP_CWORD" -eq 1 ]; then',
        f"    words={shlex.quote(' '.join(COMMANDS))} options='--help --version'",
        '  else case "$place" in',
        *cases,
        "  esac; fi",
        '  case "$current" in -*) words=$options;; esac',
        '  case "$place $before" in',
        *chosen,
        "  esac",
        '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
        "}",
        "complete -o default -F _lanescope lanescope",
    ]
    return "\n".join(lines)


def _choices(command: _Command) -> Iterator[tuple[str, str]]:
    """Where an option has a few values: the place, as the script asks for it, and the values."""
    for option in command.options:
        for text in option.option_strings if option.choices is not None else ():
            yield f"{' '.join(command.words)} {text}", " ".join(map(str, option.choices or ()))


def _fish(commands: Sequence[_Command]) -> str:
    names = " ".join(COMMANDS)
    lines = [
        f"complete -c lanescope -n 'not __fish_seen_subcommand_from {names}' -a {name} -d {_quoted(words)}"
        for name, words in WORDS.items()
    ]
    for one in commands:
        where = " ".join(f"; and __fish_seen_subcommand_from {word}" for word in one.words).removeprefix("; and ")
        lines += [f"complete -c lanescope -f -n '{where}' -a {action}" for action in one.actions]
        lines += [f"complete -c lanescope -n '{where}' {_fish_option(option)}" for option in one.options]
    return "\n".join(lines)


def _fish_option(option: argparse.Action) -> str:
    names = [f"-l {text[2:]}" if text.startswith("--") else f"-s {text[1:]}" for text in option.option_strings]
    takes = ["-x", f"-a '{' '.join(map(str, option.choices))}'"] if option.choices else ["-r"]
    words = (option.help or "").split(":")[0].split(";")[0].split(" (")[0]
    return " ".join([*names, *(takes if option.nargs != 0 else []), f"-d {_quoted(words)}"])


def _quoted(text: str) -> str:
    """For fish, whose single quotes know the backslash."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("%%", "%")
    return f"'{escaped}'"
