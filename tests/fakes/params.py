"""The parameters of a call: read from a body or a query, and turned into one form.

The types are the documented ones. Telegram's server turns any value into a string first; here a
number where a text belongs is refused, so that a slip does not pass unseen.
"""

import re
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from tests.fakes.model import Json

__all__ = ["Refused", "bad", "canonical", "decode"]

_INTEGERS = frozenset(
    [
        "message_id",
        "offset",
        "limit",
        "timeout",
        "max_connections",
        "cache_time",
        "user_id",
        "message_thread_id",
    ]
)
_FLAGS = frozenset(
    [
        "show_alert",
        "disable_notification",
        "protect_content",
        "drop_pending_updates",
        "allow_paid_broadcast",
        "allow_sending_without_reply",
        "disable_web_page_preview",
    ]
)
_OBJECTS: dict[str, type] = {
    "reply_markup": dict,
    "reply_parameters": dict,
    "link_preview_options": dict,
    "scope": dict,
    "entities": list,
    "commands": list,
    "allowed_updates": list,
    "message_ids": list,
}
_YES = ("true", "yes", "1")
_NO = ("false", "no", "0", "")


class Refused(Exception):
    """A call that fails, with what its answer says."""

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters or {}


def bad(description: str) -> Refused:
    """Status 400."""
    return Refused(400, f"Bad Request: {description}")


def decode(content_type: str, body: bytes, query: str = "") -> Json:
    """The values as sent; raises `Refused` when they cannot be read.

    A body of a content type that Telegram does not read counts as no parameters.
    """
    values: Json = _form(query.encode()) if query else {}
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return values
    if kind == "application/json":
        return values | _json(body)
    if kind == "application/x-www-form-urlencoded":
        return values | _form(body)
    if kind == "multipart/form-data":
        return values | _multipart(content_type, body)
    return values


def _json(body: bytes) -> Json:
    try:
        values = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad("can't parse request: not a JSON object in UTF-8") from None
    if not isinstance(values, dict):
        raise bad("can't parse request: expected an Object")
    return {name: value for name, value in values.items() if value is not None}


def _form(body: bytes) -> Json:
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None


def _multipart(content_type: str, body: bytes) -> Json:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise bad("can't parse request: wrong multipart body")
    values: Json = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        if part.get_filename() is not None:
            values[str(name)] = {
                "file": part.get_filename(), "kind": part.get_content_type(), "content": content
            }  # fmt: skip
            continue
        try:
            values[str(name)] = content.decode()
        except UnicodeDecodeError:
            raise bad("strings must be encoded in UTF-8") from None
    return values


def canonical(raw: Json) -> tuple[Json, Refused | None]:
    """The values in their documented types, and the first refusal; a refused one stays as sent."""
    values: Json = {}
    refusal: Refused | None = None
    for name, value in raw.items():
        try:
            values[name] = _typed(name, value)
        except Refused as error:
            values[name] = value
            refusal = refusal or error
    return values, refusal


def _typed(name: str, value: Any) -> Any:
    if name in _OBJECTS:
        return _object(name, value, _OBJECTS[name])
    if name in _FLAGS:
        return _flag(name, value)
    if name in _INTEGERS or name == "chat_id":
        if type(value) is int:
            return value
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
            return int(value)
        if name == "chat_id" and isinstance(value, str):
            return value
        raise bad(f"{name} must be an Integer")
    if isinstance(value, str) or (name == "document" and isinstance(value, dict)):
        return value
    raise bad(f"{name} must be a String")


def _object(name: str, value: Any, wanted: type) -> Any:
    if isinstance(value, str):
        if not value:
            return wanted()
        try:
            value = msgspec.json.decode(value)
        except (msgspec.DecodeError, RecursionError):
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None
    if not isinstance(value, wanted):
        word = "object" if wanted is dict else "an Array"
        raise bad(f"{word} expected as {name.replace('_', ' ')}")
    return value


def _flag(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _YES + _NO:
        return value.strip().lower() in _YES
    raise bad(f"{name} must be a Boolean")
