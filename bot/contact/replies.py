"""The centre's side: what a card shows, and answering, taking and closing a request.

A handle is all that is needed: whoever holds the card or the mail may act, unless they act in a
staff group, which has to be the centre's own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.contact.cards import code_of_handle
from bot.contact.exchange import ACTIVE, HANDLE_DAYS, Exchange, Told
from bot.contact.letter import Letter
from bot.contact.notes import read_note
from bot.store.records import Kind, Row, State, StoreError
from dialogs.conversation.dialog import TEXT_LIMIT
from dialogs.conversation.screens import Event
from dialogs.eligibility.criteria import Trial
from dialogs.errors import DeadToken
from dialogs.trialfile import CentreEntry
from dialogs.wire.handle import Deed, Handle

__all__ = ["Opened", "Replies"]

_UNTAKEN = frozenset({State.SENDING, State.SENT, State.REMINDED, State.ESCALATED})


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as the reply page shows it.

    `result` and `points` are phrases in the reader's language, if she added them; `text` is what
    she wrote, if the link carries it. Once the request is over they are not shown any more.
    """

    code: str
    handle: Handle
    trial: Trial
    centre: CentreEntry
    day: date
    state: State
    active: bool
    result: str | None
    points: tuple[str, ...]
    text: str | None


class Replies:
    """What staff can do with a handle."""

    def __init__(self, exchange: Exchange, report: Callable[[BaseException], None]) -> None:
        self._exchange = exchange
        self._report = report

    def deed(self, token: str) -> Deed | None:
        """What a button of a card is for; None when it is none of ours, or too old."""
        try:
            return self._exchange.opened(token)[1]
        except DeadToken:
            return None

    def opened(self, token: str, note: str, language: str) -> Opened:
        """What the handle `token` and the sealed `note` beside it say; changes nothing.

        Raises `DeadToken` when the handle does not open, whatever the cause, and `StoreError`,
        which is reported.
        """
        try:
            return self._opened(token, note, language)
        except StoreError as error:
            self._report(error)
            raise

    def _opened(self, token: str, note: str, language: str) -> Opened:
        exchange = self._exchange
        handle, _ = exchange.opened(token)
        place = exchange.cards.place(handle)
        row = exchange.row(handle)
        if place is None or row is None:
            raise DeadToken
        trial, centre = place
        text: str | None = None
        kind: str | None = None
        criteria: tuple[str, ...] = ()
        active = row.state in ACTIVE
        if note and active:
            text, kind, criteria = read_note(exchange.keyring().disclose(note, b""))
        say = exchange.catalogue().speeches[language].say
        known = {criterion.id for criterion in trial.criteria}
        return Opened(
            code=code_of_handle(handle),
            handle=handle,
            trial=trial,
            centre=centre,
            day=exchange.catalogue().shown(
                row.until - timedelta(days=HANDLE_DAYS), handle.trial, exchange.today
            ),
            state=row.state,
            active=active,
            result=None if kind is None else say(f"result.{kind}.title"),
            points=tuple(say(trial.phrase(f"{one}.plain")) for one in criteria if one in known),
            text=text,
        )

    async def reply(self, key: str, text: str, at: tuple[Kind, str] | None = None) -> Told:
        """Brings the centre's words to the patient.

        `key` is a handle with or without its note; `at` is the channel where it was written.
        """
        text = text.strip()
        if not text:
            return Told.EMPTY
        if len(text) > TEXT_LIMIT:
            return Told.LONG
        return await self._act(key, at, ACTIVE, State.ANSWERED, Event.ANSWER, text)

    async def take(self, key: str, at: tuple[Kind, str] | None = None) -> Told:
        """Tells the patient that the team looks after her request; once."""
        return await self._act(key, at, _UNTAKEN, State.TAKEN, Event.TAKEN, "")

    async def close(self, key: str, at: tuple[Kind, str] | None = None) -> Told:
        """Closes a request: its handle is dead from here on; the patient is told."""
        return await self._act(key, at, ACTIVE, State.CLOSED, Event.CLOSED, "")

    async def _act(
        self, key: str, at: tuple[Kind, str] | None, of: frozenset[State], to: State,
        event: Event, text: str,
    ) -> Told:  # fmt: skip
        exchange = self._exchange
        token, _, note = key.partition(".")
        try:
            handle, _ = exchange.opened(token)
        except DeadToken:
            return Told.DEAD
        try:
            if at is not None and not self._is_at(handle, at):
                return Told.ELSEWHERE
            async with exchange.lock(code_of_handle(handle)):
                row = exchange.row(handle)
                if row is None or row.state not in of:
                    return _standing(row, to)
                told = await exchange.patients[handle.web].tell(handle, event, text)
                # She has to be told of an answer; of the rest it is enough that it happened.
                if (event, told) == (Event.ANSWER, Told.DONE):
                    self._count(handle, row)
                if told is Told.DONE or (event is not Event.ANSWER and told is not Told.LATER):
                    self._change(handle, replace(row, state=to, due_on=None), of, note)
                return told
        except StoreError as error:
            self._report(error)
            return Told.LATER

    def _count(self, handle: Handle, row: Row) -> None:
        trial = "" if handle.matching else row.trial
        self._exchange.tally.answered(row.code, handle.campaign, trial, handle.language)

    def _change(self, handle: Handle, row: Row, of: frozenset[State], note: str) -> None:
        """Records what she has been told; when that fails, she has been told all the same."""
        exchange = self._exchange
        if row.state is State.CLOSED:
            exchange.bury(row)
        try:
            exchange.store.change(row.code, row.state, of, due_on=None)
        except StoreError as error:
            self._report(error)
            return
        if row.state is State.CLOSED:
            exchange.show(handle)
        elif not note or self._points(note):
            exchange.show(handle, note)
        # Otherwise somebody answered from the link to her later words. Only the card itself holds
        # what she added to her request, so it is better left as it is.

    def _points(self, note: str) -> bool:
        """Whether a note holds points to check, as the card's own does."""
        try:
            return read_note(self._exchange.keyring().disclose(note, b""))[1] is not None
        except DeadToken:
            return False

    def _is_at(self, handle: Handle, at: tuple[Kind, str]) -> bool:
        channel = self._exchange.channel(handle)
        return channel is not None and (channel.kind, channel.address) == at

    def letter(self, key: str, at: tuple[Kind, str]) -> Letter | None:
        """The card as it should look now; None when the handle is dead or not of this channel."""
        exchange = self._exchange
        token, _, note = key.partition(".")
        try:
            handle, _ = exchange.opened(token)
            row = exchange.store.request(code_of_handle(handle))
        except (DeadToken, StoreError):
            return None
        if not self._is_at(handle, at):
            return None
        state = State.CLOSED if row is None else row.state
        return exchange.cards.card(
            handle, exchange.today, exchange.keyring(),
            note=note, state=state, group=at[0] is not Kind.EMAIL,
        )  # fmt: skip


def _standing(row: Row | None, to: State) -> Told:
    """What is said when a request is not in a state that can be changed."""
    if row is None or row.state not in ACTIVE:
        return Told.ALREADY if row is not None and row.state is to else Told.OVER
    return Told.ALREADY
