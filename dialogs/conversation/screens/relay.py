"""Words between her and a study centre in a chat; on the web page they stand in her letter box.

What somebody wrote is in no session: these screens get it from outside, and it is nowhere else.
"""

from enum import Enum

from dialogs.conversation.personal import Sign, signs
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.request import (
    again,
    centre_of,
    own_contact,
    request_code,
    warn_visitors,
)
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Style, View

__all__ = ["Event", "draft", "ended", "ending", "message", "passed", "write"]


class Event(Enum):
    """What a centre did."""

    ANSWER = "answer"
    TAKEN = "taken"
    CLOSED = "closed"


def message(canvas: Canvas, event: Event = Event.ANSWER, text: str | None = None) -> View:
    """What the centre wrote or did; without `text` it stands in an earlier message."""
    centre = centre_of(canvas).name
    title = "message.title" if event is Event.ANSWER else f"message.{event.value}.title"
    if event is Event.ANSWER:
        canvas.text("message.about", centre=centre, code=request_code(canvas))
        if text is None:
            canvas.text("message.above")
        else:
            canvas.add(BlockKind.QUOTE, text)
        canvas.text("message.care")
    else:
        canvas.text(f"message.{event.value}", centre=centre)
    if event is not Event.ANSWER:
        own_contact(canvas)
    if event is Event.CLOSED:
        canvas.row(canvas.button("button.elsewhere", Action.ELSEWHERE))
    else:
        label = "message.answer" if event is Event.ANSWER else "sent.write"
        canvas.row(canvas.button(label, Action.WRITE, style=Style.PRIMARY))
        canvas.row(canvas.button("sent.end", Action.END))
    return canvas.view(canvas.say(title))


def write(canvas: Canvas) -> View:
    """How to write to the team: as a reply to this message."""
    canvas.text("write.how")
    canvas.text("write.private")
    canvas.back()
    return canvas.view(canvas.say("write.title"))


def draft(canvas: Canvas, text: str | None = None) -> View:
    """Her text as it will go, with what in it could tell who she is."""
    if text is None:
        return write(canvas)
    canvas.add(BlockKind.QUOTE, text)
    found = signs(text)
    for sign in Sign:
        if sign in found:
            canvas.text(f"draft.sign.{sign.value}")
    if found:
        canvas.note("draft.choice")
    canvas.text("draft.goes", centre=centre_of(canvas).name)
    warn_visitors(canvas)
    canvas.row(canvas.button("draft.send", Action.SEND, style=Style.PRIMARY))
    canvas.row(canvas.button("draft.anew", Action.WRITE))
    canvas.back()
    return canvas.view(canvas.say("draft.title"))


def passed(canvas: Canvas) -> View:
    """Her text is with the team."""
    canvas.text("passed.text")
    canvas.row(canvas.button("sent.write", Action.WRITE))
    canvas.row(canvas.button("sent.end", Action.END))
    canvas.back()
    return canvas.view(canvas.say("passed.title"))


def ending(canvas: Canvas) -> View:
    """Asks once before the request ends."""
    # On the web page the end takes the letter box along, and what she may not have read yet.
    canvas.text("ending.box" if canvas.catalogue.carrier is None else "ending.text")
    canvas.row(canvas.button("ending.yes", Action.END_NOW, style=Style.DANGER))
    canvas.back()
    return canvas.view(canvas.say("ending.title"))


def ended(canvas: Canvas) -> View:
    """After she ended it."""
    canvas.text("ended.text")
    canvas.note("care.first")
    again(canvas)
    canvas.row(canvas.button("button.elsewhere", Action.ELSEWHERE))
    canvas.back()
    return canvas.view(canvas.say("ended.title"))
