"""Profiles, which say what warns and fails, from the command line: ``lanescope profile list|show|add|remove|judge``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from engine.cli.actions import add_action
from engine.cli.choosing import add_choice_options, chosen, database_of
from engine.cli.console import WrongUse, complain, named_path, printable
from engine.cli.limits import profile_wanted, shelf_at_home
from engine.collectors.profile_shelf import ProfileShelf, profile_text
from engine.home import find_home


def main(argv: Sequence[str]) -> int:
    """Does what the command line says.

    Returns:
        0 if all went well; 1 if a file among the user's profiles cannot be used.

    Raises:
        LanescopeError: it could not be done.
    """
    arguments = _parser().parse_args(argv)
    status: int = arguments.action(arguments)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope profile",
        description="Profiles say from which values on a module warns or fails. Those of your own are the same here "
        "and in the window. A run keeps the limits that it was judged by; NAME is a profile's name or title.",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = add_action(actions, "list", "list the profiles there are")
    listing.add_argument("--json", action="store_true", help="as JSON, a line for each, with all limits")
    listing.set_defaults(action=_list)
    show = add_action(actions, "show", "print a profile as a file has it, to make one of your own from")
    show.add_argument("name", metavar="NAME", help="as listed")
    show.set_defaults(action=_show)
    add = add_action(actions, "add", "keep profiles in files among those of your own")
    add.add_argument("files", metavar="FILE", nargs="+", type=named_path)
    add.set_defaults(action=_add)
    remove = add_action(actions, "remove", "remove a profile of your own; runs keep its limits")
    remove.add_argument("name", metavar="NAME", help="as listed")
    remove.set_defaults(action=_remove)
    judge = add_action(actions, "judge", "judge earlier runs by a profile from now on")
    judge.add_argument("name", metavar="NAME", help="as listed, or a TOML file")
    add_choice_options(judge)
    judge.set_defaults(action=_judge)
    return parser


def _list(arguments: argparse.Namespace) -> int:
    shelf = shelf_at_home()
    for name in shelf.names():
        limits = shelf.get(name)
        if arguments.json:
            print(json.dumps({"name": name, "is_own": shelf.is_own(name), "profile": limits.model_dump()}))
        else:
            own = " (yours)" if shelf.is_own(name) else ""
            print(printable(f"{name:<14}  {limits.title}{own}: {limits.description}".rstrip(": ")))
    for trouble in shelf.troubles:
        complain(trouble)
    return 1 if shelf.troubles else 0


def _show(arguments: argparse.Namespace) -> int:
    shelf = shelf_at_home()
    sys.stdout.write(profile_text(shelf.get(shelf.find(arguments.name))))
    return 0


def _add(arguments: argparse.Namespace) -> int:
    shelf = ProfileShelf(find_home().profiles)
    for path in arguments.files:
        name = shelf.take_in(path)
        print(printable(f"{name}: {shelf.get(name).title}"))
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    shelf = ProfileShelf(find_home().profiles)
    gone = shelf.remove(shelf.find(arguments.name))
    print(printable(f"{gone.title} is removed."))
    return 0


def _judge(arguments: argparse.Namespace) -> int:
    from engine.store.store import Store

    if not (arguments.runs or arguments.find or arguments.latest):
        raise WrongUse("Name runs, or say --find WORDS or --latest; lanescope report lists those there are.")
    judged_by = profile_wanted(arguments.name)
    with Store.open(database_of(arguments)) as store:
        rows = chosen(store, arguments)
        if not rows:
            raise WrongUse("There is no such run.", hint="lanescope report lists those there are.")
        store.judge_by({row.run_id: judged_by for row in rows})
    count = "1 run is" if len(rows) == 1 else f"{len(rows):,} runs are"
    print(printable(f"{count} judged by {judged_by.limits.title}."))
    return 0
