"""The words of all letters about a request: what a centre reads, and nothing that it must not."""

from collections.abc import Callable
from datetime import date

from bot.contact.letter import Letter
from bot.store.records import State
from dialogs.catalogue import Catalogue
from dialogs.conversation.due import day_of, working_day
from dialogs.conversation.screens.request import WORKING_DAYS
from dialogs.conversation.speech import Speech
from dialogs.eligibility.criteria import Trial
from dialogs.trialfile import CentreEntry
from dialogs.wire.code import code_of, grouped
from dialogs.wire.handle import Deed, Handle, pack
from dialogs.wire.keyring import Keyring

__all__ = ["Cards", "code_of_handle"]

#: Letters about one request, told apart: the card, and what comes after it. Her texts have higher
#: ones, made of their content.
_CARD, _CHANGED, _REMINDER, _OPERATOR, _TEXTS = 0, 1, 2, 3, 16


def code_of_handle(handle: Handle) -> str:
    """The code of the request of `handle`, in its normal form."""
    return code_of(handle.tag, handle.trial, handle.centre, handle.attempt)


class Cards:
    """Writes letters in `language`; `web` is the address of the web page, without a slash."""

    def __init__(self, catalogue: Callable[[], Catalogue], web: str, language: str) -> None:
        self._catalogue = catalogue
        self._web = web
        self._language = language

    @property
    def speech(self) -> Speech:
        """How staff are spoken to."""
        return self._catalogue().speeches[self._language]

    @property
    def web(self) -> str:
        """The address of the web page, without a slash at the end."""
        return self._web

    @property
    def site(self) -> str:
        """The address of the web page as people write it down."""
        return self._web.partition("//")[2]

    def place(self, handle: Handle) -> tuple[Trial, CentreEntry] | None:
        """The trial and centre of a handle; None when one of them is gone."""
        trial = self._catalogue().trials.get(handle.trial)
        centre = trial.centre(handle.centre) if trial is not None else None
        return None if trial is None or centre is None else (trial, centre)

    def link(self, token: str, note: str = "") -> str:
        """The address of the reply page; what must not be logged stands behind its `#`."""
        page = f"{self._web}/reply?lang={self._language}"
        return f"{page}#{token}{'.' if note else ''}{note}"

    def card(
        self,
        handle: Handle,
        today: date,
        keyring: Keyring,
        *,
        note: str = "",
        state: State = State.SENDING,
        group: bool,
        repeat: bool = False,
    ) -> Letter:
        """The card of a request in `state`, for a staff group or a mail.

        Once the request is over, that comes first, and there is no link and no button any more.
        `note` is what she added, sealed. Raises `DeadToken` when the key of the request's day is
        gone.
        """
        code = grouped(code_of_handle(handle))
        known = self.place(handle) is not None
        over = not known or state in (State.ENDED, State.CLOSED)
        lines = self._about(handle, today, waits=not over and state is not State.ANSWERED)
        if repeat:
            lines.insert(0, self.speech.say("staff.repeat", code=code))
        if known and state in (State.TAKEN, State.ANSWERED, State.CLOSED, State.ENDED):
            told = self.speech.say(f"staff.state.{state.value}")
            lines.insert(0 if over else len(lines), told)
        if over:
            title = self.speech.say("staff.title.over", code=code)
            return Letter(code, title, tuple(lines), serial=_CHANGED)
        title = self.speech.say("staff.title", code=code)
        day = day_of(handle.sent, today)
        tokens = {deed: keyring.seal(pack(handle, deed), b"", day) for deed in Deed}
        if note:
            lines.append(self.speech.say("staff.points"))
        chat = group and not handle.web
        lines.append(self.speech.say("staff.how.group" if chat else "staff.how.page"))
        lines.append(self.speech.say("staff.never"))
        say = self.speech.say
        return Letter(
            code, title, tuple(lines),
            link=self.link(tokens[Deed.OPEN], note),
            label=say("staff.reply" if group and handle.web else "staff.open"),
            handle=tokens[Deed.OPEN] + ("." + note if note else ""),
            buttons=self._buttons(tokens, state, reply=chat) if group else (),
            serial=_CARD if state is State.SENDING else _CHANGED,
        )  # fmt: skip

    def _about(self, handle: Handle, today: date, *, waits: bool) -> list[str]:
        place = self.place(handle)
        if place is None:
            return [self.speech.say("staff.state.over")]
        trial, centre = place
        day = self._catalogue().shown(day_of(handle.sent, today), handle.trial, today)
        speech = self.speech
        lines = [
            speech.say(
                "staff.asks", handle.relative, centre=centre.name, city=centre.city,
                name=trial.name, nct=trial.id, day=speech.date(day),
            ),
            speech.say(f"staff.reads.{handle.language}"),
        ]  # fmt: skip
        if waits:
            due = working_day(day, WORKING_DAYS, self._catalogue().holidays)
            lines.append(speech.say("staff.due", day=speech.date(due)))
        if centre.sample:
            lines.insert(0, speech.say("staff.sample"))
        return lines

    def _buttons(
        self, tokens: dict[Deed, str], state: State, *, reply: bool
    ) -> tuple[tuple[tuple[str, str], ...], ...]:
        say = self.speech.say
        found = [(say("staff.reply"), tokens[Deed.OPEN])] if reply else []
        if state not in (State.TAKEN, State.ANSWERED):
            found.append((say("staff.take"), tokens[Deed.TAKEN]))
        found.append((say("staff.close"), tokens[Deed.CLOSE]))
        # One in a row: side by side a telephone cuts their words off.
        return tuple((button,) for button in found)

    def words(
        self, handle: Handle, today: date, keyring: Keyring, note: str, serial: int
    ) -> Letter:
        """Word that she has written; her text is the sealed `note`."""
        code = grouped(code_of_handle(handle))
        place = self.place(handle)
        centre = place[1].name if place else ""
        token = keyring.seal(pack(handle, Deed.OPEN), b"", day_of(handle.sent, today))
        say = self.speech.say
        return Letter(
            code,
            say("staff.title.words", code=code),
            (say("staff.words", code=code, centre=centre), say("staff.never")),
            link=self.link(token, note),
            label=say("staff.read"),
            handle=f"{token}.{note}",
            serial=_TEXTS + serial,
        )

    def reminder(self, code: str, centre: CentreEntry) -> Letter:
        """To a centre that has not answered: the code and nothing else."""
        shown = grouped(code)
        line = self.speech.say("staff.reminder", code=shown, centre=centre.name)
        title = self.speech.say("staff.title.reminder", code=shown)
        return Letter(shown, title, (line,), serial=_REMINDER)

    def operator(self, code: str, trial: Trial, centre: CentreEntry, *, reminded: bool) -> Letter:
        """To the operator, when a centre stays silent or its reminder cannot arrive."""
        phrase = "staff.operator" if reminded else "staff.operator.unreached"
        return self._to_operator(
            code,
            self.speech.say(
                phrase, code=grouped(code), centre=centre.name, nct=trial.id, phone=centre.phone
            ),
        )

    def gone(self, code: str, trial: str, centre: int) -> Letter:
        """To the operator, when a request is to a centre that the data do not know any more."""
        line = self.speech.say("staff.operator.gone", code=grouped(code), number=centre, nct=trial)
        return self._to_operator(code, line)

    def _to_operator(self, code: str, line: str) -> Letter:
        shown = grouped(code)
        title = self.speech.say("staff.title", code=shown)
        return Letter(shown, title, (line,), serial=_OPERATOR)

    def away(self, trial: Trial, centre: CentreEntry, today: date) -> Letter:
        """To the operator, when the channel of a centre does not work."""
        line = self.speech.say(
            "staff.operator.away", centre=centre.name, city=centre.city, nct=trial.id
        )
        return Letter(
            f"{trial.id}-{centre.number}",
            self.speech.say("staff.operator.away.title"),
            (line,),
            serial=today.toordinal(),
        )
