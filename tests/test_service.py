"""The channel as a whole: how it presents itself, and what it does when Telegram is not there."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.channels.telegram.polling import Poller
from bot.channels.telegram.service import TelegramService, TokenRefused
from bot.desk import Desk
from bot.events import Notice
from bot.settings import TelegramSettings
from tests.fakes.http import Answer, serve
from tests.fakes.telegram import FakeTelegram
from tests.telegram_fixtures import Running, worded
from tests.test_platform import begun, tap

METHODS = ["setMyCommands", "setMyDescription", "setMyShortDescription"]


def until(seen: Callable[[], bool]) -> None:
    """Waits until something is seen; ten seconds at most."""
    limit = time.monotonic() + 10
    while not seen() and time.monotonic() < limit:
        time.sleep(0.01)


@pytest.mark.parametrize("webhook", [True, False])
def test_it_presents_itself_in_both_languages(
    telegram: FakeTelegram, chat_desk: Desk, webhook: bool
) -> None:
    """Commands and descriptions in French, in English, and French for all others."""
    with Running(telegram, chat_desk, webhook=webhook):
        until(lambda: len(telegram.called(METHODS[-1])) == 3)
        french = telegram.texts["commands", "fr", "default"]
        english = telegram.texts["commands", "en", "default"]

    assert ["start", "urgence", "aide", "langue", "confidentialite", "stop", "effacer"] == [
        command["command"] for command in french
    ]
    assert ["start", "urgent", "help", "language", "privacy", "stop", "erase"] == [
        command["command"] for command in english
    ]
    assert french == telegram.texts["commands", "", "default"]
    assert "Aide urgente : les numéros à appeler" == worded(french[1]["description"])
    assert 3 == len({call.params.get("language_code") for call in telegram.called("setMyCommands")})
    for method in METHODS:
        assert 3 == len(telegram.called(method))


@pytest.mark.parametrize("method", [*METHODS, "deleteWebhook"])
@pytest.mark.parametrize("known", [True, False])
def test_a_refused_call_at_the_start_is_told_not_fatal(
    telegram: FakeTelegram, chat_desk: Desk, method: str, known: bool
) -> None:
    """A server that refuses a call, or does not know it: one line, and the service is there."""
    if known:
        telegram.faults.answer(method, 400, "Bad Request: something", times=3)
    else:
        telegram.faults.unknown(method)
    with Running(telegram, chat_desk, webhook=method != "deleteWebhook") as running:
        until(lambda: (Notice.CALL_REFUSED, method) in running.notices)
        person = begun(telegram)
        tap(telegram, person, "J’accepte, commencer")

        assert (Notice.CALL_REFUSED, method) in running.notices
        assert person.last.text.startswith("Pour qui est-ce")
    assert [] == running.errors


def test_a_webhook_that_is_not_set_is_tried_again(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """It is not ready before Telegram knows where to deliver."""
    telegram.faults.answer("setWebhook", 400, "Bad Request: bad webhook", times=1)
    with Running(telegram, chat_desk) as running:
        assert [(Notice.CALL_REFUSED, "setWebhook"), (Notice.WEBHOOK, telegram.username)] == (
            running.notices
        )
        assert 2 == len(telegram.called("setWebhook"))


@pytest.mark.parametrize("result", [b'{"ok":true}', b'{"ok":true,"result":{}}', b"[]", b"<html>"])
def test_a_server_of_nonsense_is_waited_for(chat_desk: Desk, result: bytes) -> None:
    """What answers is no Bot API server: one line, no crash, and it can be stopped."""

    async def play() -> list[tuple[Notice, str]]:
        server = await serve(lambda _request: Answer(200, result))
        notices: list[tuple[Notice, str]] = []
        told = asyncio.Event()

        def notify(notice: Notice, name: str) -> None:
            notices.append((notice, name))
            told.set()

        settings = TelegramSettings(
            "12345:" + "x" * 30, f"http://127.0.0.1:{server.port}", None, None
        )
        service = TelegramService(settings, chat_desk, lambda _error: None, notify, 0.1)
        stopping = asyncio.Event()
        running = asyncio.create_task(service.run(stopping))
        await asyncio.wait_for(told.wait(), 10)
        stopping.set()
        await asyncio.wait_for(running, 10)
        await service.close()
        await server.close()
        return notices

    assert [(Notice.TELEGRAM_AWAY, "")] == asyncio.run(play())


def test_a_stop_does_not_wait_for_what_fails(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """Telegram asks for a long pause while the service is told to stop: it stops."""
    running = Running(telegram, chat_desk, budget=60)
    with running:
        person = begun(telegram)
        telegram.faults.flood(times=100, retry_after=30)
        person.tap(person.last, "J’accepte, commencer")
        until(lambda: any(call.status == 429 for call in telegram.calls))
        begin = time.monotonic()
        running.stop()

    assert time.monotonic() - begin < 15


def test_a_wrong_token_stops_the_start(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """By its name, without the token."""
    running = Running(telegram, chat_desk)
    telegram.faults.answer("getMe", 401, "Unauthorized", times=100)
    with pytest.raises(RuntimeError) as caught, running:
        pass

    assert isinstance(caught.value.__cause__, TokenRefused)
    assert telegram.token not in str(caught.value.__cause__)


def test_a_start_without_telegram_waits_for_it(chat_desk: Desk) -> None:
    """One line when it is away, one when it is back; then everything works."""
    with FakeTelegram() as away:
        port = int(away.url.rpartition(":")[2])
    running = Running(away, chat_desk, budget=0.1)
    late: list[FakeTelegram] = []

    def come() -> None:
        limit = time.monotonic() + 10
        while not running.notices and time.monotonic() < limit:
            time.sleep(0.01)
        late.append(FakeTelegram(port=port).__enter__())

    thread = threading.Thread(target=come)
    running = replace(running, url=f"http://127.0.0.1:{port}")
    thread.start()
    with running:
        thread.join()
        person = begun(late[0])
        tap(late[0], person, "J’accepte, commencer")

        assert person.last.text.startswith("Pour qui est-ce")
    late[0].__exit__(None, None, None)

    assert [Notice.TELEGRAM_AWAY, Notice.TELEGRAM_BACK, Notice.WEBHOOK] == [
        notice for notice, _ in running.notices
    ]


def test_polling_outlives_an_outage(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """Told once when Telegram goes, once when it is back; what came meanwhile is answered."""
    with Running(telegram, chat_desk, webhook=False, budget=0.1) as running:
        person = begun(telegram)
        telegram.faults.answer("getUpdates", 502, times=4)
        person.tap(person.last, "J’accepte, commencer")
        telegram.settle(20)

        assert person.last.text.startswith("Pour qui est-ce")
        person.say("/aide")
        telegram.settle()
    assert [Notice.POLLING, Notice.TELEGRAM_AWAY, Notice.TELEGRAM_BACK] == [
        notice for notice, _ in running.notices
    ]


def test_a_second_program_is_named(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """Telegram gives updates to one only: the operator learns which mend there is."""
    with Running(telegram, chat_desk, webhook=False) as running:
        telegram.faults.answer(
            "getUpdates", 409, "Conflict: terminated by other getUpdates request"
        )
        person = telegram.person()
        person.say("/start")
        telegram.settle()
        person.say("/start")
        telegram.settle()
        limit = time.monotonic() + 10
        while len(running.notices) < 3 and time.monotonic() < limit:
            time.sleep(0.01)

    assert Notice.CONFLICT in [notice for notice, _ in running.notices]


def test_one_slow_person_holds_up_nobody_else(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """By polling: while one screen is refused for seconds, another person goes on."""
    with Running(telegram, chat_desk, webhook=False, budget=5) as running:
        slow, quick = begun(telegram), begun(telegram)
        telegram.faults.flood("editMessageText", retry_after=3)
        slow.tap(slow.last, "J’accepte, commencer")
        limit = time.monotonic() + 10
        while not any(c.status == 429 for c in telegram.calls) and time.monotonic() < limit:
            time.sleep(0.01)
        quick.tap(quick.last, "J’accepte, commencer")
        while not quick.last.text.startswith("Pour qui") and time.monotonic() < limit:
            time.sleep(0.01)

        assert quick.last.text.startswith("Pour qui est-ce")
        assert "Bienvenue" in slow.last.text

        telegram.settle()

        assert slow.last.text.startswith("Pour qui est-ce")
    assert [] == running.errors


def test_polling_that_breaks_ends_the_service(
    telegram: FakeTelegram, chat_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error nobody foresaw is not swallowed: the operator's supervisor sees the end."""

    def broken(_poller: Poller, _answer: bytes) -> bool:
        raise RuntimeError

    monkeypatch.setattr(Poller, "_take", broken)
    running = Running(telegram, chat_desk, webhook=False)
    with running:
        telegram.person().say("/start")
        running.join(10)

        assert isinstance(running.failure, RuntimeError)
