"""How the fake delivers updates: in order, at least once, never two of one queue at a time."""

import asyncio
import json
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import pytest

from tests.fakes.caller import Caller, CallFailed
from tests.fakes.http import Answer, Request, Server, serve
from tests.fakes.telegram import FakeTelegram, Person

ONE = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
JSON = (("Content-Type", "application/json"),)
DAY = 86_400


class EchoBot:
    """A webhook on a thread of its own: keeps what comes, and answers as it is told.

    `answers` are used up first; then each update gets what `usual` makes of it. While `held`, all
    updates wait for `release`.
    """

    def __init__(self, *, held: bool = False) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.answers: deque[Answer] = deque()
        self.usual: Callable[[dict[str, Any]], Answer] = lambda _update: Answer()
        self.most: Counter[str] = Counter()
        self._under_way: Counter[str] = Counter()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="echo")
        self._gate = asyncio.Event()
        self._arrived = threading.Condition()
        self._held = held
        self.server: Server | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        start = asyncio.run_coroutine_threadsafe(serve(self._handle), self._loop)
        self.server = start.result(10)
        if not self._held:
            self.release()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.server is not None
        asyncio.run_coroutine_threadsafe(self.server.close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """Where the webhook is."""
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.port}/hook?a=b"

    @property
    def updates(self) -> list[dict[str, Any]]:
        """What came, decoded."""
        return [json.loads(body) for body in tuple(self.bodies)]

    @property
    def texts(self) -> list[str]:
        """What people said, as it came."""
        return [update["message"]["text"] for update in self.updates if "message" in update]

    def release(self) -> None:
        """Let the updates that wait, and all others, be answered."""
        self._loop.call_soon_threadsafe(self._gate.set)

    def wait_for(self, number: int) -> None:
        """Wait until that many updates have come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.bodies) >= number, timeout=10)

    async def _handle(self, request: Request) -> Answer:
        with self._arrived:
            self.bodies.append(request.body)
            self.headers.append(request.headers)
            self.times.append(time.monotonic())
            self._arrived.notify_all()
        update = json.loads(request.body)
        queue = _queue(update)
        self._under_way[queue] += 1
        self.most[queue] = max(self.most[queue], self._under_way[queue])
        self.most["all"] = max(self.most["all"], self._under_way.total())
        await self._gate.wait()
        self._under_way[queue] -= 1
        assert "/hook?a=b" == request.path
        return self.answers.popleft() if self.answers else self.usual(update)


def _queue(update: dict[str, Any]) -> str:
    try:
        if "callback_query" in update:
            return f"tap {update['callback_query']['from']['id']}"
        kind = "message" if "message" in update else "my_chat_member"
        return f"{kind} {update[kind]['chat']['id']}"
    except (KeyError, TypeError):
        return "poison"


def reply(method: str, **params: Any) -> Answer:
    """An answer that calls a method."""
    return Answer(200, json.dumps({"method": method} | params).encode(), JSON)


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """A fresh Telegram whose pauses are short."""
    with FakeTelegram() as running:
        running.faults.pause = 0.002
        yield running


@pytest.fixture
def bot(telegram: FakeTelegram) -> Iterator[Caller]:
    """Its bot, on the side of the calls."""
    with Caller(telegram.url, telegram.token) as caller:
        yield caller


@pytest.fixture
def anna(telegram: FakeTelegram) -> Person:
    """Somebody."""
    return telegram.person()


@pytest.fixture
def echo(bot: Caller) -> Iterator[EchoBot]:
    """A webhook that is set, with a secret."""
    with EchoBot() as running:
        bot.call("setWebhook", url=running.url, secret_token="S-e_c")  # noqa: S106 - of no worth
        yield running


@pytest.fixture
def held(bot: Caller) -> Iterator[EchoBot]:
    """A webhook that is set and answers nothing until it is released."""
    with EchoBot(held=True) as running:
        bot.call("setWebhook", url=running.url)
        yield running
        running.release()


def asked(bot: Caller, person: Person) -> None:
    """The person has a question with one button before her."""
    person.say("/start")
    bot.call("sendMessage", chat_id=person.id, text="?", reply_markup=ONE)


def test_the_secret_comes_with_each_update(
    telegram: FakeTelegram, echo: EchoBot, anna: Person
) -> None:
    """In its header, with JSON."""
    anna.say("1")
    telegram.settle()
    assert ("S-e_c", "application/json") == (
        echo.headers[0]["x-telegram-bot-api-secret-token"],
        echo.headers[0]["content-type"],
    )
    assert ["1"] == echo.texts


def test_without_a_secret_there_is_no_header(
    telegram: FakeTelegram, held: EchoBot, anna: Person
) -> None:
    """Not even an empty one."""
    held.release()
    anna.say("1")
    telegram.settle()
    assert "x-telegram-bot-api-secret-token" not in held.headers[0]


def test_one_of_each_queue_is_under_way(
    telegram: FakeTelegram, held: EchoBot, bot: Caller, anna: Person
) -> None:
    """Messages by chat, taps by person, memberships by chat: side by side, but each in order."""
    paul = telegram.person(first_name="Paul")
    asked(bot, anna)
    for number in range(3):
        anna.say(f"a{number}")
        paul.say(f"p{number}")
        anna.tap(anna.last, "A")
    anna.block()
    held.wait_for(4)
    assert 4 == held.most["all"]
    held.release()
    telegram.settle()
    assert [1] * 4 == [most for queue, most in held.most.items() if queue != "all"]
    for letter in "ap":
        said = [text for text in held.texts if text.startswith(letter)]
        assert [f"{letter}{number}" for number in range(3)] == said
    assert 11 == len(held.bodies)


def test_max_connections_is_the_most_at_once(
    telegram: FakeTelegram, held: EchoBot, bot: Caller
) -> None:
    """However many people there are."""
    bot.call("setWebhook", url=held.url, max_connections=2)
    people = [telegram.person() for _ in range(6)]
    for person in people:
        person.say("x")
    held.wait_for(2)
    held.release()
    telegram.settle()
    assert (2, 6) == (held.most["all"], len(held.bodies))


def test_a_failed_update_comes_again_and_holds_its_queue(
    telegram: FakeTelegram, echo: EchoBot, bot: Caller, anna: Person
) -> None:
    """The very same, until a 2xx; what comes later of the same chat waits."""
    echo.answers.extend([Answer(500), Answer(302), Answer(drop=True), Answer(204)])
    anna.say("1")
    anna.say("2")
    telegram.settle()
    assert ["1", "1", "1", "1", "2"] == echo.texts
    assert 1 == len(set(echo.bodies[:4]))
    assert bot.call("getWebhookInfo")["last_error_message"].startswith("ConnectionResetError")


def test_pauses_grow(telegram: FakeTelegram, echo: EchoBot, anna: Person) -> None:
    """At least double each time, up to the cap."""
    telegram.faults.pause, telegram.faults.pause_cap = 0.01, 0.02
    echo.answers.extend([Answer(500)] * 3)
    anna.say("1")
    telegram.settle()
    gaps = [later - earlier for earlier, later in zip(echo.times, echo.times[1:], strict=False)]
    # a timer never comes early, apart from the grain of the clock
    assert all(gap > pause - 0.002 for gap, pause in zip(gaps, (0.01, 0.02, 0.02), strict=True))


def test_retry_after_is_honoured(telegram: FakeTelegram, echo: EchoBot, anna: Person) -> None:
    """Scaled, so that tests need not wait."""
    telegram.faults.retry_after_scale = 0.01
    echo.answers.append(Answer(503, headers=(("Retry-After", "5"),)))
    anna.say("1")
    telegram.settle()
    assert echo.times[1] - echo.times[0] > 0.048


def test_a_webhook_that_does_not_answer_gets_it_again(
    telegram: FakeTelegram, echo: EchoBot, anna: Person
) -> None:
    """When its time is over."""
    telegram.faults.webhook_timeout = 0.02
    echo.answers.append(Answer(delay=60))
    anna.say("1")
    telegram.settle()
    assert ["1", "1"] == echo.texts


def test_a_webhook_that_is_not_there_is_tried_again(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Its updates wait, and `settle` names them."""
    with socket.socket() as closed:
        # bound but not listening: nobody else can be there
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        bot.call("setWebhook", url=url)
        anna.say("1")
        with pytest.raises(TimeoutError, match=rf"webhook {url}: message \d+, \d+ tries"):
            telegram.settle(0.05)
    assert 1 == telegram.pending == bot.call("getWebhookInfo")["pending_update_count"]
    with EchoBot() as echo:
        bot.call("setWebhook", url=echo.url)
        telegram.settle()
        assert ["1"] == echo.texts


def test_taps_live_150_seconds_and_messages_a_day(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Then they are lost."""
    asked(bot, anna)
    anna.tap(anna.last, "A")
    telegram.pass_time(149)
    assert 2 == telegram.pending
    telegram.pass_time(2)
    assert 1 == telegram.pending
    assert telegram.lost[0].startswith("callback_query ")
    telegram.pass_time(DAY)
    telegram.settle()
    assert 2 == len(telegram.lost)


def test_an_update_under_way_can_grow_too_old(
    telegram: FakeTelegram, held: EchoBot, bot: Caller, anna: Person
) -> None:
    """It may arrive, but it does not come again."""
    asked(bot, anna)
    held.wait_for(1)
    anna.tap(anna.last, "A")
    held.wait_for(2)
    telegram.pass_time(151)
    held.answers.extend([Answer(500), Answer(500)])
    held.release()
    telegram.settle()
    kinds = Counter("tap" if "callback_query" in update else "said" for update in held.updates)
    assert {"tap": 1, "said": 2} == kinds
    assert 1 == len(telegram.lost)


def test_an_update_that_waits_for_its_turn_can_grow_too_old(
    telegram: FakeTelegram, held: EchoBot, bot: Caller, anna: Person
) -> None:
    """It does not come, and those behind it do."""
    bot.call("setWebhook", url=held.url, max_connections=1)
    asked(bot, anna)
    held.wait_for(1)
    anna.tap(anna.last, "A")
    telegram.pass_time(151)
    telegram.person().say("2")
    held.release()
    telegram.settle()
    assert ["/start", "2"] == held.texts
    assert 2 == len(held.bodies)


def test_what_is_too_old_when_its_turn_comes_is_lost(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Nobody needs to look at the clock before."""
    asked(bot, anna)
    anna.tap(anna.last, "A")
    telegram._world.ahead += 151
    with EchoBot() as echo:
        bot.call("setWebhook", url=echo.url)
        telegram.settle()
        assert ["/start"] == echo.texts
        assert 1 == len(echo.bodies) == len(telegram.lost)


def test_what_would_be_too_old_after_the_pause_is_lost_at_once(
    telegram: FakeTelegram, bot: Caller, echo: EchoBot, anna: Person
) -> None:
    """There is no sense in waiting."""
    asked(bot, anna)
    telegram.settle()
    echo.answers.append(Answer(500))
    telegram.faults.pause = telegram.faults.pause_cap = 200
    anna.tap(anna.last, "A")
    telegram.settle()
    assert 1 == len(telegram.lost)


def test_a_method_in_the_answer_is_run(telegram: FakeTelegram, echo: EchoBot, anna: Person) -> None:
    """An echo needs no call of its own."""
    echo.usual = lambda update: reply(
        "sendMessage", chat_id=update["message"]["chat"]["id"], text=update["message"]["text"]
    )
    anna.say("1")
    telegram.settle()
    assert "1" == anna.last.text
    assert [("sendMessage", "webhook reply")] == [
        (call.method, call.via) for call in telegram.calls[1:]
    ]
    assert [] == telegram.problems


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            reply("sendMessage", chat_id=5, text="x"),
            "webhook reply: sendMessage: Bad Request: chat not found",
        ),
        (reply("sendMesage"), "webhook reply: sendMesage: Not Found: method not found"),
        (reply("getMe"), "webhook reply: getMe is not run"),
        (reply("deleteWebhook"), "webhook reply: deleteWebhook is not run"),
        (reply("logOut"), "webhook reply: logOut is not run"),
        (
            Answer(200, b'{"method": "getMe"}', (("Content-Type", "text/plain"),)),
            "webhook reply: not read, content type text/plain",
        ),
        (
            Answer(200, b"{", JSON),
            "webhook reply: Bad Request: can't parse request: not a JSON object in UTF-8",
        ),
    ],
)
def test_what_goes_wrong_with_an_answer_is_a_problem(
    telegram: FakeTelegram, echo: EchoBot, anna: Person, answer: Answer, problem: str
) -> None:
    """The bot never hears of it, and the update is done with."""
    echo.answers.append(answer)
    anna.say("1")
    telegram.settle()
    assert problem in telegram.problems
    assert ["1"] == echo.texts
    assert not any(call.result for call in telegram.calls[1:])


def test_faults_meet_answers_too(telegram: FakeTelegram, echo: EchoBot, anna: Person) -> None:
    """A flood makes one fail in silence."""
    telegram.faults.flood("sendMessage")
    echo.answers.append(reply("sendMessage", chat_id=anna.id, text="x"))
    anna.say("1")
    telegram.settle()
    assert ["webhook reply: sendMessage: Too Many Requests: retry after 1"] == telegram.problems
    assert [True] == [not message.from_bot for message in anna.messages]


def test_a_slow_answer_is_waited_for(telegram: FakeTelegram, echo: EchoBot, anna: Person) -> None:
    """`settle` ends when its effect is there."""
    telegram.faults.delay("sendMessage", 0.02)
    echo.answers.append(reply("sendMessage", chat_id=anna.id, text="x"))
    anna.say("1")
    telegram.settle()
    assert "x" == anna.last.text


def test_updates_can_come_more_often_than_once(
    telegram: FakeTelegram, echo: EchoBot, anna: Person
) -> None:
    """Although they were answered well, and still in order."""
    telegram.faults.redeliver(2)
    anna.say("1")
    anna.say("2")
    telegram.settle()
    assert ["1"] * 3 + ["2"] * 3 == echo.texts


def test_raw_updates_go_as_they_are(telegram: FakeTelegram, echo: EchoBot) -> None:
    """Whatever they hold; a dict gets an id."""
    poison: list[dict[str, Any] | bytes] = [
        {"message": {}},
        {"update_id": "x", "callback_query": [[[]]]},
        b'{"update_id": 5, "huge": "' + b"x" * 1_000_000 + b'"}',
        b"[]",
    ]
    for update in poison:
        telegram.raw(update)
    telegram.settle()
    assert 4 == len(echo.bodies)
    assert set(poison[2:]) < set(echo.bodies)
    assert poison[1] in echo.updates
    (named,) = (update for update in echo.updates if "message" in update)
    assert {"message": {}, "update_id": named["update_id"]} == named
    assert isinstance(named["update_id"], int)


def test_polling_keeps_updates_until_they_are_confirmed(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """By a higher offset; the limit counts; a negative offset leaves the last ones."""
    for number in range(5):
        anna.say(str(number))

    def texts(**params: Any) -> list[str]:
        return [update["message"]["text"] for update in bot.call("getUpdates", **params)]

    first = bot.call("getUpdates", limit=1)[0]["update_id"]
    assert ["0", "1", "2", "3", "4"] == texts() == texts(offset=first)
    assert ["2", "3"] == texts(offset=first + 2, limit=2)
    assert ["2", "3", "4"] == texts()
    assert ["2", "3", "4"] == texts(offset=first + 1000)
    assert ["4"] == texts(offset=-1)
    with pytest.raises(TimeoutError, match=r"polling: message \d+, 5 tries"):
        telegram.settle(0.01)
    assert [] == texts(offset=first + 5)
    telegram.settle(0)


def test_a_long_poll_waits(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """Until something comes."""
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(bot.call, "getUpdates", timeout=50)
        while not telegram.called("getUpdates"):
            time.sleep(0.001)
        anna.say("1")
        (update,) = waiting.result(10)
    assert "1" == update["message"]["text"]
    assert [] == bot.call("getUpdates", offset=update["update_id"] + 1)


def test_a_long_poll_does_not_wait_for_what_is_there(bot: Caller, anna: Person) -> None:
    """It comes at once."""
    anna.say("1")
    assert 1 == len(bot.call("getUpdates", timeout=50))


def test_a_long_poll_ends_empty_in_its_own_time(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Not in that of the call before it."""
    assert [] == bot.call("getUpdates", timeout=1)
    with ThreadPoolExecutor() as pool, Caller(telegram.url, telegram.token) as second:
        first = pool.submit(bot.call, "getUpdates", timeout=1)
        while len(telegram.called("getUpdates")) < 2:
            time.sleep(0.001)
        waiting = pool.submit(second.call, "getUpdates", timeout=50)
        with pytest.raises(CallFailed):
            first.result(10)
        time.sleep(1.1)
        anna.say("1")
        assert 1 == len(waiting.result(10))


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("getUpdates", {"timeout": 0}, "Conflict: terminated by other getUpdates request;"),
        (
            "setWebhook",
            {"url": "http://127.0.0.1:9/"},
            "Conflict: terminated by setWebhook request",
        ),
    ],
)
def test_a_second_instance_ends_the_first(
    telegram: FakeTelegram, bot: Caller, method: str, params: dict[str, Any], reason: str
) -> None:
    """With status 409."""
    with (
        ThreadPoolExecutor() as pool,
        Caller(telegram.url, telegram.token) as second,
    ):
        waiting = pool.submit(bot.call, "getUpdates", timeout=50)
        while not telegram.called("getUpdates"):
            time.sleep(0.001)
        second.call(method, **params)
        with pytest.raises(CallFailed) as caught:
            waiting.result(10)
    assert 409 == caught.value.status
    assert caught.value.description.startswith(reason)


def test_polling_and_webhook_exclude_each_other_and_lose_nothing(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """409 while a webhook is set; what is pending goes the other way."""
    anna.say("1")
    assert 1 == len(bot.call("getUpdates"))
    with EchoBot() as echo:
        echo.usual = lambda _update: Answer(500)
        bot.call("setWebhook", url=echo.url)
        with pytest.raises(CallFailed, match="409: Conflict: can't use getUpdates method while"):
            bot.call("getUpdates")
        echo.wait_for(2)
        bot.call("deleteWebhook")
        assert ["1"] == [update["message"]["text"] for update in bot.call("getUpdates")]
        bot.call("setWebhook", url=echo.url, drop_pending_updates=True)
        assert 0 == bot.call("getWebhookInfo")["pending_update_count"]


def test_only_wanted_kinds_come(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """What was asked for is remembered; by default all three kinds come."""
    asked(bot, anna)
    anna.tap(anna.last, "A")
    anna.block()
    anna.unblock()
    kinds = {(update.keys() - {"update_id"}).pop() for update in bot.call("getUpdates")}
    assert {"message", "callback_query", "my_chat_member"} == kinds
    bot.call("getUpdates", offset=-1, allowed_updates=["callback_query"])
    bot.call("deleteWebhook", drop_pending_updates=True)
    anna.say("x")
    anna.tap(anna.last, "A")
    assert ["callback_query"] == [
        (update.keys() - {"update_id"}).pop() for update in bot.call("getUpdates")
    ]
    assert ["callback_query"] == bot.call("getWebhookInfo")["allowed_updates"]
    bot.call("getUpdates", allowed_updates=[])
    anna.say("x")
    assert 2 == len(bot.call("getUpdates"))


def test_a_batch_can_be_doubled_and_out_of_order(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Each update is still there."""
    for number in range(8):
        anna.say(str(number))
    plain = [update["update_id"] for update in bot.call("getUpdates")]
    telegram.faults.duplicates = True
    assert sorted(plain * 2) == [update["update_id"] for update in bot.call("getUpdates")]
    telegram.faults.duplicates, telegram.faults.shuffle = False, True
    mixed = [update["update_id"] for update in bot.call("getUpdates")]
    assert plain == sorted(mixed)
    assert plain != mixed


def test_noise_is_polled_once(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """It spoils one batch, and the others come again."""
    anna.say("1")
    telegram.raw(b"{noise")
    with pytest.raises(json.JSONDecodeError):
        bot.call("getUpdates")
    assert 1 == len(bot.call("getUpdates"))


def broken() -> None:
    """A test in which the fake fails."""
    with FakeTelegram() as telegram, Caller(telegram.url, telegram.token) as bot:
        telegram._world.bot = None  # type: ignore[assignment]
        with pytest.raises(json.JSONDecodeError):
            bot.call("getMe")


def test_an_error_of_the_fake_itself_is_not_hidden() -> None:
    """It ends the test."""
    with pytest.raises(RuntimeError, match="the fake itself failed"):
        broken()
