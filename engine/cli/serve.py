"""Letting programs in without a window: ``lanescope serve``."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import FrameType

from engine.cli.console import (
    WRONG_COMMAND_LINE,
    complain,
    database_path,
    named_path,
    printable,
    thread_count,
    whole_number,
)
from engine.cli.interrupts import INTERRUPTS
from engine.errors import InputError
from engine.home import find_home
from engine.store.store import Store

_PATIENCE = 0.5


def main(argv: Sequence[str]) -> int:
    """Serves until it is interrupted.

    Returns:
        0 when it was ended, 1 if a folder that was to be allowed is none.

    Raises:
        LanescopeError: the server could not be started.
    """
    arguments = _parser().parse_args(argv)
    for folder in arguments.allow:
        if not folder.is_dir():
            complain(InputError(f"{folder} is not a folder.", path=folder, hint="Name a folder that is there."))
            return WRONG_COMMAND_LINE
    ended = threading.Event()
    # Ctrl+C and `kill` end it the same way, wherever it is: what was started is finished in order.
    before = {number: signal.signal(number, _ender(ended)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with ExitStack() as stack:
            _serve(arguments, ended, stack)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _ender(ended: threading.Event) -> Callable[[int, FrameType | None], None]:
    def end(_number: int, _frame: FrameType | None) -> None:
        INTERRUPTS.begin()
        ended.set()

    return end


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope serve",
        description="Let programs on this machine keep pipelines and start runs over HTTP. Every request has to bring "
        "a token, which stands in a file that only you can read. Ctrl+C ends it.",
    )
    parser.add_argument("--port", type=_port, default=8686, metavar="N", help="default: 8686; 0: any that is free")
    parser.add_argument(
        "--allow",
        type=named_path,
        action="append",
        default=[],
        metavar="DIR",
        help="programs may name files in this folder, to be read and written; may be given again (default: none)",
    )
    parser.add_argument("--threads", type=thread_count, metavar="N", help="threads that compute (default: every core)")
    parser.add_argument(
        "--max-body",
        type=_mebibytes,
        default=256,
        metavar="MIB",
        help="size of the largest body of reads (default: 256)",
    )
    parser.add_argument(
        "--database", type=database_path, metavar="FILE", help="keep runs here, not in Lanescope's database"
    )
    return parser


def _port(text: str) -> int:
    return whole_number(text, 0, 65535)


def _mebibytes(text: str) -> int:
    return whole_number(text, 1, 1 << 20)


def _serve(arguments: argparse.Namespace, ended: threading.Event, stack: ExitStack) -> None:
    # Imported here: --help and a wrong command line must not wait for the compiler.
    from engine.run.queue import RunQueue
    from engine.server.access import AllowedFolders, kept_token, token_file
    from engine.server.server import ApiServer
    from engine.server.workplace import Workplace

    home = find_home()
    token = kept_token(home)
    store = stack.enter_context(Store.open(arguments.database or home.database))
    queue = RunQueue(store, workers=arguments.threads)
    stack.callback(queue.close)
    place = Workplace(home, store, queue, AllowedFolders(arguments.allow))
    server = ApiServer(place, token, port=arguments.port, largest_body=arguments.max_body << 20)
    stack.enter_context(server)
    print(f"Lanescope listens on {server.url}", flush=True)
    print(f"The token is in {printable(str(token_file(home)))}", flush=True)
    while not ended.wait(_PATIENCE):  # waits of no end cannot be interrupted everywhere
        pass
