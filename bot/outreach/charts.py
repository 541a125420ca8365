"""Figures as pictures: plain SVG that the style sheet colours, with every word as text.

What is hidden is drawn as a hollow mark, never as nothing.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from bot.outreach.sums import Sum

__all__ = ["columns", "funnel"]

#: Units across; the style sheet makes it as wide as the page.
_WIDTH = 360
_BAR, _STEP = 18, 44
_HEIGHT, _BASE, _TOP = 170, 140, 16
#: Weeks that a picture shows; the table below it has all.
_MOST = 26


def _svg(height: int, label: str, parts: Sequence[str]) -> Markup:
    head = Markup('<svg class="chart" role="img" viewBox="0 0 {} {}" aria-label="{}">').format(
        _WIDTH, height, label
    )
    return head + Markup("").join(Markup(part) for part in parts) + Markup("</svg>")  # noqa: S704


def funnel(label: str, rows: Sequence[tuple[str, Sum, str]]) -> Markup:
    """One bar a step, its name and its number in words above it."""
    longest = max((one.number for _, one, _ in rows), default=0) or 1
    parts = []
    for place, (name, one, words) in enumerate(rows):
        y = place * _STEP + 14
        width = one.number / longest * (_WIDTH - 2)
        parts.append(f'<text x="0" y="{y}">{escape(name)}</text>')
        parts.append(f'<text class="number" x="{_WIDTH}" y="{y}">{escape(words)}</text>')
        kind = "hidden" if one.few else "bar"
        wide = 12 if one.few else max(width, 1)
        parts.append(f'<rect class="{kind}" x="1" y="{y + 6}" width="{wide:.1f}" height="{_BAR}"/>')
    return _svg(len(rows) * _STEP, label, parts)


def columns(
    label: str,
    days: Sequence[str],
    back: Sequence[Sum],
    front: Sequence[Sum],
    top: str,
) -> Markup:
    """Two columns a week, one in front of the other; `top` is the highest number in words."""
    days, back, front = days[-_MOST:], back[-_MOST:], front[-_MOST:]
    highest = max((one.number for one in (*back, *front)), default=0) or 1
    step = _WIDTH / max(len(days), 1)
    wide = min(step * 0.7, 28)
    parts = [
        f'<line class="axis" x1="0" y1="{_BASE}" x2="{_WIDTH}" y2="{_BASE}"/>',
        f'<line class="grid" x1="0" y1="{_TOP}" x2="{_WIDTH}" y2="{_TOP}"/>',
        f'<text class="small" x="0" y="{_TOP - 4}">{escape(top)}</text>',
    ]
    every = max(1, -(-len(days) // 6))
    for place, day in enumerate(days):
        middle = (place + 0.5) * step
        for one, kind, share in ((back[place], "back", 1.0), (front[place], "bar", 0.55)):
            height = one.number / highest * (_BASE - _TOP)
            if one.few and kind == "back":
                parts.append(
                    f'<rect class="hidden" x="{middle - 4:.1f}" y="{_BASE - 8}" width="8" '
                    'height="8"/>'
                )
            elif height:
                parts.append(
                    f'<rect class="{kind}" x="{middle - wide * share / 2:.1f}" '
                    f'y="{_BASE - height:.1f}" width="{wide * share:.1f}" height="{height:.1f}"/>'
                )
        if (len(days) - 1 - place) % every == 0:
            parts.append(
                f'<text class="small" text-anchor="middle" x="{middle:.1f}" y="{_BASE + 16}">'
                f"{escape(day)}</text>"
            )
    return _svg(_HEIGHT, label, parts)
