"""Reaching a study centre oneself, and what to do when nothing is open here."""

from urllib.parse import quote

from dialogs.conversation.requests import askable
from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.screens.news import told
from dialogs.conversation.session import Whom
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Button, Style, View
from dialogs.eligibility.status import Openness

__all__ = ["centres", "contact", "elsewhere", "regions", "ways"]


def regions(canvas: Canvas) -> View:
    """The regions that have a centre."""
    canvas.text("regions.text")
    for code, name in canvas.catalogue.regions.items():
        if any(centre.region == code for centre in canvas.trial.centres):
            canvas.row(Button(name, Action.REGION, code))
    canvas.back()
    return canvas.view(canvas.say("regions.title"))


def centres(canvas: Canvas) -> View:
    """The centres of the region in focus."""
    code = canvas.session.focus
    canvas.text("centres.text", region=canvas.catalogue.regions.get(code, ""))
    for centre in canvas.trial.centres:
        if centre.region == code:
            canvas.row(Button(centre.name, Action.CENTRE, centre.number))
    canvas.back()
    return canvas.view(canvas.say("centres.title"))


def contact(canvas: Canvas) -> View:
    """The centre's published contact, a ready-made message, a call script; nothing is sent."""
    trial = canvas.trial
    centre = trial.centre(canvas.session.focus) or trial.centres[0]
    # Without the person's agreement, nothing is said of their health.
    unasked = ".unasked" if canvas.session.whom is Whom.RELATIVE_UNASKED else ""
    message = canvas.say(f"contact.message{unasked}", name=trial.name, nct=trial.id)
    subject = canvas.say("contact.subject")
    mail = f"mailto:{centre.email}?subject={quote(subject)}&body={quote(message)}"
    if centre.sample:
        canvas.note("contact.sample")
    canvas.add(
        BlockKind.LINK,
        canvas.say("contact.phone", phone=centre.phone),
        f"tel:{centre.phone.replace(' ', '')}",
    )
    canvas.add(BlockKind.LINK, canvas.say("contact.email", email=centre.email), mail)
    canvas.heading("contact.message.title")
    canvas.add(BlockKind.COPY, message)
    canvas.heading("contact.script.title")
    canvas.add(BlockKind.COPY, canvas.say(f"contact.script{unasked}", name=trial.name))
    canvas.text("contact.silence")
    if askable(canvas.session, canvas.catalogue):
        canvas.text("request.intro")
        canvas.row(canvas.button("request.ask", Action.ASK, style=Style.PRIMARY))
    canvas.note("care.first")
    canvas.add(BlockKind.QR, canvas.say("contact.qr"), trial.registry)
    canvas.row(canvas.button("button.next_steps", Action.NEXT_STEPS))
    canvas.back()
    title = canvas.say("contact.title", centre=centre.name, city=centre.city)
    return canvas.view(title, printable=True)


def ways(canvas: Canvas) -> None:
    """What can be done besides: ask the oncologist, look into the registry, talk to a group."""
    canvas.heading("elsewhere.do")
    canvas.text("elsewhere.oncologist")
    canvas.text("elsewhere.papers")
    registry, *groups = canvas.catalogue.doors
    canvas.add(BlockKind.LINK, canvas.say(registry.phrase), registry.href)
    canvas.text("elsewhere.groups")
    for door in groups:
        canvas.add(BlockKind.LINK, canvas.say(door.phrase), door.href)
    canvas.note("care.first")


def elsewhere(canvas: Canvas) -> View:
    """When nothing is open here, or this study does not fit: what it means and what she can do."""
    catalogue = canvas.catalogue
    open_ = catalogue.open(canvas.today) != 0
    if canvas.session.trial:
        status = canvas.catalogue.status(canvas.trial, canvas.today)
        open_ = open_ or status.routes
        if status.openness is Openness.CLOSED:
            canvas.text("elsewhere.closed", name=canvas.trial.name)
    canvas.text("elsewhere.more" if open_ else "elsewhere.none")
    ways(canvas)
    canvas.row(*told(canvas))
    canvas.row(canvas.button("button.back", Action.BACK, style=Style.PRIMARY))
    canvas.row(canvas.button("button.stop", Action.STOP))
    return canvas.view(canvas.say("elsewhere.title" if open_ else "elsewhere.none.title"))
