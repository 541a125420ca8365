"""Who and what there is in the fake Telegram: users, chats, messages, and their JSON forms."""

from dataclasses import dataclass, field
from typing import Any

__all__ = ["ANONYMOUS", "Json", "Note", "Room", "User"]

Json = dict[str, Any]


@dataclass(slots=True)
class User:
    """A person or a bot."""

    id: int
    first_name: str
    is_bot: bool = False
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_premium: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        """The form in updates and results; empty fields are left out."""
        form: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code", "is_premium"):
            if getattr(self, name):
                form[name] = getattr(self, name)
        return form


#: In whose name administrators speak who hide behind their group.
ANONYMOUS = User(1087968824, "Group", is_bot=True, username="GroupAnonymousBot")


@dataclass(slots=True)
class Room:
    """A chat. `status` is the bot's in it; in a private chat *kicked* means blocked.

    `roles` are those of members who are more than members: creator or administrator. A `username`
    makes a channel public; an administrator of it has the right to post or not.
    """

    id: int
    kind: str = "private"
    title: str = ""
    username: str = ""
    may_post: bool = True
    user: User | None = None
    status: str = "member"
    started: bool = False
    upgraded_to: int = 0
    members: set[int] = field(default_factory=set)
    roles: dict[int, str] = field(default_factory=dict)
    notes: dict[int, "Note"] = field(default_factory=dict)
    next_id: int = 0

    def json(self) -> Json:
        """The form in updates and results."""
        form: Json = {"id": self.id, "type": self.kind}
        if self.user is None:
            named = {"username": self.username} if self.username else {}
            return form | {"title": self.title} | named
        for name in ("first_name", "last_name", "username"):
            if getattr(self.user, name):
                form[name] = getattr(self.user, name)
        return form


@dataclass(slots=True)
class Note:
    """A message as the server keeps it; `extra` holds what is neither text nor keyboard."""

    id: int
    room: Room
    date: int
    sender: User | None = None
    sender_room: Room | None = None
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    keyboard: list[list[Json]] = field(default_factory=list)
    reply_to: "Note | None" = None
    edit_date: int = 0
    extra: Json = field(default_factory=dict)
    options: Json = field(default_factory=dict)
    history: list[str] = field(default_factory=list)
    from_bot: bool = False

    def json(self, *, reply: bool = True, markup: bool = True) -> Json:
        """The form in updates and results; `markup` is for the message that it replies to."""
        form: Json = {"message_id": self.id}
        if self.sender is not None:
            form["from"] = self.sender.json()
        if self.sender_room is not None:
            form["sender_chat"] = self.sender_room.json()
        form |= {"chat": self.room.json(), "date": self.date}
        if self.edit_date:
            form["edit_date"] = self.edit_date
        if reply and self.reply_to is not None and self.reply_to.id in self.reply_to.room.notes:
            answered = self.reply_to.json(reply=False)
            if not markup:
                answered.pop("reply_markup", None)
            form["reply_to_message"] = answered
        if self.text:
            form["text"] = self.text
            if self.entities:
                form["entities"] = self.entities
        form |= self.extra
        if self.options.get("link_preview_options"):
            form["link_preview_options"] = self.options["link_preview_options"]
        if self.options.get("protect_content"):
            form["has_protected_content"] = True
        if self.keyboard:
            form["reply_markup"] = {"inline_keyboard": self.keyboard}
        return form
