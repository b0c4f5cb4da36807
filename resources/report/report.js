"use strict";
(() => {
  const root = document.documentElement;
  const plots = JSON.parse(document.getElementById("plots").textContent);
  const charts = [];
  root.classList.add("scripted");

  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();
  const tinted = (name, share) => colour(name) + Math.round(share * 255).toString(16).padStart(2, "0");
  const number = (value) => {
    if (value == null) return "–";
    if (Number.isInteger(value) || Math.abs(value) >= 1000) return value.toLocaleString("en", { maximumFractionDigits: 0 });
    return value.toLocaleString("en", { maximumSignificantDigits: 4 });
  };
  const short = (value) => {
    for (const [size, symbol] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
      if (Math.abs(value) >= size && (size > 1e3 || Math.abs(value) >= 1e4)) return +(value / size).toPrecision(4) + symbol;
    }
    return String(+value.toPrecision(4)).replace("-", "−");
  };

  // Positions, qualities and lengths are whole numbers.
  const steps = Array.from({ length: 10 }, (_value, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

  function axis(label, extra) {
    return {
      label, labelSize: 20, labelGap: 0, labelFont: "12px system-ui, sans-serif", font: "11px system-ui, sans-serif",
      stroke: colour("muted"), grid: { stroke: colour("edge"), width: 1 }, ticks: { stroke: colour("edge"), width: 1, size: 4 },
      values: (_chart, splits) => splits.map(short), ...extra,
    };
  }

  function range(plot) {
    const x = plot.x;
    const before = x.length > 1 ? (x[1] - x[0]) / 2 : 0.5;
    const after = x.length > 1 ? (x[x.length - 1] - x[x.length - 2]) / 2 : 0.5;
    return [x[0] - before, x[x.length - 1] + after];
  }

  function line(plot, series) {
    const look = {
      label: series.name, stroke: series.hidden ? "transparent" : colour(series.colour), width: series.hidden ? 0 : series.plain ? 1 : 1.8, class: series.plain ? "plain" : undefined,
      dash: series.dashed ? [6, 4] : undefined, spanGaps: plot.bridged, value: (_chart, value) => number(value),
      points: { show: plot.x.length === 1 && !plot.bars },
    };
    if (plot.bars) {
      look.fill = tinted(series.colour, 0.75);
      look.width = 0;
      look.paths = uPlot.paths.bars({ size: [0.84, 90, 1] });
    }
    return look;
  }

  const mark = (series) => (series.hidden ? tinted(series.colour, 0.5) : colour(series.colour));

  function zones(plot) {
    return (chart) => {
      const context = chart.ctx;
      const { left, top, width, height } = chart.bbox;
      context.save();
      context.beginPath();
      context.rect(left, top, width, height);
      context.clip();
      for (const zone of plot.zones) {
        const high = chart.valToPos(zone.high, "y", true);
        context.fillStyle = tinted(zone.colour, 0.09);
        context.fillRect(left, high, width, chart.valToPos(zone.low, "y", true) - high);
      }
      context.restore();
    };
  }

  // Grey lines are named in the legend while they are the nearest to the pointer.
  function tellNearest(chart, nearest, change) {
    if (!("focus" in change)) return;
    chart.root.querySelectorAll(".u-series").forEach((row, at) => row.classList.toggle("near", at === nearest));
  }

  function options(plot, width) {
    const ends = range(plot);
    const whole = (low, high) => (low == null || high == null ? ends : [low, high]);
    let first = true;
    const named = plot.named || plot.x.length === 1;
    const room = Math.max(1, Math.ceil(plot.x.length / (width / 42)));
    return {
      width, height: width < 480 ? 250 : 300, padding: [10, 14, 0, 0],
      legend: {
        live: true,
        markers: {
          width: (_chart, at) => (at && plot.series[at - 1].dashed ? 2 : 0), dash: () => "dashed", stroke: (_chart, at) => (at ? mark(plot.series[at - 1]) : null),
          fill: (_chart, at) => (at && !plot.series[at - 1].dashed ? mark(plot.series[at - 1]) : null),
        },
      },
      cursor: { points: { size: 6 }, drag: { x: true, y: false, dist: 6 }, focus: { prox: plot.series.some((series) => series.plain) ? 24 : -1 } },
      focus: { alpha: 0.3 },
      scales: {
        x: { time: false, range: (_chart, low, high) => (first ? ((first = false), ends) : low === plot.x[0] && high === plot.x[plot.x.length - 1] ? ends : whole(low, high)) },
        y: { range: [plot.low, plot.high] },
      },
      axes: [
        axis(plot.xLabel, named
          ? { splits: () => plot.x.filter((_value, at) => at % room === 0), values: () => plot.names.filter((_name, at) => at % room === 0), size: 30 }
          : { space: 55, size: 30, incrs: steps }),
        axis(plot.yLabel, { size: 54, space: 34 }),
      ],
      series: [
        { label: plot.xName, value: (chart, _value, _series, at) => (at == null ? "–" : plot.names[at]) },
        ...plot.series.map((series) => line(plot, series)),
      ],
      bands: plot.bands.map((band) => ({ series: [band.upper + 1, band.lower + 1], fill: tinted(band.colour, 0.35) })),
      hooks: { drawClear: [zones(plot)], setSeries: [tellNearest], setLegend: [(chart) => chart.root.classList.toggle("idle", chart.legend.idxs[0] == null)] },
    };
  }

  function draw(chart) {
    const { plot, place } = chart;
    if (chart.uplot) chart.uplot.destroy();
    chart.width = Math.floor(place.clientWidth);
    chart.uplot = new uPlot(options(plot, chart.width), [plot.x, ...plot.series.map((series) => series.values)], place);
    // The drawing that a screen reader would find is hidden where this one is shown.
    const canvas = place.querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", plot.title);
  }

  // Cells of a map tell their values as text below it.
  function explore(figure, plot) {
    const image = figure.querySelector(".cells");
    if (!plot.cells || !image) return;
    const readout = document.createElement("p");
    readout.className = "readout";
    readout.textContent = "Point at a cell to read its value.";
    figure.append(readout);
    image.addEventListener("pointermove", (event) => {
      const box = image.getBoundingClientRect();
      const row = Math.min(plot.rows.length - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * plot.rows.length)));
      const column = Math.min(plot.x.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * plot.x.length)));
      const value = plot.cells[row][column];
      readout.textContent = `${plot.rowName} ${plot.rows[row]}, ${plot.xName.toLowerCase()} ${plot.names[column]}: ${value == null ? "no reads" : number(value) + plot.unit}`;
    });
  }

  for (const [name, plot] of Object.entries(plots)) {
    const figure = document.getElementById(name);
    if (!figure) continue;
    if (plot.rows) {
      explore(figure, plot);
      continue;
    }
    figure.classList.add("drawn");
    const chart = { plot, place: figure.querySelector(".live"), uplot: null, width: 0 };
    charts.push(chart);
    draw(chart);
    new ResizeObserver(() => {
      if (Math.floor(chart.place.clientWidth) !== chart.width && chart.place.clientWidth > 0) draw(chart);
    }).observe(chart.place);
  }

  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", () => charts.forEach(draw));
  document.getElementById("theme").addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    charts.forEach(draw);
  });

  // The table of all files sorts by any column.
  const rank = (cell) => {
    const light = cell.querySelector(".light");
    if (light) return ["fail", "warn", "pass", "none"].findIndex((word) => light.classList.contains(word));
    const value = Number(cell.textContent.replaceAll(",", ""));
    return Number.isNaN(value) ? cell.textContent : value;
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
  for (const table of document.querySelectorAll(".overview table")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...table.tBodies[0].rows];
        rows.sort((a, b) => compare(rank(a.cells[column]), rank(b.cells[column])) * (down ? -1 : 1));
        table.tBodies[0].append(...rows);
      });
    });
  }
})();
