"""What tests build: answers by name, changed copies of the data files, conversations by taps."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from dialogs.catalogue import Catalogue, Sources
from dialogs.conversation.dialog import Turn, turn
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import View
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.questions import Bank
from dialogs.wire.keyring import STATE_DAYS, Keyring
from dialogs.wire.pack import Tap
from dialogs.wire.seal import KEY_BYTES

#: The day on which the demonstration shows PALATINE.
DEMONSTRATION_DAY = date(2022, 10, 7)
#: A day on which PALATINE had been closed for years.
CLOSED_DAY = date(2026, 11, 22)
#: Days on which PALATINE was paused, and open but not checked for more than two weeks.
PAUSED_DAY = date(2020, 5, 1)
STALE_DAY = date(2022, 10, 22)

#: Choice numbers on the shortest way to *worth asking about*, in the order asked.
STRAIGHT = {
    "spread": 2,
    "hormone_receptors": 1,
    "her2": 1,
    "treatment": 1,
    "other_breast_cancer": 1,
    "person": 1,
    "activity": 1,
    "planned_treatment": 1,
    "other_points": 1,
    "practical": 1,
    "could_become_pregnant": 1,
    "health": 1,
    "legal": 1,
}
#: The same as facts.
BEST = {
    "spread": "at_diagnosis",
    "spread_sites": "elsewhere",
    "hormone_receptors": "from_10",
    "her2": "negative",
    "treatment": "none",
    "other_breast_cancer": "none",
    "sex": "woman",
    "age": "from_18",
    "activity": "as_before",
    "planned_treatment": "letrozole_palbociclib",
    "other_cancer": "no",
    "study_drug": "no",
    "local_treatment_ruled_out": "no",
    "visits": "possible",
    "tablets": "willing",
    "social_security": "covered",
    "could_become_pregnant": "no",
    "infection": "no",
    "hiv": "no",
    "hepatitis": "no",
    "legal_protection": "none",
    "detention": "no",
    "consent_capacity": "able",
}


@dataclass
class Clock:
    """A calendar that a test turns."""

    today: date = date(2026, 3, 10)

    def __call__(self) -> date:
        """The day it shows."""
        return self.today


def told(bank: Bank, **values: str) -> Answers:
    """Answers by the names of facts and values."""
    codes = {}
    for identity, name in values.items():
        fact = bank.facts[identity]
        code = fact.code(name)

        assert code is not None, f"{identity} has no value {name}"

        codes[fact.slot] = code
    return Answers().replaced(codes)


def toml(data: Mapping[str, Any]) -> str:
    """`data` as TOML, one top-level key a line."""
    return "".join(f"{json.dumps(key)} = {_value(value)}\n" for key, value in data.items())


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(key)} = {_value(item)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def entry(data: Mapping[str, Any], kind: str, identity: str | int) -> dict[str, Any]:
    """The entry of an array of tables that has this id (or number)."""
    found: dict[str, Any] = next(
        item for item in data[kind] if identity in (item.get("id"), item.get("number"))
    )
    return found


def edited(sources: Sources, file: str, change: Callable[[dict[str, Any]], object]) -> Sources:
    """A copy of `sources` in which `change` was made to the content of one TOML file."""

    def done(content: str) -> str:
        data = tomllib.loads(content)
        change(data)
        return toml(data)

    if file == "help.toml":
        return replace(sources, help=done(sources.help))
    if file == "regions.toml":
        return replace(sources, regions=done(sources.regions))
    if file in sources.bank:
        return replace(sources, bank={**sources.bank, file: done(sources.bank[file])})
    if file in sources.trials:
        return replace(sources, trials={**sources.trials, file: done(sources.trials[file])})
    return replace(sources, phrases={**sources.phrases, file: done(sources.phrases[file])})


def translated(
    sources: Sources, language: str, identity: str, change: Callable[[Message], object]
) -> Sources:
    """A copy of `sources` in which `change` was made to one message of a catalogue."""
    catalog: Catalog = read_po(BytesIO(sources.catalogues[language].encode()), locale=language)
    change(next(message for message in catalog if message.context == identity))
    buffer = BytesIO()
    write_po(buffer, catalog, width=0)
    return replace(sources, catalogues={**sources.catalogues, language: buffer.getvalue().decode()})


class Talk:
    """A conversation of which nothing survives a tap but the token of a button."""

    _BINDING = b"talk"

    def __init__(
        self,
        catalogue: Catalogue,
        language: str = "en",
        today: date = DEMONSTRATION_DAY,
        session: Session | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.today = today
        self._keyring = Keyring("state", {today: bytes(range(KEY_BYTES))}, today, STATE_DAYS)
        self.last = self.turned(
            session or Session(language=language, tag=0xA5A5A5A5A5), Action.SHOW
        )

    @property
    def session(self) -> Session:
        """The session, as it stands in the tokens of the screen."""
        return self.last.session

    @property
    def view(self) -> View:
        """The screen."""
        return self.last.view

    @property
    def step(self) -> Step:
        """The step of the screen."""
        return self.last.view.step

    @property
    def asked(self) -> str:
        """The id of the question in hand."""
        return self.catalogue.bank.by_key[self.session.focus].id

    def turned(self, session: Session, action: Action, arg: int = 0) -> Turn:
        """The turn of a tap that travels as a token; this conversation does not move."""
        layout = self.catalogue.layout
        payload = layout.with_tap(layout.pack(session), Tap(action, arg))
        token = self._keyring.seal(payload, self._BINDING)
        opened, tap = layout.unpack(self._keyring.open(token, self._BINDING))

        assert session == opened

        return turn(opened, tap, self.today, self.catalogue)

    def force(self, action: Action, arg: int = 0) -> "Talk":
        """A tap that the screen may not offer."""
        self.last = self.turned(self.session, action, arg)
        return self

    def tap(self, action: Action, arg: int = 0) -> "Talk":
        """A tap on a button of the screen."""
        offered = [(button.action, button.arg) for button in self.view.buttons()]

        assert (action, arg) in offered, f"{self.step.name} does not offer {action.name} {arg}"

        return self.force(action, arg)

    def answer(self, identity: str, number: int) -> "Talk":
        """The answer to the question that is asked now."""
        assert (Step.QUESTION, identity) == (self.step, self.asked)

        return self.tap(Action.ANSWER, number)

    def questions(self) -> "Talk":
        """From the welcome to the first question, for oneself."""
        return self.tap(Action.START).tap(Action.WHOM, 1)

    def answered(self, **numbers: int) -> "Talk":
        """All questions from here on, with `numbers` in place of the straight answers."""
        while self.step is Step.QUESTION:
            number = numbers.get(self.asked, STRAIGHT.get(self.asked))

            assert number is not None, f"no answer given for {self.asked}"

            self.tap(Action.ANSWER, number)
        return self

    def result(self, **numbers: int) -> "Talk":
        """From the welcome to the result."""
        self.questions().answered(**numbers)
        return self.tap(Action.RESULT)
