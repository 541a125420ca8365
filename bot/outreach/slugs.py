"""The one word of a group's link: short, plain, and silent about what the link is for.

Whoever sees the link in somebody's messages or history must not learn that she is ill.
"""

import re
from collections.abc import Iterable
from unicodedata import combining, normalize

__all__ = ["LONGEST", "BadSlug", "slug_of"]

LONGEST = 32
_SHAPE = re.compile(r"(?=.{3,32}$)[a-z0-9]+(?:-[a-z0-9]+)*")
#: What a study's own link looks like, and numbers of some registries.
_NUMBER = re.compile(r"t?-?\d[\d-]*")
#: The number of a study in the registry that everybody searches; it tells all to whoever looks.
_REGISTERED = re.compile(r"nct\d{2,}")
#: Beginnings of words, French and English, that speak of illness or of studies; a slug has none
#: anywhere, as words may be joined.
_ANYWHERE = (
    "cancer", "breast", "tumeur", "tumor", "tumour", "metasta", "oncolog", "chimio", "chemo",
    "palliati", "therap", "maladi", "malade", "mammo", "mastec", "hopital", "hospital", "clinique",
    "clinic", "patient", "medec", "medic", "radioth", "hormono", "carcino", "sarcom", "leucem",
    "leukem", "lymphom", "triplenega", "rechute", "relapse", "recidiv", "illness", "disease",
    "monsein", "nosseins", "messeins",
)  # fmt: skip
#: Beginnings of a part only: *onco* stands in *concorde*, *trial* in *industrial*.
_BEGINNINGS = ("onco", "trial", "essaic", "essaio")
#: Short ones, which are parts of harmless words too: *sein* of *Seine*, *care* of *Carene*.
_WHOLE = frozenset(
    {
        "sein", "seins", "onco", "essai", "essais", "trial", "trials", "study", "studies", "etude",
        "etudes", "sante", "health", "ill", "sick", "cure", "soin", "soins", "care", "her2", "brca",
        "rose-octobre", "octobre-rose", "pink", "pinktober", "crab", "tnbc",
    }
)  # fmt: skip


class BadSlug(ValueError):
    """A word that no link can have; the message names the cause and, where it can, the mend."""


def _folded(text: str) -> str:
    """`text` as a slug would spell it: no accents, small letters, dashes for all else."""
    plain = "".join(c for c in normalize("NFD", text.casefold()) if not combining(c))
    spelt = plain.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    return re.sub(r"[^a-z0-9]+", "-", spelt).strip("-")[:LONGEST].strip("-")


def slug_of(text: str, trials: Iterable[str]) -> str:
    """`text` when it can be the word of a link; `trials` are names that it must not hold.

    Raises `BadSlug` with what is wrong and a word that would do.
    """
    folded = _folded(text)
    spoken = _spoken(folded, trials)
    if spoken is not None:
        raise BadSlug(
            f"{text!r} will not do: {spoken!r} tells whoever sees the link what it is about. Take "
            "the group's name, a place or a flower, such as la-rose"
        )
    if _NUMBER.fullmatch(folded):
        mend = f"groupe-{folded}"[:LONGEST].strip("-")
        raise BadSlug(
            f"{text!r} will not do: it reads as the number of a study. Add letters, such as {mend}"
        )
    if not _SHAPE.fullmatch(text):
        cause = (
            f"it has {len(text)} characters, and {LONGEST} are the most"
            if len(text) > LONGEST
            else "a link's word has 3 to 32 small letters from a to z, digits and single dashes "
            "between them"
        )
        mend = f"Take {folded}" if _SHAPE.fullmatch(folded) else "Take one such as la-rose"
        raise BadSlug(f"{text!r} will not do: {cause}. {mend}")
    return text


def _spoken(slug: str, trials: Iterable[str]) -> str | None:
    """The word in `slug` that says too much."""
    joined = slug.replace("-", "")
    parts = {slug, *slug.split("-")}
    names = {_folded(name).replace("-", "") for name in trials}
    found = sorted(_WHOLE & parts)
    found += [word for word in _BEGINNINGS if any(part.startswith(word) for part in parts)]
    found += [word for word in (*_ANYWHERE, *sorted(names)) if word and word in joined]
    found += _REGISTERED.findall(joined)
    return found[0] if found else None
