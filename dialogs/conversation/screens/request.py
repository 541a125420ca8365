"""Asking a study centre through this service: what goes out, and what came of it."""

from datetime import date

from dialogs.conversation.due import day_of, working_day
from dialogs.conversation.requests import ATTEMPTS, askable, shareable
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.outcome import result_kind
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Style, View
from dialogs.trialfile import CentreEntry
from dialogs.wire.code import code_of, grouped

__all__ = [
    "WORKING_DAYS",
    "full",
    "over",
    "own_contact",
    "preview",
    "request_code",
    "sending",
    "sent",
    "unsent",
    "unsure",
    "waiting",
    "warn_visitors",
]

#: Working days in which a centre is expected to answer.
WORKING_DAYS = 3


def centre_of(canvas: Canvas) -> CentreEntry:
    """The centre in focus; the first one when that centre is gone."""
    return canvas.trial.centre(canvas.session.focus) or canvas.trial.centres[0]


def request_code(canvas: Canvas) -> str:
    """The code of the request in hand, as people read it."""
    session = canvas.session
    return grouped(code_of(session.tag, session.trial, session.focus, session.attempt))


def own_contact(canvas: Canvas) -> None:
    """The centre's own telephone and address, for who would rather not wait."""
    centre = centre_of(canvas)
    if centre.sample:
        canvas.note("contact.sample")
    phone = canvas.say("contact.phone", phone=centre.phone)
    canvas.add(BlockKind.LINK, phone, f"tel:{centre.phone.replace(' ', '')}")
    email = canvas.say("contact.email", email=centre.email)
    canvas.add(BlockKind.LINK, email, f"mailto:{centre.email}")


def _due(canvas: Canvas) -> str:
    day: date = day_of(canvas.session.sent, canvas.today)
    return canvas.speech.date(working_day(day, WORKING_DAYS, canvas.catalogue.holidays))


def preview(canvas: Canvas) -> View:
    """All that will go to the centre, word for word of the same meaning, and nothing else."""
    session, trial = canvas.session, canvas.trial
    chat = canvas.catalogue.carrier is not None
    canvas.text("preview.text", centre=centre_of(canvas).name)
    warn_visitors(canvas)
    for text in (
        canvas.say("preview.study", name=trial.name, nct=trial.id),
        canvas.say("preview.code", code=request_code(canvas)),
        canvas.say("preview.who"),
        canvas.say("preview.language"),
        canvas.say("preview.day", day=canvas.speech.date(canvas.today)),
        canvas.say("preview.key.chat" if chat else "preview.key.box"),
    ):
        canvas.add(BlockKind.ITEM, text)
    points = shareable(canvas.assessment, canvas.catalogue)
    if session.details:
        result = canvas.say(f"result.{result_kind(canvas)}.title")
        canvas.add(BlockKind.ITEM, canvas.say("preview.result", outcome=result))
        if points:
            # Without these words a criterion reads as a fact about her.
            canvas.text("preview.points")
        for identity in points:
            canvas.add(BlockKind.ITEM, canvas.of_trial(f"{identity}.plain"))
    if session.answers:
        canvas.text("preview.added" if session.details else "preview.private")
    canvas.text("preview.kept")
    canvas.note("care.first")
    canvas.row(canvas.button("preview.send", Action.CONFIRM, style=Style.PRIMARY))
    if session.answers:
        label = "preview.drop" if session.details else "preview.add"
        canvas.row(canvas.button(label, Action.DETAILS, int(not session.details)))
    canvas.back()
    return canvas.view(canvas.say("preview.title"))


def warn_visitors(canvas: Canvas) -> None:
    """In a demonstration a centre's place may be open to everybody: nothing here knows."""
    if canvas.catalogue.demonstration:
        canvas.note("preview.demo")


def _no_hospital(canvas: Canvas) -> None:
    """In a demonstration nobody may wait for an answer."""
    if canvas.catalogue.demonstration:
        canvas.note("sent.demo.none")


def sending(canvas: Canvas) -> View:
    """Between the confirmation and what comes of it; should nothing come, she can tap again."""
    canvas.text("sending.text")
    canvas.row(canvas.button("sending.again", Action.CONFIRM))
    return canvas.view(canvas.say("sending.title"))


def sent(canvas: Canvas) -> View:
    """The centre's channel has the request: by when to expect an answer, and where it comes."""
    catalogue = canvas.catalogue
    canvas.text("sent.text", centre=centre_of(canvas).name, day=_due(canvas))
    _no_hospital(canvas)
    inbox = "/demo/centre"
    if catalogue.carrier is None:
        canvas.text("sent.receipt")
        _receipt(canvas)
        # Two strings of letters stand on one page: one is told, the other kept.
        canvas.text("sent.code.box", code=request_code(canvas))
    else:
        canvas.text("sent.chat")
        inbox = f"{catalogue.carrier.web}{inbox}" if catalogue.carrier.web else ""
        canvas.text("sent.code", code=request_code(canvas))
    if catalogue.demonstration and inbox:
        canvas.add(BlockKind.LINK, canvas.say("sent.demo"), inbox)
    canvas.note("care.first")
    if catalogue.carrier is not None:
        canvas.row(canvas.button("sent.write", Action.WRITE))
    canvas.row(canvas.button("sent.waiting", Action.WAITING))
    canvas.row(canvas.button("button.next_steps", Action.NEXT_STEPS))
    canvas.row(canvas.button("sent.end", Action.END))
    canvas.back()
    return canvas.view(canvas.say("sent.title"))


def _receipt(canvas: Canvas) -> None:
    canvas.add(BlockKind.RECEIPT, canvas.say("sent.receipt.label"), detail=request_code(canvas))
    _box(canvas)


def _box(canvas: Canvas) -> None:
    canvas.add(BlockKind.LINK, canvas.say("sent.box"), "/receipt")


def unsure(canvas: Canvas) -> View:
    """Nobody knows whether the centre has the request; she gets what the answer would need."""
    canvas.text("unsure.text")
    canvas.row(canvas.button("sending.again", Action.CONFIRM, style=Style.PRIMARY))
    if canvas.catalogue.carrier is None:
        canvas.text("unsure.receipt")
        _receipt(canvas)
    else:
        canvas.text("unsure.chat")
    canvas.text("unsent.own")
    own_contact(canvas)
    canvas.back()
    return canvas.view(canvas.say("unsure.title"))


def unsent(canvas: Canvas) -> View:
    """Nothing was accepted yet; her own button tries again, and the centre's contact stands by."""
    canvas.text("unsent.text")
    canvas.row(canvas.button("sending.again", Action.CONFIRM, style=Style.PRIMARY))
    canvas.text("unsent.own")
    own_contact(canvas)
    canvas.back()
    return canvas.view(canvas.say("unsent.title"))


def full(canvas: Canvas) -> View:
    """No more requests here today: the way without us."""
    canvas.text("full.text")
    own_contact(canvas)
    canvas.note("care.first")
    canvas.row(canvas.button("button.elsewhere", Action.ELSEWHERE))
    canvas.back()
    return canvas.view(canvas.say("full.title"))


def over(canvas: Canvas) -> View:
    """The request was ended or closed; an old button never opens it again."""
    canvas.text("over.text")
    own_contact(canvas)
    again(canvas)
    canvas.row(canvas.button("button.elsewhere", Action.ELSEWHERE))
    canvas.back()
    return canvas.view(canvas.say("over.title"))


def again(canvas: Canvas) -> None:
    """The button that begins the request anew, where that is possible."""
    session = canvas.session
    open_ = canvas.catalogue.status(canvas.trial, canvas.today).routes
    if open_ and session.attempt + 1 < ATTEMPTS and askable(session, canvas.catalogue):
        canvas.row(canvas.button("over.again", Action.AGAIN))


def waiting(canvas: Canvas) -> View:
    """No answer yet: what happens by itself, and whom she can call instead of waiting."""
    if canvas.catalogue.carrier is None:
        # Nothing brings the answer to her there: she may be waiting for what has come.
        canvas.text("waiting.box")
        _box(canvas)
    canvas.text("waiting.text", day=_due(canvas))
    _no_hospital(canvas)
    canvas.text("waiting.own")
    own_contact(canvas)
    canvas.note("care.first")
    if len(canvas.trial.centres) > 1 and canvas.catalogue.status(canvas.trial, canvas.today).routes:
        canvas.row(canvas.button("waiting.other", Action.CONTACT))
    canvas.row(canvas.button("button.elsewhere", Action.ELSEWHERE))
    canvas.row(canvas.button("sent.end", Action.END))
    canvas.back()
    return canvas.view(canvas.say("waiting.title"))
