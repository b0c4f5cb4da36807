"""Calls a plugin's Python function for a document."""

import json

import declared
import sandbox
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.documents import Fault

sandbox.prepare(declared.MODULES)
_plugin = sandbox.loaded()
_values: dict = {}  # this and not the object below, which is another one at every call


class Documents(exports.Documents):
    """The plugin's exports."""

    def start(self, settings: str) -> str:
        """Takes the parameters."""
        sandbox.close()
        given = json.loads(settings)
        _values.update(given["parameters"])
        _values.update({name: given["choices"][name] for name in declared.PLACES})
        return "{}"

    def process(self, kind: str, document: str, fields: str) -> str:
        """Works on one document."""
        try:
            values = _values | json.loads(fields)
            if "kind" not in values:
                values["kind"] = kind
            if "document" not in values and "document" in declared.VALUES:
                values["document"] = json.loads(document)
            result = _plugin.process(*[values[name] for name in declared.VALUES])
            if result is None or declared.RESULT == "nothing":
                return "{}"
            if declared.RESULT == "filter":
                return json.dumps({"keep": bool(result)})
            word, kinds = ("number", int | float) if declared.RESULT == "metric" else ("patch", dict)
            if not isinstance(result, kinds):
                raise TypeError(f"process returned {result!r:.100}, and says that it returns {declared.RETURNS}")
            return json.dumps({word: result})
        except BaseException as error:
            raise Err(Fault(sandbox.words_of(error))) from None
