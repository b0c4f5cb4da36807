"""Where Lanescope starts, with a window or without."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.cli.commands import COMMANDS, WORDS
from engine.environment import refuse_scant_memory, settle_environment
from engine.errors import LanescopeError


def main(argv: list[str] | None = None) -> int:
    """Open the window, or hand commands such as ``lanescope run …`` to the command line, which needs no display.

    Args:
        argv: arguments without the program's name; ``None`` takes those of the process.

    Returns:
        The exit status.
    """
    arguments = sys.argv[1:] if argv is None else argv
    _open_missing_streams()
    # No plugin of pydantic's has any business here, and looking for one takes longer than a start may.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    if (notice := settle_environment()) is not None:
        sys.stderr.write(f"{notice}\n")
    if arguments and arguments[0] in COMMANDS:
        with _without_a_trace():
            from engine.cli.interrupts import INTERRUPTED
            from engine.cli.main import main as run_without_window

        status = run_without_window(arguments)
        if status == INTERRUPTED:  # and told of: whoever is impatient now must not end it by the signal itself
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return status
    if arguments and not arguments[0].startswith("-"):
        from engine.cli.unknown import is_missing, refuse

        if is_missing(arguments[0]):
            return refuse(arguments[0])
    try:
        paths = [path.absolute() for path in _files(arguments)]
    except BrokenPipeError:  # whoever asked for help or the version has had enough
        from engine.cli.interrupts import OUTPUT_CLOSED

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OUTPUT_CLOSED
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.stderr.write(f"The output cannot be written: {error.strerror or error}.\n")
        return 1
    try:
        refuse_scant_memory()
    except LanescopeError as error:
        sys.stderr.write(f"{error.title}: {error} {error.hint}\n")
        return 1
    from concurrent.futures import ThreadPoolExecutor

    from gui.application import run_window

    # Two threads: one may be busy for long with preparing kernels, the other is for everything that is quick.
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="lanescope") as executor:
        return run_window(paths, executor)


@contextmanager
def _without_a_trace() -> Generator[None]:
    """Lets Ctrl+C end the process at once, where nothing has been begun that would have to be ended in order."""
    is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_usual or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _open_missing_streams() -> None:
    """Lets what is written to a closed stream go nowhere, and not into a file that gets its number."""
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - open until the process ends
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - likewise
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - likewise


def _files(arguments: list[str]) -> list[Path]:
    try:
        files: list[Path] = _parser().parse_args(arguments).files
    except SystemExit:  # after --help, or the like
        sys.stdout.flush()  # or Python would complain at its end where nobody reads it
        raise
    return files


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope",
        usage="lanescope [-h] [--version] [FILE ...]\n       lanescope COMMAND ...",
        description="Quality control for sequencing reads, live. Without a command, a window opens.",
        epilog=_commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="files of reads, or folders of them; where mates or lanes belong together, the window asks",
    )
    parser.add_argument("--version", action=_Version, help="tell the version and end")
    return parser


def _commands() -> str:
    lines = [f"  {name:<10}  {words}" for name, words in WORDS.items()]
    example = "lanescope run FILE... --out DIR reads files and writes all reports into a folder."
    return "\n".join(["commands, which need no window; each has --help:", *lines, "", example])


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __init__(self, option_strings: list[str], dest: str, help: str) -> None:  # noqa: A002 - argparse's own name
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from gui.models.version import installed_version

        sys.stdout.write(f"lanescope {installed_version()}\n")
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
