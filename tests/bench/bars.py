"""The drawing of docs/matching.svg: what an answer costs, by the number of trials."""

from collections.abc import Mapping
from html import escape

__all__ = ["bars"]

_WIDTH, _LEFT, _RIGHT, _TOP, _STEP, _BAR = 760, 130, 150, 66, 30, 18
_STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2933; }
.title { font-size: 16px; font-weight: 600; }
.note { font-size: 12px; fill: #52606d; }
.usual { fill: #0b7285; } .worst { fill: #99d1da; }
.aim { stroke: #c92a2a; stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e7eb; } .note { fill: #9aa5b1; }
  .usual { fill: #3bc9db; } .worst { fill: #1f5560; } .aim { stroke: #ff8787; }
}
""".strip()


def bars(costs: Mapping[int, tuple[float, float]], aim: float) -> str:
    """The SVG; `costs` has by number of trials the median and the worst, `aim` is a line (ms)."""
    longest = max(aim, *(worst for _, worst in costs.values()))
    height = _TOP + _STEP * len(costs) + 12

    def long(value: float) -> float:
        return value / longest * (_WIDTH - _LEFT - _RIGHT)

    words = "; ".join(f"{n:,} trials {m:.2f} ms, worst {w:.2f} ms" for n, (m, w) in costs.items())
    line = _LEFT + long(aim)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"',
        f' width="{_WIDTH}" height="{height}" role="img" aria-labelledby="t d">',
        '<title id="t">CPU time of an answer, by the number of trials</title>',
        f'<desc id="d">{escape(words)}</desc>',
        f"<style>{_STYLE}</style>",
        '<text class="title" x="12" y="26">CPU time of an answer (ms, one core)</text>',
        (
            '<text class="note" x="12" y="46">verdicts of all trials and the next question; dark: '
            f"median, light: worst; dashed: the aim at 10,000, {aim:g} ms</text>"
        ),
    ]
    for number, (trials, (middle, worst)) in enumerate(costs.items()):
        y, end = _TOP + number * _STEP, _LEFT + long(worst) + 8
        out += [
            f'<text x="{_LEFT - 10}" y="{y + 14}" text-anchor="end">{trials:,} trials</text>',
            f'<rect class="worst" x="{_LEFT}" y="{y}" width="{long(worst):.1f}" height="{_BAR}"/>',
            f'<rect class="usual" x="{_LEFT}" y="{y}" width="{long(middle):.1f}" height="{_BAR}"/>',
            f'<text x="{end:.1f}" y="{y + 14}">{middle:.2f}, {worst:.2f}</text>',
        ]
    bottom = _TOP + _STEP * len(costs)
    out.append(f'<path class="aim" d="M{line:.1f} {_TOP - 6}V{bottom}"/>')
    return "\n".join([*out, "</svg>", ""])
