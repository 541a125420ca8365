"""Headings of an eligibility text: which kind of criteria they announce."""

import re

__all__ = ["EXCLUSION", "INCLUSION", "heading"]

INCLUSION, EXCLUSION = "I", "E"

#: French sponsors write "non-inclusion criteria" for exclusion.
_KIND = re.compile(r"\b(non[ -]?|not )?(in|ex)clusion\b", re.IGNORECASE)
_PHRASE = re.compile(
    r"clusion criteri(?:a|on)\b|criteri(?:a|on) (?:for|of) (?:non[ -]?)?(?:in|ex)clusion\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:(?:key|main|major|general|other) )?(?:non[ -]?)?(?:in|ex)clusion(?: criteri(?:a|on))?",
    re.IGNORECASE,
)
#: Words of the longest heading with a colon, and of the longest without.
_MOST, _FEW = 16, 8
_EMPHASIS = "*_# "


def heading(text: str, *, marked: bool) -> tuple[str, str, str] | None:
    """(`I` or `E`, the heading, what follows in its line) when `text` is one.

    `marked` says that it stands in a list, where only the bare words are a heading. A heading of
    both kinds at once announces neither.
    """
    title, colon, rest = text.strip(_EMPHASIS).partition(":")
    title = title.strip(_EMPHASIS)
    kinds = {
        EXCLUSION if match[1] or match[2].lower() == "ex" else INCLUSION
        for match in _KIND.finditer(title)
    }
    if len(kinds) != 1 or not title[:1].isupper():
        return None
    if not _BARE.fullmatch(title):
        words = len(title.split())
        ended = title.endswith((".", ";", ","))
        if marked or ended or words > (_MOST if colon else _FEW) or not _PHRASE.search(title):
            return None
    return kinds.pop(), title + colon, rest.strip(_EMPHASIS)
