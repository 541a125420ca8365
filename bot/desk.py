"""Where a token comes in and a page goes out, the same for every channel.

The desk holds the living keys and the catalogue, and nothing about anybody: between two taps a
conversation exists only in the buttons of its own page or chat.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import attrgetter

from bot.events import report
from bot.store.keyfiles import KeyFileError, KeyFiles
from dialogs.catalogue import Catalogue
from dialogs.conversation.dialog import Turn, aside, expired, turn
from dialogs.conversation.effects import Effect
from dialogs.conversation.screens import Aside
from dialogs.conversation.session import LANGUAGES, TAG_BITS, Session
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Action
from dialogs.conversation.view import Button, View
from dialogs.errors import ClockBehind, DeadToken
from dialogs.wire.keyring import Keyring
from dialogs.wire.pack import Tap

__all__ = ["Desk", "Page"]


#: How far a clock may go back while the service runs: it was set right at midnight.
_GLITCH = timedelta(days=1)
#: The tap of a button, as the layout takes it.
_TAP = attrgetter("action", "arg")


@dataclass(frozen=True, slots=True)
class Page:
    """A screen with a token for each of its buttons in their order, and one that draws it again.

    `many`: each screen is to come as a new message, where a channel has messages. `tapped` is what
    the pressed button asked for, if it opened.
    """

    view: View
    sealed: tuple[str, ...]
    here: str
    speech: Speech
    erased: bool
    many: bool = False
    tapped: Action | None = field(default=None, compare=False)

    @property
    def tokens(self) -> dict[Button, str]:
        """The token of each button."""
        return dict(zip(self.view.buttons(), self.sealed, strict=True))


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
        self._keys = keys
        self._clock = clock
        self._keyring = keys.keyring(clock())
        self._behind = False

    def keyring(self) -> Keyring:
        """The keys of today; makes and destroys keys when a day has passed.

        When the key files cannot be used, the keys in memory serve on, none longer than its days,
        and the files are tried again. A clock that goes back a day changes nothing; one that goes
        back further raises `ClockBehind`, because keys could outlive their promise.
        """
        today = self._clock()
        if today == self._keyring.today and not self._behind:
            return self._keyring
        if today < self._keyring.today - _GLITCH:
            raise ClockBehind(today, self._keyring.today)
        if today > self._keyring.today or (self._behind and today == self._keyring.today):
            try:
                self._keyring = self._keys.keyring(today)
                self._behind = False
            except KeyFileError as error:
                if not self._behind:
                    report(error)
                self._behind = True
                self._keyring = self._keyring.aged(today)
        return self._keyring

    def welcome(self, binding: bytes, language: str) -> Page:
        """A fresh conversation, for the place that `binding` names."""
        return self.act(binding, Action.SHOW, None, language)

    def press(self, binding: bytes, token: str, language: str = "fr") -> Page:
        """The page after a tap; for a token that does not open, the way to start again.

        Whatever `token` is, it raises nothing; `language` is for the case that it does not open.
        """
        try:
            session, tap = self._opened(binding, token)
        except DeadToken:
            return self.start_again(binding, language)
        done = turn(session, tap, self._day(session), self.catalogue)
        return self._page(done, binding, tap.action)

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

    def _fresh(self, language: str) -> Session:
        known = language if language in LANGUAGES else self.languages[0]
        return Session(
            language=known, trial=self.catalogue.trial(0).number, tag=secrets.randbits(TAG_BITS)
        )

    def _day(self, session: Session) -> date:
        if self.catalogue.demonstration:
            return self.catalogue.trial(session.trial).demonstration
        return self.keyring().today

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
        return taps == [tap for _, tap in opened] and len({session for session, _ in opened}) == 1

    def _page(self, done: Turn, binding: bytes, tapped: Action | None = None) -> Page:
        keyring = self.keyring()
        layout = self.catalogue.layout
        buttons = done.view.buttons()
        taps = (*map(_TAP, buttons), (Action.SHOW, 0))
        payloads = layout.with_taps(layout.pack(done.session), taps)
        *sealed, here = keyring.seal_all(payloads, binding)
        return Page(
            view=done.view,
            sealed=tuple(sealed),
            here=here,
            speech=self.catalogue.speeches[done.session.language],
            erased=Effect.ERASE in done.effects,
            many=done.session.channel == 1,
            tapped=tapped,
        )
