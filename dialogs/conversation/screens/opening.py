"""Welcome, for whom, agreement, information, about the study."""

from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.session import Whom
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Style, View
from dialogs.eligibility.status import source_of, status_on

__all__ = ["about", "agreement", "information", "welcome", "whom"]


def _status(canvas: Canvas) -> None:
    """Whether the trial is open, and the day that was checked."""
    status = status_on(canvas.trial, canvas.today)
    canvas.note(f"status.{status.openness.value}", day=canvas.speech.date(status.checked))
    if status.other is not None:
        canvas.note(
            f"status.other.{status.other.openness.value}",
            source=source_of(status.other.source),
            day=canvas.speech.date(status.other.checked),
        )


def welcome(canvas: Canvas) -> View:
    """What this is, what is kept (nothing), whether the trial is open; one button agrees."""
    catalogue = canvas.catalogue
    routes = status_on(canvas.trial, canvas.today).routes
    study = {"name": canvas.trial.name, "title": canvas.of_trial("title")}
    if routes:
        canvas.text("welcome.what")
        canvas.text("welcome.study", **study)
        _status(canvas)
        canvas.text("welcome.subject")
    else:
        # Bad news is not kept for the end of a page.
        canvas.text("welcome.study", **study)
        _status(canvas)
        canvas.text("welcome.what.closed")
    canvas.text("welcome.kept" if routes else "welcome.kept.closed")
    if catalogue.carrier is None and catalogue.reach:
        canvas.add(BlockKind.LINK, canvas.say("welcome.receipt"), "/receipt")
    if catalogue.carrier is not None:
        canvas.text("welcome.carrier", carrier=catalogue.carrier.name)
        canvas.door(catalogue.carrier)
    if catalogue.operator is not None:
        operator = catalogue.operator
        canvas.text("welcome.operator", operator=operator.name, contact=operator.contact)
    if routes:
        canvas.row(canvas.button("welcome.start", Action.START, style=Style.PRIMARY))
    else:
        canvas.row(canvas.button("welcome.elsewhere", Action.ELSEWHERE, style=Style.PRIMARY))
    canvas.row(canvas.button("button.about", Action.ABOUT))
    return canvas.view(canvas.say("welcome.title"))


def whom(canvas: Canvas) -> View:
    """For herself, or for someone close."""
    canvas.text("whom.text")
    canvas.row(canvas.button("whom.self", Action.WHOM, Whom.SELF))
    canvas.row(canvas.button("whom.relative", Action.WHOM, Whom.RELATIVE))
    canvas.back()
    return canvas.view(canvas.say("whom.title"))


def agreement(canvas: Canvas) -> View:
    """Whether the person knows and agrees."""
    canvas.text("agreement.text")
    canvas.text("agreement.why")
    canvas.row(canvas.button("agreement.yes", Action.AGREED, 1))
    canvas.row(canvas.button("agreement.no", Action.AGREED, 0))
    canvas.back()
    return canvas.view(canvas.say("agreement.title"))


def information(canvas: Canvas) -> View:
    """Without the person's agreement: the study and its centres, and no question."""
    canvas.text("information.text")
    canvas.text("care.first")
    canvas.row(canvas.button("button.about", Action.ABOUT))
    canvas.row(canvas.button("result.contact", Action.CONTACT))
    canvas.row(canvas.button("button.next_steps", Action.NEXT_STEPS))
    canvas.row(canvas.button("button.elsewhere", Action.ELSEWHERE))
    canvas.back()
    return canvas.view(canvas.say("information.title"))


def about(canvas: Canvas) -> View:
    """The study in a few sentences, and whether it is open."""
    for place in range(1, canvas.trial.abouts + 1):
        canvas.add(BlockKind.TEXT, canvas.of_trial(f"about.{place}"))
    _status(canvas)
    canvas.add(BlockKind.LINK, canvas.say("about.registry"), canvas.trial.registry)
    canvas.back()
    return canvas.view(canvas.say("about.title"))
