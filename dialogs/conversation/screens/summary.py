"""The summary for the oncologist: one page to keep, to show, or to print."""

from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.outcome import answers, centre_checks, result_kind
from dialogs.conversation.view import BlockKind, View

__all__ = ["summary"]


def summary(canvas: Canvas) -> View:
    """One page to keep or to show the oncologist: answers in words, points to check."""
    trial = canvas.trial
    intro = "summary.intro.relative" if canvas.session.relative else "summary.intro"
    canvas.text(
        intro,
        name=trial.name,
        nct=trial.id,
        sponsor=trial.sponsor,
        day=canvas.speech.date(canvas.today),
    )
    canvas.text("summary.outcome", outcome=canvas.say(f"result.{result_kind(canvas)}.title"))
    canvas.heading("summary.answers")
    answers(canvas)
    if not canvas.assessment.failing:
        if canvas.assessment.open:
            canvas.heading("result.points")
        # Several private points ask the same; once is enough.
        asks = dict.fromkeys(
            canvas.of_trial(f"{outcome.criterion.id}.point") for outcome in canvas.assessment.open
        )
        for ask in asks:
            canvas.add(BlockKind.ITEM, ask)
        centre_checks(canvas)
    canvas.add(BlockKind.QR, canvas.say("summary.registry"), trial.registry)
    canvas.text("care.first")
    canvas.text("summary.keep")
    canvas.back()
    return canvas.view(canvas.say("summary.title"), printable=True)
