"""Letter boxes: sealed messages that only her receipt opens."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.contact.exchange import Busy, Told
from bot.contact.letterbox import Box
from bot.contact.mailbox import SEALED, Keys, new_receipt, stretched
from bot.contact.office import Office
from bot.contact.requests import Way
from bot.desk import Desk
from bot.store.records import State
from dialogs.conversation.screens import Event
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Step
from dialogs.wire.code import code_of, grouped
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, office_at
from tests.page_fixtures import stalled

SESSION = Session(language="en", step=Step.SENDING, focus=CENTRE, trial=1, tag=44)
CODE = code_of(44, 1, CENTRE, 0)
RECEIPT = new_receipt(b"her page's secret", CODE)


@dataclass
class Held:
    """An office in which somebody asked on the web."""

    office: Office
    clock: Clock
    errors: list[BaseException]
    keys: Keys

    def read(self, receipt: str = RECEIPT) -> Box | None:
        """What a receipt opens."""
        return asyncio.run(self.office.letterbox.read(receipt, b"here"))

    def key(self) -> str:
        """The key that the centre holds."""
        assert self.office.inbox is not None

        return (self.office.inbox.letters[-1].link or "").partition("#")[2]

    def told(self, deed: str, text: str = "") -> Told:
        """The centre does something."""
        replies = self.office.replies
        work = replies.reply(self.key(), text) if text else getattr(replies, deed)(self.key())
        told: Told = asyncio.run(work)
        return told


@pytest.fixture
def held(desk: Desk, tmp_path: Path, clock: Clock) -> Iterator[Held]:
    """The demonstration's office."""
    errors: list[BaseException] = []
    office = office_at(tmp_path, desk, clock, errors.append, lambda _notice, _name: None)
    keys = stretched(RECEIPT)
    asyncio.run(office.requests.ask(SESSION, Way(box=keys), b"tag:44"))
    yield Held(office, clock, errors, keys)
    assert isinstance(office.store.checks(), list)
    office.store.close()


def test_a_receipt_opens_her_box(held: Held) -> None:
    """With the request it belongs to, and nothing in it yet."""
    box = held.read()

    assert box is not None
    assert (CODE, True, State.SENT, ()) == (box.code, box.active, box.state, box.lines)
    assert date(2026, 3, 24) == box.until


@pytest.mark.parametrize("spelt", [RECEIPT.lower(), grouped(RECEIPT, 4), f" {RECEIPT} "])
def test_a_receipt_can_be_typed_in_many_ways(held: Held, spelt: str) -> None:
    """Small letters, groups, blanks around it."""
    assert held.read(spelt) is not None


@pytest.mark.parametrize(
    "wrong", ["", "x", "0" * 16, RECEIPT[:-1] + "?", RECEIPT[1:] + RECEIPT[0], "É" * 16, "0" * 5000]
)
def test_any_other_receipt_opens_nothing(held: Held, wrong: str) -> None:
    """Whatever is wrong with it."""
    assert held.read(wrong) is None
    assert [] == held.errors


@pytest.mark.parametrize("receipt", [RECEIPT, "0" * 16, "no receipt"])
def test_a_network_with_many_receipts_waits_behind_none_but_itself(
    held: Held, receipt: str
) -> None:
    """Its fifth is refused, whatever it is; another network's is read, and later its own too."""
    letterbox = held.office.letterbox

    async def crowd() -> list[Box | None]:
        with stalled():
            waiting = [asyncio.create_task(letterbox.read(RECEIPT, b"here")) for _ in range(4)]
            await asyncio.sleep(0)
            with pytest.raises(Busy):
                await letterbox.read(receipt, b"here")
            waiting.append(asyncio.create_task(letterbox.read(RECEIPT, b"there")))
            await asyncio.sleep(0)
        found = await asyncio.gather(*waiting)
        return [*found, await letterbox.read(RECEIPT, b"here")]

    assert all(asyncio.run(crowd()))
    assert not letterbox._waiting


def test_what_the_centre_says_and_does_waits_in_order(held: Held) -> None:
    """Taken, two answers, closed: with their days, as they were written."""
    texts = ["First\nanswer <b> Ω 🙂", "é" * 1000]
    held.told("take")
    for text in texts:
        held.told("reply", text)
    held.clock.today += timedelta(days=1)
    held.told("close")
    box = held.read()

    assert box is not None
    assert not box.active
    assert [
        (date(2026, 3, 10), Event.TAKEN, ""),
        (date(2026, 3, 10), Event.ANSWER, texts[0]),
        (date(2026, 3, 10), Event.ANSWER, texts[1]),
        (date(2026, 3, 11), Event.CLOSED, ""),
    ] == [(line.day, line.event, line.text) for line in box.lines]


def test_every_text_of_a_thousand_characters_fits(held: Held) -> None:
    """Also of the widest characters, and of those that have to be escaped."""
    for text in ("🙂" * 1000, '"' * 1000, "\\" * 1000, "\x01" * 1000):
        assert Told.DONE is held.told("reply", text)

    box = held.read()

    assert box is not None
    assert ["🙂" * 1000, '"' * 1000, "\\" * 1000] == [line.text for line in box.lines][:3]


def test_the_store_tells_nothing_but_how_many(held: Held) -> None:
    """Each message has the same size, and the words are not to be found."""
    held.told("reply", "Sparrow")
    held.told("reply", "Sparrow " * 100)
    found = held.office.store.mailbox(held.keys.address)

    assert found is not None

    _, ciphertext, _ = found

    assert 3 * SEALED == len(ciphertext)
    assert b"Sparrow" not in ciphertext


def test_a_box_that_is_full_takes_no_more(held: Held) -> None:
    """Sixty entries; the centre is asked to try later, nothing is lost without a word."""
    told = [held.told("reply", f"answer {number}") for number in range(60)]

    assert [Told.DONE] * 59 + [Told.LATER] == told


def test_a_box_dies_with_its_request(held: Held) -> None:
    """On the fourteenth day, whether or not the rounds came by."""
    held.clock.today = date(2026, 3, 23)

    assert held.read() is not None

    held.clock.today = date(2026, 3, 24)

    assert held.read() is None


def test_an_ended_request_has_no_box(held: Held) -> None:
    """What the team writes later reaches nobody, and it is told so."""
    key = held.key()
    box = held.read()

    assert box is not None

    asyncio.run(_ended(held.office, box))

    assert held.read() is None
    assert Told.OVER is asyncio.run(held.office.replies.reply(key, "too late"))


async def _ended(office: Office, box: Box) -> None:
    await office.requests.end(box.code, box.handle)
    await office.exchange.close()


def test_a_spoilt_box_opens_nothing_and_is_reported(held: Held) -> None:
    """She is told what she is told of a wrong receipt."""
    found = held.office.store.mailbox(held.keys.address)

    assert found is not None

    held.office.store.post(held.keys.address, found[1], found[1][:-1] + b"\0")

    assert held.read() is None
    assert ["NotYours"] == [type(error).__name__ for error in held.errors]
