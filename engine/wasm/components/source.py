"""A plugin's Python source that no compiler takes: anything that Python can do."""

from __future__ import annotations

import ast
import builtins
import symtable
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from engine.wasm.manifest import Manifest
from engine.wasm.python.source import FUNCTION, PARTS, SOURCE_NAME, WHOLE, SourceError

_RESULTS = {
    "bool": "filter", "float": "metric", "int": "metric", "tuple[int, int]": "trim", "None": "nothing",
}  # fmt: skip
_KINDS = {"int": ("integer", "choice"), "float": ("number",), "bool": ("boolean",), "str": ("text", "choice")}
_DUNDERS = {"__name__", "__file__", "__doc__", "__builtins__", "__spec__", "__package__", "__loader__"}


@dataclass(frozen=True, slots=True)
class FreeFunction:
    """The function that is called for every read or document.

    Attributes:
        arguments: names of its arguments in order.
        parts: those that are parts of the read.
        places: choices that it takes as numbers.
        result: what its result does: ``filter``, ``metric``, ``trim``, ``patch`` or ``nothing``.
        returns: its type as the source has it.
        line: where it is.
        modules: what the source imports anywhere.
    """

    arguments: tuple[str, ...]
    parts: tuple[str, ...]
    places: tuple[str, ...]
    result: str
    returns: str
    line: int
    modules: tuple[str, ...]

    @property
    def values(self) -> tuple[str, ...]:
        """Arguments that are no parts of the read, in order."""
        return tuple(name for name in self.arguments if name not in self.parts)

    def module(self) -> str:
        """Python text that tells all this to what calls the function in the plugin."""
        names = {
            "MODULES": self.modules, "PARTS": tuple(PARTS[part] for part in PARTS if part in self.parts),
            "VALUES": self.values, "PLACES": self.places, "RESULT": self.result, "RETURNS": self.returns,
            "LINE": self.line,
        }  # fmt: skip
        order = [part for part in PARTS if part in self.parts]
        lines = [f"{name} = {value!r}" for name, value in names.items()]
        lines += ["", "", "def run(process, reads, columns, values, take):"]
        lines += [f"    value_{place} = values[{place}]" for place in range(len(self.values))]
        turns = "for _ in range(reads)"
        if order:
            turns = f"for {', '.join(order)} in {'zip(*columns)' if len(order) > 1 else 'columns[0]'}"
        given = {name: f"value_{place}" for place, name in enumerate(self.values)}
        call = ", ".join(given.get(name, name) for name in self.arguments)
        lines += [f"    {turns}:", f"        take(process({call}))"]
        return "\n".join(lines) + "\n"


def read_free_source(text: str, manifest: Manifest) -> FreeFunction:
    """Checks a source before it is built; none of it is run here.

    Raises:
        SourceError: ``process`` is missing or says too little about itself, or a name or module is not there.
    """
    try:
        tree = ast.parse(text)
        table = symtable.symtable(text, SOURCE_NAME, "exec")
    except SyntaxError as error:
        raise SourceError(error.msg, error.lineno or 0) from error
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == FUNCTION]
    if not found:
        raise SourceError(f"there is no function {FUNCTION}")
    function = found[-1]
    spec = function.args
    if spec.vararg or spec.kwarg or spec.kwonlyargs or spec.posonlyargs or spec.defaults:
        raise SourceError(f"{FUNCTION} takes plain arguments without defaults", function.lineno)
    over_documents = bool(manifest.documents)
    places = tuple(
        argument.arg for argument in spec.args if _check_argument(argument, manifest, over_documents=over_documents)
    )
    names = tuple(argument.arg for argument in spec.args)
    parts = tuple(name for name in names if name in PARTS and not over_documents)
    _check_names(tree, table, parts)
    returns = "" if function.returns is None else ast.unparse(function.returns)
    return FreeFunction(
        names, parts, places, _result(returns, function.lineno, over_documents=over_documents), returns,
        function.lineno, tuple(dict.fromkeys(_modules(tree))),
    )  # fmt: skip


def _result(returns: str, line: int, *, over_documents: bool) -> str:
    results = {word: kind for word, kind in _RESULTS.items() if not over_documents or kind != "trim"}
    if over_documents:
        results["dict"] = "patch"
    if returns not in results:
        raise SourceError(f"{FUNCTION} must say what it returns: -> {', '.join(results)}", line)
    return results[returns]


def _check_argument(argument: ast.arg, manifest: Manifest, *, over_documents: bool) -> bool:
    """Whether it is a choice that is taken as a number."""
    name, kind = argument.arg, "" if argument.annotation is None else ast.unparse(argument.annotation)
    if name in PARTS and not over_documents:
        return False
    types = {each.name: str(each.type) for each in manifest.parameters}
    types |= {each.name: str(each.type) for each in manifest.fields}
    declared = types.get(name)
    if declared is None and over_documents and name in WHOLE:
        return False
    if declared is None:
        what = "the document, its kind, a field" if over_documents else f"a part of the read ({', '.join(PARTS)})"
        raise SourceError(f"{name} is neither {what} nor a parameter of the manifest", argument.lineno)
    if declared not in _KINDS.get(kind, ()):
        wanted = " or ".join(word for word, kinds in _KINDS.items() if declared in kinds)
        raise SourceError(f"{name} is of the type {declared}: write {name}: {wanted}", argument.lineno)
    return declared == "choice" and kind == "int"


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        for name in names:
            if name.partition(".")[0] not in sys.stdlib_module_names:
                words = f"there is no module {name} in a plugin, only what comes with Python itself"
                raise SourceError(words, node.lineno)
            yield name


def _check_names(tree: ast.Module, table: symtable.SymbolTable, parts: tuple[str, ...]) -> None:
    """Refuses names that are nowhere, before seconds are spent on building."""
    there = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    there |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_namespace()}
    there |= set(_set_by_functions(table)) | set(dir(builtins)) | _DUNDERS
    missing = {name for name in _asked_of_all(table) if name not in there}
    starred = any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in missing and not starred:
            raise SourceError(f"there is nothing of the name {node.id}", node.lineno)
        is_part = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in parts
        if is_part and isinstance(node, ast.Attribute) and not hasattr(bytes, node.attr):
            words = f"the parts of a read are bytes here, which have no {node.attr}"
            raise SourceError(words, node.lineno)


def _asked_of_all(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and symbol.is_global():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _asked_of_all(inner)


def _set_by_functions(table: symtable.SymbolTable) -> Iterator[str]:
    for inner in table.get_children():
        yield from (symbol.get_name() for symbol in inner.get_symbols() if symbol.is_declared_global())
        yield from _set_by_functions(inner)
