"""One turn: a session and a tap give a session, a view and effects. Nothing else decides anything.

`turn` is pure, so the same button always gives the same screen: a double tap, a replay or an old
button can only show again what that button's own state leads to.
"""

from dataclasses import dataclass, replace
from datetime import date

from dialogs.catalogue import Catalogue
from dialogs.conversation.effects import Effect
from dialogs.conversation.inquiry import following
from dialogs.conversation.machine import move
from dialogs.conversation.milestones import Mark, marked
from dialogs.conversation.moves import MOVES
from dialogs.conversation.screens import (
    Aside,
    Event,
    draw,
    draw_aside,
    draw_draft,
    draw_expired,
    draw_message,
    draw_noted,
    draw_paper,
)
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.studies import grounded, listed
from dialogs.conversation.view import View
from dialogs.eligibility.answers import Answers
from dialogs.errors import StaleTap
from dialogs.wire.pack import Tap

__all__ = ["TEXT_LIMIT", "Turn", "aside", "draft", "expired", "message", "noted", "turn"]

#: Characters of a text from or to a centre.
TEXT_LIMIT = 1000

#: Steps that lead towards a study centre: shown only while the trial is open.
_ROUTE = frozenset(
    {
        Step.WHOM,
        Step.AGREEMENT,
        Step.INFORMATION,
        Step.QUESTION,
        Step.WHY,
        Step.WHERE,
        Step.RULED,
        Step.RECAP,
        Step.RESULT,
        Step.POINTS,
        Step.REGIONS,
        Step.CENTRES,
        Step.CONTACT,
        Step.SUMMARY,
        Step.NEXT_STEPS,
        Step.PREVIEW,
        Step.SENDING,
        Step.UNSENT,
        Step.FULL,
    }
)
#: Steps about the question in hand.
_QUESTIONS = (Step.QUESTION, Step.WHY, Step.WHERE)
#: The bit *unanswered* of every slot.
_BLANK = Answers().state


#: What a tap asks of the outside, if it led to this step.
_EFFECTS = {
    (Action.ERASE_NOW, Step.ERASED): Effect.ERASE,
    (Action.CONFIRM, Step.SENDING): Effect.ASK,
    (Action.SEND, Step.DRAFT): Effect.WRITE,
    (Action.END_NOW, Step.ENDING): Effect.END,
    (Action.PAPER, Step.SUMMARY): Effect.PAPER,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a tap; `marks` are to be counted."""

    session: Session
    view: View
    effects: tuple[Effect, ...] = ()
    marks: tuple[Mark, ...] = ()


def turn(session: Session, tap: Tap, today: date, catalogue: Catalogue) -> Turn:
    """The turn that `tap` makes of `session` on the day `today`.

    Never raises on any session and tap that a token can carry: a tap that is impossible draws the
    screen of the session again, and a trial that is closed or unknown leads to the welcome screen.
    """
    session, stale = grounded(session, catalogue), False
    try:
        after = MOVES[tap.action](session, tap.arg, catalogue, today)
    except StaleTap:
        after, stale = session, True
    after = listed(after, catalogue)
    if after.step in _ROUTE and not _routes(after, today, catalogue):
        after = replace(after, step=Step.WELCOME, origin=Step.WELCOME)
    after = _asking(after, today, catalogue)
    dropped: tuple[str, ...] = ()
    if tap.action is Action.ANSWER and after is not session:
        dropped = _dropped(session, after.answers, catalogue)
    view = draw(after, today, catalogue, dropped)
    if tap.action is Action.MODE and after is not session:
        done = "help.done.many" if after.channel else "help.done.one"
        view = replace(view, notice=catalogue.speeches[after.language].say(done))
    if tap.action is Action.OTHERS and after.step is Step.QUESTION and after is not session:
        kept = catalogue.speeches[after.language].say("notice.others", after.relative)
        view = replace(view, notice=kept)
    if tap.action is Action.OUTCOME and after.step is session.step:
        words = "notice.unended" if after.step is Step.ENDING else "notice.unsent"
        view = replace(view, notice=catalogue.speeches[after.language].say(words))
    effect = _EFFECTS.get((tap.action, after.step))
    if effect is Effect.PAPER:
        # The others can be done again from where they led to; a file is made in a chat only.
        effect, view = (None, view) if stale else (effect, draw_paper(after, today, catalogue))
    after, marks = marked(session, after, tap.action, catalogue, today)
    return Turn(after, view, () if effect is None else (effect,), marks)


def _routes(session: Session, today: date, catalogue: Catalogue) -> bool:
    """Whether the study in focus takes patients, or any of all studies."""
    if not session.trial:
        return catalogue.open(today) != 0
    return catalogue.status(catalogue.trials[session.trial], today).routes


def _asking(session: Session, today: date, catalogue: Catalogue) -> Session:
    """The session on a question that there is: an older release may have asked another."""
    if session.step not in _QUESTIONS or session.focus in catalogue.bank.by_key:
        return session
    first = next(iter(catalogue.bank.questions.values()))
    question = following(session, catalogue, today) or first
    return replace(session, step=Step.QUESTION, focus=question.key_slot)


def _dropped(session: Session, answers: Answers, catalogue: Catalogue) -> tuple[str, ...]:
    """The questions whose answers went away because another answer changed."""
    if not answers.state & ~session.answers.state & _BLANK:
        return ()
    return tuple(
        question.id
        for question in catalogue.bank.questions.values()
        if question.key_slot != session.focus
        and question.answered(session.answers.state)
        and not question.answered(answers.state)
    )


def expired(session: Session, today: date, catalogue: Catalogue) -> Turn:
    """The one friendly way on after a token that does not open; `session` is a fresh one."""
    return Turn(session, draw_expired(session, today, catalogue))


def aside(kind: Aside, session: Session, today: date, catalogue: Catalogue) -> Turn:
    """What is said to typed words that press no button; the session does not change.

    A session that stands where there is nothing to show any more (a trial that is gone or closed)
    is first brought to where a tap would show it.
    """
    done = turn(session, Tap(Action.SHOW), today, catalogue)
    return Turn(done.session, draw_aside(kind, done.session, today, catalogue), marks=done.marks)


def message(session: Session, event: Event, text: str, today: date, catalogue: Catalogue) -> Turn:
    """What a centre said or did; `text` are its words. `session` was made from the handle."""
    return Turn(session, draw_message(session, event, text, today, catalogue))


def draft(session: Session, text: str, today: date, catalogue: Catalogue) -> Turn:
    """Her text to the team, read back to her before it goes; too long a text is not taken.

    Raises `StaleTap` where the screen of `session` asks for no text.
    """
    speech = catalogue.speeches[session.language]
    drafted = session.at(move(session.step, "draft"))
    if len(text) > TEXT_LIMIT:
        back = session.at(Step.WRITE)
        view = draw(back, today, catalogue)
        words = speech.say("notice.long", session.relative, count=len(text))
        return Turn(back, replace(view, notice=words))
    return Turn(drafted, draw_draft(drafted, text, today, catalogue))


def noted(
    session: Session, text: str, before: str, today: date, catalogue: Catalogue
) -> tuple[Turn, str]:
    """The summary with her own notes on it, and these: `text` below what she noted `before`.

    Where both are too long together, what was there stays and she is told. Raises `StaleTap` where
    the screen of `session` is no summary.
    """
    session = turn(session, Tap(Action.SHOW), today, catalogue).session
    if session.step is not Step.SUMMARY:
        raise StaleTap
    note = "\n\n".join(part for part in (before.strip(), text.strip()) if part)
    notice = None
    # As a chat counts: an emoji is two, and the message with the note has to fit.
    length = len(note.encode("utf-16-le", "surrogatepass")) // 2
    if length > TEXT_LIMIT:
        speech = catalogue.speeches[session.language]
        notice = speech.say("notice.note", session.relative, count=speech.number(length))
        note = before.strip()
    view = draw_noted(session, note, today, catalogue) if note else draw(session, today, catalogue)
    return Turn(session, replace(view, notice=notice)), note
