"""What Telegram tells us, reduced to what is used.

Names and user names are never decoded: what is not held cannot leak. Decoding straight into these
shapes is also what makes a tap cheap.
"""

from collections.abc import Iterator

import msgspec
from msgspec import Struct, field

from bot.channels.telegram.parts import Author, Bubble, Chat, Present, Replied, User

__all__ = [
    "ALLOWED",
    "Membership",
    "Message",
    "Poison",
    "Query",
    "Update",
    "decode",
    "decode_batch",
]

#: The kinds of update that we ask Telegram for.
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")


class Poison(Exception):
    """An update that cannot be understood; says nothing of its content. `update_id` if known."""

    def __init__(self, update_id: int | None = None) -> None:
        super().__init__("an update of no known shape")
        self.update_id = update_id


class Message(Struct):
    """A message in a chat; of what is not text, only that it is there."""

    message_id: int
    chat: Chat
    date: int = 0
    user: Author | None = field(default=None, name="from")
    text: str | None = None
    caption: str | None = None
    reply_to_message: Replied | None = None
    sender_chat: Present | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None
    animation: Present | None = None
    audio: Present | None = None
    checklist: Present | None = None
    contact: Present | None = None
    dice: Present | None = None
    document: Present | None = None
    game: Present | None = None
    location: Present | None = None
    paid_media: Present | None = None
    photo: list[Present] | None = None
    poll: Present | None = None
    sticker: Present | None = None
    story: Present | None = None
    venue: Present | None = None
    video: Present | None = None
    video_note: Present | None = None
    voice: Present | None = None

    @property
    def words(self) -> str:
        """What was written, as a text or under a picture."""
        return self.text or self.caption or ""

    @property
    def media(self) -> bool:
        """Whether it holds something else than words; a note of Telegram's own holds neither."""
        return any(getattr(self, name) is not None for name in _MEDIA)


#: Fields of a message that are no media.
_PLAIN = frozenset({"message_id", "chat", "date", "user", "text", "caption"}) | {
    "reply_to_message",
    "sender_chat",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
}
_MEDIA = tuple(name for name in Message.__struct_fields__ if name not in _PLAIN)


class Query(Struct):
    """A press of a button."""

    id: str
    user: User = field(name="from")
    message: Bubble | None = None
    data: str | None = None


class Member(Struct):
    """Our own standing in a chat."""

    status: str


class Membership(Struct):
    """Somebody added us to a chat, took us out, or blocked us."""

    chat: Chat
    new_chat_member: Member
    old_chat_member: Member
    user: User | None = field(default=None, name="from")


class Update(Struct):
    """One update; at most one of its parts is there."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    channel_post: Message | None = None
    callback_query: Query | None = None
    my_chat_member: Membership | None = None

    def person(self) -> tuple[str, int]:
        """The queue of this update: updates of one queue are handled in their order.

        As at Telegram, words do not wait for presses.
        """
        if self.callback_query is not None and self.callback_query.message is not None:
            return "press", self.callback_query.message.chat.id
        for part in (self.message, self.edited_message, self.channel_post, self.my_chat_member):
            if part is not None:
                return "chat", part.chat.id
        return "update", self.update_id


class _Number(Struct):
    update_id: int


class _Batch(Struct):
    result: list[msgspec.Raw]


_update = msgspec.json.Decoder(Update)
_number = msgspec.json.Decoder(_Number)
_batch = msgspec.json.Decoder(_Batch)


def decode(body: bytes | msgspec.Raw) -> Update:
    """The update of a JSON text; `Poison` when it is none."""
    try:
        return _update.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    # Outside the handler, so that the error that may quote the update is not kept as its cause.
    try:
        raise Poison(_number.decode(body).update_id)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Poison from None


def decode_batch(body: bytes) -> Iterator[Update | Poison]:
    """The updates of an answer to getUpdates, each by itself; `Poison` when there is no list."""
    try:
        batch = _batch.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Poison from None
    for raw in batch.result:
        try:
            yield decode(raw)
        except Poison as poison:
            yield poison
