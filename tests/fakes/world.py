"""The state of the fake Telegram: one bot, its people and chats, and the clock they live by."""

import time
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.fakes.faults import Faults
from tests.fakes.model import Json, Note, Room, User

__all__ = ["DAY", "TAP_SECONDS", "Emit", "Tap", "World"]

#: How long Telegram keeps a tap, and everything else, for a bot that does not take it.
TAP_SECONDS = 150
DAY = 86_400


class Emit(Protocol):
    """Where updates go: their kind, their queue, their content, and how long they live."""

    def __call__(self, kind: str, key: Hashable, content: Json, lifetime: float) -> None:
        """Queue an update."""


@dataclass(slots=True)
class Tap:
    """A tap on a button, and what the bot answered."""

    id: str
    user: User
    message_id: int
    data: str
    born: float
    answered: bool = False
    text: str = ""
    show_alert: bool = False
    url: str = ""


class World:
    """Everything there is. Only ever touched on the fake's own loop."""

    def __init__(self, bot: User, faults: Faults) -> None:
        self.bot = bot
        self.faults = faults
        self.users: dict[int, User] = {bot.id: bot}
        self.rooms: dict[int, Room] = {}
        self.taps: dict[str, Tap] = {}
        self.problems: list[str] = []
        self.emit: Emit
        #: With privacy on, a bot in a group hears commands, replies to it and service messages.
        self.privacy_mode = True
        self.ahead = 0.0
        self._next_id = 0

    def now(self) -> float:
        """Seconds since 1970 by the fake's clock."""
        return time.time() + self.ahead

    def room(self, chat_id: object) -> Room | None:
        """The chat with this number, or the public one called `@…`, in any case."""
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            name = chat_id[1:].lower()
            named = (room for room in self.rooms.values() if room.username)
            return next((room for room in named if room.username.lower() == name), None)
        return self.rooms.get(chat_id) if isinstance(chat_id, int) else None

    def note(self, room: Room, **fields: Any) -> Note:
        """A new message in `room`; supergroups and channels count their own."""
        if room.kind in {"supergroup", "channel"}:
            room.next_id += 1
            number = room.next_id
        else:
            self._next_id += 1
            number = self._next_id
        note = Note(number, room, int(self.now()), **fields)
        room.notes[number] = note
        return note

    def hear(self, note: Note, *, edited: bool = False) -> None:
        """Tell the bot of a message that is not its own."""
        if note.room.kind == "private":
            note.room.started = True
        elif note.room.status in {"left", "kicked"} or not self._heard(note):
            return
        kind = "channel_post" if note.room.kind == "channel" else "message"
        content = note.json(markup=not self.faults.no_markup_in_reply)
        self.emit(f"edited_{kind}" if edited else kind, ("message", note.room.id), content, DAY)

    def _heard(self, note: Note) -> bool:
        open_to_all = note.room.kind == "channel" or note.room.status == "administrator"
        if not self.privacy_mode or open_to_all or not (note.text or "caption" in note.extra):
            return True
        if note.reply_to is not None and note.reply_to.from_bot:
            return True
        name = self.bot.username.lower()
        for item in note.entities:
            if item["type"] == "bot_command" and item["offset"] == 0:
                addressee = note.text[: item["length"]].partition("@")[2].lower()
                return addressee in {"", name}
        return False

    def set_status(self, room: Room, actor: User, status: str) -> None:
        """Change what the bot is in `room`, and tell it."""
        old, room.status = room.status, status
        content = {
            "chat": room.json(),
            "from": actor.json(),
            "date": int(self.now()),
            "old_chat_member": self.member(old),
            "new_chat_member": self.member(status),
        }
        self.emit("my_chat_member", ("member", room.id), content, DAY)

    def member(self, status: str) -> Json:
        """The bot as a member of a chat."""
        form: Json = {"user": self.bot.json(), "status": status}
        return form | {"until_date": 0} if status == "kicked" else form

    def tap(self, user: User, room: Room, message_id: int, data: str) -> Tap:
        """A press of a button of a message of the bot, as it is now."""
        number = str((user.id << 32) + len(self.taps) + 1)
        tap = Tap(number, user, message_id, data, self.now())
        self.taps[number] = tap
        note = room.notes.get(message_id)
        limit = self.faults.inaccessible_seconds
        if note is None or (limit is not None and self.now() - note.date > limit):
            message = {"chat": room.json(), "message_id": message_id, "date": 0}
        else:
            message = note.json(markup=not self.faults.no_markup_in_reply)
        content = {
            "id": number,
            "from": user.json(),
            "message": message,
            "chat_instance": str(-7_919 * abs(room.id) - 1),
            "data": data,
        }
        self.emit("callback_query", ("tap", user.id), content, TAP_SECONDS)
        return tap
