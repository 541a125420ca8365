"""The summary for the oncologist: one page to keep, to show, or to print."""

from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.outcome import answers, centre_checks, result_kind
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Style, View

__all__ = ["summary"]

#: Up to so many points are told with what the study asks for; of more, the questions alone.
_FEW = 6
#: Centres that are named; who runs a study in more places lists them in the registry.
_CENTRES = 4


def _study(canvas: Canvas) -> None:
    """Which study, and how it stands."""
    trial = canvas.trial
    intro = "summary.intro.relative" if canvas.session.relative else "summary.intro"
    canvas.text(
        intro,
        name=trial.name,
        nct=trial.id,
        sponsor=trial.sponsor,
        day=canvas.speech.date(canvas.today),
    )
    status = canvas.catalogue.status(trial, canvas.today)
    canvas.text(f"status.{status.openness.value}", day=canvas.speech.date(status.checked))
    canvas.text("summary.outcome", outcome=canvas.say(f"result.{result_kind(canvas)}.title"))


def _points(canvas: Canvas, *, short: bool) -> None:
    """Why not; or what is to be checked, with the question to ask; that alone when `short`."""
    found = canvas.assessment
    if found.failing:
        canvas.heading("result.reasons")
        for criterion in found.failing:
            canvas.add(BlockKind.ITEM, canvas.of_trial(f"{criterion.id}.no"))
        return
    if not found.open:
        return
    canvas.heading("result.points")
    if len(found.open) <= _FEW and not short:
        for outcome in found.open:
            plain = canvas.of_trial(f"{outcome.criterion.id}.plain")
            ask = canvas.of_trial(f"{outcome.criterion.id}.point")
            canvas.add(BlockKind.ITEM, plain, detail=ask)
        return
    # Several private points ask the same; once is enough.
    asks = dict.fromkeys(canvas.of_trial(f"{one.criterion.id}.point") for one in found.open)
    for ask in asks:
        canvas.add(BlockKind.ITEM, ask)


def _centres(canvas: Canvas) -> None:
    """How the study can be reached, as published."""
    trial = canvas.trial
    if not trial.centres or not canvas.catalogue.status(trial, canvas.today).routes:
        return
    canvas.heading("summary.centres")
    for centre in trial.centres[:_CENTRES]:
        title = canvas.say("contact.title", centre=centre.name, city=centre.city)
        sample = f" ({canvas.say('summary.sample')})" if centre.sample else ""
        canvas.add(BlockKind.ITEM, title, detail=f"{centre.phone}, {centre.email}{sample}")
    if len(trial.centres) > _CENTRES:
        canvas.text("result.more", count=len(trial.centres) - _CENTRES)


def summary(canvas: Canvas, note: str = "", *, full: bool = False) -> View:
    """What a doctor needs in a minute: the study, the result, what to check, then the rest.

    In a chat it has to fit one message, the more so with a `note` of hers, and the file has what is
    left out; `full` is for the file.
    """
    short = canvas.catalogue.carrier is not None and not full
    _study(canvas)
    if note:
        canvas.heading("summary.notes")
        canvas.add(BlockKind.QUOTE, note)
    _points(canvas, short=short)
    if not note:
        canvas.heading("summary.answers")
        answers(canvas)
        if not canvas.assessment.failing:
            centre_checks(canvas)
    if not short:
        _centres(canvas)
    canvas.add(BlockKind.QR, canvas.say("summary.registry"), canvas.trial.registry)
    canvas.text("care.first")
    if not short:
        canvas.text("summary.keep")
    else:
        if note:
            canvas.text("summary.rest")
        canvas.note("summary.note.more" if note else "summary.note")
        canvas.row(canvas.button("summary.paper", Action.PAPER, style=Style.PRIMARY))
        if note:
            canvas.row(canvas.button("summary.unnote", Action.UNNOTE))
    canvas.back()
    return canvas.view(canvas.say("summary.title"), printable=True)
