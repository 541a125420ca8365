"""Welcome, for whom, agreement, information, about the study."""

from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.news import told
from dialogs.conversation.screens.studies import choices
from dialogs.conversation.session import Whom
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Style, View
from dialogs.eligibility.status import source_of

__all__ = ["about", "agreement", "information", "welcome", "whom"]


def _status(canvas: Canvas) -> None:
    """Whether the trial is open, and the day that was checked."""
    status = canvas.catalogue.status(canvas.trial, canvas.today)
    canvas.note(f"status.{status.openness.value}", day=canvas.speech.date(status.checked))
    if status.other is not None:
        canvas.note(
            f"status.other.{status.other.openness.value}",
            source=source_of(status.other.source),
            day=canvas.speech.date(status.other.checked),
        )


def _study(canvas: Canvas, routes: bool) -> None:
    """The study in focus; bad news is not kept for the end of a page."""
    study = {"name": canvas.trial.name, "title": canvas.of_trial("title")}
    if routes:
        canvas.text("welcome.what")
    canvas.text("welcome.study", **study)
    _status(canvas)
    if not routes:
        canvas.text("welcome.what.closed")


def _studies(canvas: Canvas, open_: int) -> None:
    """How many studies there are, when none is in focus."""
    total = len(canvas.catalogue.trials)
    if open_:
        canvas.text("welcome.what.many")
        canvas.note("welcome.many", open=open_, closed=total - open_)
    else:
        canvas.note("welcome.many.none", total=total)
        canvas.text("welcome.what.closed")


def welcome(canvas: Canvas) -> View:
    """What this is, what is kept (nothing), whether a study is open; one button agrees."""
    catalogue = canvas.catalogue
    several = catalogue.open(canvas.today).bit_count()
    if canvas.session.trial:
        routes = canvas.catalogue.status(canvas.trial, canvas.today).routes
        _study(canvas, routes)
    else:
        routes = several > 0
        _studies(canvas, several)
    if routes:
        canvas.text("welcome.subject")
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
    elif several:
        canvas.row(canvas.button("welcome.others", Action.OTHERS, style=Style.PRIMARY))
        canvas.row(canvas.button("welcome.elsewhere", Action.ELSEWHERE))
    else:
        canvas.row(canvas.button("welcome.elsewhere", Action.ELSEWHERE, style=Style.PRIMARY))
    if not routes:
        canvas.row(*told(canvas))
    if canvas.session.trial:
        canvas.row(canvas.button("button.about", Action.ABOUT))
    else:
        canvas.row(canvas.button("button.studies", Action.STUDIES))
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
    if canvas.session.trial:
        canvas.row(canvas.button("button.about", Action.ABOUT))
        canvas.row(canvas.button("result.contact", Action.CONTACT))
    else:
        choices(canvas)
    canvas.row(canvas.button("button.next_steps", Action.NEXT_STEPS))
    if not canvas.session.matching:
        canvas.row(canvas.others())
    canvas.back()
    title = canvas.trial.name if canvas.session.trial and canvas.session.matching else None
    return canvas.view(title or canvas.say("information.title"))


def about(canvas: Canvas) -> View:
    """The study in a few sentences, and whether it is open."""
    for place in range(1, canvas.trial.abouts + 1):
        canvas.add(BlockKind.TEXT, canvas.of_trial(f"about.{place}"))
    _status(canvas)
    canvas.add(BlockKind.LINK, canvas.say("about.registry"), canvas.trial.registry)
    canvas.back()
    return canvas.view(canvas.say("about.title"))
