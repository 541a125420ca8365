"""The conversation over two text streams, for authors, clinicians and tests.

Between two turns the session exists only as the tokens of the buttons shown, as in every channel.
"""

import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from bot.channels.plain import lines, numbered
from bot.desk import Desk, Page
from bot.door import Entrance
from dialogs.conversation import typed as words
from dialogs.conversation.screens import HEARD
from dialogs.conversation.view import Button

__all__ = ["chat", "chosen"]


def chosen(page: Page, typed: str) -> Button | None:
    """The button that `typed` means: its number on the screen, or its words."""
    if typed.strip().isdecimal() and len(typed.strip()) < 4:
        number = int(typed)
        buttons = page.view.buttons()
        return buttons[number - 1] if 1 <= number <= len(buttons) else None
    return words.chosen(page.view, typed)


def chat(
    desk: Desk,
    language: str,
    source: Iterable[str],
    target: TextIO,
    record: Path | None = None,
    trial: int = 0,
) -> None:
    """Talks until the lines of `source` end or say `q`; with `record`, writes a transcript then.

    The conversation is about the study with the number `trial`, or about all for 0.

    A transcript holds the answers given, so it is written only where its author names a file.
    """
    binding = b"terminal:" + secrets.token_bytes(16)
    page = desk.welcome(binding, language, Entrance(trial))
    transcript = [f"# language: {language}", "", *lines(page.view), *numbered(page.view)]
    _show(page, target)
    for typed in source:
        if typed.strip().casefold() == "q":
            break
        alarm = desk.catalogue.alarms.heard(typed)
        if alarm is not None:
            # The card alone: her screen stays as it is, and her words go into no transcript.
            card = desk.aside(binding, HEARD[alarm], page.here, page.speech.language)
            target.write("\n".join(["", *lines(card.view), "", _hint(page), "> "]))
            target.flush()
            continue
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
