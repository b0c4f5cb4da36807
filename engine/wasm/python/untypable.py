"""Why a piece of Python cannot be compiled to a plugin, in words of Python rather than of the compiler."""

from __future__ import annotations

import ast

HINT = (
    "A plugin's Python is compiled to machine code: write it with numbers, tuples, loops, functions of your own and "
    "the read's bytes (67 is C, 33 is Phred 0). Or write the plugin in C or Rust: "
    "lanescope plugin new NAME --language c"
)

_WORDS: tuple[tuple[tuple[type[ast.AST], ...], str], ...] = (
    ((ast.JoinedStr,), "it makes a text"),
    ((ast.Dict, ast.DictComp), "it makes a dictionary"),
    ((ast.Set, ast.SetComp), "it makes a set"),
    ((ast.List, ast.ListComp), "it makes a list"),
    ((ast.GeneratorExp, ast.Yield, ast.YieldFrom), "it makes a generator"),
    ((ast.Lambda,), "it makes a function in a function"),
    ((ast.ClassDef,), "it defines a class"),
    ((ast.Try,), "it catches exceptions"),
    ((ast.With,), "it opens something in a 'with' statement"),
    ((ast.Import, ast.ImportFrom), "it imports inside a function"),
    ((ast.Global, ast.Nonlocal), "it changes names outside of its function"),
    ((ast.Await, ast.AsyncFor, ast.AsyncWith, ast.AsyncFunctionDef), "it waits"),
)


def reason_at(tree: ast.Module, line: int) -> tuple[str, int]:
    """What stands in a function that compiled Python lacks, and on which line.

    Args:
        tree: the source.
        line: where the compiler stumbled; 0 where it does not say, for all lines.

    Returns:
        Words, empty where everything there is to be had, and the line, from 1.
    """
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    nodes = [node for function in functions for inner in function.body for node in ast.walk(inner)]
    raised = {id(part) for node in nodes if isinstance(node, ast.Raise) for part in ast.walk(node)}
    documented = {id(function.body[0].value) for function in functions if isinstance(function.body[0], ast.Expr)}
    for node in nodes:
        at = getattr(node, "lineno", 0)
        is_there = not line or at <= line <= (getattr(node, "end_lineno", None) or at)
        if id(node) in raised or id(node) in documented or not is_there:
            continue
        words = _words(node)
        if words:
            return words, at
    return "", line


def _words(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return f"it works with a text, {node.value!r:.40}, where there are only numbers"
    return next((words for kinds, words in _WORDS if isinstance(node, kinds)), "")
