"""From an update to the end of its handling: counted, never raising, keeping nothing."""

from dataclasses import replace

from bot.channels.telegram.updates import Poison
from bot.desk import Desk
from dialogs.errors import DataError
from tests.fakes.telegram import FakeTelegram
from tests.telegram_fixtures import Running
from tests.test_platform import asked, begun, tap


def test_nothing_is_kept_of_people(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """Ten conversations leave no data of a chat or a user in the library's application."""
    with Running(telegram, chat_desk) as running:
        for _ in range(10):
            asked(telegram)
        application = running.service.application

        assert not application.user_data
        assert not application.chat_data
        assert not application.bot_data
        assert 30 == running.service.tally.handled


def test_an_error_of_ours_is_told_and_stops_nobody(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """She is told that nothing is lost; another person, and she herself, go on."""
    with Running(telegram, chat_desk) as running:
        person, other = begun(telegram), begun(telegram)
        whole = chat_desk.catalogue
        chat_desk.catalogue = replace(whole, trials={})
        tap(telegram, person, "J’accepte, commencer")

        assert "Rien n’est perdu" in person.toasts[-1][0]
        assert 1 == running.service.tally.poisoned

        chat_desk.catalogue = whole
        for each in (person, other):
            tap(telegram, each, "J’accepte, commencer")

            assert each.last.text.startswith("Pour qui est-ce")
    assert 1 == len(running.errors)
    assert not isinstance(running.errors[0], Poison | DataError)
