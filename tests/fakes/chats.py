"""The chats in which people and the bot meet."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tests.fakes.media import media
from tests.fakes.model import ANONYMOUS, Room, User
from tests.fakes.text import marked
from tests.fakes.views import Message
from tests.fakes.world import World

if TYPE_CHECKING:
    from tests.fakes.people import Person

__all__ = ["Chat", "Place", "Run"]

T = TypeVar("T")


class Run(Protocol):
    """Runs a function where the world lives, and gives back what it returns or raises."""

    def __call__(self, work: Callable[[], T]) -> T:
        """Run it."""


class Place:
    """A chat as its members see it."""

    def __init__(self, world: World, run: Run, room: Room) -> None:
        self._world = world
        self._run = run
        self._room = room

    @property
    def id(self) -> int:
        """The id of the chat."""
        return self._room.id

    @property
    def messages(self) -> list[Message]:
        """What can be seen now, in order; deleted messages are gone."""
        return self._run(lambda: [Message.of(note) for note in self._room.notes.values()])

    @property
    def last(self) -> Message:
        """The newest message of the bot; raises `LookupError` when there is none."""
        for message in reversed(self.messages):
            if message.from_bot:
                return message
        raise LookupError(f"the bot has said nothing in {self._room.id}")

    def _said(
        self, sender: User | None, text: str, reply_to: Message | None, **fields: Any
    ) -> Message:
        def work() -> Message:
            note = self._world.note(
                self._room,
                sender=sender,
                text=text,
                entities=marked(text),
                reply_to=self._room.notes.get(reply_to.id) if reply_to else None,
                **fields,
            )
            self._world.hear(note)
            return Message.of(note)

        return self._run(work)


class Chat(Place):
    """A group, supergroup or channel, or the private chat of a person.

    The bot is not in a new group; it joins in silence when somebody speaks first, or with all the
    usual updates by `add_bot`.
    """

    @property
    def title(self) -> str:
        """What the group is called."""
        return self._room.title

    @property
    def kind(self) -> str:
        """Its type: private, group, supergroup or channel."""
        return self._room.kind

    def say(
        self,
        person: "Person",
        text: str,
        reply_to: Message | None = None,
        *,
        anonymous: bool = False,
    ) -> Message:
        """A member speaks; `anonymous` is in the name of the group."""
        self._open()
        self._room.members.add(person.id)
        if anonymous:
            return self._said(ANONYMOUS, text, reply_to, sender_room=self._room)
        return self._said(person.user, text, reply_to)

    def send(
        self,
        person: "Person",
        kind: str,
        caption: str = "",
        reply_to: Message | None = None,
        **fields: Any,
    ) -> Message:
        """A member sends something else than text; see `Person.send`."""
        self._open()
        self._room.members.add(person.id)
        extra = media(kind, person.user, caption, fields)
        return self._said(person.user, "", reply_to, extra=extra)

    def appoint(self, person: "Person", role: str = "administrator") -> None:
        """Makes somebody an administrator, or the creator; with *member* it is taken back."""

        def work() -> None:
            self._room.members.add(person.id)
            self._room.roles[person.id] = role

        self._run(work)

    def post(self, text: str) -> Message:
        """A post of the channel."""
        self._open()
        return self._said(None, text, None, sender_room=self._room)

    def add_bot(self, by: "Person", *, administrator: bool = False, may_post: bool = True) -> None:
        """Somebody brings the bot in; as an administrator of a channel it may post there or not."""

        def work() -> None:
            self._room.may_post = may_post
            self._room.members.add(by.id)
            self._room.started = True
            status = "administrator" if administrator else "member"
            self._world.set_status(self._room, by.user, status)
            if self._room.kind != "channel":
                joined = {"new_chat_members": [self._world.bot.json()]}
                self._world.hear(self._world.note(self._room, sender=by.user, extra=joined))

        self._run(work)

    def remove_bot(self, by: "Person") -> None:
        """Somebody throws the bot out."""
        self._run(lambda: self._world.set_status(self._room, by.user, "kicked"))

    def upgrade(self, by: "Person") -> "Chat":
        """The group becomes a supergroup with another id; the old id is dead."""

        def work() -> Chat:
            old = self._room
            room = Room(-1_000_000_000_000 + old.id, "supergroup", old.title, status=old.status)
            room.started = True
            room.members, room.roles = old.members, old.roles
            self._world.rooms[room.id] = room
            for place, extra in (
                (old, {"migrate_to_chat_id": room.id}),
                (room, {"migrate_from_chat_id": old.id}),
            ):
                sender = by.user if place is old else ANONYMOUS
                self._world.hear(self._world.note(place, sender=sender, extra=extra))
            old.upgraded_to = room.id
            return Chat(self._world, self._run, room)

        return self._run(work)

    def _open(self) -> None:
        if not self._room.started and self._room.status == "left":
            self._room.status = "administrator" if self._room.kind == "channel" else "member"
        self._room.started = True
