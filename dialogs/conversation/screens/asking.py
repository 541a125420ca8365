"""Questions, their explanations, and what an answer that rules the study out means."""

import re

from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Style, View
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT
from dialogs.eligibility.ordering import path
from dialogs.eligibility.questions import Question

__all__ = ["question", "ruled", "where", "why"]

_AFTER_QUESTION = re.compile(r"(?<=\?)\s+")


def _asked(canvas: Canvas) -> Question:
    """The question in hand: a turn sees to it that there is one."""
    return canvas.catalogue.bank.by_key[canvas.session.focus]


def _progress(canvas: Canvas, asked: Question) -> str:
    on_path = path(canvas.trial, canvas.catalogue.bank, canvas.session.answers)
    number = on_path.index(asked) + 1 if asked in on_path else len(on_path)
    return canvas.say("question.progress", number=number, total=len(on_path))


def _split(text: str) -> tuple[str, str]:
    """The question itself, to head the screen, and what explains it."""
    parts = _AFTER_QUESTION.split(text, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def question(canvas: Canvas) -> View:
    """One question with its answers; the order is always the same, *I don't know* near the end."""
    asked = _asked(canvas)
    base = f"question.{asked.id}"
    title, rest = _split(canvas.say(f"{base}.text"))
    if rest:
        canvas.add(BlockKind.TEXT, rest)
    for place in range(1, asked.items + 1):
        canvas.add(BlockKind.ITEM, canvas.say(f"{base}.item.{place}"))
    if asked.care:
        canvas.note("care.first")
    for number in asked.choices:
        canvas.row(canvas.button(f"{base}.choice.{number}", Action.ANSWER, number))
    canvas.row(canvas.button("answer.not_sure", Action.ANSWER, NOT_SURE))
    if asked.prefer_not:
        canvas.row(canvas.button("answer.prefer_not", Action.ANSWER, PREFER_NOT))
    helps = [canvas.button("question.why", Action.WHY)]
    if asked.where:
        helps.append(canvas.button("question.where", Action.WHERE))
    canvas.row(*helps)
    canvas.row(canvas.button("button.back", Action.BACK), canvas.button("button.stop", Action.STOP))
    return canvas.view(title, progress=_progress(canvas, asked))


def why(canvas: Canvas) -> View:
    """Why the question in hand is asked."""
    asked = _asked(canvas)
    canvas.text(f"question.{asked.id}.why")
    if asked.care:
        canvas.note("care.first")
    if asked.where:
        canvas.row(canvas.button("question.where", Action.WHERE))
    canvas.row(canvas.button("button.to_question", Action.BACK, style=Style.PRIMARY))
    return canvas.view(canvas.say("why.title"))


def where(canvas: Canvas) -> View:
    """Where the fact stands in her papers."""
    asked = _asked(canvas)
    if asked.where:
        canvas.text(f"question.{asked.id}.where")
    canvas.text("where.unsure")
    canvas.row(canvas.button("button.to_question", Action.BACK, style=Style.PRIMARY))
    return canvas.view(canvas.say("where.title"))


def ruled(canvas: Canvas) -> View:
    """Kindly, what an answer that rules the study out means, and the ways on from here."""
    found = canvas.assessment
    for criterion in found.failing:
        canvas.add(BlockKind.TEXT, canvas.of_trial(f"{criterion.id}.no"))
    canvas.text("ruled.meaning")
    if found.temporary:
        canvas.text("ruled.temporary")
    if found.fragile is not None:
        canvas.text("ruled.fragile")
        canvas.papers(found.fragile)
    canvas.text("care.first")
    canvas.text("ruled.choice")
    canvas.row(canvas.button("ruled.change", Action.BACK, style=Style.PRIMARY))
    canvas.row(canvas.button("button.elsewhere", Action.ELSEWHERE))
    canvas.row(canvas.button("ruled.go_on", Action.GO_ON))
    canvas.row(canvas.button("ruled.result", Action.RESULT))
    return canvas.view(canvas.say("ruled.title"))
