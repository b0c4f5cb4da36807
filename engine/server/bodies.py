"""The reads that a request brings."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints, ValidationError

from engine.server.access import AllowedFolders
from engine.server.problems import RequestError

LARGEST_DOCUMENT = 8 << 20
"""Bytes of the largest JSON document, which is taken into memory; FASTQ is not."""

Line = Annotated[str, StringConstraints(pattern=r"^[^\r\n]*$")]
Characters = Annotated[str, StringConstraints(pattern=r"^[!-~]*$")]


class ReadInBody(BaseModel):
    """A read: its header line without ``@``, its bases, and its qualities, Phred+33."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Line = Field(examples=["read1"])
    bases: Characters = Field(examples=["ACGTACGTAC"])
    qualities: Characters = Field(examples=["IIIIIIII##"])


class ReadsDocument(BaseModel):
    """Reads, the path of a file of reads in an allowed folder, or a document for a pipeline for searches or results."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reads: list[ReadInBody] | None = None
    path: str | None = Field(default=None, max_length=4096, examples=["/data/run7/sample1.fastq.gz"])
    document: dict[str, JsonValue] | None = Field(
        default=None, description="For a pipeline for searches or results.", examples=[{"motif": "GATTACA"}]
    )
    run: int | None = Field(
        default=None, ge=1, le=2**63 - 1, description="For a pipeline for results: the numbers of this run."
    )


async def body_of(request: Request, folder: Path, allowed: AllowedFolders) -> Path | ReadsDocument:
    """The file with the reads of a request: one in the folder, or the one that it names; or what it has instead.

    Args:
        request: with FASTQ in its body, compressed or not, or with JSON.
        folder: where to put a body.
        allowed: places that may be named.

    Raises:
        RequestError: the body is no such document.
        PathNotAllowedError: the path is not in an allowed folder.
        InputError: there is no such file.
    """
    body = folder / "body"
    if "json" not in request.headers.get("content-type", ""):
        with body.open("wb") as file:
            async for chunk in request.stream():
                file.write(chunk)
        return body
    document = _parsed(await _document(request))
    if document.reads is None and document.path is None:
        return document
    if document.path is not None:
        return allowed.file(document.path)
    with body.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"@{read.name}\n{read.bases}\n+\n{read.qualities}\n" for read in document.reads or ())
    return body


async def _document(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_DOCUMENT:
            raise RequestError(
                f"A JSON document may have at most {LARGEST_DOCUMENT:,} bytes.",
                status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                hint="Send the reads as FASTQ, with the content type text/x-fastq.",
            )
    return bytes(content)


def _parsed(content: bytes) -> ReadsDocument:
    try:
        document = ReadsDocument.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise _unfit(f"{where}: {first['msg']}" if where else first["msg"]) from error
    if [document.reads, document.path, document.document, document.run].count(None) != 3:
        raise _unfit("it has to have reads, a path, a document or a run, and one of them alone")
    return document


def _unfit(reason: str) -> RequestError:
    example = json.dumps({"reads": [{"name": "read1", "bases": "ACGT", "qualities": "IIII"}]})
    return RequestError(
        f"The document in the body cannot be used: {reason}.",
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        hint=f"It may look like {example}, or send FASTQ with the content type text/x-fastq.",
    )
