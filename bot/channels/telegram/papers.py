"""Her summary in her chat: its notes, and the file that is made in memory, sent, and forgotten."""

import asyncio
from dataclasses import replace
from typing import Any

from bot.channels.telegram.api import Api, Passing
from bot.channels.telegram.groups import toast
from bot.channels.telegram.parts import Bubble
from bot.channels.telegram.ring import Ring
from bot.channels.telegram.updates import Query
from bot.desk import Desk, Page
from bot.events import report
from bot.outreach.paper import summary_pdf
from dialogs.conversation.steps import Action, Step

__all__ = ["Papers", "notes_along"]

#: The name shows on a locked phone, and in lists of files: it says nothing of her.
_NAME = "Passerelle.pdf"
#: Seconds in which a second press of the same button is a double tap.
_DOUBLE = 10


def notes_along(desk: Desk, binding: bytes, held: Bubble, page: Page) -> tuple[Page, bool]:
    """`page`, and whether the message with the pressed button stays: it alone has her notes.

    A page that is her summary again, as in another language, gets them.
    """
    note = held.quoted() if page.left is Step.SUMMARY else None
    if page.left is not Step.SUMMARY or page.tapped is Action.UNNOTE:
        return page, False
    if page.view.step is not Step.SUMMARY:
        return page, note is not None
    if note is not None:
        return desk.annotated(binding, page, note), False
    if not held.date:
        old = page.speech.say("notice.old")
        page = replace(page, view=replace(page.view, notice=old))
    return page, False


class Papers:
    """Files of private chats."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._sent = Ring(seconds=_DOUBLE)

    async def answer(self, query: Query, held: Bubble, page: Page) -> dict[str, Any]:
        """Sends the summary that `page` shows, with the notes that stand above the button.

        Of an old message Telegram does not show us the notes: the file says so. Gives what answers
        the press. Whatever fails, her page is still there, and she is told.
        """
        chat, note = held.chat.id, held.quoted() or ""
        try:
            await self._sent.once(
                (chat, held.message_id, query.data),
                lambda: self._send(chat, page, note, old=not held.date),
            )
        except Passing as passing:
            words = "chat.unsure" if passing.sent else "notice.paper"
            return toast(query, page.speech.say(words), alert=True)
        except Exception as error:  # noqa: BLE001 - see above
            report(error)
            return toast(query, page.speech.say("notice.paper"), alert=True)
        return {"callback_query_id": query.id}

    async def _send(self, chat: int, page: Page, note: str, *, old: bool) -> None:
        made = await asyncio.to_thread(summary_pdf, page.view, page.speech, note)
        caption = page.speech.say("summary.file", page.session.relative)
        if old:
            caption = f"{caption} {page.speech.say('notice.old')}"
        await self._api.document(chat, _NAME, "application/pdf", made, caption)
