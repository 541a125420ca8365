"""A fake Bot API for the load: only what the measured bots use, as strict as Telegram, and lean."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import msgspec

from tests.bench.calls import Call, number, read_call
from tests.bench.people import BOT, Bubble, People, Person
from tests.bench.tally import Tally
from tests.bench.words import Refused, WordsReader, read_keyboard
from tests.fakes.http import Answer, Request

__all__ = ["TOKEN", "Api", "Faults"]

_NUMBER = 123456789
TOKEN = f"{_NUMBER}:TEST-abcdefghijklmnopqrstuvwxyz01"
_HEAD = f"/bot{TOKEN}/"
_TAP_LIVES = 150
#: Messages remembered per chat; the bots of the bench edit the newest only.
_BUBBLES = 3
_JSON = (("Content-Type", "application/json"),)
#: Methods that are called at start only; faults leave them alone.
_SETUP = {
    "getme", "setwebhook", "deletewebhook", "getwebhookinfo", "setmycommands", "deletemycommands",
    "setmydescription", "setmyshortdescription", "setmyname", "setchatmenubutton", "getupdates",
    "logout", "close",
}  # fmt: skip
_TRUE = b"true"
_SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
_LATE = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Faults:
    """Shares of the calls that fail: flood limit (retry after 1 s), server error, lost line."""

    flood: float = 0.0
    broken: float = 0.0
    dropped: float = 0.0


class Api:
    """Answers the bot's calls.

    `shown` is told of each screen that has come, `answered` of each press answered; `poll` and
    `hook` are the two ways of delivery.
    `delay` is what every call takes, in seconds; the effect is at its beginning.
    """

    def __init__(self, people: People, reader: WordsReader) -> None:
        self.people = people
        self.tally = Tally()
        self.faults = Faults()
        self.delay = 0.0
        self.shown: Callable[[Person], None] = lambda _person: None
        self.answered: Callable[[Person], None] = lambda _person: None
        self.poll: Callable[[Call], Any] = lambda _call: None
        self.hook: Callable[[Call], None] = lambda _call: None
        self._reader = reader
        self._chance = random.Random(7)
        self._methods: dict[str, Callable[[Call], bytes]] = {
            "sendmessage": self._send,
            "editmessagetext": self._edit,
            "editmessagereplymarkup": self._edit_keys,
            "answercallbackquery": self._answer,
            "deletemessage": self._delete,
            "getme": lambda _call: BOT,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._set_webhook,
            "getwebhookinfo": lambda _: b'{"url":"","pending_update_count":0}',
            **dict.fromkeys(
                (
                    "setmycommands", "deletemycommands", "setmydescription",
                    "setmyshortdescription", "setmyname", "setchatmenubutton", "sendchataction",
                    "logout", "close",
                ),
                lambda _call: _TRUE,
            ),
        }  # fmt: skip

    def handle(self, request: Request) -> Any:
        """The answer to a request, or for a poll that has nothing yet, a promise of one."""
        place = unquote(request.path.partition("?")[0])
        if not place.startswith(_HEAD):
            self.tally.problems["call with another token"] += 1
            return self._answered(_error(401, "Unauthorized"))
        method = place[len(_HEAD) :].lower()
        try:
            call = read_call(request)
        except Refused as refused:
            self.tally.problems[refused.description] += 1
            return self._answered(_error(refused.status, refused.description))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.tally.problems[f"unreadable call: {type(error).__name__}"] += 1
            return self._answered(_error(400, "Bad Request: can't parse the call"))
        if method == "getupdates":
            self.tally.polls += 1
            return self.poll(call)
        self.tally.calls += 1
        return self._answered(self._faulty(method, call))

    def _answered(self, answer: Answer) -> Answer:
        answer.delay = self.delay
        return answer

    def _faulty(self, method: str, call: Call) -> Answer:
        """The answer, or one of the faults; a line may be lost before or after the effect."""
        faults = self.faults
        if method in _SETUP or not faults.flood + faults.broken + faults.dropped:
            return self.execute(method, call)
        drawn = self._chance.random()
        if drawn < faults.flood:
            return _error(
                429, "Too Many Requests: retry after 1", b',"parameters":{"retry_after":1}'
            )
        if drawn < faults.flood + faults.broken:
            return _error(500, "Internal Server Error")
        if drawn < faults.flood + faults.broken + faults.dropped:
            if self._chance.random() < 0.5:
                self.execute(method, call)
            return Answer(drop=True)
        return self.execute(method, call)

    def execute(self, method: str, call: Call) -> Answer:
        """Do what a call asks for, strictly."""
        work = self._methods.get(method, _unknown)
        try:
            return Answer(200, b'{"ok":true,"result":%b}' % work(call), _JSON)
        except Refused as refused:
            self.tally.failed += 1
            if "not modified" in refused.description:
                self.tally.same += 1
            else:
                self.tally.problems[refused.description] += 1
            return _error(refused.status, refused.description)

    def _person(self, call: Call) -> Person:
        person = self.people.all.get(number(call.chat_id))
        if person is None:
            raise Refused(400, "Bad Request: chat not found")
        return person

    def _bubble(self, call: Call) -> Bubble:
        bubble = self._person(call).bubbles.get(number(call.message_id))
        if bubble is None:
            raise Refused(400, "Bad Request: message to edit not found")
        return bubble

    def _send(self, call: Call) -> bytes:
        person = self._person(call)
        words = self._reader.read(call.text, call.parse_mode, bytes(call.entities))
        markup = bytes(call.reply_markup)
        keys = read_keyboard(markup) if markup else []
        now = int(time.time())
        bubble = Bubble(self.people.message(), person, words, markup if keys else b"", keys, now)
        person.bubbles[bubble.number] = bubble
        if len(person.bubbles) > _BUBBLES:
            del person.bubbles[next(iter(person.bubbles))]
        self._show(person, bubble)
        return bubble.json()

    def _edit(self, call: Call) -> bytes:
        bubble = self._bubble(call)
        words = self._reader.read(call.text, call.parse_mode, bytes(call.entities))
        markup = bytes(call.reply_markup)
        keys = read_keyboard(markup) if markup else []
        if words.json == bubble.words.json and keys == bubble.keys:
            raise Refused(400, _SAME)
        bubble.words, bubble.markup, bubble.keys = words, markup if keys else b"", keys
        bubble.edited = int(time.time())
        self._show(bubble.person, bubble)
        return bubble.json()

    def _edit_keys(self, call: Call) -> bytes:
        bubble = self._bubble(call)
        markup = bytes(call.reply_markup)
        keys = read_keyboard(markup) if markup else []
        if keys == bubble.keys:
            raise Refused(400, _SAME)
        bubble.markup, bubble.keys = markup if keys else b"", keys
        return bubble.json()

    def _show(self, person: Person, bubble: Bubble) -> None:
        if bubble.keys:
            person.bubble = bubble
            self.shown(person)

    def _answer(self, call: Call) -> bytes:
        since, person = self.people.queries.pop(call.callback_query_id, (-_TAP_LIVES, None))
        if person is None or time.monotonic() - since > _TAP_LIVES:
            raise Refused(400, _LATE)
        self.answered(person)
        return _TRUE

    def _delete(self, call: Call) -> bytes:
        self._person(call).bubbles.pop(number(call.message_id), None)
        return _TRUE

    def _set_webhook(self, call: Call) -> bytes:
        self.hook(call)
        return _TRUE


def _unknown(_call: Call) -> bytes:
    raise Refused(404, "Not Found: method not found")


def _error(status: int, description: str, more: bytes = b"") -> Answer:
    body = b'{"ok":false,"error_code":%d,"description":%b%b}'
    return Answer(status, body % (status, msgspec.json.encode(description), more), _JSON)
