"""The patients' side of the chats: people, their bubbles, and the updates that their taps make."""

import time
from collections import deque
from dataclasses import dataclass, field

import msgspec

from tests.bench.words import Key, Words

__all__ = ["BOT", "Bubble", "People", "Person"]

#: The bot as its messages and `getMe` show it.
BOT = (
    b'{"id":123456789,"is_bot":true,"first_name":"Passerelle","username":"passerelle_test_bot",'
    b'"can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false,'
    b'"can_connect_to_business":false,"has_main_web_app":false}'
)
_SENDER = (
    b'{"id":123456789,"is_bot":true,"first_name":"Passerelle","username":"passerelle_test_bot"}'
)
_FIRST_PERSON = 5_000_000_000


@dataclass(slots=True)
class Bubble:
    """A message of the bot in a chat."""

    number: int
    person: "Person"
    words: Words
    markup: bytes
    keys: list[Key]
    date: int
    edited: int = 0

    def json(self) -> bytes:
        """The message as Telegram sends it."""
        edited = b'"edit_date":%d,' % self.edited if self.edited else b""
        markup = b',"reply_markup":%b' % self.markup if self.markup else b""
        return b'{"message_id":%d,"from":%b,"chat":%b,"date":%d,%b%b%b}' % (
            self.number, _SENDER, self.person.chat, self.date, edited, self.words.json, markup,
        )  # fmt: skip


@dataclass(slots=True)
class Person:
    """Somebody with a private chat: what she sees, and what she waits for."""

    number: int
    user: bytes
    chat: bytes
    bubbles: dict[int, Bubble] = field(default_factory=dict)
    bubble: Bubble | None = None
    screen: int | None = None
    expected: int = -1
    pressed: float = 0.0
    waiting: bool = False
    query: str = ""
    held: float = 0.0
    queue: deque[tuple[float, bytes]] = field(default_factory=deque)
    sending: bool = False
    pause: float = 0.0


class People:
    """Everybody who chats with the bot, and the numbers that Telegram gives out."""

    def __init__(self) -> None:
        self.all: dict[int, Person] = {}
        self.queries: dict[str, tuple[float, Person]] = {}
        self._updates = 100_000_000
        self._messages = 1

    def person(self) -> Person:
        """A new person who has never written to the bot."""
        number = _FIRST_PERSON + len(self.all)
        name = b'"first_name":"Person","last_name":"%d","username":"person%d"' % (number, number)
        person = Person(
            number,
            b'{"id":%d,"is_bot":false,%b,"language_code":"fr"}' % (number, name),
            b'{"id":%d,%b,"type":"private"}' % (number, name),
        )
        self.all[number] = person
        return person

    def message(self) -> int:
        """The number of a new message."""
        self._messages += 1
        return self._messages

    def _update(self, kind: bytes, content: bytes) -> bytes:
        self._updates += 1
        return b'{"update_id":%d,"%b":%b}' % (self._updates, kind, content)

    def start(self, person: Person) -> bytes:
        """The update of a /start."""
        content = (
            b'{"message_id":%d,"from":%b,"chat":%b,"date":%d,"text":"/start",'
            b'"entities":[{"offset":0,"length":6,"type":"bot_command"}]}'
        ) % (self.message(), person.user, person.chat, int(time.time()))
        return self._update(b"message", content)

    def tap(self, person: Person, bubble: Bubble, data: str) -> bytes:
        """The update of a press; the message rides in it as it is now, as Telegram does it."""
        query = str(self._updates * 1_000_003 + person.number)
        self.queries[query] = time.monotonic(), person
        person.query = query
        content = b'{"id":"%b","from":%b,"message":%b,"chat_instance":"%d","data":%b}' % (
            query.encode(), person.user, bubble.json(), person.number * 7, msgspec.json.encode(data)
        )  # fmt: skip
        return self._update(b"callback_query", content)
