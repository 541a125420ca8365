"""Codes, receipts, telephone numbers and dates: what is read out or typed stays on one line."""

import re

from markupsafe import Markup, escape

__all__ = ["together", "whole"]

#: Groups of letters and digits with dashes, and eight digits or more with spaces between them.
_FIGURES = re.compile(
    r"\b[0-9A-Z]{3,4}(?:-[0-9A-Z]{3,4}){2,3}\b|(?<!\w)\+?\d(?:[ \u00a0\u202f]?\d){7,}"
)


def together(text: str) -> Markup:
    """`text` as HTML that is not broken at the end of a line, if a line has room for it."""
    return Markup('<span class="whole">{}</span>').format(text)


def whole(text: str) -> Markup:
    """`text` as HTML in which no figure is broken at the end of a line."""
    parts, at = [], 0
    for found in _FIGURES.finditer(text):
        parts += [escape(text[at : found.start()]), together(found[0])]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])
