"""Finding reads without a window: ``lanescope search FILE...``."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from engine.cli.console import WRONG_COMMAND_LINE, complain, named_path, not_empty, output_path, printable, thread_count
from engine.cli.interrupts import INTERRUPTS
from engine.cli.wildcards import PutNames
from engine.home import HomeError, find_home
from engine.pipeline.faults import Fault, translated
from engine.search.request import SearchRequest, SearchRequestError

if TYPE_CHECKING:
    from engine.pipeline.documents.conclusion import Conclusion
    from engine.search.hits import Hit, HitBatch
    from engine.search.search import SearchSummary
    from engine.sink.plan import OutputPlan

_OPTIONS = {
    "name": "The name",
    "motif": "--motif",
    "mismatches": "--mismatches",
    "minimum_length": "--min-length",
    "maximum_length": "--max-length",
    "minimum_quality": "--min-quality",
    "limit": "--limit",
}
_COLUMNS = ("file", "record", "name", "place", "strand", "mismatches", "bases")


def main(argv: Sequence[str]) -> int:
    """Searches files as the command line says.

    Returns:
        0 if every file was searched whole or the limit was reached, whether or not something was found, else 1;
        1 too where a stage of a result pipeline rejects what came out; 2 where the output cannot be, and nothing was
        searched.

    Raises:
        LanescopeError: the search cannot be made, a file cannot be read, or hits cannot be written.
        KeyboardInterrupt: it was interrupted.
    """
    arguments = _parser().parse_args(argv)
    INTERRUPTS.heed_ends()
    request = _request(arguments)
    # Imported here: --help and a wrong command line must not wait for the compiler.
    from engine.cli.search_pipelines import count_pipelines, pipelines_wanted
    from engine.run.settings import usable_cores
    from engine.search.numbers import numbers_of_search
    from engine.search.search import ReadSearch
    from engine.sink.errors import OutputError
    from engine.sink.impossible import refuse_impossible
    from engine.sink.plan import OutputPlan
    from engine.source.inputs import find_inputs

    found = find_inputs(arguments.files)
    for error in found.refused:
        complain(error)
    if not found.files:
        return 1
    output = None if arguments.output is None else OutputPlan(arguments.output, replace=arguments.force)
    if output is not None:
        try:
            output.check()
            refuse_impossible(output, found.files)
        except OutputError as error:
            complain(error)
            return WRONG_COMMAND_LINE
    query, result = pipelines_wanted(arguments, found.files)
    with _noted(output) as token:
        search = ReadSearch(
            found.files,
            request,
            workers=arguments.threads or usable_cores(),
            on_hits=None if output is not None else _Listing(as_json=arguments.json).show,
            output=output,
            token=token,
            rewriter=query,
            processing=result,
        )
        summary = search.run()
    concluded = None if result is None or not result.takes_documents else result.conclude(numbers_of_search(summary))
    _conclude(summary, concluded, as_json=arguments.json)
    count_pipelines(query, result)
    return 1 if found.refused or (concluded is not None and concluded.rejected_by) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="lanescope search",
        description="Find reads by name, motif, length and quality. A read has to meet every condition.",
    )
    parser.add_argument(
        "files",
        nargs="+",
        action=PutNames,
        type=named_path,
        metavar="FILE",
        help="files of reads (FASTQ, BAM or SAM), folders of them, or - for standard input",
    )
    conditions = parser.add_argument_group("conditions")
    name = conditions.add_mutually_exclusive_group()
    name.add_argument("--name", type=not_empty, metavar="TEXT", help="the name has this text in it")
    name.add_argument(
        "--exact-name", type=not_empty, metavar="NAME", help="this is the name, or its part before the first space"
    )
    name.add_argument(
        "--name-pattern", type=not_empty, metavar="REGEX", help="this regular expression is found in the name"
    )
    conditions.add_argument(
        "--motif", type=not_empty, metavar="LETTERS",
        help="these bases, IUPAC letters, are in the read or its reverse complement",
    )  # fmt: skip
    conditions.add_argument("--mismatches", metavar="N", help="bases of the motif that may differ (default: 0)")
    conditions.add_argument("--forward-only", action="store_true", help="not in the reverse complement")
    conditions.add_argument("--min-length", metavar="N", help="the read has at least so many bases")
    conditions.add_argument("--max-length", metavar="N", help="the read has at most so many bases")
    conditions.add_argument("--min-quality", metavar="Q", help="its mean quality is at least this, Phred")
    parser.add_argument(
        "--pipeline", dest="pipelines", action="append", default=[], metavar="FILE|NAME",
        help="a query pipeline changes what is searched for; a result pipeline trims and filters what is found, and "
        "judges the numbers; one of each may be given",
    )  # fmt: skip
    parser.add_argument("--query-pipeline", metavar="NAME", help="the same, if it is one for searches")
    parser.add_argument("--result-pipeline", metavar="NAME", help="the same, if it is one for what is found")
    parser.add_argument(
        "--no-pipelines", action="store_true", help="not even those that the folders of the files are associated with"
    )
    parser.add_argument("--limit", metavar="N", help="end after so many reads")
    parser.add_argument(
        "-o", "--output", type=output_path, metavar="FILE",
        help="write the reads here (.gz, .bgz, .zst) and do not list them",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace an older file of that name")
    parser.add_argument("--json", action="store_true", help="list as JSON, a line for each read and one for the end")
    parser.add_argument("--threads", type=thread_count, metavar="N", help="threads that look (default: every core)")
    return parser


def _request(arguments: argparse.Namespace) -> SearchRequest:
    names = {"exact": arguments.exact_name, "pattern": arguments.name_pattern, "contains": arguments.name}
    fields: dict[str, Any] = {
        "motif": arguments.motif,
        "mismatches": arguments.mismatches,
        "minimum_length": arguments.min_length,
        "maximum_length": arguments.max_length,
        "minimum_quality": arguments.min_quality,
        "limit": arguments.limit,
        "both_strands": not arguments.forward_only,
    }
    for match, text in names.items():
        if text is not None:
            fields |= {"name": text, "name_match": match}
    try:
        return SearchRequest.model_validate({field: value for field, value in fields.items() if value is not None})
    except ValidationError as error:
        raise SearchRequestError(" ".join(map(_fault, translated(error, ())))) from error


def _fault(fault: Fault) -> str:
    field = str(fault.location[0]) if fault.location else ""
    return f"{_OPTIONS.get(field, field)} {fault.message}.".lstrip()


@contextlib.contextmanager
def _noted(output: OutputPlan | None) -> Generator[str]:
    """Has unfinished files found again, should the process be lost, if there are any and a place to note them."""
    from engine.checkpoint.unsaved import noted_outputs

    with contextlib.ExitStack() as stack:
        token = ""
        if output is not None:
            with contextlib.suppress(HomeError):
                token = stack.enter_context(noted_outputs(find_home().database, output.paths()))
        yield token


class _Listing:
    """Prints hits as they come."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        if not as_json:
            print("\t".join(_COLUMNS), flush=True)

    def show(self, hits: HitBatch) -> None:
        """Prints some hits, a line each."""
        line = _as_json if self._as_json else _as_text
        print("\n".join(line(hit) for hit in hits.hits()), flush=True)


def _facts(hit: Hit) -> dict[str, str | int | None]:
    where = hit.place is not None
    return {
        "file": str(hit.file),
        "record": hit.record,
        "name": hit.name,
        "place": hit.place,
        "strand": ("-" if hit.is_reverse else "+") if where else None,
        "mismatches": hit.mismatches if where else None,
        "bases": hit.bases,
    }


def _as_json(hit: Hit) -> str:
    return json.dumps({"hit": {**_facts(hit), "qualities": hit.qualities}})


def _as_text(hit: Hit) -> str:
    return "\t".join(printable("" if value is None else str(value)) for value in _facts(hit).values())


def _conclude(summary: SearchSummary, concluded: Conclusion | None, *, as_json: bool) -> None:
    if as_json:
        written = [{"path": str(each.path), "reads": each.reads, "bytes": each.file_bytes} for each in summary.written]
        facts = {
            "request": summary.request.model_dump(mode="json"),
            "reads": summary.reads,
            "hits": summary.hits,
            "limited": summary.is_limited,
            "written": written,
        }
        if concluded is not None:
            numbers = dict(concluded.numbers)
            facts |= {"result": concluded.document, "rejected_by": concluded.rejected_by, "numbers": numbers}
        print(json.dumps({"summary": facts}))
        return
    if summary.is_limited:
        first = "first" if summary.hits == 1 else f"first {summary.hits:,}"
        found = f"The {first} found, in the first {summary.reads:,} reads"
        print(f"{found}: the search ended at its limit, and there may be more.", file=sys.stderr)
    else:
        print(f"{summary.hits:,} of {summary.reads:,} reads found.", file=sys.stderr)
    for each in summary.written:
        print(f"They are in {printable(str(each.path))}", file=sys.stderr)
    for stage, number in () if concluded is None else concluded.numbers.items():
        print(printable(f"{stage}: {number:g}"), file=sys.stderr)
    if concluded is not None and concluded.rejected_by:
        print(printable(f"The stage {concluded.rejected_by} rejects what came out."), file=sys.stderr)
