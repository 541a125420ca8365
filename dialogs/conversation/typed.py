"""Typed words: which button of a screen somebody means."""

import unicodedata

from dialogs.conversation.view import Button, View

__all__ = ["chosen", "folded"]


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
