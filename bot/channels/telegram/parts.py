"""Parts of what Telegram tells us: chats, people, buttons, and messages of ours.

Of a person there is the language of the application and, for the one question whether somebody is
an administrator, the number; no name is ever decoded.
"""

from msgspec import Struct, field

__all__ = ["Author", "Bubble", "Chat", "Entity", "Key", "Markup", "Present", "Replied", "User"]


class Present(Struct):
    """Something is there, whatever it holds."""


class User(Struct):
    """Who tapped: the language of their application."""

    is_bot: bool = False
    language_code: str = ""


class Author(User):
    """Who wrote.

    `id` is looked at for one question: is a command in a group an administrator's? In a private
    chat it is the number of the chat.
    """

    id: int = 0


class Chat(Struct):
    """Where: `type` is private, group, supergroup or channel."""

    id: int
    type: str = "private"


class Key(Struct):
    """A button of a message; `url` is looked at for what stands behind its `#`."""

    callback_data: str | None = None
    url: str = ""


class Markup(Struct):
    """The buttons under a message."""

    inline_keyboard: list[list[Key]] = field(default_factory=list)

    def buttons(self) -> list[Key]:
        """All buttons, in their order."""
        return [key for row in self.inline_keyboard for key in row]

    def note(self) -> str:
        """What the link to a reply page carries besides the handle, with its dot; or nothing."""
        fragments = (key.url.partition("#")[2].partition(".") for key in self.buttons())
        return next((dot + note for _, dot, note in fragments if note), "")

    def handles(self) -> list[str]:
        """What may be a request's handle: the tokens, then what links carry behind their `#`."""
        keys = self.buttons()
        links = [key.url.partition("#")[2].partition(".")[0] for key in keys]
        return [one for one in (*(key.callback_data for key in keys), *links) if one]


class Entity(Struct):
    """A marked part of a text; both numbers count UTF-16 units."""

    type: str
    offset: int
    length: int


class Replied(Struct):
    """The message that was answered, as it is now; times in seconds since 1970.

    `date` 0: Telegram does not show it to us any more. `edit_date` 0: it was never changed.
    """

    message_id: int
    date: int = 0
    edit_date: int = 0
    user: User | None = field(default=None, name="from")
    reply_markup: Markup | None = None
    text: str = ""
    entities: list[Entity] = field(default_factory=list)

    def quoted(self) -> str | None:
        """Somebody's own words in it; None without any."""
        return _quoted(self.text, self.entities)

    def tokens(self) -> list[str]:
        """The tokens of its buttons, in their order; each of them carries the whole session."""
        if self.reply_markup is None:
            return []
        return [key.callback_data for key in self.reply_markup.buttons() if key.callback_data]

    def handles(self) -> list[str]:
        """See `Markup`."""
        return [] if self.reply_markup is None else self.reply_markup.handles()

    def note(self) -> str:
        """See `Markup`."""
        return "" if self.reply_markup is None else self.reply_markup.note()


class Bubble(Struct):
    """Our own message with the buttons. `date` 0: too old, or deleted."""

    message_id: int
    chat: Chat
    date: int = 0
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    reply_markup: Markup = field(default_factory=Markup)

    def quoted(self) -> str | None:
        """Somebody's own words in it; None without any."""
        return _quoted(self.text, self.entities)


def _quoted(text: str, entities: list[Entity]) -> str | None:
    """The text of the one expandable quotation of a message of ours; None without one."""
    found = [one for one in entities if one.type == "expandable_blockquote"]
    if len(found) != 1:
        return None
    units = text.encode("utf-16-le")
    start, length = 2 * found[0].offset, 2 * found[0].length
    return units[start : start + length].decode("utf-16-le", "replace")
