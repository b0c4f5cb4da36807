"""Calls a plugin's Python function for every read."""

import json

import declared
import sandbox
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.reads import Fault

sandbox.prepare(declared.MODULES)
_plugin = sandbox.loaded()
_values: list = []  # this and not the object below, which is another one at every call


class Reads(exports.Reads):
    """The plugin's exports."""

    def start(self, settings: str) -> str:
        """Takes the parameters."""
        sandbox.close()
        given = json.loads(settings)
        values = given["parameters"] | {name: given["choices"][name] for name in declared.PLACES}
        _values[:] = [values[name] for name in declared.VALUES]
        return json.dumps({"parts": [part for part in given["parts"] if part in declared.PARTS]})

    def process(self, reads: int, text: str) -> str:
        """Works on some reads."""
        results: list = []
        try:
            cut = text.encode("latin-1").split(b"\n") if declared.PARTS else []
            columns = [cut[start : start + reads] for start in range(0, len(cut), reads or 1)]
            declared.run(_plugin.process, reads, columns, _values, results.append)
            return json.dumps(_ANSWERS[declared.RESULT](results))
        except _Unfit as error:
            raise Err(Fault(error.row, f"plugin.py, line {declared.LINE}: {error}")) from None
        except BaseException as error:
            raise Err(Fault(len(results), sandbox.words_of(error))) from None


class _Unfit(Exception):
    def __init__(self, row, result):
        super().__init__(f"process returned {result!r:.100}, and says that it returns {declared.RETURNS}")
        self.row = row


def _kept(results):
    return {"keep": "".join(["0" if not result and result is not None else "1" for result in results])}


def _measured(results):
    for row, result in enumerate(results):
        if result is not None and not isinstance(result, int | float):
            raise _Unfit(row, result)
    return {"read_metrics": [results]}


def _trimmed(results):
    bounds = []
    for row, result in enumerate(results):
        if result is None:
            bounds += (None, None)
        elif isinstance(result, tuple | list) and len(result) == 2 and all(isinstance(each, int) for each in result):
            bounds += result
        else:
            raise _Unfit(row, result)
    return {"trim": bounds}


def _nothing(_results):
    return {}


_ANSWERS = {"filter": _kept, "metric": _measured, "trim": _trimmed, "nothing": _nothing}
