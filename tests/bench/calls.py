"""The parameters of a call to the Bot API, in whichever of Telegram's ways they come."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec

from tests.bench.words import Refused
from tests.fakes.http import Request

__all__ = ["CALLS", "Call", "number", "read_call"]


class Call(msgspec.Struct):
    """The parameters that any of the methods reads; others are taken and left alone."""

    chat_id: int | str = 0
    message_id: int | str = 0
    text: str | None = None
    parse_mode: str | None = None
    entities: msgspec.Raw = msgspec.Raw()
    reply_markup: msgspec.Raw = msgspec.Raw()
    callback_query_id: str = ""
    offset: int | str = 0
    limit: int | str = 100
    timeout: float | str = 0
    url: str = ""
    secret_token: str = ""
    max_connections: int | str = 40
    method: str = ""


#: Reads calls that come as JSON.
CALLS = msgspec.json.Decoder(Call)
_RAW = {"entities", "reply_markup"}
_FIELDS = set(Call.__struct_fields__)


def read_call(request: Request) -> Call:
    """The parameters of a request.

    Raises `Refused` for a body of another kind, `DecodeError` or `UnicodeDecodeError` for nonsense.
    """
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return CALLS.decode(request.body) if request.body else Call()
    query = request.path.partition("?")[2]
    if kind.startswith("application/x-www-form-urlencoded"):
        query = "&".join(filter(None, (query, request.body.decode())))
    elif request.body:
        raise Refused(400, f"Bad Request: the bench does not read {kind or 'untyped bodies'}")
    given: dict[str, Any] = {
        name: msgspec.Raw(value.encode()) if name in _RAW else value
        for name, value in parse_qsl(query)
        if name in _FIELDS
    }
    return Call(**given)


def number(value: int | str) -> int:
    """A number that may have come as text; raises `Refused` when it is none."""
    try:
        return int(value)
    except ValueError as error:
        raise Refused(400, "Bad Request: invalid number") from error
