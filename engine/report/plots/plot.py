"""The plots of a report as plain data: what is drawn as SVG, what a page draws anew, what a table holds."""

from __future__ import annotations

from dataclasses import dataclass, field

Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """A line, or a set of bars.

    Attributes:
        name: for the legend.
        colour: name of a colour of ``resources/report/plots.css``.
        values: one a place of the plot; ``None`` where there is none.
        dashed: whether the line is broken.
        hidden: only an edge of a band, not drawn itself.
        plain: one of many that others are seen before; thin, and not in the legend.
    """

    name: str
    colour: str
    values: Values
    dashed: bool = False
    hidden: bool = False
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The area between two series, by their places in the plot, in a colour of ``plots.css``."""

    upper: int
    lower: int
    colour: str
    name: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A range of the y axis in the tint of a verdict: ``pass``, ``warn`` or ``fail``."""

    low: float
    high: float
    colour: str


@dataclass(frozen=True, slots=True)
class Scale:
    """What the colours of a map mean.

    Attributes:
        colours: ``deviation`` or ``amount``.
        low: the value of the first colour.
        high: the value of the last colour, which may be below `low`.
        keys: values to show beside their colours, and what they are called.
        is_logarithmic: equal ratios are equally far apart; `low` is then above 0.
    """

    colours: str
    low: float
    high: float
    keys: tuple[tuple[float, str], ...]
    is_logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """A map of cells instead of lines.

    Attributes:
        rows: what each row is called, from the top; a row without a name is a gap.
        values: one row each, one value a place of the plot; ``None`` stays empty.
        scale: what the colours mean; ``None``: Phred below the average.
        row_name: what a row is, before its name.
        unit: what follows a value, with the space before it.
        marks: what stands for each row beside the axis; empty: its name.
    """

    rows: tuple[str, ...]
    values: tuple[Values, ...]
    scale: Scale | None = None
    row_name: str = "Tile"
    unit: str = " Phred from the average"
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn of one module.

    Attributes:
        module: its name in ``QcResults``.
        title: for people.
        x_label: what the x axis holds, with its unit.
        y_label: what the y axis holds, with its unit.
        places: where on the x axis, ascending.
        names: what each place is called: ``7`` or ``10-14``.
        series: what is drawn, the last on top.
        bars: columns instead of lines.
        named: the x axis shows every name, evenly spaced, instead of round numbers.
        y_top: where the y axis ends; ``None`` leaves it to the values.
        y_least: the y axis reaches at least this far.
        y_low: the y axis begins at least this low.
        bridged: lines go on over places without a value.
        bands: areas below the lines.
        zones: tints behind everything.
        heat: cells instead of series.
        group: what the samples in it have in common, where the others are in plots of their own.
    """

    module: str
    title: str
    x_label: str
    y_label: str
    places: tuple[float, ...]
    names: tuple[str, ...]
    series: tuple[Series, ...] = ()
    bars: bool = False
    named: bool = False
    y_top: float | None = None
    y_least: float = 0.0
    y_low: float = 0.0
    bridged: bool = False
    bands: tuple[Band, ...] = ()
    zones: tuple[Zone, ...] = field(default=())
    heat: Heat | None = None
    group: str = ""

    def y_range(self) -> tuple[float, float]:
        """Where the y axis begins and ends."""
        values = [value for line in self.series for value in line.values if value is not None]
        low = min(0.0, *values, 0.0)
        if self.y_top is not None:
            return min(low, self.y_low), self.y_top
        return min(low * 1.05, self.y_low), max(self.y_least, max(values, default=0.0) * 1.05) or 1.0
