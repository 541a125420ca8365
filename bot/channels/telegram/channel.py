"""Posts in a public channel, and what became of each, with the mend."""

from dataclasses import dataclass
from html import escape
from typing import Any

from bot.channels.telegram.api import Api, Outcome, Passing, Refused
from bot.outreach.news import Post

__all__ = ["Fate", "content", "publish"]

_REFUSALS = {
    Outcome.ABSENT: "Telegram knows no public channel of this name: look at the setting",
    Outcome.BARRED: "the bot may not post there: make it an administrator of the channel, with the "
    "right to post messages",
    Outcome.BLOCKED: "the bot is not in the channel: add it as an administrator, with the right to "
    "post messages",
}
_TOKEN = "Telegram refuses BOT_TOKEN: copy it again from BotFather, or look at BOT_API_URL"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a post: `posted`, or not because of `why`; `lost`: nobody knows which."""

    posted: bool = False
    lost: bool = False
    why: str = ""


def content(post: Post) -> dict[str, Any]:
    """A post as a message."""
    lines = [f"<b>{escape(post.title, quote=False)}</b>"]
    lines += [escape(line, quote=False) for line in post.lines]
    links = [f'<a href="{escape(href)}">{escape(label)}</a>' for label, href in post.links]
    return {
        "text": "\n\n".join([*lines, "\n".join(links)]),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


async def publish(api: Api, channel: str, post: Post) -> Fate:
    """Posts in the channel called `channel`, once; never again when the answer is lost."""
    try:
        outcome = await api.send(channel, content(post))
    except Passing as passing:
        if passing.sent:
            return Fate(lost=True, why="the answer of Telegram was lost")
        if passing.after:
            wait = f"Telegram asks to wait: run this again in {passing.after:.0f} seconds"
            return Fate(why=wait)
        return Fate(why="Telegram cannot be reached: look at BOT_API_URL, and run this again")
    except Refused as refused:
        if refused.status in (401, 404):
            return Fate(why=_TOKEN)
        return Fate(why=f"Telegram refuses the post ({refused.status}): this is a fault of ours")
    if outcome is Outcome.DONE:
        return Fate(posted=True)
    return Fate(why=_REFUSALS.get(outcome, f"Telegram refuses the post ({outcome.value})"))
