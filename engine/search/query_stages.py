"""What a pipeline of type ``query`` can do to a search before it begins."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.search.request import SearchRequest, SearchRequestError

Bases = Annotated[int, Field(ge=0, le=2**31 - 1, json_schema_extra={"unit": "bases"})]


class QueryStage(BaseModel, ABC):
    """A stage's parameters, with titles and descriptions for forms, and what they make of a request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @abstractmethod
    def changes(self, request: SearchRequest) -> dict[str, object]:
        """The fields of the request that change, with their new values."""

    def rewrite(self, request: SearchRequest) -> SearchRequest:
        """The request after this stage.

        Raises:
            SearchRequestError: it would make no sense.
        """
        try:
            return SearchRequest.model_validate({**request.model_dump(), **self.changes(request)})
        except ValidationError as error:
            reasons = " ".join(f"{each['msg']}." for each in error.errors(include_url=False))
            raise SearchRequestError(
                f"After a stage of the query pipeline the search makes no sense. {reasons}"
            ) from error


class Lengths(QueryStage):
    """Narrows the range of lengths."""

    minimum: Bases = Field(default=0, title="Least length", description="Reads have to have so many bases.")
    maximum: Bases | None = Field(default=None, title="Greatest length", description="Reads may have so many bases.")

    def changes(self, request: SearchRequest) -> dict[str, object]:
        """The stricter limits of both."""
        limits = [each for each in (request.maximum_length, self.maximum) if each is not None]
        return {
            "minimum_length": max(request.minimum_length, self.minimum),
            "maximum_length": min(limits, default=None),
        }


class Quality(QueryStage):
    """Raises the mean quality that reads have to have."""

    minimum: float = Field(
        default=20, title="Lowest mean", description="Reads below it are no hits.", ge=0, le=93,
        json_schema_extra={"unit": "Phred"},
    )  # fmt: skip

    def changes(self, request: SearchRequest) -> dict[str, object]:
        """The higher of both."""
        return {"minimum_quality": max(request.minimum_quality, self.minimum)}


class Tolerance(QueryStage):
    """Lets more of a motif differ the longer it is."""

    percent: float = Field(
        default=10, title="Mismatches", description="Share of the motif's letters that may differ, rounded down.",
        ge=0, lt=100, json_schema_extra={"unit": "%"},
    )  # fmt: skip

    def changes(self, request: SearchRequest) -> dict[str, object]:
        """At least as many mismatches as were asked for, at most as many as there can be."""
        most = min(20, len(request.motif) - 1)
        allowed = min(int(len(request.motif) * self.percent / 100), most) if request.motif else 0
        return {"mismatches": max(request.mismatches, allowed)}


class Strands(QueryStage):
    """Settles whether motifs are looked for on the other strand too."""

    both: bool = Field(default=True, title="Both strands", description="The reverse complement will do too.")

    def changes(self, _request: SearchRequest) -> dict[str, object]:
        """What is set here, whatever was asked for."""
        return {"both_strands": self.both}


class Limit(QueryStage):
    """Lets no search bring more than some hits."""

    hits: int = Field(default=10_000, title="Most hits", description="The search ends after so many.", ge=1)

    def changes(self, request: SearchRequest) -> dict[str, object]:
        """The lower of both."""
        return {"limit": self.hits if request.limit is None else min(request.limit, self.hits)}


@dataclass(frozen=True, slots=True)
class QueryStageKind:
    """What is known of a stage for searches.

    Attributes:
        name: what definitions call it; never changes.
        title: what people call it.
        help: what it does, in a sentence.
        parameters: the model of what can be set.
        works_on: the types of pipelines that it can be a stage of.
    """

    name: str
    title: str
    help: str
    parameters: type[QueryStage]
    works_on: tuple[str, ...] = ("query",)


QUERY_KINDS = {
    kind.name: kind
    for kind in (
        QueryStageKind("search_length", "Lengths of hits", "Narrows the lengths that hits may have.", Lengths),
        QueryStageKind("search_quality", "Quality of hits", "Raises the mean quality that hits have to have.", Quality),
        QueryStageKind("search_tolerance", "Mismatches", "Allows mismatches by the motif's length.", Tolerance),
        QueryStageKind("search_strands", "Strands", "Settles whether both strands are searched.", Strands),
        QueryStageKind("search_limit", "Number of hits", "Ends searches that find too much.", Limit),
    )
}
"""Stages for pipelines of type ``query``, by name."""
