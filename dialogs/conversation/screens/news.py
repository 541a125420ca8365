"""Where to hear of new studies: a public channel and a feed; nobody is on a list."""

from dialogs.conversation.screens.canvas import Canvas
from dialogs.conversation.steps import Action
from dialogs.conversation.view import BlockKind, Button, Style, View

__all__ = ["feed", "news", "told"]


def feed(canvas: Canvas) -> str | None:
    """The address of the feed in her language: on the web below the page; None where no page is."""
    carrier = canvas.catalogue.carrier
    web = "" if carrier is None else carrier.web
    return None if web is None else f"{web}/news.{canvas.speech.language}.atom"


def told(canvas: Canvas) -> tuple[Button, ...]:
    """The button to this screen, for a row; none where it would have nothing to show."""
    if canvas.speech.language not in canvas.catalogue.channels and feed(canvas) is None:
        return ()
    return (canvas.button("button.news", Action.NEWS),)


def news(canvas: Canvas) -> View:
    """What is told where, what a feed is, and who can see that she follows a channel."""
    canvas.text("news.what")
    channel = canvas.catalogue.channels.get(canvas.speech.language)
    if channel is not None:
        href = f"https://t.me/{channel.removeprefix('@')}"
        canvas.add(BlockKind.LINK, canvas.say("news.channel", channel=channel), href)
    address = feed(canvas)
    if address is not None:
        canvas.add(BlockKind.LINK, canvas.say("news.feed"), address)
        canvas.text("news.feed.what")
    canvas.note("news.nobody")
    if channel is not None:
        canvas.note("news.followers")
    canvas.row(canvas.button("button.back", Action.BACK, style=Style.PRIMARY))
    return canvas.view(canvas.say("news.title"))
