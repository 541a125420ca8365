"""Where a token comes in and a page goes out, the same for every channel.

The desk holds the living keys and the catalogue, and nothing about anybody: between two taps a
conversation exists only in the buttons of its own page or chat.
"""

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from operator import attrgetter

from bot.door import ANYWHERE, Entrance
from bot.page import Page
from bot.store.keyfiles import KeyFiles
from bot.store.living import LivingKeys
from bot.tally import Tally
from dialogs.catalogue import Catalogue
from dialogs.conversation.dialog import Turn, aside, draft, expired, message, noted, turn
from dialogs.conversation.due import day_of
from dialogs.conversation.effects import Effect, Settled
from dialogs.conversation.milestones import Milestone
from dialogs.conversation.requests import outcome
from dialogs.conversation.screens import Aside, Event
from dialogs.conversation.session import LANGUAGES, SENT_DAYS, TAG_BITS, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import View
from dialogs.errors import DeadToken, StaleTap
from dialogs.wire.handle import Handle
from dialogs.wire.keyring import Keyring
from dialogs.wire.pack import Tap

__all__ = ["LONGEST_LINK", "Desk", "Page"]

#: Characters of a link under a message; longer ones are refused.
LONGEST_LINK = 2048

#: The tap of a button, as the layout takes it.
_TAP = attrgetter("action", "arg", "trial")
#: Where a conversation can be opened that goes from a chat to the web page.
_CARRIED = b"carried"


class Desk:
    """Answers taps.

    `clock` gives the real day, which the keys follow. A demonstration shows each trial as on its
    own demonstration day; otherwise the trials, too, are of the real day.
    """

    languages: tuple[str, ...] = tuple(LANGUAGES)

    def __init__(
        self, catalogue: Catalogue, keys: KeyFiles, clock: Callable[[], date] = date.today
    ) -> None:
        self.catalogue = catalogue
        self.tally = Tally(clock)
        #: Of groups, by their slug; they follow the store, as the catalogue does.
        self.entrances: Mapping[str, Entrance] = {}
        self._keys = LivingKeys(keys, clock)

    def keyring(self) -> Keyring:
        """The keys of today, see `LivingKeys`."""
        return self._keys.keyring()

    def welcome(self, binding: bytes, language: str, by: Entrance = ANYWHERE) -> Page:
        """A fresh conversation, for the place that `binding` names, about the entrance's study."""
        session = replace(self._fresh(language, by.trial), campaign=by.campaign)
        done = turn(session, Tap(Action.SHOW), self._day(session), self.catalogue)
        return self._page(done, binding)

    def press(self, binding: bytes, token: str, language: str = "fr") -> Page:
        """The page after a tap; for a token that does not open, the way to start again.

        Whatever `token` is, it raises nothing; `language` is for the case that it does not open.
        """
        try:
            session, tap = self._opened(binding, token)
        except DeadToken:
            return self.start_again(binding, language)
        done = turn(session, tap, self._day(session), self.catalogue)
        return self._leading(self._page(done, binding, tap.action, session.step))

    def settled(self, binding: bytes, page: Page, kind: Settled, sent: date) -> Page:
        """The page after the errand of `page`; `sent` is the real day of the request."""
        session = page.session
        day = self.catalogue.shown(sent, session.trial, self.keyring().today)
        tap = Tap(Action.OUTCOME, outcome(kind, day.toordinal()))
        return self._page(turn(session, tap, self._day(session), self.catalogue), binding)

    def sent_on(self, session: Session) -> date:
        """The real day of the request of `session`; a demonstration shows another."""
        shown = self._day(session)
        return self.keyring().today - (shown - day_of(session.sent, shown))

    def carry(self, page: Page, note: str = "") -> str:
        """What opens the conversation of `page` on the web page, with a `note` of hers beside it.

        It goes behind the `#` of a link, and lives as long as a button.
        """
        layout = self.catalogue.layout
        shown = layout.with_tap(layout.pack(replace(page.session, channel=0)), Tap(Action.SHOW))
        token = self.keyring().seal(shown, _CARRIED)
        if not note:
            return token
        return f"{token}.{self.keyring().enclose(note.encode(), _CARRIED + token.encode())}"

    def carried(self, binding: bytes, key: str) -> tuple[Page, str] | None:
        """The page and the note of what `carry` gave; None when it does not open."""
        token, _, note = key.partition(".")
        try:
            session, tap = self.catalogue.layout.unpack(self.keyring().open(token, _CARRIED))
            place = _CARRIED + token.encode()
            words = self.keyring().disclose(note, place).decode() if note else ""
        except DeadToken:
            return None
        return self._page(turn(session, tap, self._day(session), self.catalogue), binding), words

    def moved(self, binding: bytes, page: Page) -> Page:
        """`page` with its buttons sealed to the place that `binding` names, and to no other."""
        *sealed, here = self._sealed(page.session, page.view, binding)
        return replace(page, sealed=tuple(sealed), here=here)

    def message(self, binding: bytes, handle: Handle, event: Event, text: str) -> Page:
        """What a centre said or did, as it reaches the patient that `handle` leads to."""
        trial = self.catalogue.trial(handle.trial).number
        shown = self._day(Session(trial=trial))
        gone = self.keyring().today - day_of(handle.sent, self.keyring().today)
        session = Session(
            language=handle.language, step=Step.MESSAGE, focus=handle.centre, trial=trial,
            whom=Whom.RELATIVE if handle.relative else Whom.SELF, tag=handle.tag,
            sent=(shown - gone).toordinal() % SENT_DAYS, attempt=handle.attempt,
            campaign=handle.campaign, matching=handle.matching, furthest=Milestone.REQUEST,
        )  # fmt: skip
        done = message(session, event, text, shown, self.catalogue)
        return self._page(done, binding)

    def draft(self, binding: bytes, token: str, text: str) -> Page | None:
        """Her text to a centre read back to her; None where the screen of `token` asks for none."""
        try:
            session, _ = self._opened(binding, token)
            done = draft(session, text, self._day(session), self.catalogue)
        except (DeadToken, StaleTap):
            return None
        return self._page(done, binding)

    def noted(self, binding: bytes, tokens: list[str], text: str, before: str) -> Page | None:
        """The summary with these `tokens`, and her note below what she noted `before`, if any."""
        try:
            opened = [self._opened(binding, token) for token in tokens]
            # A card beside the summary carries the conversation too, but not what was noted.
            session = next(one for one, tap in opened if tap.action is Action.PAPER)
            done, note = noted(session, text, before, self._day(session), self.catalogue)
        except (DeadToken, StaleTap, StopIteration):
            return None
        return self._leading(self._page(done, binding), note)

    def annotated(self, binding: bytes, page: Page, note: str) -> Page:
        """`page`, a summary, with what she noted on it before."""
        done, note = noted(page.session, note, "", self._day(page.session), self.catalogue)
        return self._leading(replace(self._page(done, binding), many=page.many), note)

    def _leading(self, page: Page, note: str = "") -> Page:
        """A summary with her note, and the link that opens both on the web page."""
        web = self.catalogue.carrier and self.catalogue.carrier.web
        # Telegram refuses a whole message for a button with an address that is not public.
        if page.view.step is not Step.SUMMARY or not (web or "").startswith("https://"):
            return replace(page, note=note)
        way = f"{web}/summary#{self.carry(page, note)}"
        if len(way) > LONGEST_LINK:
            way = f"{web}/summary#{self.carry(page)}"
        return replace(page, note=note, way=way)

    def start_again(self, binding: bytes, language: str) -> Page:
        """The friendly way on when a conversation cannot be opened."""
        session = self._fresh(language)
        return self._page(expired(session, self._day(session), self.catalogue), binding)

    def act(self, binding: bytes, action: Action, token: str | None, language: str) -> Page:
        """The page after `action` in the conversation of `token`, whatever `token` itself does.

        Without a token, or with one that does not open, the conversation is a fresh one.
        """
        session = self._session(binding, token, language)
        done = turn(session, Tap(action), self._day(session), self.catalogue)
        return self._page(done, binding)

    def aside(self, binding: bytes, kind: Aside, token: str | None, language: str) -> Page:
        """What is said to typed words, in the conversation of `token`; otherwise as `act`."""
        session = self._session(binding, token, language)
        done = aside(kind, session, self._day(session), self.catalogue)
        return self._page(done, binding)

    def _session(self, binding: bytes, token: str | None, language: str) -> Session:
        if token is not None:
            with suppress(DeadToken):
                return self._opened(binding, token)[0]
        return self._fresh(language)

    def _opened(self, binding: bytes, token: str) -> tuple[Session, Tap]:
        """What `token` says; `DeadToken` when it does not open here."""
        return self.catalogue.layout.unpack(self.keyring().open(token, binding))

    def _fresh(self, language: str, trial: int = 0) -> Session:
        known = language if language in LANGUAGES else self.languages[0]
        about = trial if trial in self.catalogue.trials else self.catalogue.home
        tag = secrets.randbits(TAG_BITS)
        return Session(language=known, trial=about, matching=about == 0, tag=tag)

    def _day(self, session: Session) -> date:
        today = self.keyring().today
        return self.catalogue.shown(today, session.trial, today)

    def shows(self, binding: bytes, tokens: list[str], page: Page) -> bool:
        """Whether buttons with these `tokens` are those of `page`, perhaps of another day's key."""
        buttons = page.view.buttons()
        if len(tokens) != len(buttons):
            return False
        try:
            opened = [self._opened(binding, token) for token in tokens]
        except DeadToken:
            return False
        taps = [Tap(button.action, button.arg) for button in buttons]
        # A button may bring another study into focus; apart from that they are of one session.
        sessions = {replace(session, trial=0) for session, _ in opened}
        return taps == [tap for _, tap in opened] and len(sessions) == 1

    def _sealed(self, session: Session, view: View, binding: bytes) -> list[str]:
        layout = self.catalogue.layout
        taps = (*map(_TAP, view.buttons()), (Action.SHOW, 0, None))
        return self.keyring().seal_all(layout.with_taps(layout.pack(session), taps), binding)

    def _page(
        self, done: Turn, binding: bytes, tapped: Action | None = None, left: Step | None = None
    ) -> Page:
        self.tally.note(done.session, done.marks, self.catalogue.trials)
        *sealed, here = self._sealed(done.session, done.view, binding)
        return Page(
            view=done.view,
            sealed=tuple(sealed),
            here=here,
            speech=self.catalogue.speeches[done.session.language],
            erased=Effect.ERASE in done.effects,
            many=done.session.channel == 1,
            tapped=tapped,
            left=left,
            errand=next((effect for effect in done.effects if effect is not Effect.ERASE), None),
            session=done.session,
        )
