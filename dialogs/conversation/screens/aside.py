"""What the service says to typed words: she typed, and no button of hers was pressed.

The session stays where it is, so *go on* shows her own screen again.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum

from dialogs.conversation.alarm import Alarm
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.session import LANGUAGES
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Button, Style, View

__all__ = ["ASIDES", "HEARD", "Aside"]


class Aside(Enum):
    """What was typed, as far as the service can tell."""

    UNCLEAR = "unclear"  # words that fit no button
    MEDIA = "media"  # a picture, a voice message, a file, a place ...
    DISTRESS = "distress"  # words of despair
    CHANGED = "changed"  # words that came just as the screen changed
    BODY = "body"  # a sign of the body that cannot wait
    LANGUAGES = "languages"  # she asks for the other language
    CLEARING = "clearing"  # she asks how to empty the chat


#: What is said to each kind of cry for help.
HEARD = {Alarm.DISTRESS: Aside.DISTRESS, Alarm.BODY: Aside.BODY}


def _go_on(canvas: Canvas) -> None:
    canvas.row(canvas.button("aside.go_on", Action.SHOW, style=Style.PRIMARY))


def _unclear(canvas: Canvas) -> View:
    canvas.text("aside.unclear")
    _go_on(canvas)
    canvas.row(canvas.button("button.help", Action.HELP))
    return canvas.view(canvas.say("aside.unclear.title"))


def _media(canvas: Canvas) -> View:
    canvas.text("aside.media")
    _go_on(canvas)
    canvas.row(canvas.button("button.help", Action.HELP))
    return canvas.view(canvas.say("aside.media.title"))


def _changed(canvas: Canvas) -> View:
    canvas.text("aside.changed")
    _go_on(canvas)
    return canvas.view(canvas.say("aside.changed.title"))


def _card(canvas: Canvas, name: str) -> View:
    """Numbers to call; all of them are one tap away, and nothing pushes her on."""
    canvas.text(name)
    canvas.text("urgent.abroad")
    canvas.text("aside.watch")
    canvas.row(canvas.button("tool.urgent", Action.URGENT, style=Style.PRIMARY))
    canvas.row(canvas.button("aside.go_on", Action.SHOW))
    return _without(canvas.view(canvas.say(f"{name}.title")), Action.URGENT)


def _without(view: View, action: Action) -> View:
    """The view without the tool that stands among its buttons already."""
    return replace(view, tools=tuple(tool for tool in view.tools if tool.action is not action))


def _distress(canvas: Canvas) -> View:
    return _card(canvas, "aside.distress")


def _body(canvas: Canvas) -> View:
    return _card(canvas, "aside.body")


def _languages(canvas: Canvas) -> View:
    for language, number in LANGUAGES.items():
        words = canvas.catalogue.speeches[language].say("aside.languages")
        canvas.add(BlockKind.TEXT, words)
        canvas.row(Button(canvas.speech.names[language], Action.LANGUAGE, number))
    return _without(canvas.view(canvas.say("aside.languages.title")), Action.LANGUAGE)


def _clearing(canvas: Canvas) -> View:
    canvas.text("aside.clearing.chat")
    canvas.text("aside.clearing.timer")
    canvas.text("aside.clearing.button")
    _go_on(canvas)
    return canvas.view(canvas.say("aside.clearing.title"))


ASIDES: dict[Aside, Callable[[Canvas], View]] = {
    Aside.UNCLEAR: _unclear,
    Aside.MEDIA: _media,
    Aside.CHANGED: _changed,
    Aside.DISTRESS: _distress,
    Aside.BODY: _body,
    Aside.LANGUAGES: _languages,
    Aside.CLEARING: _clearing,
}
