"""Screens that can be reached from anywhere: urgent help, privacy, stop, erase, start again."""

from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import BlockKind, Style, View

__all__ = ["chat_help", "erase", "erased", "expired", "privacy", "stopped", "urgent"]

#: Screens of a request that may stand, whether or not its day is known.
_REQUEST = frozenset(
    {
        Step.SENDING,
        Step.SENT,
        Step.UNSURE,
        Step.WAITING,
        Step.MESSAGE,
        Step.WRITE,
        Step.DRAFT,
        Step.PASSED,
        Step.ENDING,
    }
)


def _asked(canvas: Canvas, phrase: str) -> None:
    """That a request goes on by itself, in a conversation that may have made one.

    The day 0 of `sent` says nothing: then only the screens of a request tell.
    """
    session, catalogue = canvas.session, canvas.catalogue
    if session.sent or session.attempt or session.origin in _REQUEST:
        canvas.text(f"{phrase}.box" if catalogue.carrier is None else phrase)


def urgent(canvas: Canvas) -> View:
    """Numbers to call now; nobody watches this service."""
    canvas.note("urgent.watch")
    canvas.text("urgent.team")
    for number in canvas.catalogue.numbers:
        canvas.add(BlockKind.LINK, canvas.say(number.phrase), number.href)
    canvas.text("urgent.abroad")
    oldest = min(number.checked for number in canvas.catalogue.numbers)
    canvas.text("urgent.checked", day=canvas.speech.date(oldest))
    canvas.row(canvas.button("button.back", Action.BACK, style=Style.PRIMARY))
    return canvas.view(canvas.say("urgent.title"))


def privacy(canvas: Canvas) -> View:
    """What is kept, where the answers are, and who answers for the service."""
    canvas.heading("privacy.kept.title")
    canvas.text("privacy.kept")
    if canvas.catalogue.reach:
        canvas.text("privacy.asked")
        if canvas.catalogue.carrier is None:
            canvas.text("privacy.asked.box")
    canvas.text("privacy.days")
    canvas.text("privacy.while")
    canvas.text("privacy.consent")
    canvas.text("privacy.device")
    carrier = canvas.catalogue.carrier
    if carrier is not None:
        canvas.note("privacy.carrier", carrier=carrier.name)
        canvas.door(carrier)
    canvas.heading("privacy.who.title")
    operator = canvas.catalogue.operator
    if operator is None:
        canvas.text("privacy.demonstration")
    else:
        canvas.text("privacy.who", operator=operator.name, contact=operator.contact)
        canvas.text("privacy.dpo", dpo=operator.dpo)
    canvas.row(canvas.button("button.back", Action.BACK, style=Style.PRIMARY))
    return canvas.view(canvas.say("privacy.title"))


def stopped(canvas: Canvas) -> View:
    """A normal end: no answer is kept, and the way back stays open."""
    canvas.text("stopped.text")
    _asked(canvas, "stopped.asked")
    canvas.text("stopped.doctor")
    canvas.note("care.first")
    canvas.row(canvas.button("stopped.go_on", Action.BACK, style=Style.PRIMARY))
    return canvas.view(canvas.say("stopped.title"))


def erase(canvas: Canvas) -> View:
    """Asks once before all answers go."""
    # A chat holds other messages, which only she can take away.
    canvas.text("erase.text" if canvas.catalogue.carrier is None else "erase.chat")
    _asked(canvas, "erase.asked")
    canvas.row(canvas.button("erase.yes", Action.ERASE_NOW, style=Style.DANGER))
    canvas.back()
    return canvas.view(canvas.say("erase.title"))


def erased(canvas: Canvas) -> View:
    """After erasing."""
    canvas.text("erased.text")
    canvas.row(canvas.button("button.start_again", Action.RESTART, style=Style.PRIMARY))
    return canvas.view(canvas.say("erased.title"))


def expired(canvas: Canvas) -> View:
    """After a token that does not open, whatever the cause."""
    canvas.text("expired.text")
    canvas.row(canvas.button("button.start_again", Action.RESTART, style=Style.PRIMARY))
    return canvas.view(canvas.say("expired.title"))


def chat_help(canvas: Canvas) -> View:
    """How the chat works, what can be typed, and one message or many, as a screen reader needs."""
    many = bool(canvas.session.channel)
    canvas.text("help.buttons.many" if many else "help.buttons")
    canvas.text("help.typing")
    canvas.text("help.commands")
    if many:
        canvas.row(canvas.button("help.one_message", Action.MODE, 0))
    else:
        canvas.text("help.reader")
        canvas.row(canvas.button("help.many_messages", Action.MODE, 1))
    canvas.row(canvas.button("button.back", Action.BACK, style=Style.PRIMARY))
    return canvas.view(canvas.say("help.title"))
