"""A view in the making: the words and buttons of one screen, in the session's language and form."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES, Session
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Block, BlockKind, Button, Style, View
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.matching import Assessment, assess
from dialogs.eligibility.questions import Fact

__all__ = ["Canvas"]


class Canvas:
    """Collects blocks and rows; `view` closes it."""

    def __init__(
        self, session: Session, today: date, catalogue: Catalogue, dropped: Sequence[str] = ()
    ) -> None:
        """`dropped` names questions whose answers just stopped counting: the view says so."""
        self.session = session
        self.today = today
        self.catalogue = catalogue
        self.trial: Trial = catalogue.trials[session.trial]
        self.speech = catalogue.speeches[session.language]
        self._dropped = dropped
        self._blocks: list[Block] = []
        self._rows: list[tuple[Button, ...]] = []

    @cached_property
    def assessment(self) -> Assessment:
        """What the answers mean for the trial in focus."""
        return assess(self.trial, self.catalogue.bank, self.session.answers)

    def say(self, identity: str, **values: object) -> str:
        """A phrase in the form that fits patient or relative."""
        return self.speech.say(identity, self.session.relative, **values)

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
        """A row of buttons."""
        self._rows.append(buttons)

    def back(self) -> None:
        """The way back, in a row of its own."""
        self.row(self.button("button.back", Action.BACK))

    def _tools(self) -> tuple[Button, ...]:
        step = self.session.step
        tools = []
        if step is not Step.URGENT:
            tools.append(self.button("tool.urgent", Action.URGENT))
        tools += [
            Button(self.speech.names[language], Action.LANGUAGE, number)
            for language, number in LANGUAGES.items()
            if language != self.session.language
        ]
        if step is not Step.PRIVACY:
            tools.append(self.button("tool.privacy", Action.PRIVACY))
        if step not in (Step.ERASE, Step.ERASED):
            tools.append(self.button("tool.erase", Action.ERASE))
        return tuple(tools)

    def view(
        self,
        title: str,
        *,
        progress: str | None = None,
        printable: bool = False,
    ) -> View:
        """The finished screen, headed `title` (ready words)."""
        notice = None
        if self._dropped:
            labels = self.speech.list(self.say(f"question.{d}.label") for d in self._dropped)
            notice = self.say("notice.dropped", labels=labels)
        banner = None
        if self.catalogue.demonstration:
            banner = self.say("banner", day=self.speech.date(self.today))
        return View(
            step=self.session.step,
            language=self.session.language,
            title=title,
            blocks=tuple(self._blocks),
            rows=tuple(self._rows),
            tools=self._tools(),
            banner=banner,
            notice=notice,
            progress=progress,
            printable=printable,
        )
