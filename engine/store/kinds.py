"""Whether what was read back from the database is of the kinds that it should be: others can write there too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

NOT_UNDERSTOOD = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
"""What reading back something ends in that is not what Lanescope writes."""

_Check = Callable[[Any], bool]


def refuse_other_kinds(record: object) -> None:
    """Looks through a dataclass and all that it holds.

    Raises:
        TypeError: a field holds something else than its annotation says.
    """
    kind: Any = type(record)
    if not _check_of(kind)(record):
        raise TypeError(f"a field of {kind.__name__} is of another kind")


@cache
def _check_of(kind: Any) -> _Check:
    """What tells values of an annotation from others."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        checks = [_check_of(part) for part in parts]
        return lambda value: any(check(value) for check in checks)
    if origin is tuple:  # of any length, as all of ours are
        each = _check_of(parts[0])
        return lambda value: type(value) is tuple and all(map(each, value))
    if origin is dict:
        key, item = map(_check_of, parts)
        return lambda value: type(value) is dict and all(map(key, value)) and all(map(item, value.values()))
    if is_dataclass(kind):
        return _check_of_fields(kind)
    exact = {float: (float, int), int: (int,)}.get(kind)
    return (lambda value: isinstance(value, kind)) if exact is None else (lambda value: type(value) in exact)


def _check_of_fields(kind: Any) -> _Check:
    hints = _hints_of(kind)
    names = [field.name for field in fields(kind)]

    # Looked up when it is used: a stage may hold stages.
    def check(value: Any) -> bool:
        return isinstance(value, kind) and all(_check_of(hints[name])(getattr(value, name)) for name in names)

    return check


def _hints_of(kind: Any) -> dict[str, Any]:
    """What a dataclass says of its fields; those whose kinds are imported for type checkers alone may be anything."""
    unknown: dict[str, Any] = {}
    while True:
        try:
            return get_type_hints(kind, localns=unknown)
        except NameError as error:
            unknown[str(error.name)] = object
