"""Letters to staff groups, as messages of the bot."""

from collections.abc import Callable
from html import escape
from typing import Any

from bot.channels.telegram.api import Api, Outcome, Passing, Refused
from bot.contact.letter import Letter, Undelivered
from bot.events import report

__all__ = ["GroupCourier", "card"]


def card(letter: Letter) -> dict[str, Any]:
    """A letter as a message with its buttons."""
    lines = [f"<b>{escape(letter.title, quote=False)}</b>"]
    lines += [escape(line, quote=False) for line in letter.lines]
    rows: list[list[dict[str, str]]] = []
    if letter.link is not None:
        rows.append([{"text": letter.label or letter.link, "url": letter.link}])
    rows += [
        [{"text": label, "callback_data": token} for label, token in row] for row in letter.buttons
    ]
    return {
        "text": "\n\n".join(lines),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": rows},
    }


class GroupCourier:
    """See `Courier`; an address is the number of a chat. `moved` hears of a group's new number."""

    def __init__(self, api: Api, moved: Callable[[str, str], None]) -> None:
        self._api = api
        self._moved = moved

    async def deliver(self, address: str, letter: Letter, seconds: float) -> int | None:
        """The number of the message that was sent."""
        try:
            sent = await self._api.post(int(address), card(letter), seconds)
        except Passing as passing:
            raise Undelivered(sure=not passing.sent, after=passing.after) from None
        except Refused as refused:
            # Not the group's fault: it must not cost the centre its channel.
            report(refused)
            raise Undelivered(sure=True) from None
        if sent.moved is not None:
            self._moved(address, str(sent.moved))
        if sent.outcome is not Outcome.DONE:
            raise Undelivered(sure=True, lasting=True)
        return sent.message_id

    async def change(self, address: str, card_number: int, letter: Letter) -> None:
        """Makes the message say what `letter` says; a deleted one stays away."""
        try:
            await self._api.edit(int(address), card_number, card(letter))
        except Passing as passing:
            raise Undelivered(sure=True, after=passing.after) from None
        except Refused:
            raise Undelivered(sure=True, lasting=True) from None
