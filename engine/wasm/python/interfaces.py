"""The interfaces that Python plugins are compiled to, as far as their code differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.wasm.documents import abi as documents
from engine.wasm.stage import abi as reads


@dataclass(frozen=True, slots=True)
class Interface:
    """How the compiled loop gets at what it works on.

    Attributes:
        version: what the module says.
        exports: names of the functions that tell the version, reserve and process.
        descriptor: what the host passes.
        columns: fields of the descriptor that the loop takes, in order.
        inside: those of them that are themselves in the descriptor; the others hold addresses.
        count: the field with the number of turns of the loop; empty for one.
        stores: Python text of what becomes of a result.
    """

    version: int
    exports: tuple[str, str, str]
    descriptor: Any
    columns: tuple[str, ...]
    inside: tuple[str, ...]
    count: str
    stores: dict[str, str]


READS = Interface(
    reads.VERSION,
    (reads.VERSION_EXPORT, reads.RESERVE_EXPORT, reads.PROCESS_EXPORT),
    reads.DESCRIPTOR,
    (
        "text", "name_starts", "name_lengths", "sequence_starts", "quality_starts", "lengths", "keep", "trim_starts",
        "trim_ends", "read_metrics", "parameters",
    ),
    (),
    "reads",
    {
        "filter": "if not result: keep[row] = 0",
        "metric": "read_metrics[row] = result",
        "trim": "trim_starts[row] = result[0]; trim_ends[row] = result[1]",
        "nothing": "pass",
    },
)  # fmt: skip

DOCUMENTS = Interface(
    documents.VERSION,
    (documents.VERSION_EXPORT, documents.RESERVE_EXPORT, documents.PROCESS_EXPORT),
    documents.DESCRIPTOR,
    ("keep", "has_number", "number", "parameters", "fields"),
    ("keep", "has_number", "number"),
    "",
    {
        "filter": "if not result: keep[row] = 0",
        "metric": "number[row] = result; has_number[row] = 1",
        "nothing": "pass",
    },
)
