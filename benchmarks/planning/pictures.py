"""Pictures of searches and plans as SVG, drawn by hand so that nothing need be installed for them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from benchmarks.planning.files import Document

Trace = Sequence[tuple[float, float]]
"""(seconds, cost) at each gain of a search."""

COLOURS = ("#1b6ca8", "#c0392b", "#1e8449", "#8e44ad", "#b9770e", "#117a65", "#7b241c", "#34495e")
WIDTH, HEIGHT, MARGIN = 720, 420, 56
POINTS = 200
"""Of a curve, at most."""
HIGHEST = 20.0
"""Per cent above the best known: where the picture of convergence ends."""


def _svg(width: float, height: float, parts: Iterable[str], title: str) -> str:
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
            'font-family="sans-serif" font-size="12">',
            f"<title>{escape(title)}</title>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _text(x: float, y: float, text: str, anchor: str = "middle", colour: str = "#222") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _line(points: Iterable[tuple[float, float]], colour: str, width: float = 1.8) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'


def convergence(traces: Mapping[str, tuple[Trace, float]], seconds: float) -> str:
    """How far each search is above the best known cost, in %, over time. traces: label -> (trace, best known)."""
    curves = {label: _gaps(trace, known, seconds) for label, (trace, known) in traces.items()}
    gaps = [gap for curve in curves.values() for _, gap in curve]
    top, bottom = min(HIGHEST, max(1.0, *gaps)), min(0.0, *gaps)
    bottom -= 0.05 * (top - bottom)

    def place(at: float, gap: float) -> tuple[float, float]:
        x = MARGIN + (WIDTH - 2 * MARGIN) * at / seconds
        return x, MARGIN + (HEIGHT - 2 * MARGIN) * (top - min(gap, top)) / (top - bottom)

    parts = [_text(WIDTH / 2, 24, "Cost above the best known, % (below 0: better than anything published)")]
    for gap in _ticks(bottom, top):
        colour = "#999" if gap == 0 else "#e4e4e4"
        parts.append(_line([place(0, gap), place(seconds, gap)], colour, 1))
        parts.append(_text(MARGIN - 8, place(0, gap)[1] + 4, f"{gap:g}", "end"))
    for at in _ticks(0, seconds):
        parts.append(_text(place(at, 0)[0], HEIGHT - MARGIN + 20, f"{at:g} s"))
    for number, (label, curve) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        parts.append(_line([place(*point) for point in curve if point[1] <= top or point is curve[-1]], colour))
        last = curve[-1][1]
        parts.append(_text(WIDTH - MARGIN, 48 + 17 * number, f"{label}: {last:+.2f} %", "end", colour))
    return _svg(WIDTH, HEIGHT, parts, "How the search converges")


def _gaps(trace: Trace, known: float, seconds: float) -> list[tuple[float, float]]:
    points = [(min(at, seconds), 100 * (cost / known - 1)) for at, cost in trace]
    thinned = points[:: max(1, len(points) // POINTS)]
    return [*thinned, (seconds, points[-1][1])]


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers between, five to ten of them."""
    rough = (high - low) / 6
    scale = 10 ** math.floor(math.log10(rough))
    step = next(scale * part for part in (1, 2, 5, 10) if scale * part >= rough)
    return [round(step * i, 10) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def route_map(day: Document, plan: Document) -> str:
    """Each worker's way from home over his visits and back, north up. Squares: homes; rings: visits not done."""
    places = [worker["home"] for worker in day["workers"]] + [visit["place"] for visit in day["visits"]]
    south, west = (min(place[axis] for place in places) for axis in (0, 1))
    north, east = (max(place[axis] for place in places) for axis in (0, 1))
    narrow = math.cos(math.radians(south))
    size = (WIDTH - 2 * MARGIN) / max((east - west) * narrow, north - south)

    def place(at: Sequence[float]) -> tuple[float, float]:
        return MARGIN + (at[1] - west) * narrow * size, MARGIN + (north - at[0]) * size

    homes = {worker["id"]: place(worker["home"]) for worker in day["workers"]}
    visits = {visit["id"]: place(visit["place"]) for visit in day["visits"]}
    served: set[int] = set()
    lines, dots = [], []
    for number, route in enumerate(plan["routes"]):
        colour = COLOURS[number % len(COLOURS)]
        stops = [stop["visit"] for stop in route["stops"]]
        served.update(stops)
        home = homes[route["worker"]]
        lines.append(_line([home, *(visits[stop] for stop in stops), home], colour, 1.4))
        x, y = home
        dots.append(f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" fill="{colour}"/>')
        dots += [f'<circle cx="{visits[s][0]:.1f}" cy="{visits[s][1]:.1f}" r="3.4" fill="{colour}"/>' for s in stops]
    rings = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="none" stroke="#000" stroke-width="1.5"/>'
        for visit, (x, y) in visits.items()
        if visit not in served
    ]
    height = 2 * MARGIN + (north - south) * size
    head = _text(WIDTH / 2, 24, f"{len(served)} of {len(visits)} visits by {len(homes)} workers")
    return _svg(WIDTH, height, [head, *lines, *dots, *rings], "A day's routes")
