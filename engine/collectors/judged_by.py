"""What a run is judged by, kept with it: an old verdict stays when a profile is changed, or removed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from engine.collectors.profiles import DEFAULT, Profile, profile, profile_of


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """A profile as it was when it was chosen for a run.

    Attributes:
        name: under which it is, or was, on the shelf of profiles; empty where the limits were those of a file.
        limits: its limits.
    """

    name: str
    limits: Profile

    def to_json(self) -> str:
        """As the store keeps it."""
        return json.dumps({"name": self.name, "limits": self.limits.model_dump()})

    @classmethod
    def from_json(cls, text: str) -> JudgedBy:
        """Reads back what `to_json` wrote, now or before there were settings that are new.

        Raises:
            ValueError, TypeError, KeyError: the text is something else.
        """
        return _judged_by(text)


# Runs by the thousand share some profiles.
@lru_cache(maxsize=256)
def _judged_by(text: str) -> JudgedBy:
    kept = json.loads(text)
    return JudgedBy(str(kept["name"]), profile_of(kept["limits"]))


def standard() -> JudgedBy:
    """What runs are judged by for which nothing else was chosen."""
    return JudgedBy(DEFAULT, profile())
