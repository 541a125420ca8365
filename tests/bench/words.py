"""What a bot may send: texts and keyboards, checked as Telegram checks them, never forgiven."""

from html.parser import HTMLParser
from typing import Any

import msgspec

from tests.bench.script import Script

__all__ = ["Key", "Keyboard", "Refused", "Words", "WordsReader", "read_keyboard"]

_LONGEST_TEXT = 4096
_LONGEST_DATA = 64
_MOST_KEYS = 100
_WIDEST_ROW = 8
#: How many different texts are remembered; a bot that shows more gets them read again.
_MEMORY = 4096
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}


class Refused(Exception):
    """A call that fails: its status and description."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


class Key(msgspec.Struct):
    """A button of an inline keyboard."""

    text: str
    callback_data: str | None = None
    url: str | None = None
    copy_text: dict[str, str] | None = None
    switch_inline_query: str | None = None
    style: str | None = None


class Keyboard(msgspec.Struct):
    """An inline keyboard."""

    inline_keyboard: list[list[Key]] = []


class Words(msgspec.Struct):
    """A text as a message carries it: `json` are its fields, `screen` its place in the script."""

    json: bytes
    screen: int | None


_KEYBOARDS = msgspec.json.Decoder(Keyboard)


def read_keyboard(raw: bytes) -> list[Key]:
    """The buttons in reading order; raises `Refused` for what Telegram would not take."""
    try:
        rows = _KEYBOARDS.decode(raw).inline_keyboard
    except msgspec.DecodeError as error:
        raise Refused(400, f"Bad Request: can't parse reply keyboard markup: {error}") from error
    keys = [key for row in rows for key in row]
    if len(keys) > _MOST_KEYS or any(len(row) > _WIDEST_ROW for row in rows):
        raise Refused(400, "Bad Request: reply markup is too long")
    for key in keys:
        data = key.callback_data
        if not key.text:
            raise Refused(400, "Bad Request: text buttons must have a text")
        actions = (data, key.url, key.copy_text, key.switch_inline_query)
        if actions.count(None) != len(actions) - 1:
            raise Refused(400, "Bad Request: a button must have exactly one action")
        if data is not None and not 1 <= len(data.encode()) <= _LONGEST_DATA:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
        if key.style not in (None, "primary", "success", "danger"):
            raise Refused(400, "Bad Request: unknown button style")
    return keys


class _Html(HTMLParser):
    """Text and entities of Telegram's HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self._open: list[tuple[str, dict[str, Any]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise Refused(400, f'Bad Request: can\'t parse entities: unsupported start tag "{tag}"')
        entity: dict[str, Any] = {"type": _TAGS[tag], "offset": _units(self.text)}
        given = dict(attrs)
        if tag == "a":
            entity["url"] = given.get("href") or ""
        if tag == "blockquote" and "expandable" in given:
            entity["type"] = "expandable_blockquote"
        self._open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise Refused(400, f'Bad Request: can\'t parse entities: unexpected end tag "{tag}"')
        entity = self._open.pop()[1]
        entity["length"] = _units(self.text) - entity["offset"]
        if entity["length"]:
            self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data

    def done(self) -> tuple[str, list[dict[str, Any]]]:
        """The text and its entities, once all is read."""
        self.close()
        if self._open:
            raise Refused(400, "Bad Request: can't parse entities: can't find end tag")
        return self.text, self.entities


def _units(text: str) -> int:
    """The length as Telegram counts it: in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


class WordsReader:
    """Reads texts; each is read once, because all patients are shown the same ones."""

    def __init__(self, script: Script) -> None:
        self._titles = {screen.title: number for number, screen in enumerate(script.screens)}
        self._known: dict[tuple[str, str | None, bytes], Words] = {}

    def read(self, text: str | None, mode: str | None, entities: bytes) -> Words:
        """The words of a message; raises `Refused` for what Telegram would not take."""
        known = self._known.get((text or "", mode, entities))
        if known is not None:
            return known
        plain, found = (text or "").strip(), msgspec.json.decode(entities) if entities else []
        if mode is not None:
            if mode.upper() != "HTML":
                raise Refused(400, "Bad Request: unsupported parse_mode")
            reader = _Html()
            reader.feed(plain)
            plain, found = reader.done()
        if not plain:
            raise Refused(400, "Bad Request: message text is empty")
        if _units(plain) > _LONGEST_TEXT:
            raise Refused(400, "Bad Request: message is too long")
        fields = b'"text":' + msgspec.json.encode(plain)
        if found:
            fields += b',"entities":' + msgspec.json.encode(found)
        lines = (line.strip() for line in plain.splitlines())
        words = Words(fields, next((self._titles[li] for li in lines if li in self._titles), None))
        if len(self._known) >= _MEMORY:
            self._known.clear()
        self._known[text or "", mode, entities] = words
        return words
