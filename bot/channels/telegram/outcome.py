"""What Telegram's answer to a call means."""

from enum import Enum

import msgspec

__all__ = ["UNREAD", "Outcome", "Passing", "Refused", "meaning"]


class Outcome(Enum):
    """How a call ended that Telegram answered."""

    DONE = "done"
    GONE = "gone"  # the message can't be edited or deleted any more
    BLOCKED = "blocked"  # she blocked the bot, or her account is gone: nobody is there to read
    ABSENT = "absent"  # there is no such chat
    BARRED = "barred"  # the bot may not write there
    MOVED = "moved"  # the group became another one, and that one again


#: Nobody can read what was sent.
UNREAD = frozenset({Outcome.BLOCKED, Outcome.ABSENT, Outcome.BARRED})


class Refused(Exception):
    """Telegram refuses a call for a reason that is our mistake; says the method only."""

    def __init__(self, method: str, status: int) -> None:
        super().__init__(f"{method}: {status}")
        self.method = method
        self.status = status


class Passing(Exception):
    """A call failed for a reason that may pass.

    `sent`: it may have had its effect. `after`: seconds that Telegram asks us to wait.
    """

    def __init__(self, sent: bool = False, after: float = 0.0) -> None:
        super().__init__("the Bot API server cannot be reached, or refuses for now")
        self.sent = sent
        self.after = after


class _Parameters(msgspec.Struct):
    migrate_to_chat_id: int | None = None
    retry_after: float = 0.0


class _Answer(msgspec.Struct):
    ok: bool
    description: str = ""
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)
    result: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)


_answer = msgspec.json.Decoder(_Answer)
#: Beginnings of Telegram's descriptions of a 400, in lower case, and what they mean.
_MEANINGS = (
    ("bad request: message is not modified", Outcome.DONE),
    ("bad request: message to edit not found", Outcome.GONE),
    ("bad request: message can't be edited", Outcome.GONE),
    ("bad request: message_id_invalid", Outcome.GONE),
    ("bad request: message to delete not found", Outcome.DONE),
    ("bad request: message can't be deleted", Outcome.GONE),
    ("bad request: query is too old", Outcome.GONE),
    ("bad request: query id is invalid", Outcome.GONE),
    ("bad request: chat not found", Outcome.ABSENT),
    ("bad request: user not found", Outcome.BLOCKED),
    ("bad request: peer_id_invalid", Outcome.BLOCKED),
    ("bad request: not enough rights to send", Outcome.BARRED),
    ("bad request: need administrator rights", Outcome.BARRED),
    ("bad request: chat_write_forbidden", Outcome.BARRED),
)


def meaning(method: str, status: int, payload: bytes) -> tuple[Outcome, msgspec.Raw, int | None]:
    """What an answer means, its result, and where a group has moved.

    Raises `Passing` for 429, 5xx and what is no answer of a Bot API server, `Refused` otherwise.
    """
    try:
        answer = _answer.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        answer = None
    if answer is None or status == 429 or status >= 500:
        raise Passing(after=answer.parameters.retry_after if answer else 0.0) from None
    if answer.ok:
        return Outcome.DONE, answer.result, None
    if answer.parameters.migrate_to_chat_id is not None:
        return Outcome.MOVED, answer.result, answer.parameters.migrate_to_chat_id
    if status == 403:
        return Outcome.BLOCKED, answer.result, None
    said = answer.description.lower()
    for beginning, outcome in _MEANINGS:
        if said.startswith(beginning):
            return outcome, answer.result, None
    raise Refused(method, status)
