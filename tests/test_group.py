"""Letters to a staff group, against a fake Telegram."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.group import GroupCourier, card
from bot.channels.telegram.transport import Transport
from bot.contact.letter import Letter, Undelivered
from tests.fakes.telegram import Chat, FakeTelegram

LETTER = Letter(
    "ABC-DEF-GHJ",
    "Request <ABC>",
    ("One & two", "Three"),
    link="https://passerelle.example.org/reply#HANDLE",
    label="Open",
    handle="HANDLE",
    buttons=((("Taken", "t" * 64), ("Close", "c" * 64)),),
)
OVER = Letter("ABC-DEF-GHJ", "Request <ABC>", ("It is over.",))


@pytest.fixture
def group(telegram: FakeTelegram) -> Chat:
    """A group with the bot in it."""
    group = telegram.group("Study team")
    group.add_bot(telegram.person())
    return group


def couriered(
    telegram: FakeTelegram, *works: Callable[[GroupCourier], Awaitable[int | None]]
) -> tuple[list[int | Undelivered | None], list[tuple[str, str]]]:
    """What comes of `works`, one after the other, and the groups that were found to be moved."""
    moves: list[tuple[str, str]] = []

    async def one(
        courier: GroupCourier, work: Callable[[GroupCourier], Awaitable[int | None]]
    ) -> int | Undelivered | None:
        try:
            return await work(courier)
        except Undelivered as failure:
            return failure

    async def play() -> list[int | Undelivered | None]:
        transport = Transport(2.0)
        api = Api(transport, f"{telegram.url}/bot{telegram.token}")
        courier = GroupCourier(api, lambda old, new: moves.append((old, new)))
        try:
            return [await one(courier, work) for work in works]
        finally:
            await transport.shutdown()

    return asyncio.run(play()), moves


def delivered(chat: Chat, seconds: float = 5.0) -> Callable[[GroupCourier], Awaitable[int | None]]:
    """Brings the letter to `chat`."""
    return lambda courier: courier.deliver(str(chat.id), LETTER, seconds)


def changed(chat: Chat, number: int) -> Callable[[GroupCourier], Awaitable[None]]:
    """Makes message `number` say that it is over."""
    return lambda courier: courier.change(str(chat.id), number, OVER)


def test_a_letter_is_a_message_with_buttons(telegram: FakeTelegram, group: Chat) -> None:
    """Its title in bold, its lines as they are, the link in a row of its own; nothing is lost."""
    found, moves = couriered(telegram, delivered(group))
    shown = group.last

    assert ([shown.id], []) == (found, moves)
    assert "Request <ABC>\n\nOne & two\n\nThree" == shown.text
    assert [("bold", 0, 13)] == [(e["type"], e["offset"], e["length"]) for e in shown.entities]
    assert [["Open"], ["Taken", "Close"]] == shown.labels
    assert (LETTER.link, "c" * 64) == (shown.button("Open").url, shown.button("Close").data)
    assert {"is_disabled": True} == shown.options["link_preview_options"]


def test_a_letter_without_a_label_shows_its_link() -> None:
    """A button needs some words."""
    rows = card(Letter("A", "T", (), link="https://x/#y"))["reply_markup"]["inline_keyboard"]

    assert [[{"text": "https://x/#y", "url": "https://x/#y"}]] == rows


def test_a_card_that_is_over_has_no_buttons(telegram: FakeTelegram, group: Chat) -> None:
    """Its words change in their place; the same change again is no failure."""
    (number,), _ = couriered(telegram, delivered(group))

    assert isinstance(number, int)

    found, _ = couriered(telegram, changed(group, number), changed(group, number))

    assert [None, None] == found
    assert "Request <ABC>\n\nIt is over." == group.last.text
    assert [] == group.last.labels
    assert number == group.last.id


def test_a_deleted_card_stays_away(telegram: FakeTelegram, group: Chat) -> None:
    """Somebody of the team deleted it: that is no failure either."""
    found, _ = couriered(telegram, changed(group, 999))

    assert [None] == found
    assert not any(message.from_bot for message in group.messages)


def test_a_group_that_grew_is_followed(telegram: FakeTelegram, group: Chat) -> None:
    """The letter arrives under the new number, and that is told so that it is found next time."""
    grown = group.upgrade(telegram.person())
    found, moves = couriered(telegram, delivered(group))

    assert [grown.last.id] == found
    assert [(str(group.id), str(grown.id))] == moves
    assert "Request <ABC>" in grown.last.text


def failure(telegram: FakeTelegram, chat: Chat) -> tuple[bool, bool, float]:
    """Why a letter was not accepted: whether that is sure, whether it lasts, how long to wait."""
    (found,), _ = couriered(telegram, delivered(chat))

    assert isinstance(found, Undelivered)

    return found.sure, found.lasting, found.after


def test_put_out_of_the_group_it_cannot_deliver(telegram: FakeTelegram, group: Chat) -> None:
    """The channel itself must be mended."""
    group.remove_bot(telegram.person())

    assert (True, True, 0.0) == failure(telegram, group)


def test_a_group_that_is_none_cannot_be_reached(telegram: FakeTelegram) -> None:
    """Nobody has heard of the bot there."""
    assert (True, True, 0.0) == failure(telegram, telegram.group("Nobody"))


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_refusal_of_no_known_meaning_costs_no_centre_its_channel(
    telegram: FakeTelegram, group: Chat, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """A revoked token, or a mistake of ours: the log says so, and the next one can go."""
    telegram.faults.answer("sendMessage", status, "Bad Request: BUTTON_DATA_INVALID")

    assert (True, False, 0.0) == failure(telegram, group)
    assert "error Refused" in capsys.readouterr().err

    (number,), _ = couriered(telegram, delivered(group))

    assert isinstance(number, int)


def test_too_many_messages_are_not_waited_for(telegram: FakeTelegram, group: Chat) -> None:
    """Twenty a minute in a group: one more is refused at once, with the time to wait."""
    telegram.faults.limits = True
    found, _ = couriered(telegram, *[delivered(group)] * 20)

    assert all(isinstance(one, int) for one in found)

    sure, lasting, after = failure(telegram, group)

    assert (True, False) == (sure, lasting)
    assert 50 < after <= 61
    assert 20 == sum(message.from_bot for message in group.messages)

    telegram.pass_time(61)
    (one,), _ = couriered(telegram, delivered(group))

    assert isinstance(one, int)


@pytest.mark.parametrize("arrives", [True, False])
def test_a_lost_answer_is_unsure(telegram: FakeTelegram, group: Chat, arrives: bool) -> None:
    """Nobody can tell whether the card is there; it is not sent again behind her back."""
    telegram.faults.drop("sendMessage", after_effect=arrives)

    assert (False, False, 0.0) == failure(telegram, group)
    assert arrives == any(message.from_bot for message in group.messages)
    assert 1 == len(telegram.called("sendMessage"))


def test_a_failing_server_is_unsure(telegram: FakeTelegram, group: Chat) -> None:
    """A 5xx may come after the effect."""
    telegram.faults.answer("sendMessage", 500)

    assert (False, False, 0.0) == failure(telegram, group)


@pytest.mark.parametrize("seconds", [0.0, -2.0])
def test_out_of_time_nothing_is_sent(telegram: FakeTelegram, group: Chat, seconds: float) -> None:
    """She has waited long enough: it is surely not there."""
    (found,), _ = couriered(telegram, delivered(group, seconds))

    assert isinstance(found, Undelivered)
    assert found.sure
    assert [] == telegram.called("sendMessage")


@pytest.mark.parametrize(("status", "lasting", "after"), [(429, False, 30.0), (400, True, 0.0)])
def test_a_change_can_fail(
    telegram: FakeTelegram, group: Chat, status: int, lasting: bool, after: float
) -> None:
    """It surely did not happen, or it may be repeated."""
    retry = 30 if status == 429 else None
    telegram.faults.answer("editMessageText", status, "Bad Request: X", retry_after=retry)
    (found,), _ = couriered(telegram, changed(group, 1))

    assert isinstance(found, Undelivered)
    assert (True, lasting, after) == (found.sure, found.lasting, found.after)


def test_a_failure_says_nothing_of_the_letter(telegram: FakeTelegram, group: Chat) -> None:
    """Neither its words nor where it went, nor anything that caused it."""
    group.remove_bot(telegram.person())
    (found,), _ = couriered(telegram, delivered(group))

    assert isinstance(found, Undelivered)
    assert found.__cause__ is None
    for hidden in ("ABC", "HANDLE", str(group.id), telegram.token):
        assert hidden not in f"{found!s}{found!r}{found.args}"
