"""Her summary as a file in her chat: made in memory, sent, and forgotten."""

import asyncio
from typing import Any

from bot.channels.telegram.api import Api, Passing
from bot.channels.telegram.groups import toast
from bot.channels.telegram.parts import Bubble
from bot.channels.telegram.ring import Ring
from bot.channels.telegram.updates import Query
from bot.desk import Page
from bot.events import report
from bot.outreach.paper import summary_pdf

__all__ = ["Papers"]

#: The name shows on a locked phone, and in lists of files: it says nothing of her.
_NAME = "Passerelle.pdf"
#: Seconds in which a second press of the same button is a double tap.
_DOUBLE = 10


class Papers:
    """Files of private chats."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._sent = Ring(seconds=_DOUBLE)

    async def answer(self, query: Query, held: Bubble, page: Page) -> dict[str, Any]:
        """Sends the summary that `page` shows, with the notes that stand above the button.

        Gives what answers the press. Whatever fails, her page is still there, and she is told.
        """
        chat, note = held.chat.id, held.quoted() or ""
        try:
            await self._sent.once(
                (chat, held.message_id, query.data), lambda: self._send(chat, page, note)
            )
        except Passing as passing:
            words = "chat.unsure" if passing.sent else "notice.paper"
            return toast(query, page.speech.say(words), alert=True)
        except Exception as error:  # noqa: BLE001 - see above
            report(error)
            return toast(query, page.speech.say("notice.paper"), alert=True)
        return {"callback_query_id": query.id}

    async def _send(self, chat: int, page: Page, note: str) -> None:
        made = await asyncio.to_thread(summary_pdf, page.view, page.speech, note)
        caption = page.speech.say("summary.file", page.session.relative)
        await self._api.document(chat, _NAME, "application/pdf", made, caption)
