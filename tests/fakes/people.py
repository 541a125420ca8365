"""The people who chat."""

from typing import Any

from tests.fakes.chats import Chat, Place, Run
from tests.fakes.media import media
from tests.fakes.model import Note, Room
from tests.fakes.text import marked
from tests.fakes.views import Button, Message
from tests.fakes.world import Tap, World

__all__ = ["Person"]


class Person(Place):
    """Somebody with Telegram on her phone, in her private chat with the bot."""

    def __init__(self, world: World, run: Run, room: Room) -> None:
        super().__init__(world, run, room)
        assert room.user is not None
        self.user = room.user
        self.chat = Chat(world, run, room)

    def say(self, text: str, reply_to: Message | None = None) -> Message:
        """She writes to the bot."""
        self._check_open()
        return self._said(self.user, text, reply_to)

    def send(
        self, kind: str, caption: str = "", reply_to: Message | None = None, **fields: Any
    ) -> Message:
        """She sends something else: sticker, photo, document, voice, location, contact and more."""
        self._check_open()
        extra = media(kind, self.user, caption, fields)
        return self._said(self.user, "", reply_to, extra=extra)

    def edit(self, message: Message, text: str) -> Message:
        """She changes her own message."""

        def work() -> Message:
            note = self._note(message)
            if note.sender is not self.user:
                raise ValueError("people can edit their own messages only")
            note.history.append(note.text)
            note.text, note.entities = text, marked(text)
            note.edit_date = int(self._world.now())
            self._world.hear(note, edited=True)
            return Message.of(note)

        return self._run(work)

    def tap(
        self,
        message: Message,
        button: "str | Button | None" = None,
        *,
        forged: str | bytes | None = None,
    ) -> Tap:
        """She presses the button of that label on the message as it is now.

        `forged` is data from a client that does not play by the rules; what is not UTF-8 reaches
        the bot as INVALID. Raises `LookupError` when there is no such button or message.
        """

        def work() -> Tap:
            note = self._note(message)
            if forged is not None:
                return self._pressed(note.room, message.id, _arrived(forged))
            label = button.text if isinstance(button, Button) else button
            found = Message.of(note).button(label or "")
            return self._pressed(note.room, message.id, _data(found))

        return self._run(work)

    def tap_old(
        self,
        snapshot: Message,
        button: "str | Button | None" = None,
        *,
        forged: str | bytes | None = None,
    ) -> Tap:
        """She presses a button as it was in `snapshot`: her phone has not seen what came after."""

        def work() -> Tap:
            room = self._world.rooms[snapshot.chat_id]
            if forged is not None:
                return self._pressed(room, snapshot.id, _arrived(forged))
            found = button if isinstance(button, Button) else snapshot.button(button or "")
            return self._pressed(room, snapshot.id, _data(found))

        return self._run(work)

    def _pressed(self, room: Room, message_id: int, data: str) -> Tap:
        note = room.notes.get(message_id)
        known = {item.data for item in Message.of(note).buttons()} if note else set()
        if not self._world.faults.lax and data not in known:
            raise LookupError("the server lets no forged data through: faults.lax is off")
        return self._world.tap(self.user, room, message_id, data)

    @property
    def toasts(self) -> list[tuple[str, bool, str]]:
        """What answered her taps, in the order of the taps: text, whether an alert, url."""
        return self._run(
            lambda: [(tap.text, tap.show_alert, tap.url) for tap in self._taps() if tap.answered]
        )

    @property
    def spinning(self) -> list[Tap]:
        """Her taps that nothing has answered yet."""
        return self._run(lambda: [tap for tap in self._taps() if not tap.answered])

    def block(self) -> None:
        """She blocks the bot."""
        self._run(lambda: self._world.set_status(self._room, self.user, "kicked"))

    def unblock(self) -> None:
        """She lets it write again."""
        self._run(lambda: self._world.set_status(self._room, self.user, "member"))

    def deactivate(self) -> None:
        """She deletes her account."""
        self.user.deactivated = True

    def delete(self, message: Message) -> None:
        """She deletes a message, for both sides; the bot is not told."""
        self._run(lambda: self._room.notes.pop(message.id, None))

    def clear(self) -> None:
        """She deletes the whole conversation, for both sides."""
        self._run(self._room.notes.clear)

    @property
    def id(self) -> int:
        """Her id, which is that of her private chat."""
        return self.user.id

    def _taps(self) -> list[Tap]:
        return [tap for tap in self._world.taps.values() if tap.user is self.user]

    def _note(self, message: Message) -> Note:
        note = self._world.rooms[message.chat_id].notes.get(message.id)
        if note is None:
            raise LookupError("that message is gone; see tap_old")
        return note

    def _check_open(self) -> None:
        if self._room.status == "kicked":
            raise ValueError("she has blocked the bot and cannot write to it")


def _data(button: Button) -> str:
    if not button.data:
        raise ValueError(f"{button.text!r} opens or copies something; the bot is not told")
    return button.data


def _arrived(data: str | bytes) -> str:
    try:
        return data.decode() if isinstance(data, bytes) else data
    except UnicodeDecodeError:
        return "INVALID"
