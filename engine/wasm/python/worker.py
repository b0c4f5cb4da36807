"""The process that translates: one source in, one module or one complaint out, as JSON."""

from __future__ import annotations

import base64
import json
import sys
import warnings


def main() -> None:
    """Reads ``text``, ``parameters`` and ``fields``; prints ``unkept`` and ``wasm``, or ``error`` and ``line``."""
    task = json.load(sys.stdin)
    import llvmlite.binding as llvm

    # As many bytes of a read at once as fit a vector, rather than as many of the wide sums made of them.
    llvm.set_option("lanescope", "-vectorizer-maximize-bandwidth")
    from engine.wasm.python.rights import give_up_rights
    from engine.wasm.python.source import Declared, SourceError
    from engine.wasm.python.translate import translate

    unkept = give_up_rights()
    warnings.simplefilter("ignore")
    try:
        fields = None if task["fields"] is None else [Declared(**field) for field in task["fields"]]
        wasm = translate(task["text"], [Declared(**parameter) for parameter in task["parameters"]], fields)
        answer: dict[str, object] = {"wasm": base64.b64encode(wasm).decode()}
    except SourceError as error:
        answer = {"error": str(error), "line": error.line, "is_python": error.is_python}
    json.dump({**answer, "unkept": unkept}, sys.stdout)


if __name__ == "__main__":
    main()
