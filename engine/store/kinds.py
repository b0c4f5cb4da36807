"""Whether what was read back from the database is of the kinds that it should be: others can write there too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

_Check = Callable[[Any], bool]


def refuse_other_kinds(record: object) -> None:
    """Looks through a dataclass and all that it holds.

    Raises:
        TypeError: a field holds something else than its annotation says.
    """
    if not _check_of(type(record))(record):
        raise TypeError(f"a field of {type(record).__name__} is of another kind")


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
    if kind is float:
        return lambda value: type(value) in (float, int)
    if kind in (int, bool, NoneType):
        return lambda value: type(value) is kind
    return lambda value: isinstance(value, kind)


def _check_of_fields(kind: Any) -> _Check:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]

    # Looked up when it is used: a stage may hold stages.
    def check(value: Any) -> bool:
        return isinstance(value, kind) and all(_check_of(hints[name])(getattr(value, name)) for name in names)

    return check
