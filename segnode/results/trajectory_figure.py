"""Fig. 4 as a drawing: an `ErrorRecord` in, SVG out."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from segnode.results.trajectory_error import Average, ErrorRecord

#: Pixels: the drawing, and the edges of the plot in it.
_WIDTH, _HEIGHT = 820, 470
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 640, 112, 392
_INK, _FAINT, _PAPER = "#1c1b1a", "#6b6762", "#fbfaf8"
_TRUTH, _FINAL = "#2f5fde", "#b8640f"
_KEY = "lines: mean of single pictures; shades: half and 80 % of them; dots: the whole set; ticks: the solver's steps"


@dataclass(frozen=True)
class _Plot:
    """Places in the drawing. until: depth at the right edge. top: error at the upper edge, in percent."""

    until: float
    top: int

    def x(self, depth: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * depth / self.until, 1)

    def y(self, error: float | int) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * error / self.top, 1)

    def points(self, depths: Sequence[float], errors: Sequence[float]) -> str:
        return " ".join(f"{self.x(depth)},{self.y(error)}" for depth, error in zip(depths, errors, strict=True))


def error_figure(record: ErrorRecord) -> str:
    """The errors of `record` over solve time with their spread, the solver's steps, and what they cost."""
    truth, final = record.truth, record.final
    plot = _Plot(record.times[-1], 20 * ceil(max(*truth.p90, *final.p90, *truth.dataset, *final.dataset, 1) / 20))
    about = f"{record.pictures} pictures, {record.checkpoint}, {record.solver.name}, one solve a picture"
    parts = [
        _text(24, 38, f"mIoU error over solve time: {record.title}", _INK, size=19, weight=600),
        _text(24, 61, about),
        *_axes(plot, record),
        *_shades(plot, record.times, final, _FINAL),
        *_shades(plot, record.times, truth, _TRUTH),
        *_lines(plot, record.times, final, _FINAL),
        *_lines(plot, record.times, truth, _TRUTH),
        _text(_RIGHT + 14, plot.y(truth.mean[-1]) + 4, f"against the truth {truth.mean[-1]:.0f} %", _TRUTH),
        _text(_RIGHT + 14, plot.y(final.mean[-1]) + 4, "against the answer at T", _FINAL),
        _text(24, _HEIGHT - 18, _KEY),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-size="13"'
            ' font-family="Inter, system-ui, sans-serif">',
            f"<title>mIoU error over solve time, {escape(record.title)}, {escape(about)}</title>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="12" fill="{_PAPER}"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _axes(plot: _Plot, record: ErrorRecord) -> list[str]:
    parts = [_text(_RIGHT + 14, _TOP - 14, "evaluations of f"), _text(_RIGHT + 36, _BOTTOM + 30, "solve time t")]
    for error in range(0, plot.top + 1, 20):
        parts.append(f'<path d="M{_LEFT} {plot.y(error)}H{_RIGHT}" stroke="{_INK}" opacity="0.12"/>')
        parts.append(_text(_LEFT - 10, plot.y(error) + 4, f"{error} %", anchor="end"))
    for quarter in range(5):
        depth = plot.until * quarter / 4
        name = f"T = {depth:g}" if quarter == 4 else f"{depth:g}"
        parts.append(_text(plot.x(depth), _BOTTOM + 30, name, anchor="middle"))
    parts += [f'<path d="M{plot.x(depth)} {_BOTTOM}v9" stroke="{_INK}"/>' for depth in record.step_times]
    parts += [_text(plot.x(depth), _TOP - 14, f"{cost:.3g}", anchor="middle") for depth, cost in record.cost_marks()]
    return parts


def _shades(plot: _Plot, times: Sequence[float], errors: Average, colour: str) -> list[str]:
    """Where the middle half and the middle 80 % of the pictures lie."""
    return [
        f'<polygon points="{plot.points(times, low)} {plot.points(times[::-1], high[::-1])}" fill="{colour}"'
        ' opacity="0.12"/>'
        for low, high in ((errors.p10, errors.p90), (errors.p25, errors.p75))
    ]


def _lines(plot: _Plot, times: Sequence[float], errors: Average, colour: str) -> list[str]:
    stroke = f'fill="none" stroke="{colour}" stroke-linecap="round" stroke-linejoin="round"'
    return [
        f'<polyline points="{plot.points(times, errors.dataset)}" {stroke} stroke-width="1.8" stroke-dasharray="0 5"/>',
        f'<polyline points="{plot.points(times, errors.mean)}" {stroke} stroke-width="2.4"/>',
    ]


def _text(
    x: float | int,
    y: float | int,
    words: str,
    colour: str = _FAINT,
    *,
    size: int = 13,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    style = f'fill="{colour}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'
