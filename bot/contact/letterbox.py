"""Where answers wait for a patient on the web page: sealed messages that only her receipt opens.

What a centre writes is sealed to the public half of her key as it arrives; this service cannot open
it again. A mailbox lives as long as its request.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.contact import mailbox
from bot.contact.cards import code_of_handle
from bot.contact.exchange import ACTIVE, Busy, Exchange, Told
from bot.contact.mailbox import RECEIPT, Keys, NotYours
from bot.store.records import State, StoreError
from dialogs.conversation.screens import Event
from dialogs.errors import DeadToken
from dialogs.wire.code import normal
from dialogs.wire.handle import Deed, Handle, pack, unpack

__all__ = ["Box", "Letterbox", "Line"]

#: Receipts that are stretched at once: each takes a core and some memory for a tenth of a second.
_AT_ONCE = 2
#: Those of one network that are stretched or wait for it: were there more, whoever sends the same
#: form without end would hold up everybody.
_EACH = 4
#: Messages with a text in one mailbox, at most.
_MOST = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a mailbox; `event` None: she wrote it herself."""

    day: date
    event: Event | None
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """An opened mailbox: the request it belongs to, whether that goes on, and what was said."""

    handle: Handle
    code: str
    active: bool
    state: State | None
    lines: tuple[Line, ...]
    until: date


class Letterbox:
    """All mailboxes."""

    def __init__(self, exchange: Exchange, report: Callable[[BaseException], None]) -> None:
        self._exchange = exchange
        self._report = report
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting: Counter[bytes] = Counter()

    async def stretched(self, receipt: str, crowd: bytes) -> Keys:
        """The keys of a receipt in normal form; a few at once, as each costs a core and memory.

        `crowd` is the network that asks, known here for as long as it waits. Raises `Busy` when too
        many of it wait already.
        """
        if self._waiting[crowd] >= _EACH:
            raise Busy
        self._waiting[crowd] += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(mailbox.stretched, receipt)
        finally:
            self._waiting[crowd] -= 1
            if not self._waiting[crowd]:
                del self._waiting[crowd]

    def create(self, keys: Keys, handle: Handle, until: date) -> None:
        """Makes the mailbox of a request; that it is there already is fine. Raises `StoreError`."""
        head = mailbox.sealed(keys.public, pack(handle, Deed.OPEN))
        self._exchange.store.open_mailbox(keys.address, keys.public, until, head)

    async def tell(self, handle: Handle, event: Event, text: str) -> Told:
        """Puts what the centre said or did into her mailbox."""
        return self._put(handle.address, Line(self._exchange.today, event, text))

    def keep(self, box: Box, text: str) -> None:
        """Puts her own words into her mailbox, so that she can read what she wrote."""
        self._put(box.handle.address, Line(self._exchange.today, None, text))

    def _put(self, address: int, line: Line) -> Told:
        content = json.dumps(
            {
                "day": line.day.isoformat(),
                "event": None if line.event is None else line.event.value,
                "text": line.text,
            },
            ensure_ascii=False,
        )
        store = self._exchange.store
        try:
            found = store.mailbox(address)
            if found is None:
                return Told.BLOCKED
            public, before, _ = found
            # What the centre does, without words, it does a few times at most.
            if line.text and len(before) >= _MOST * mailbox.SEALED:
                return Told.LATER
            after = before + mailbox.sealed(public, content.encode())
            return Told.DONE if store.post(address, before, after) else Told.LATER
        except StoreError as error:
            self._report(error)
            return Told.LATER

    async def read(self, receipt: str, crowd: bytes) -> Box | None:
        """The mailbox that a receipt opens; None for any receipt that opens none.

        Both take the same time: stretching the receipt, a tenth of a second. Raises `StoreError`,
        which is reported, and `Busy` as `stretched` does.
        """
        known = normal(receipt, RECEIPT)
        keys = await self.stretched(known or "0" * RECEIPT, crowd)
        if known is None:
            return None
        try:
            return self._opened(keys)
        except StoreError as error:
            self._report(error)
            raise

    def _opened(self, keys: Keys) -> Box | None:
        found = self._exchange.store.mailbox(keys.address)
        if found is None or found[2] <= self._exchange.today:
            return None
        try:
            head, *entries = mailbox.messages(keys, found[1])
            handle, _ = unpack(head)
        except (NotYours, DeadToken, ValueError) as error:
            self._report(error)
            return None
        row = self._exchange.row(handle)
        state = None if row is None else row.state
        return Box(
            handle, code_of_handle(handle), state in ACTIVE, state,
            tuple(_line(entry) for entry in entries), found[2],
        )  # fmt: skip


def _line(entry: bytes) -> Line:
    content = json.loads(entry)
    event = content["event"]
    return Line(
        date.fromisoformat(content["day"]), None if event is None else Event(event), content["text"]
    )
