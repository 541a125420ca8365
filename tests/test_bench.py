"""The bench counts rightly: what is lost is seen to be lost, what is doubled to be doubled."""

import asyncio
from collections.abc import Awaitable, Callable
from html.parser import HTMLParser
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import pytest

from dialogs.catalogue import Catalogue
from tests.bench.api import TOKEN, Faults
from tests.bench.contestants import CONTESTANTS, launch
from tests.bench.export import export
from tests.bench.load import Load, cores, script_file
from tests.bench.overcount import Case, over
from tests.bench.people import Person
from tests.bench.report import page
from tests.bench.results import Conversations, Doubled, Faulty, Result, Results, Round, keep, kept
from tests.bench.sampled import part_of
from tests.bench.script import Screen, Script, read_script, write_script
from tests.bench.svg import drawing
from tests.bench.targets import targets
from tests.bench.trials import KINDS, MIDDLE, doubled
from tests.bench.words import Refused, read_keyboard
from tests.fakes.http import Answer, Client, Request, Server, serve

SCREENS = 8
SCRIPT = Script(
    tuple(
        Screen(
            title=f"Screen {number}",
            text=f"Screen {number}\nWords",
            rows=(("Go on",), ("Stay", "Help")),
            goes=(min(number + 1, SCREENS - 1), number, number),
            onward=0,
        )
        for number in range(SCREENS)
    )
)


class Bot:
    """A small webhook bot in this process; `take` says for each update which screen comes, if any.

    It keeps the screen of each chat in `at`; its buttons carry the screen that they stand on.
    """

    def __init__(self, load: Load, take: Callable[["Bot", int, int | None], int | None]) -> None:
        self.load = load
        self.take = take
        self.at: dict[int, int] = {}
        self.taken: list[int] = []
        self.statuses: list[int] = []
        self.gate: Callable[[], Awaitable[None]] | None = None
        self._client = Client()
        self._server: Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await serve(self._handle)
        await self.call("setWebhook", url=f"http://127.0.0.1:{self._server.port}/hook")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()
        if self._server is not None:
            await self._server.close()

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to a call of the API."""
        port = int(self.load.url.rpartition(":")[2])
        _, _, body = await self._client.post(
            "127.0.0.1", port, f"/bot{TOKEN}/{method}", msgspec.json.encode(params),
            {"Content-Type": "application/json"},
        )  # fmt: skip
        answer: dict[str, Any] = msgspec.json.decode(body)
        return answer

    async def _handle(self, request: Request) -> Answer:
        update = msgspec.json.decode(request.body)
        self.taken.append(update["update_id"])
        if self.gate is not None:
            await self.gate()
        query = update.get("callback_query")
        message = query["message"] if query else update["message"]
        chat = message["chat"]["id"]
        screen = self.take(self, chat, int(query["data"]) if query else None)
        if screen is not None:
            await self._show(chat, message["message_id"] if query else None, screen)
        status = self.statuses.pop(0) if self.statuses else 200
        if query is None or status != 200:
            return Answer(status)
        reply = {"method": "answerCallbackQuery", "callback_query_id": query["id"]}
        return Answer(200, msgspec.json.encode(reply))

    async def _show(self, chat: int, message: int | None, screen: int) -> None:
        self.at[chat] = screen
        rows = [
            [{"text": label, "callback_data": str(screen)} for label in row]
            for row in SCRIPT.screens[screen].rows
        ]
        params = {
            "chat_id": chat,
            "text": SCRIPT.screens[screen].text,
            "reply_markup": {"inline_keyboard": rows},
        }
        if message is None:
            await self.call("sendMessage", **params)
        else:
            await self.call("editMessageText", message_id=message, **params)


def stateless(_bot: Bot, _chat: int, pressed: int | None) -> int:
    """A bot that goes by what the button carries."""
    return 0 if pressed is None else pressed + 1


def stateful(bot: Bot, chat: int, pressed: int | None) -> int:
    """A bot that goes by what it remembers, whichever button it was."""
    return 0 if pressed is None else min(bot.at[chat] + 1, SCREENS - 1)


def deaf(bot: Bot, chat: int, pressed: int | None) -> int | None:
    """A bot that overhears every press on the third screen."""
    return None if pressed == 2 else stateless(bot, chat, pressed)


def run(
    scene: Callable[[Load, Bot], Awaitable[None]],
    take: Callable[[Bot, int, int | None], int | None] = stateless,
) -> None:
    """Play a scene with a bot in this process."""

    async def whole() -> None:
        async with Load(SCRIPT, webhook=True) as load, Bot(load, take) as bot:
            await scene(load, bot)

    asyncio.run(whole())


async def opened(load: Load, updates: int) -> Person:
    """A patient who has made so many updates, /start included."""
    (person,) = load.patients(1)
    await load.crowd.play([person], updates, 1, 30)
    await load.crowd.rest([person], 30)
    return person


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Script:
    """The script of the real bench."""
    return export(tmp_path_factory.mktemp("keys"))


def test_the_script_is_the_straight_path(script: Script) -> None:
    """Its screens differ, and the button of the patients leads from each to the next."""
    titles = [screen.title for screen in script.screens]

    assert len(titles) == len(set(titles))
    assert list(range(1, script.last + 1)) == [
        script.after(number, screen.onward) for number, screen in enumerate(script.screens[:-1])
    ]
    assert all(screen.title in screen.text.splitlines() for screen in script.screens)
    assert all(len(screen.labels()) == len(screen.goes) for screen in script.screens)


def test_the_script_is_read_as_it_was_written(script: Script, tmp_path: Path) -> None:
    """The bots play what was exported."""
    write_script(script, tmp_path / "script.json")

    assert script == read_script(tmp_path / "script.json")


@pytest.mark.parametrize("webhook", [True, False], ids=["webhook", "polling"])
def test_the_floor_plays_to_the_end(script: Script, tmp_path: Path, webhook: bool) -> None:
    """A real bot process brings a patient to the last screen, and nothing is refused."""
    floor = next(c for c in CONTESTANTS if c.name == "floor" and c.webhook is webhook)
    write_script(script, script_file(tmp_path))

    async def scene() -> None:
        async with Load(script, webhook=webhook) as load:
            bot = launch(floor, load, tmp_path / "bot", script_file(tmp_path), cores()[0])
            try:
                assert await load.ready(30), bot.words()
                tally = load.fresh()
                person = await opened(load, len(script.screens))

                assert script.last == person.screen
                assert len(script.screens) == tally.taps
                assert {} == tally.problems
                assert (0, 0) == (tally.lost, tally.astray)
                assert bot.cpu() > 0
                assert bot.memory() > 0
            finally:
                bot.stop()
            assert not bot.running

    asyncio.run(scene())


def test_a_lost_tap_is_seen() -> None:
    """A press that brings no screen counts as lost once patience ends; others do not."""

    async def scene(load: Load, _bot: Bot) -> None:
        person = await opened(load, 3)
        tally = load.fresh()
        load.crowd.patience = 0.0
        load.crowd.give_up([person])

        assert 0 == tally.lost

        load.crowd.onward(person)
        await load.crowd.until(lambda: not person.sending, 30)
        load.crowd.give_up([person])

        assert (1, 0) == (tally.lost, tally.taps)

    run(scene, deaf)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bot_that_remembers_doubles(kind: str) -> None:
    """A press that comes twice moves a patient twice when the bot keeps the screen."""

    async def scene(load: Load, _bot: Bot) -> None:
        assert Doubled(once=0, twice=3, other=0) == await doubled(load, kind, 3)

    run(scene, stateful)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bot_whose_buttons_know_does_not_double(kind: str) -> None:
    """A press that comes twice moves a patient once when the button carries the screen."""

    async def scene(load: Load, _bot: Bot) -> None:
        assert Doubled(once=3, twice=0, other=0) == await doubled(load, kind, 3)

    run(scene, stateless)


def test_another_screen_than_the_scripts_is_astray() -> None:
    """A bot that skips a screen answers the press, but not as it should."""

    def skips(_bot: Bot, _chat: int, pressed: int | None) -> int:
        return 0 if pressed is None else pressed + 2

    async def scene(load: Load, _bot: Bot) -> None:
        tally = load.fresh()
        await opened(load, 2)

        assert (2, 1) == (tally.taps, tally.astray)

    run(scene, skips)


def test_taps_and_calls_are_counted() -> None:
    """One call a screen, and one answer a press in the webhook's reply."""

    async def scene(load: Load, _bot: Bot) -> None:
        tally = load.fresh()
        await opened(load, 4)

        assert (4, 4, 3) == (tally.taps, tally.calls, tally.replies)
        assert 4 == len(tally.waits)
        assert {} == load.people.queries

    run(scene)


def test_what_is_not_answered_2xx_comes_again() -> None:
    """The same update is delivered until it is taken."""

    async def scene(load: Load, bot: Bot) -> None:
        bot.statuses = [500]
        tally = load.fresh()
        await opened(load, 1)

        assert 1 == tally.redelivered
        assert 2 == len(bot.taken)
        assert 1 == len(set(bot.taken))

    run(scene)


def test_one_update_in_flight_per_person() -> None:
    """A second press waits until the first one has been answered."""

    async def scene(load: Load, bot: Bot) -> None:
        person = await opened(load, 2)
        bot.taken.clear()
        release = asyncio.Event()

        async def gate() -> None:
            await release.wait()

        bot.gate = gate
        bubble = person.bubble
        assert bubble is not None
        for _ in range(2):
            load.crowd.put(person, load.people.tap(person, bubble, "1"))
        await load.crowd.until(lambda: bool(bot.taken), 30)
        for _ in range(20):
            await asyncio.sleep(0)

        assert 1 == len(bot.taken)

        release.set()
        await load.crowd.until(lambda: not person.sending, 30)

        assert 2 == len(bot.taken)

    run(scene)


def test_polled_updates_stay_until_confirmed() -> None:
    """A poll gives the same updates until a higher offset."""

    async def scene() -> None:
        async with Load(SCRIPT, webhook=False) as load, Caller(load) as bot:
            (person,) = load.patients(1)
            load.crowd.start(person)
            first = (await bot.call("getUpdates"))["result"]
            again = (await bot.call("getUpdates"))["result"]
            after = await bot.call("getUpdates", offset=first[0]["update_id"] + 1)

            assert 1 == len(first)
            assert first == again
            assert [] == after["result"]

    asyncio.run(scene())


class Caller(Bot):
    """A bot that only calls."""

    def __init__(self, load: Load) -> None:
        super().__init__(load, stateless)

    async def __aenter__(self) -> Self:
        return self


@pytest.mark.parametrize(
    ("faults", "status"),
    [(Faults(flood=1.0), 429), (Faults(broken=1.0), 500)],
    ids=["flood", "broken"],
)
def test_a_faulty_call_has_no_effect(faults: Faults, status: int) -> None:
    """429 and 500 leave everything as it was, and 429 says how long to wait."""

    async def scene(load: Load, bot: Bot) -> None:
        (person,) = load.patients(1)
        load.api.faults = faults
        answer = await bot.call("sendMessage", chat_id=person.number, text="Words")

        assert status == answer["error_code"]
        assert {} == person.bubbles
        assert (status == 429) == (answer.get("parameters") == {"retry_after": 1})

    run(scene)


def test_lines_are_lost_before_and_after_the_effect() -> None:
    """Of many dropped calls some have had their effect and some have not."""

    async def scene(load: Load, bot: Bot) -> None:
        people = load.patients(40)
        load.api.faults = Faults(dropped=1.0)
        for person in people:
            with pytest.raises(OSError, match="closed"):
                await bot.call("sendMessage", chat_id=person.number, text="Words")

        assert 0 < sum(bool(person.bubbles) for person in people) < len(people)

    run(scene)


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"chat_id": 1, "text": "Words"}, "chat not found"),
        ("sendMessage", {"text": " "}, "text is empty"),
        ("sendMessage", {"text": "x" * 4097}, "too long"),
        ("sendMessage", {"text": "<p>x</p>", "parse_mode": "HTML"}, "unsupported start tag"),
        ("sendMessage", {"text": "<b>x", "parse_mode": "HTML"}, "can't find end tag"),
        ("editMessageText", {"message_id": 1, "text": "Words"}, "message to edit not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
        ("sendPhoto", {}, "Not Found"),
    ],
)
def test_the_api_forgives_nothing(method: str, params: dict[str, Any], words: str) -> None:
    """A wrong call is refused, and stands among the problems."""

    async def scene(load: Load, bot: Bot) -> None:
        (person,) = load.patients(1)
        tally = load.fresh()
        answer = await bot.call(method, **{"chat_id": person.number, **params})

        assert not answer["ok"]
        assert words in answer["description"]
        assert [answer["description"]] == list(tally.problems)

    run(scene)


def test_an_edit_that_changes_nothing_is_refused() -> None:
    """As on the real server; it is counted apart from the problems."""

    async def scene(load: Load, bot: Bot) -> None:
        (person,) = load.patients(1)
        sent = await bot.call("sendMessage", chat_id=person.number, text="Words")
        tally = load.fresh()
        answer = await bot.call(
            "editMessageText",
            chat_id=person.number,
            message_id=sent["result"]["message_id"],
            text="Words",
        )

        assert "message is not modified" in answer["description"]
        assert (1, {}) == (tally.same, tally.problems)

    run(scene)


@pytest.mark.parametrize(
    "key",
    [
        {"text": "x", "callback_data": "é" * 33},
        {"text": "x", "callback_data": ""},
        {"text": "", "callback_data": "x"},
        {"text": "x"},
        {"text": "x", "callback_data": "x", "url": "https://example.org"},
        {"text": "x", "callback_data": "x", "style": "loud"},
    ],
)
def test_a_wrong_button_is_refused(key: dict[str, str]) -> None:
    """64 bytes of data, a label, exactly one action, a known style."""
    with pytest.raises(Refused):
        read_keyboard(msgspec.json.encode({"inline_keyboard": [[key]]}))


def test_a_full_button_is_taken() -> None:
    """64 bytes are not too many."""
    key = {"text": "x", "callback_data": "é" * 32}

    (found,) = read_keyboard(msgspec.json.encode({"inline_keyboard": [[key]]}))

    assert "é" * 32 == found.callback_data


def result(title: str, role: str, cpu: float, *, lost: int = 0, memory: int = 0) -> Result:
    """A bot on a webhook with made-up figures."""
    return Result(
        title,
        True,
        role,
        [Round(1000, cpu, 1, 0.5, 0, 1, 1, 0, {50: (1, 2), 200: (1, 2)}, 1500, 1, 400, 0, 0, {})],
        Faulty(100, lost, 0),
        {kind: Doubled(20, 0, 0) for kind in KINDS},
        Conversations(100, 200, (0, 0, memory * 100), (0, 0), (cpu, cpu), 50, 50),
    )


def results(*, ours: float, lost: int = 0, memory: int = 0) -> Results:
    """A run with a floor at 0.05 and python-telegram-bot at 4 milliseconds."""
    return Results(
        "2026-11-22",
        "a machine",
        {"Python": "3.11"},
        {
            "passerelle-webhook": result("**Passerelle**", "ours", ours, lost=lost, memory=memory),
            "floor-webhook": result("floor", "floor", 0.05),
            "ptb-webhook": result("python-telegram-bot as shipped", "peer", 4.0),
        },
        {"grammy-webhook": "grammY is not installed"},
    )


def test_reached_aims_are_said() -> None:
    """At the limits all aims are reached."""
    assert {"reached"} == {aim.verdict for aim in targets(results(ours=0.35))}


@pytest.mark.parametrize(
    ("run_of", "missed"),
    [
        (results(ours=0.3501), 1),
        (results(ours=0.41), 2),
        (results(ours=0.3, lost=1), 1),
        (results(ours=0.3, memory=1), 1),
    ],
    ids=["just above", "above", "lost", "memory"],
)
def test_missed_aims_are_said(run_of: Results, missed: int) -> None:
    """However little is missing, it is missed."""
    assert missed == [aim.verdict for aim in targets(run_of)].count("**missed**")
    assert missed == page(run_of).count("**missed**")


def test_the_page_says_what_was_not_measured() -> None:
    """Bots that are not installed are named with the reason."""
    assert "- grammy-webhook: grammY is not installed" in page(results(ours=0.3))


def test_kept_figures_give_the_same_page(tmp_path: Path) -> None:
    """What was measured can be shown again."""
    first = results(ours=0.3)
    keep(first, tmp_path / "figures.json")

    assert page(first) == page(kept(tmp_path / "figures.json"))


@pytest.mark.parametrize(
    ("files", "part"),
    [
        (["/lib/aiohttp/client.py", "/bot/channels/telegram/transport.py"], "HTTP out"),
        (["/lib/base64.py", "/dialogs/wire/seal.py", "/bot/desk.py"], "open and seal the buttons"),
        (["/lib/python3/asyncio/runners.py", "run_bot.py"], "event loop and the rest"),
    ],
)
def test_a_sample_belongs_to_its_innermost_part(files: list[str], part: str) -> None:
    """What a library does counts for the part of ours that called it."""
    assert part == part_of(files)


class Drawn(HTMLParser):
    """The elements of a drawing; every one that opens has to close in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.names.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It was the last to open."""
        assert tag == self.open.pop()


def test_the_drawing_is_text_and_bars() -> None:
    """Well-formed, a bar and two words for each bot, words as text, nothing from elsewhere."""
    picture = drawing(results(ours=0.3))
    drawn = Drawn(picture)

    assert [] == drawn.open
    assert 3 == drawn.names.count("rect")
    assert {"svg", "title", "desc", "style", "text", "rect"} == set(drawn.names)
    assert "prefers-color-scheme: dark" in picture
    assert "Passerelle, webhook" in picture


def test_the_middle_screen_is_a_question(script: Script) -> None:
    """Doubled taps are tried, and conversations left open, in the middle of the questions."""
    assert 2 <= MIDDLE <= script.last - 5


def test_a_press_that_comes_again_is_counted_by_no_ring_only(catalogue: Catalogue) -> None:
    """What the ring forgot, or never knew, counts again."""
    without, with_ring = (over(catalogue, Case("", size), 25, 3) for size in (0, 65_536))

    assert (0.0, 0.0) == with_ring
    assert min(without) > 5
