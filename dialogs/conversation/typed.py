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
#: Words shorter than this are known only as they are written.
_SHORTEST = 4
_LONG = 8
#: What changes more than one answer is done by its very words only.
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
    begun = [place for place, label in enumerate(labels) if _begins(label, wanted)]
    if not begun:
        begun = _nearest(labels, wanted)
    if len(begun) != 1 or buttons[begun[0]].action in _DELIBERATE:
        return None
    return Meant(buttons[begun[0]], exact=False)


def _begins(label: str, wanted: str) -> bool:
    """Whether `wanted` is whole words at the beginning of `label`, or most of a long first word."""
    if len(wanted) < _SHORTEST:
        return False
    return f"{label} ".startswith(f"{wanted} ") or (
        len(wanted) > _SHORTEST and label.startswith(wanted)
    )


def _nearest(labels: list[str], wanted: str) -> list[int]:
    """The labels, or beginnings of labels, that are as near as a slip of the finger or two."""
    if len(wanted) < _SHORTEST:
        return []
    allowed = 2 if len(wanted) >= _LONG else 1
    count = len(wanted.split())
    found: list[tuple[int, int]] = []
    for place, label in enumerate(labels):
        parts = label.split()
        heads = {" ".join(parts[:count]), label}
        near = [
            _slips(head, wanted, allowed)
            for head in heads
            if _DIGITS.findall(head) == _DIGITS.findall(wanted)
        ]
        if near and min(near) <= allowed:
            found.append((min(near), place))
    return [place for _, place in found]


def _slips(first: str, second: str, most: int) -> int:
    """Letters too many, missing, wrong or swapped between two texts; `most` + 1 for more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        now = [row]
        for column, other in enumerate(second, 1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == second[column - 2]
            if swapped and other == first[row - 2]:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        before, last = last, now
    return last[-1]
