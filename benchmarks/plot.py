"""A bar chart as SVG, drawn by hand: it needs no library and its text can be read in a diff."""

from html import escape
from pathlib import Path
from typing import Final

from benchmarks.results import Result, Row

_WIDTH: Final = 760
_NAMES: Final = 270
_BAR: Final = 22
_STEP: Final = 30
_TOP: Final = 56


def draw(result: Result, folder: Path) -> None:
    """Write the chart of a result beside its figures."""
    height = _TOP + _STEP * len(result.rows) + 12
    longest = max((row.value for row in result.rows), default=0.0) or 1.0
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="22" font-size="15" font-weight="bold">{escape(result.title)}</text>',
        f'<text x="12" y="42" font-size="12" fill="#57606a">{escape(_subtitle(result))}</text>',
        *(_bar(result, row, index, longest) for index, row in enumerate(result.rows)),
        "</svg>",
    ]
    (folder / f"{result.scenario}.svg").write_text("\n".join(parts) + "\n", encoding="utf-8")


def _subtitle(result: Result) -> str:
    ratio = f"; × is against {result.baseline}" if result.baseline else ""
    return f"{result.unit}, median{ratio}; {result.machine['cores']} cores of {result.machine['processor']}"


def _bar(result: Result, row: Row, index: int, longest: float) -> str:
    y = _TOP + _STEP * index
    room = _WIDTH - _NAMES - 150
    width = max(1.0, row.value / longest * room)
    colour = "#1f6feb" if row.name.startswith("gp") else "#8c959f"
    ratio = f"  ×{row.times:g}" if row.times is not None and row.name != result.baseline else ""
    return (
        f'<text x="{_NAMES - 8}" y="{y + 15}" font-size="13" text-anchor="end">{escape(row.name)}</text>'
        f'<rect x="{_NAMES}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>'
        f'<text x="{_NAMES + width + 6:.1f}" y="{y + 15}" font-size="13">{row.value:,g}{ratio}</text>'
    )
