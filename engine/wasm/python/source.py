"""A plugin's Python source: what it may hold, and what its function says about itself."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Result = Literal["filter", "metric", "trim", "nothing"]

SOURCE_NAME = "plugin.py"
FUNCTION = "process"
PARTS = {"name": "names", "bases": "bases", "qualities": "qualities"}
"""Arguments that are parts of the read, uint8 arrays, to the manifest's word for them."""
WHOLE = {"document": "dict", "kind": "str"}
"""Arguments that are a document and its kind, which only plugins that are not compiled can take, to their types."""

_RESULTS: dict[str, Result] = {
    "bool": "filter", "float": "metric", "int": "metric", "tuple[int, int]": "trim", "None": "nothing",
}  # fmt: skip
_KINDS = {"int": ("integer", "choice"), "float": ("number",), "bool": ("boolean",)}
_MODULES = {"math", "numpy"}


class SourceError(Exception):
    """The source cannot become a plugin.

    Attributes:
        line: where, from 1; 0 where no line is to blame.
        is_python: it is fine Python, which cannot be compiled.
    """

    def __init__(self, message: str, line: int = 0, *, is_python: bool = False) -> None:
        super().__init__(message)
        self.line = line
        self.is_python = is_python


@dataclass(frozen=True, slots=True)
class Declared:
    """A parameter as the manifest declares it: its name and type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class PluginFunction:
    """The function that is called for every read.

    Attributes:
        tree: what of the source may be run.
        arguments: names of its arguments in order.
        parts: those that are parts of the read.
        result: what its result does.
        line: where it is.
    """

    tree: ast.Module
    arguments: tuple[str, ...]
    parts: tuple[str, ...]
    result: Result
    line: int


def read_source(text: str, parameters: Sequence[Declared], fields: Sequence[Declared] | None = None) -> PluginFunction:
    """Checks a source before any of it is run.

    At the top there may be functions, constants, and imports of ``math`` and ``numpy``, nothing that does anything.

    Args:
        text: the source.
        parameters: the manifest's.
        fields: of a plugin over documents, the manifest's; ``None`` for one over reads.

    Raises:
        SourceError: there is more, or ``process`` is missing or says too little about itself.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise SourceError(error.msg, error.lineno or 0) from error
    for node in tree.body:
        _check_top(node)
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == FUNCTION]
    if not found:
        raise SourceError(f"there is no function {FUNCTION}")
    function = found[-1]
    result = "" if function.returns is None else ast.unparse(function.returns)
    results = {word: kind for word, kind in _RESULTS.items() if fields is None or kind != "trim"}
    if fields is not None and result == "dict":
        raise SourceError("it changes the document", function.lineno, is_python=True)
    if result not in results:
        raise SourceError(f"{FUNCTION} must say what it returns: -> {', '.join(results)}", function.lineno)
    spec = function.args
    if spec.vararg or spec.kwarg or spec.kwonlyargs or spec.posonlyargs or spec.defaults:
        raise SourceError(f"{FUNCTION} takes plain arguments without defaults", function.lineno)
    for argument in spec.args:
        _check_argument(argument, parameters, fields)
    names = tuple(argument.arg for argument in spec.args)
    parts = tuple(name for name in names if name in PARTS and fields is None)
    return PluginFunction(tree, names, parts, results[result], function.lineno)


def _check_top(node: ast.stmt) -> None:
    if isinstance(node, ast.FunctionDef):
        if node.decorator_list:
            raise SourceError("functions have no decorators here", node.lineno, is_python=True)
        return
    if isinstance(node, ast.Import) and all(alias.name in _MODULES for alias in node.names):
        return
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
        try:
            ast.literal_eval(node.value)
        except ValueError as error:
            words = "only constants can be set outside functions"
            raise SourceError(words, node.lineno, is_python=True) from error
        return
    words = "only functions, constants, 'import math' and 'import numpy' may stand outside functions"
    raise SourceError(words, node.lineno, is_python=True)


def _check_argument(argument: ast.arg, parameters: Sequence[Declared], fields: Sequence[Declared] | None) -> None:
    if argument.arg in PARTS and fields is None:
        return
    declared = {each.name: each.type for each in (*parameters, *(fields or ()))}.get(argument.arg)
    kind = "" if argument.annotation is None else ast.unparse(argument.annotation)
    if declared is None:
        if fields is not None and WHOLE.get(argument.arg) == kind:
            words = f"it takes {argument.arg}, where there are only fields and parameters"
            raise SourceError(words, argument.lineno, is_python=True)
        what = f"a part of the read ({', '.join(PARTS)})" if fields is None else "a field"
        words = f"{argument.arg} is neither {what} nor a parameter of the manifest"
        raise SourceError(words, argument.lineno)
    if kind == "str" and declared in ("text", "choice"):
        raise SourceError(f"{argument.arg} is a text, where there are only numbers", argument.lineno, is_python=True)
    if declared not in _KINDS.get(kind, ()):
        wanted = next((word for word, types in _KINDS.items() if declared in types), "")
        if not wanted:
            raise SourceError(f"{argument.arg} is a text: write {argument.arg}: str", argument.lineno)
        raise SourceError(f"{argument.arg} is of the type {declared}: write {argument.arg}: {wanted}", argument.lineno)
