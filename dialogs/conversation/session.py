"""A session: all that is known of a conversation, and it lives in the buttons only."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from dialogs.conversation.steps import SIDE_STEPS, Step
from dialogs.eligibility.answers import Answers

__all__ = ["LANGUAGES", "LANGUAGE_OF", "SENT_DAYS", "TAG_BITS", "Session", "Whom"]

#: Numbers of the languages in tokens; permanent. At most four.
LANGUAGES: dict[str, int] = {"fr": 0, "en": 1}
LANGUAGE_OF = {number: language for language, number in LANGUAGES.items()}
TAG_BITS = 40
#: The day of a request is told modulo this; a request lives for less than half of it.
SENT_DAYS = 32


class Whom(IntEnum):
    """For whom the questions are answered; permanent numbers, at most four."""

    UNSAID = 0
    SELF = 1
    RELATIVE = 2
    RELATIVE_UNASKED = 3  # the person does not know or did not agree: information only


_RELATIVES = (Whom.RELATIVE, Whom.RELATIVE_UNASKED)


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation between two taps.

    `trial` and `campaign` are permanent numbers (0: none), `focus` is the key slot of the question
    in hand (0: none), `origin` the main step that a side step leads back to, `tag` 40 random bits
    that the channel drew when the conversation began, `furthest` the furthest step counted,
    `channel` one bit for the channel's own use (1: each screen as a new message). `matching`: the
    conversation is about all studies, and `trial` is the one looked at, 0 for none. Of a request to
    a centre: `details` (the points to check go with it), `sent` (the day it was sent, as its
    ordinal modulo 32) and `attempt` (0 to 3). The day of issue is not here: it is the key's.
    """

    language: str = "fr"
    step: Step = Step.WELCOME
    origin: Step = Step.WELCOME
    focus: int = 0
    whom: Whom = Whom.UNSAID
    trial: int = 1
    campaign: int = 0
    tag: int = 0
    go_on: bool = False
    matching: bool = False
    channel: int = 0
    furthest: int = 0
    details: bool = False
    sent: int = 0
    attempt: int = 0
    answers: Answers = Answers()

    @property
    def relative(self) -> bool:
        """Whether sentences speak of somebody else than the reader."""
        return self.whom in _RELATIVES

    def at(self, step: Step, focus: int | None = None) -> "Session":
        """This session on `step`, remembering the main step when it leaves it for a side step."""
        focus = self.focus if focus is None else focus
        origin = self.origin
        if step in SIDE_STEPS and self.step not in SIDE_STEPS:
            origin = Step.QUESTION if self.step in (Step.WHY, Step.WHERE) else self.step
        return self._copy(step, origin, focus, self.answers, self.go_on)

    def answering(self, answers: Answers, *, go_on: bool) -> "Session":
        """This session with other answers."""
        return self._copy(self.step, self.origin, self.focus, answers, go_on)

    def _copy(
        self, step: Step, origin: Step, focus: int, answers: Answers, go_on: bool
    ) -> "Session":
        # `dataclasses.replace` takes twice as long, and each turn makes several copies.
        return Session(
            self.language, step, origin, focus, self.whom, self.trial, self.campaign, self.tag,
            go_on, self.matching, self.channel, self.furthest, self.details, self.sent,
            self.attempt, answers,
        )  # fmt: skip

    def renewed(self) -> "Session":
        """A new conversation after this one: nothing is kept but language, trial and campaign.

        After one about all studies it is about all of them again.

        The new tag follows from the old one, so that the same button always gives the same
        session.
        """
        digest = hashlib.blake2b(
            self.tag.to_bytes(5, "big"), digest_size=5, person=b"renew"
        ).digest()
        return Session(
            language=self.language,
            trial=0 if self.matching else self.trial,
            matching=self.matching,
            campaign=self.campaign,
            channel=self.channel,
            tag=int.from_bytes(digest, "big"),
        )
