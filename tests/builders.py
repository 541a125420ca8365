"""What tests build: answers by name, changed copies of the data files, conversations by taps."""

import json
import tomllib
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from dialogs.catalogue import Catalogue, Sources
from dialogs.conversation.dialog import Turn, turn
from dialogs.conversation.effects import Settled
from dialogs.conversation.requests import outcome
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

    def actions(self) -> set[Action]:
        """What the buttons of the screen do."""
        return {button.action for button in self.view.buttons()}

    def turned(self, session: Session, action: Action, arg: int = 0) -> Turn:
        """The turn of a tap that travels as a token; this conversation does not move."""
        layout = self.catalogue.layout
        payload = layout.with_tap(layout.pack(session), Tap(action, arg))
        token = self._keyring.seal(payload, self._BINDING)
        opened, tap = layout.unpack(self._keyring.open(token, self._BINDING))

        assert session == opened

        return turn(opened, tap, self.today, self.catalogue)

    def copy(self) -> "Talk":
        """A conversation that goes on from here on its own."""
        return copy(self)

    def force(self, action: Action, arg: int = 0) -> "Talk":
        """A tap that the screen may not offer."""
        self.last = self.turned(self.session, action, arg)
        return self

    def tap(self, action: Action, arg: int = 0) -> "Talk":
        """A tap on a button of the screen."""
        offered = [(button.action, button.arg) for button in self.view.buttons()]

        assert (action, arg) in offered, f"{self.step.name} does not offer {action.name} {arg}"

        return self.force(action, arg)

    def pick(self, trial: int, action: Action = Action.PICK) -> "Talk":
        """A tap on the button of a study, which brings it into focus."""
        offered = [(button.action, button.trial) for button in self.view.buttons()]

        assert (action, trial) in offered, f"{self.step.name} does not offer {trial}"

        self.last = self.turned(replace(self.session, trial=trial), action)
        return self

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


#: Answers that leave more points open than the result itself can tell in full.
UNSURE = dict.fromkeys(STRAIGHT, 6) | {"biopsy": 6, "pregnant": 6, "contraception": 6}


def everywhere(catalogue: Catalogue, language: str = "en", relative: bool = False) -> list[Talk]:
    """Conversations on every kind of screen: each step, each question, each kind of result."""
    welcome = Talk(catalogue, language)
    whom = welcome.copy().tap(Action.START)
    found = [welcome, whom]
    start = whom.copy().tap(Action.WHOM, 1)
    if relative:
        agreement = whom.copy().tap(Action.WHOM, 2)
        information = agreement.copy().tap(Action.AGREED, 0)
        found += [agreement, information, information.copy().tap(Action.CONTACT)]
        start = agreement.copy().tap(Action.AGREED, 1)
    found += [*_questions(start), *_ends(start)]
    for action in (
        Action.ABOUT, Action.PRIVACY, Action.NEWS, Action.URGENT, Action.STOP, Action.ERASE,
    ):  # fmt: skip
        found.append(start.copy().force(action))
    found.append(found[-1].copy().tap(Action.ERASE_NOW))
    return found


def _questions(start: Talk) -> list[Talk]:
    """Every question with its explanations, and what follows from an answer that rules out."""
    opening = {
        "spread": 1,
        "spread_sites": 2,
        "hormone_receptors": 6,
        "her2": 6,
        "earlier_kind": 1,
        "bone_rays": 2,
        "bone_type": 6,
        "biopsy": 6,
        "other_points": 2,
        "other_cancer_kind": 1,
        "could_become_pregnant": 2,
        "pregnant": 1,
        "contraception": 1,
    }
    late = start.copy().answer("spread", 3)
    found = [late.copy(), start.copy().answer("spread", 4)]
    asked = set()
    for talk, other in ((start.copy(), 2), (start.copy(), 4), (late.tap(Action.GO_ON), 1)):
        choices = {**STRAIGHT, **opening, "other_breast_cancer": other, "both_alike": 1}
        while talk.step is Step.QUESTION:
            if talk.asked not in asked:
                asked.add(talk.asked)
                found += [talk.copy(), talk.copy().tap(Action.WHY)]
                if Action.WHERE in talk.actions():
                    found.append(talk.copy().tap(Action.WHERE))
            talk.tap(Action.ANSWER, choices[talk.asked])
    return found


def _ends(start: Talk) -> list[Talk]:
    """Every kind of result with what lies behind it."""
    found = []
    for choices in (
        {},
        {"her2": 4},
        UNSURE,
        {"her2": 3},
        {"treatment": 5},
        {"legal": 7},
        {"could_become_pregnant": 2, "pregnant": 2},
    ):
        talk = start.copy()
        while Action.ANSWER in talk.actions():
            talk.tap(Action.ANSWER, {**STRAIGHT, **choices}[talk.asked])
            if Action.GO_ON in talk.actions():
                found.append(talk.copy())
                talk.tap(Action.GO_ON)
        found += [talk.copy(), talk.copy().tap(Action.RESULT)]
    found.append(start.copy().answer("spread", 2).force(Action.RECAP))
    result = found[1]
    regions = result.copy().tap(Action.CONTACT)
    centres = regions.copy().tap(Action.REGION, 11)
    pages = [found[5].copy().tap(Action.POINTS)]
    while Action.POINTS in pages[-1].actions():
        page = pages[-1].session.focus + 1
        pages.append(pages[-1].copy().tap(Action.POINTS, page))
    for action in (Action.SUMMARY, Action.NEXT_STEPS, Action.ELSEWHERE):
        # A service of several studies has its own others first.
        found.append(result.copy().force(action))
    contact = centres.copy().tap(Action.CENTRE, 1)
    asked = _requests(contact) if contact.catalogue.reach else []
    return [*found, *pages, regions, centres, contact, *asked]


def _requests(contact: Talk) -> list[Talk]:
    """Every screen of a request to the centre of `contact`."""
    preview = contact.copy().tap(Action.ASK)
    sending = preview.copy().tap(Action.CONFIRM)
    done = outcome(Settled.DONE, contact.today.toordinal())
    sent = sending.copy().force(Action.OUTCOME, done)
    waiting = sent.copy().tap(Action.WAITING)
    ending = sent.copy().tap(Action.END)
    found = [preview, preview.copy().tap(Action.DETAILS, 1), sending, sent, waiting, ending]
    found.append(waiting.copy().tap(Action.CONTACT))
    found.append(ending.copy().tap(Action.END_NOW).force(Action.OUTCOME, done))
    found += [
        sending.copy().force(Action.OUTCOME, outcome(kind, 0))
        for kind in (Settled.UNSENT, Settled.UNSURE, Settled.FULL, Settled.OVER)
    ]
    for step in (Step.MESSAGE, Step.WRITE, Step.DRAFT, Step.PASSED):
        session = sent.session.at(step)
        found.append(Talk(contact.catalogue, session.language, contact.today, session))
    return found
