"""The golden conversations, over Telegram: the same words and buttons at every step."""

from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Carrier, Catalogue
from dialogs.conversation.steps import Step
from tests.fakes.telegram import FakeTelegram
from tests.telegram_fixtures import WEB, Running, words
from tests.test_transcripts import FILES, Clock, desk_of, taps


def conversation(
    path: Path, telegram: FakeTelegram, desk: Desk, twin: Desk, clock: Clock
) -> list[BaseException]:
    """Plays a transcript over Telegram, and compares each screen with what the twin shows."""
    language = path.name[:2]
    binding = b"twin"
    page = twin.welcome(binding, language)
    with Running(telegram, desk) as running:
        person = telegram.person(language=language)
        person.say("/start")
        telegram.settle()
        # What is sent has a neutral beginning; what is changed needs none any more.
        lead: str | None = page.speech.say("chat.lead")
        for label in chain(taps(path.read_text(encoding="utf-8"), clock), [None]):
            if page.erased:
                assert [] == [message for message in person.messages if message.from_bot]
                assert page.speech.say("chat.erased") == person.toasts[-1][0]
            else:
                labels = [button.label for row in page.view.rows for button in row]
                if page.view.step is Step.SUMMARY:
                    labels.append(page.speech.say("summary.web"))
                shown = [label for row in person.last.labels for label in row]

                assert words(page.view, lead) == person.last.text
                assert labels + [tool.label for tool in page.view.tools] == shown
            if label is None:
                break
            if page.erased:
                person.say("/start")
                lead = page.speech.say("chat.lead")
            else:
                person.tap(person.last, label)
                lead = None
            telegram.settle()
            button = next(b for b in page.view.buttons() if b.label == label)
            page = twin.press(binding, page.tokens[button], language)

        assert [] == person.spinning
    return running.errors


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_telegram_shows_the_transcript(
    path: Path, catalogue: Catalogue, tmp_path: Path, telegram: FakeTelegram
) -> None:
    """One message that changes, in the chat of somebody whose Telegram speaks that language."""
    clock = Clock()
    desk = desk_of(path, catalogue, tmp_path, clock)
    carried = replace(desk.catalogue, carrier=Carrier("Telegram", WEB))
    desk = Desk(carried, KeyFiles(tmp_path / "keys"), clock)
    twin = Desk(carried, KeyFiles(tmp_path / "keys"), clock)

    assert [] == conversation(path, telegram, desk, twin, clock)
