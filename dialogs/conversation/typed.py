"""Typed words: which button of a screen somebody means.

A wrong guess could rule a study out, so whatever is not a label word for word is either beyond
doubt, and then said back to her, or not understood at all.
"""

import re
import unicodedata
from dataclasses import dataclass

from dialogs.conversation.steps import Action
from dialogs.conversation.view import Button, View
from dialogs.eligibility.answers import NOT_SURE

__all__ = ["Meant", "chosen", "folded", "meant"]

#: Ways to say *I don't know*, folded, in both languages.
_UNSURE = frozenset(
    {
        "jsp", "je sais pas", "je ne sais pas", "je ne sais plus", "je sais plus", "jsais pas",
        "j'sais pas", "j sais pas", "je c pas", "je cpas", "chais pas", "chai pas", "chepa",
        "sais pas", "sais plus", "ne sais pas", "j'en sais rien", "jen sais rien", "aucune idee",
        "pas sure", "pas sur", "je ne suis pas sure", "je suis pas sure", "pas certaine",
        "je l'ignore", "idk", "i dont know", "i don't know", "i do not know", "dont know",
        "don't know", "do not know", "dunno", "not sure", "i'm not sure", "im not sure", "unsure",
        "no idea", "i have no idea", "no clue",
    }
)  # fmt: skip
#: Words that say yes or no and nothing else: a label that says more is not what they mean.
_BARE = {
    "oui": "oui", "ouii": "oui", "ouais": "oui", "ui": "oui", "oui oui": "oui", "yes": "yes",
    "yep": "yes", "yeah": "yes", "yess": "yes", "y": "yes", "o": "oui", "non": "non",
    "nn": "non", "nan": "non", "nonn": "non", "non non": "non", "no": "no", "nope": "no",
    "noo": "no", "n": "non",
}  # fmt: skip
_SIGNS = re.compile(r"[^\w%']+|_")
_DIGITS = re.compile(r"\d+")
#: Words of labels shorter than this are known only as they are written; so are first letters.
_LONG = 5
#: A label that begins like this is known whole or not at all: "non plus" is not "non, plus tard".
_OPENINGS = frozenset(
    {"oui", "non", "yes", "no", "none", "not", "aucun", "aucune", "un", "une", "one", "some"}
)
#: What weighs more than one answer is done by its very words only.
_DELIBERATE = frozenset({Action.START, Action.AGREED, Action.ERASE_NOW, Action.CLEAR})


@dataclass(frozen=True, slots=True)
class Meant:
    """The button that was meant; `exact` when its label was typed word for word."""

    button: Button
    exact: bool


def folded(text: str) -> str:
    """`text` without accents, capitals, and the difference between apostrophes."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'")
    return "".join(c for c in plain if not unicodedata.combining(c)).strip()


def chosen(view: View, typed: str) -> Button | None:
    """The button that `typed` means: its label, or words that only one button begins with.

    None when no button, or more than one, could be meant.
    """
    wanted = folded(typed)
    if not wanted:
        return None
    buttons = view.buttons()
    exact = [button for button in buttons if folded(button.label) == wanted]
    found = exact or [button for button in buttons if folded(button.label).startswith(wanted)]
    return found[0] if len(found) == 1 else None


def _words(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", folded(text)).split())


def meant(view: View, typed: str) -> Meant | None:
    """The button that somebody means who typed in a chat, misspelt or in short perhaps.

    None when there is any doubt: a bare *no* never stands for "No, a man", nor "1 %" for "10 %".
    """
    wanted = _words(typed[:200])
    buttons = view.buttons()
    labels = [_words(button.label) for button in buttons]
    if wanted in labels:
        return Meant(buttons[labels.index(wanted)], exact=True)
    if wanted in _UNSURE:
        unsure = [b for b in buttons if b.action is Action.ANSWER and b.arg == NOT_SURE]
        return Meant(unsure[0], exact=False) if unsure else None
    if wanted in _BARE:
        # The same word in the other language is as clear.
        said = {"oui": "yes", "non": "no"}.get(_BARE[wanted], _BARE[wanted])
        for button, label in zip(buttons, labels, strict=True):
            if {"oui": "yes", "non": "no"}.get(label, label) == said:
                return Meant(button, exact=False)
        return None
    near = [place for place, label in enumerate(labels) if _like(label.split(), wanted.split())]
    if len(near) != 1 or buttons[near[0]].action in _DELIBERATE:
        return None
    return Meant(buttons[near[0]], exact=False)


def _like(label: list[str], wanted: list[str]) -> bool:
    """Whether `wanted` is the label, or its beginning, word for word with a slip in long words.

    All figures of the label must be there.
    """
    if not wanted or len(wanted) > len(label):
        return False
    if len(wanted) < len(label):
        left = " ".join(label[len(wanted) :])
        if label[0] in _OPENINGS or _DIGITS.search(left) or len(" ".join(wanted)) < _LONG:
            return False
    return all(_same(word, typed) for word, typed in zip(label, wanted, strict=False))


def _same(word: str, typed: str) -> bool:
    """Whether a word was typed, with one letter too many, missing, wrong or swapped perhaps."""
    if word == typed:
        return True
    if len(word) < _LONG or word[0] != typed[0] or _DIGITS.search(word + typed):
        return False
    return _slip(word, typed)


def _slip(first: str, second: str) -> bool:
    """Whether one letter too many, missing, wrong or swapped makes the one the other."""
    at = next(
        (i for i, (x, y) in enumerate(zip(first, second, strict=False)) if x != y),
        min(len(first), len(second)),
    )
    one, other = first[at:], second[at:]
    swapped = other[1:2] + other[:1] + other[2:]
    return one in (swapped, other[1:]) or one[1:] in (other, other[1:])
