"""Answers in words, result, points to check, next steps."""

from collections.abc import Sequence

from dialogs.conversation.inquiry import following
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.news import told
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Style, View
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT
from dialogs.eligibility.matching import Outcome, Verdict
from dialogs.eligibility.questions import Question

__all__ = ["answers", "centre_checks", "next_steps", "points", "recap", "result", "result_kind"]

#: Up to so many open points are told in full on the result itself.
_FEW = 3
#: Points on one page: a page stays below the 4,096 characters of one message in any chat.
_PAGE = 5


def _in_words(canvas: Canvas, question: Question) -> str:
    number = question.chosen(canvas.session.answers.state)
    if number == NOT_SURE:
        return canvas.say("answer.not_sure")
    if number == PREFER_NOT:
        return canvas.say("answer.prefer_not")
    return canvas.say(f"question.{question.id}.choice.{number}")


def answers(canvas: Canvas) -> None:
    """All answers in words."""
    for question in canvas.answered:
        canvas.add(
            BlockKind.ANSWER,
            canvas.say(f"question.{question.id}.label"),
            detail=_in_words(canvas, question),
        )


def recap(canvas: Canvas) -> View:
    """All answers in words; each can be changed, or all cleared."""
    answered = canvas.answered
    canvas.text("recap.text" if answered else "recap.empty")
    answers(canvas)
    for place, question in enumerate(answered, 1):
        label = canvas.say(f"question.{question.id}.label")
        canvas.row(
            canvas.button(
                "recap.change", Action.CHANGE, question.key_slot, number=place, label=label
            )
        )
    if following(canvas.session, canvas.catalogue, canvas.today) is not None:
        canvas.row(canvas.button("recap.next", Action.GO_ON))
    canvas.row(canvas.button("recap.result", Action.RESULT, style=Style.PRIMARY))
    canvas.row(canvas.button("button.back", Action.BACK))
    if answered:
        canvas.row(canvas.button("recap.clear", Action.CLEAR, style=Style.DANGER))
    return canvas.view(canvas.say("recap.title"))


def result_kind(canvas: Canvas) -> str:
    """The kind of result that the answers make, as the phrases name it."""
    found = canvas.assessment
    if found.verdict is Verdict.NOT_A_FIT:
        return "later" if found.temporary else "no"
    return "worth" if found.verdict is Verdict.WORTH_ASKING else "check"


def _undetailed(canvas: Canvas) -> str | None:
    """What to say when an open point is one of a list and she did not say which."""
    codes = canvas.session.answers.codes
    open_slots = {slot for outcome in canvas.assessment.open for slot in outcome.criterion.slots}
    for question in canvas.trial.order:
        for fact in question.facts:
            code = codes[fact.slot]
            listed = code and fact.values.get("one_or_more") == code
            if fact.slot in open_slots and (listed or code == PREFER_NOT):
                return "result.private" if fact.prefer_not else "result.listed"
    return None


def _where(canvas: Canvas, outcome: Outcome) -> str | None:
    """Where the fact of an open criterion stands in her papers.

    Of several facts the one asked last: earlier ones only led to it.
    """
    for question in reversed(canvas.answered):
        if question.where and question.key_slot in outcome.criterion.slots:
            return canvas.say(f"question.{question.id}.where")
    return None


def _detailed(canvas: Canvas, outcomes: Sequence[Outcome]) -> None:
    """Open points: why each is open, what to ask the doctor, where the fact stands."""
    shown: set[str] = set()
    for outcome in outcomes:
        criterion = outcome.criterion
        parts = []
        if outcome.unclear is not None:
            parts.append(canvas.of_trial(f"{criterion.id}.unclear.{outcome.unclear.place}"))
        parts.append(canvas.of_trial(f"{criterion.id}.point"))
        where = _where(canvas, outcome)
        if where is not None and where not in shown:
            shown.add(where)
            parts.append(where)
        canvas.add(BlockKind.ITEM, canvas.of_trial(f"{criterion.id}.plain"), detail=" ".join(parts))


def _points(canvas: Canvas) -> None:
    """The open points of a result: a few with all there is to say, many by name only."""
    outcomes = canvas.assessment.open
    if not outcomes:
        return
    canvas.heading("result.points")
    if len(outcomes) <= _FEW:
        _detailed(canvas, outcomes)
        return
    for outcome in outcomes[:_PAGE]:
        canvas.add(BlockKind.ITEM, canvas.of_trial(f"{outcome.criterion.id}.plain"))
    if len(outcomes) > _PAGE:
        canvas.text("result.more", count=len(outcomes) - _PAGE)


def centre_checks(canvas: Canvas) -> None:
    """What the centre checks; with what to ask, where she or her doctor may already know."""
    canvas.heading("result.centre")
    for outcome in canvas.assessment.for_centre:
        criterion = outcome.criterion
        ask = canvas.of_trial(f"{criterion.id}.point") if criterion.fails else None
        canvas.add(BlockKind.ITEM, canvas.of_trial(f"{criterion.id}.plain"), detail=ask)


def points(canvas: Canvas) -> View:
    """The open points page by page, each with what to ask and where the fact stands."""
    outcomes = canvas.assessment.open
    last = max(0, (len(outcomes) - 1) // _PAGE)
    page = min(canvas.session.focus, last)
    canvas.text("points.text")
    _detailed(canvas, outcomes[page * _PAGE : (page + 1) * _PAGE])
    if page < last:
        canvas.row(canvas.button("points.more", Action.POINTS, page + 1, style=Style.PRIMARY))
    canvas.back()
    title = canvas.say("result.points")
    return canvas.view(title if not last else f"{title} ({page + 1}/{last + 1})")


def result(canvas: Canvas) -> View:
    """What the answers mean and do not mean, why, what to check, and where to go from here."""
    found = canvas.assessment
    kind = result_kind(canvas)
    canvas.text(f"result.{kind}")
    if found.failing:
        canvas.heading("result.reasons")
        for criterion in found.failing:
            canvas.add(BlockKind.ITEM, canvas.of_trial(f"{criterion.id}.no"))
    if found.temporary:
        canvas.text("ruled.temporary")
    if found.fragile is not None:
        canvas.text("ruled.fragile")
        canvas.papers(found.fragile)
    canvas.note("care.first")
    if not found.failing:
        undetailed = _undetailed(canvas)
        if undetailed is not None:
            canvas.text(undetailed)
        _points(canvas)
        centre_checks(canvas)
    canvas.text("result.means_not")
    canvas.text("result.care.no" if found.failing else "result.care")
    if found.failing:
        _ways_past(canvas)
    else:
        _ways_on(canvas)
    return canvas.view(canvas.say(f"result.{kind}.title"))


def _ways_on(canvas: Canvas) -> None:
    """From a study that may fit: to its centres first, then to all else."""
    if len(canvas.assessment.open) > _FEW:
        canvas.row(canvas.button("button.points", Action.POINTS))
    canvas.row(canvas.button("result.contact", Action.CONTACT, style=Style.PRIMARY))
    canvas.row(canvas.button("result.summary", Action.SUMMARY))
    steps = canvas.button("button.next_steps", Action.NEXT_STEPS)
    if canvas.session.matching:
        canvas.row(steps, *told(canvas))
        canvas.row(canvas.others())
    else:
        canvas.row(steps, canvas.others())
        canvas.row(*told(canvas), canvas.button("result.recap", Action.BACK))


def _ways_past(canvas: Canvas) -> None:
    """From a study that does not fit: to other studies first."""
    canvas.row(canvas.others(Style.PRIMARY))
    canvas.row(canvas.button("result.summary", Action.SUMMARY))
    if canvas.assessment.fragile is not None or canvas.assessment.temporary:
        canvas.row(canvas.button("result.ask_anyway", Action.CONTACT))
    canvas.row(canvas.button("button.next_steps", Action.NEXT_STEPS), *told(canvas))
    if not canvas.session.matching:
        canvas.row(canvas.button("result.recap", Action.BACK))


def next_steps(canvas: Canvas) -> View:
    """Contact, visit, consent, screening, visits, results."""
    for part in ("contact", "visit", "consent", "screening", "visits", "results"):
        canvas.text(f"next.{part}")
    canvas.note("care.first")
    canvas.back()
    return canvas.view(canvas.say("next.title"))
