"""The conversation over two text streams, for authors, clinicians and tests.

Between two turns the session exists only as the tokens of the buttons shown, as in every channel.
"""

import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from bot.channels.plain import lines, numbered
from bot.desk import Desk, Page
from dialogs.conversation.view import Button

__all__ = ["chat", "chosen"]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'")
    return "".join(c for c in plain if not unicodedata.combining(c)).strip()


def chosen(page: Page, typed: str) -> Button | None:
    """The button that `typed` means: its number, its label, or the only one that begins so."""
    buttons = page.view.buttons()
    if typed.strip().isdecimal():
        number = int(typed)
        return buttons[number - 1] if 1 <= number <= len(buttons) else None
    wanted = _folded(typed)
    if not wanted:
        return None
    exact = [button for button in buttons if _folded(button.label) == wanted]
    begun = exact or [button for button in buttons if _folded(button.label).startswith(wanted)]
    return begun[0] if len(begun) == 1 or exact else None


def chat(
    desk: Desk, language: str, source: Iterable[str], target: TextIO, record: Path | None = None
) -> None:
    """Talks until the lines of `source` end or say `q`; with `record`, writes a transcript then.

    A transcript holds the answers given, so it is written only where its author names a file.
    """
    binding = b"terminal:" + secrets.token_bytes(16)
    page = desk.welcome(binding, language)
    transcript = [f"# language: {language}", "", *lines(page.view), *numbered(page.view)]
    _show(page, target)
    for typed in source:
        if typed.strip().casefold() == "q":
            break
        button = chosen(page, typed)
        if button is None:
            target.write(f"\n{page.speech.say('typed.unclear')}\n{_hint(page)}\n> ")
            target.flush()
            continue
        page = desk.press(binding, page.tokens[button], page.speech.language)
        transcript += ["", f"> {button.label}", "", *lines(page.view), *numbered(page.view)]
        _show(page, target)
    target.write("\n")
    if record is not None:
        record.write_text("\n".join(transcript) + "\n", encoding="utf-8")


def _hint(page: Page) -> str:
    return page.speech.say("terminal.choose")


def _show(page: Page, target: TextIO) -> None:
    text = "\n".join(["", *lines(page.view), "", *numbered(page.view), _hint(page)])
    target.write(f"{text}\n> ")
    target.flush()
