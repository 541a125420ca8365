"""Questions, their explanations, and what an answer that rules the study out means."""

import re
from functools import lru_cache
from typing import NamedTuple

from dialogs.conversation.inquiry import place, possible
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Action
from dialogs.conversation.view import Block, BlockKind, Button, Style, View
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT
from dialogs.eligibility.ordering import path
from dialogs.eligibility.questions import Question

__all__ = ["question", "ruled", "where", "why"]

_AFTER_QUESTION = re.compile(r"(?<=\?)\s+")


def _asked(canvas: Canvas) -> Question:
    """The question in hand: a turn sees to it that there is one."""
    return canvas.catalogue.bank.by_key[canvas.session.focus]


def _progress(canvas: Canvas, asked: Question) -> tuple[str, tuple[int, int] | None]:
    """How far she is, in words and as a bar; among all studies no end is in sight."""
    if not canvas.session.trial:
        where = (canvas.session, canvas.catalogue, canvas.today)
        number, left = place(asked, *where), possible(*where)
        return canvas.say("question.progress.many", number=number, count=left), None
    on_path = path(canvas.trial, canvas.catalogue.bank, canvas.session.answers)
    total = len(on_path)
    number = next((place for place, one in enumerate(on_path, 1) if one is asked), total)
    return canvas.say("question.progress", number=number, total=total), (number, total)


def _split(text: str) -> tuple[str, str]:
    """The question itself, to head the screen, and what explains it."""
    parts = _AFTER_QUESTION.split(text, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


class _Form(NamedTuple):
    """All of a question's screen that is the same for everybody."""

    title: str
    blocks: tuple[Block, ...]
    rows: tuple[tuple[Button, ...], ...]


@lru_cache(maxsize=1024)  # two forms of every question in every language
def _form(asked: Question, speech: Speech, relative: bool) -> _Form:
    texts = speech.texts(relative)
    base = f"question.{asked.id}"
    title, rest = _split(texts[f"{base}.text"])
    blocks = [Block(BlockKind.TEXT, rest)] if rest else []
    blocks += [
        Block(BlockKind.ITEM, texts[f"{base}.item.{place}"]) for place in range(1, asked.items + 1)
    ]
    if asked.care:
        blocks.append(Block(BlockKind.NOTE, texts["care.first"]))
    answers = [
        Button(texts[f"{base}.choice.{number}"], Action.ANSWER, number) for number in asked.choices
    ]
    answers.append(Button(texts["answer.not_sure"], Action.ANSWER, NOT_SURE))
    if asked.prefer_not:
        answers.append(Button(texts["answer.prefer_not"], Action.ANSWER, PREFER_NOT))
    helps = [Button(texts["question.why"], Action.WHY)]
    if asked.where:
        helps.append(Button(texts["question.where"], Action.WHERE))
    ways = (Button(texts["button.back"], Action.BACK), Button(texts["button.stop"], Action.STOP))
    return _Form(title, tuple(blocks), (*((answer,) for answer in answers), tuple(helps), ways))


def question(canvas: Canvas) -> View:
    """One question with its answers; the order is always the same, *I don't know* near the end."""
    asked = _asked(canvas)
    form = _form(asked, canvas.speech, canvas.relative)
    canvas.ready(form.blocks, form.rows)
    progress, bar = _progress(canvas, asked)
    return canvas.view(form.title, progress=progress, bar=bar)


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
    canvas.row(canvas.others())
    canvas.row(canvas.button("ruled.go_on", Action.GO_ON))
    canvas.row(canvas.button("ruled.result", Action.RESULT))
    return canvas.view(canvas.say("ruled.title"))
