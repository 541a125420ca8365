"""French and English typography: the signs and spaces that a keyboard does not give.

Both functions may be applied to their own result, and leave {placeholders}, web and e-mail
addresses and straight double quotes as they are.
"""

import re
from typing import Final

__all__ = ["NARROW", "WIDE", "english", "french"]

NARROW: Final = "\u202f"
"""Narrow no-break space: French puts it before ; ! ? and %."""

WIDE: Final = "\u00a0"
"""No-break space: French puts it before a colon and inside « »."""

_SPACES: Final = f"[ {WIDE}{NARROW}]*"
_KEPT: Final = r"\{[^{}\s]*\}|(?:https?://|mailto:|tel:|www\.)[^\s»]*[^\s».,;:!?)]|[\w.+-]+@[\w-]+\.[\w.-]*\w|&\#?\w+;"
_FRENCH: Final = re.compile(
    rf"(?P<kept>{_KEPT})"
    rf"|(?P<open>«){_SPACES}"
    rf"|(?<=\S){_SPACES}(?P<close>»)"
    # Not at the start of a line nor just inside an opening bracket or quote. A straight quote
    # may open or close: after one, only a space that is already there becomes narrow.
    rf"|(?<=[^\s(\[«“\"])(?<![;!?]){_SPACES}(?P<high>[;!?])"
    rf"|(?<=\")[ {WIDE}{NARROW}](?P<quoted>[;!?])"
    rf"|(?<=[\d}}]){_SPACES}(?P<rate>%)"
    rf"|(?<=[^\s(\[«“]){_SPACES}(?P<colon>:)(?=\s|$)"
    r"|(?P<apostrophe>')"
    r"|(?P<dots>\.{3,})"
)
# English quotes may be single: 'Yes' keeps its two signs, "don't" and "patients'" do not.
_ENGLISH: Final = re.compile(
    rf"(?P<kept>{_KEPT}|(?<![\w}}])'[^'\n]*'(?!\w))|(?<=[\w}}])(?P<apostrophe>')"
)


def french(text: str) -> str:
    """Return ``text`` with French spaces, apostrophes and ellipses; line breaks stay.

    A colon inside a time ("8:30"), a ratio or an address gets no space.
    """
    return _FRENCH.sub(_french, text)


def english(text: str) -> str:
    """Return ``text`` with typographic apostrophes and otherwise unchanged."""
    return _ENGLISH.sub(lambda match: match["kept"] or "’", text)


def _french(match: re.Match[str]) -> str:
    found = match[match.lastgroup or 0]
    match match.lastgroup:
        case "open":
            return found + WIDE
        case "close" | "colon":
            return WIDE + found
        case "high" | "quoted" | "rate":
            return NARROW + found
        case "apostrophe":
            return "’"
        case "dots":
            return "…"
        case _:
            return found
