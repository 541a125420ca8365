"""A view in the making: the words and buttons of one screen, in the session's language and form."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property, lru_cache

from dialogs.catalogue import Carrier, Catalogue
from dialogs.conversation.inquiry import answered
from dialogs.conversation.session import LANGUAGES, Session
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Block, BlockKind, Button, Style, View
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.facts import Fact
from dialogs.eligibility.matching import Assessment, assess
from dialogs.eligibility.questions import Question

__all__ = ["Canvas"]


@lru_cache(maxsize=512)  # two forms of every step in every language
def _tools(speech: Speech, relative: bool, step: Step) -> tuple[Button, ...]:
    """The buttons of every screen, but the one that leads to where she stands."""
    tools = []
    if step is not Step.URGENT:
        tools.append(Button(speech.say("tool.urgent", relative), Action.URGENT))
    tools += [
        Button(speech.names[language], Action.LANGUAGE, number)
        for language, number in LANGUAGES.items()
        if language != speech.language
    ]
    if step is not Step.PRIVACY:
        tools.append(Button(speech.say("tool.privacy", relative), Action.PRIVACY))
    if step not in (Step.ERASE, Step.ERASED):
        tools.append(Button(speech.say("tool.erase", relative), Action.ERASE))
    return tuple(tools)


@lru_cache(maxsize=64)  # two forms in every language on a few days
def _banner(speech: Speech, relative: bool, day: date | None) -> str:
    if day is None:
        return speech.say("banner.many", relative)
    return speech.say("banner", relative, day=speech.date(day))


class Canvas:
    """Collects blocks and rows; `view` closes it."""

    def __init__(
        self, session: Session, today: date, catalogue: Catalogue, dropped: Sequence[str] = ()
    ) -> None:
        """`dropped` names questions whose answers just stopped counting: the view says so."""
        self.session = session
        self.today = today
        self.catalogue = catalogue
        self.speech = catalogue.speeches[session.language]
        self.relative = session.relative
        self._texts = self.speech.texts(self.relative)
        self._dropped = dropped
        self._blocks: list[Block] = []
        self._rows: list[tuple[Button, ...]] = []

    @property
    def trial(self) -> Trial:
        """The trial in focus; `KeyError` where the conversation is about all of them."""
        return self.catalogue.trials[self.session.trial]

    @cached_property
    def assessment(self) -> Assessment:
        """What the answers mean for the trial in focus."""
        return assess(self.trial, self.catalogue.bank, self.session.answers)

    @cached_property
    def answered(self) -> list[Question]:
        """The questions answered so far, without those that an earlier one has told already."""
        return answered(self.session, self.catalogue, self.today)

    def say(self, identity: str, **values: object) -> str:
        """A phrase in the form that fits patient or relative."""
        text = self._texts[identity]
        return text.format_map(values) if values else text

    def of_trial(self, part: str) -> str:
        """A phrase of the trial in focus."""
        return self.say(self.trial.phrase(part))

    def add(
        self, kind: BlockKind, text: str, href: str | None = None, detail: str | None = None
    ) -> None:
        """A block with ready words."""
        self._blocks.append(Block(kind, text, href, detail))

    def text(self, identity: str, **values: object) -> None:
        """A paragraph."""
        self.add(BlockKind.TEXT, self.say(identity, **values))

    def note(self, identity: str, **values: object) -> None:
        """A paragraph set apart."""
        self.add(BlockKind.NOTE, self.say(identity, **values))

    def heading(self, identity: str, **values: object) -> None:
        """The heading of a part of the screen."""
        self.add(BlockKind.HEADING, self.say(identity, **values))

    def door(self, carrier: Carrier) -> None:
        """The more private way, beside a chat that `carrier` can read."""
        if carrier.web is not None:
            self.add(BlockKind.LINK, self.say("carrier.web"), carrier.web)

    def papers(self, fact: Fact) -> None:
        """Where a fact stands in her papers, set apart."""
        for asked in self.trial.order:
            if fact in asked.facts and asked.where:
                self.note(f"question.{asked.id}.where")
                return

    def button(
        self,
        identity: str,
        action: Action,
        arg: int = 0,
        style: Style = Style.PLAIN,
        **values: object,
    ) -> Button:
        """A button, to be placed in a row."""
        return Button(self.say(identity, **values), action, arg, style)

    def row(self, *buttons: Button) -> None:
        """A row of buttons; with none there is no row."""
        if buttons:
            self._rows.append(buttons)

    def ready(self, blocks: Iterable[Block], rows: Iterable[tuple[Button, ...]]) -> None:
        """Blocks and rows that were made before."""
        self._blocks += blocks
        self._rows += rows

    def back(self) -> None:
        """The way back, in a row of its own."""
        self.row(self.button("button.back", Action.BACK))

    def others(self, style: Style = Style.PLAIN) -> Button:
        """The way to other studies: those of this service, or, with one alone, elsewhere.

        Where a study is looked at that stands in a list, that list.
        """
        if self.session.matching:
            return self.button("button.matches", Action.BACK, style=style)
        action = Action.ELSEWHERE if self.catalogue.home else Action.OTHERS
        return self.button("button.elsewhere", action, style=style)

    def view(
        self,
        title: str,
        *,
        progress: str | None = None,
        bar: tuple[int, int] | None = None,
        printable: bool = False,
    ) -> View:
        """The finished screen, headed `title` (ready words)."""
        notice = None
        if self._dropped:
            labels = self.speech.list(self.say(f"question.{d}.label") for d in self._dropped)
            notice = self.say("notice.dropped", labels=labels)
        banner = None
        if self.catalogue.demonstration:
            day = self.today if self.session.trial else None
            banner = _banner(self.speech, self.relative, day)
        step = self.session.step
        tools = _tools(self.speech, self.relative, step)
        return View(
            step, self.session.language, title, tuple(self._blocks), tuple(self._rows), tools,
            banner, notice, progress, printable, bar=bar,
        )  # fmt: skip
