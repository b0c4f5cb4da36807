"""The keys that are in no menu, by where they work; those in menus tell of themselves."""

from __future__ import annotations

SCATTERED: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "List of runs",
        (
            ("Pause or resume the run", "Space"),
            ("Delete the chosen runs", "Del"),
            ("From the search to the list", "Down"),
            ("Empty the search", "Esc"),
        ),
    ),
    (
        "Page of a run",
        (
            ("Pause or resume", "Space"),
            ("Cancel, or back from an overview", "Esc"),
            ("Scroll", "PgUp, PgDown, Home, End"),
        ),
    ),
    (
        "Plots and tables",
        (
            ("Walk along the values", "Left, Right"),
            ("Zoom in and out", "+, -"),
            ("Show all", "0"),
            ("Copy the chosen rows", "Ctrl+C"),
        ),
    ),
    (
        "Stages of a pipeline",
        (
            ("Move the stage", "Alt+Up, Alt+Down"),
            ("Switch it on or off", "Space"),
            ("Delete it", "Del"),
            ("Add the chosen stage", "Return"),
        ),
    ),
)
"""By place: what is done, and its keys as Qt writes them, apart by commas."""
