"""Telegram's HTML: a handful of tags, four named characters, and no forgiveness."""

import re
from dataclasses import dataclass

from tests.fakes.links import checked, mentioned
from tests.fakes.model import Json
from tests.fakes.params import Refused, bad

__all__ = ["parse_html", "units"]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]+)|#(?P<dec>\d+)|(?P<name>[a-zA-Z]+));?")
_PLAIN = re.compile(r"[^<&]+")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s=>/"']+)\s*"""
    r"""(?P<given>=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[A-Za-z0-9.-]*)(?=[\s>])))?"""
)
_BLANK = re.compile(r"\s*")


@dataclass(slots=True)
class _Open:
    name: str
    values: dict[str, str]
    start: int


def units(text: str) -> int:
    """The length of `text` in UTF-16 units, in which entities are measured."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str, notes: list[str]) -> tuple[str, list[Json]]:
    """The plain text and its entities; raises `Refused` as Telegram does.

    A named character that Telegram does not know stays as it is written: `notes` gets a line.
    """
    return _Parser(source, notes).parse()


class _Parser:
    def __init__(self, source: str, notes: list[str]) -> None:
        self._source = source
        self._notes = notes
        self._plain: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        at = 0
        while at < len(self._source):
            character = self._source[at]
            if character == "&":
                decoded, at = self._reference(at)
                self._add(decoded)
            elif character != "<":
                run = _PLAIN.match(self._source, at)
                assert run is not None
                self._add(run[0])
                at = run.end()
            elif self._source.startswith("</", at):
                at = self._end(at)
            else:
                at = self._start(at)
        if self._open:
            raise _refused(
                f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"'
            )
        return "".join(self._plain), self._entities

    def _add(self, text: str) -> None:
        self._plain.append(text)
        self._length += units(text)

    def _reference(self, at: int) -> tuple[str, int]:
        match = _REFERENCE.match(self._source, at)
        if match is None:
            return "&", at + 1
        if match["name"]:
            if match["name"] in _NAMED:
                return _NAMED[match["name"]], match.end()
            if match[0].endswith(";"):
                self._notes.append(f"HTML: {match[0]} is shown as it stands")
            return "&", at + 1
        code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
        if not 0 < code < 0x10FFFF or 0xD800 <= code <= 0xDFFF or len(match[0]) > 10:
            return "&", at + 1
        return chr(code), match.end()

    def _place(self, at: int) -> int:
        """What errors name: the offset in bytes."""
        return len(self._source[:at].encode())

    def _start(self, at: int) -> int:
        head = _NAME.match(self._source, at + 1)
        assert head is not None
        name = head[0].lower()
        if head.end() == len(self._source):
            raise _refused(f"Unclosed start tag at byte offset {self._place(at)}")
        if name not in _KINDS:
            raise _refused(f'Unsupported start tag "{name}" at byte offset {self._place(at)}')
        values, end = self._attributes(head.end(), name, at)
        if name == "span" and values.get("class") != "tg-spoiler":
            raise _refused(
                f'Tag "span" must have class "tg-spoiler" at byte offset {self._place(at)}'
            )
        self._open.append(_Open(name, values, self._length))
        return end + 1

    def _attributes(self, at: int, name: str, start: int) -> tuple[dict[str, str], int]:
        values: dict[str, str] = {}
        while True:
            blank = _BLANK.match(self._source, at)
            assert blank is not None
            at = blank.end()
            if at == len(self._source):
                raise _refused(f'Unclosed start tag "{name}" at byte offset {self._place(start)}')
            if self._source[at] == ">":
                return values, at
            match = _ATTRIBUTE.match(self._source, at)
            if match is None:
                raise _refused(
                    f'Empty attribute name in the tag "{name}" at byte offset {self._place(start)}'
                )
            at = match.end()
            if match["given"] is None and self._source[at : at + 1] == "=":
                raise _refused(f"Unclosed start tag at byte offset {self._place(start)}")
            quoted = match["double"] if match["double"] is not None else match["single"]
            value = quoted if quoted is not None else (match["bare"] or "").lower()
            values[match["name"]] = self._value(value)

    def _value(self, raw: str) -> str:
        if "&" not in raw:
            return raw
        inner = _Parser(raw.replace("<", "&lt;"), self._notes)
        return inner.parse()[0]

    def _end(self, at: int) -> int:
        if not self._open:
            raise _refused(f"Unexpected end tag at byte offset {self._place(at)}")
        head = _NAME.match(self._source, at + 2)
        assert head is not None
        blank = _BLANK.match(self._source, head.end())
        assert blank is not None
        if self._source[blank.end() : blank.end() + 1] != ">":
            raise _refused(f"Unclosed end tag at byte offset {self._place(at)}")
        opened = self._open.pop()
        found = head[0].lower()
        if found not in {"", opened.name}:
            raise _refused(
                f"Unmatched end tag at byte offset {self._place(at)},"
                f' expected "</{opened.name}>", found "</{found}>"'
            )
        if self._length > opened.start:
            self._close(opened)
        return blank.end() + 1

    def _close(self, opened: _Open) -> None:
        entity: Json = {
            "type": _KINDS[opened.name],
            "offset": opened.start,
            "length": self._length - opened.start,
        }
        last = self._entities[-1] if self._entities else {}
        if opened.name == "a":
            url = opened.values.get("href") or self._since(opened.start)
            if mentioned(url):
                entity |= {"type": "text_mention", "user": {"id": mentioned(url)}}
            elif checked(url):
                return
            else:
                entity["url"] = url
        elif opened.name == "blockquote" and "expandable" in opened.values:
            entity["type"] = "expandable_blockquote"
        elif opened.name == "tg-emoji":
            if not opened.values.get("emoji-id", "").isdecimal():
                raise bad("invalid custom emoji identifier specified")
            entity["custom_emoji_id"] = opened.values["emoji-id"]
        elif opened.name == "code" and opened.values.get("class", "").startswith("language-"):
            entity["language"] = opened.values["class"].removeprefix("language-")
        elif opened.name == "pre" and last.get("language"):
            entity["language"] = self._entities.pop()["language"]
        self._entities.append(entity)

    def _since(self, start: int) -> str:
        text = "".join(self._plain).encode("utf-16-le")
        return text[start * 2 :].decode("utf-16-le")


def _refused(reason: str) -> Refused:
    return bad(f"can't parse entities: {reason}")
