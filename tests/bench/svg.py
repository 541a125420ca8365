"""The drawing of docs/performance.svg: CPU time a tap, bot by bot, on one linear scale."""

import statistics
from html import escape

from tests.bench.results import Result, Results

__all__ = ["drawing"]

_WIDTH, _LEFT, _RIGHT, _TOP, _STEP, _BAR = 760, 270, 90, 66, 30, 18
_STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2933; }
.title { font-size: 16px; font-weight: 600; }
.note { font-size: 12px; fill: #52606d; }
.ours { fill: #0b7285; } .floor { fill: #868e96; } .peer { fill: #adb5bd; }
.strong { font-weight: 600; }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e7eb; } .note { fill: #9aa5b1; }
  .ours { fill: #3bc9db; } .floor { fill: #909aa4; } .peer { fill: #5c6773; }
}
""".strip()


def _cpu(bot: Result) -> float:
    return statistics.median(one.cpu for one in bot.rounds)


def drawing(results: Results) -> str:
    """The SVG, readable on light and on dark; all words are text."""
    bots = sorted((bot for bot in results.bots.values() if bot.rounds), key=_cpu)
    longest = max((_cpu(bot) for bot in bots), default=1.0)
    height = _TOP + _STEP * len(bots) + 12
    summary = "; ".join(f"{_name(bot)} {_cpu(bot):.2f} ms" for bot in bots)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"',
        f' width="{_WIDTH}" height="{height}" role="img" aria-labelledby="t d">',
        '<title id="t">CPU time a tap, bot by bot</title>',
        f'<desc id="d">{escape(summary)}</desc>',
        f"<style>{_STYLE}</style>",
        '<text class="title" x="12" y="26">CPU time a tap (ms, one core; shorter is better)</text>',
        '<text class="note" x="12" y="46">the same conversation, medians of one run</text>',
    ]
    for number, bot in enumerate(bots):
        y = _TOP + number * _STEP
        width = max(1.0, _cpu(bot) / longest * (_WIDTH - _LEFT - _RIGHT))
        strong = ' class="strong"' if bot.role == "ours" else ""
        name = escape(_name(bot))
        out += [
            f'<text{strong} x="{_LEFT - 10}" y="{y + 14}" text-anchor="end">{name}</text>',
            f'<rect class="{bot.role}" x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}"/>',
            f'<text{strong} x="{_LEFT + width + 8:.1f}" y="{y + 14}">{_cpu(bot):.2f}</text>',
        ]
    return "\n".join([*out, "</svg>", ""])


def _name(bot: Result) -> str:
    title = bot.title.replace("*", "").replace(" as shipped", "")
    return f"{title}, {'webhook' if bot.webhook else 'polling'}"
