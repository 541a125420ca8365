"""What becomes of a text on its way into a message: trimmed, measured, and marked."""

import re
from typing import Any

from tests.fakes.html import parse_html, units
from tests.fakes.links import checked
from tests.fakes.model import Json
from tests.fakes.params import bad

__all__ = ["formatted", "marked"]

#: Longest text of a message, in UTF-16 units: the strictest reading of *characters*.
_LONGEST = 4096
_MOST_BYTES = 1 << 15
_GIVEN = frozenset(
    [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "blockquote",
        "expandable_blockquote",
        "custom_emoji",
    ]
)
#: Kinds that the server finds by itself; sent by a bot, they are passed over.
_FOUND = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bank_card_number",
    ]
)
#: What must be in a text for a kind to be, the kind, and how it looks.
_FINDERS = (
    ("@", "email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("://", "url", re.compile(r"https?://[^\s<>()]*[^\s<>().,;:!?]")),
    (
        ".",
        "url",
        re.compile(r"\b(?:[a-z0-9-]+\.)+(?:org|com|net|fr|eu|gov|me|info)\b(?:/[^\s<>()]*)?"),
    ),
    ("/", "bot_command", re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")),
    ("@", "mention", re.compile(r"(?<![\w@])@\w{3,32}")),
    ("#", "hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
    ("+", "phone_number", re.compile(r"(?<![\w+])\+\d[\d ]{6,16}\d")),
)


def formatted(
    text: str, parse_mode: str, entities: list[Any], notes: list[str]
) -> tuple[str, list[Json]]:
    """The text and entities of a message that a bot sends; raises `Refused`."""
    if not text:
        raise bad("message text is empty")
    if len(text.encode()) > _MOST_BYTES:
        raise bad("text is too long")
    text = text.replace("\r", "")
    mode = parse_mode.lower()
    if mode in {"", "none"}:
        given = [_entity(item) for item in entities]
        _check_ranges(text, given)
    elif mode == "html":
        text, given = parse_html(text, notes)
    elif mode in {"markdown", "markdownv2"}:
        raise bad("can't parse entities: this fake reads HTML only")
    else:
        raise bad("unsupported parse_mode")
    text, given = _trimmed(text, [item for item in given if item["length"] > 0])
    if units(text) > _LONGEST:
        raise bad("message is too long")
    return text, _merged(given, marked(text))


def _entity(item: Any) -> Json:
    if not isinstance(item, dict):
        raise bad("can't parse MessageEntity: expected an Object")
    for name in ("offset", "length"):
        if type(item.get(name)) is not int:
            raise bad(f'can\'t parse MessageEntity: field "{name}" must be of type Number')
        if not 0 <= item[name] <= 1_000_000:
            raise bad(f"receive an entity with incorrect {name} {item[name]}")
    kind = item.get("type")
    if kind in _FOUND:
        return dict(item) | {"length": 0}
    if kind not in _GIVEN:
        raise bad("can't parse MessageEntity: unsupported type specified")
    if kind == "text_link":
        if not isinstance(item.get("url"), str):
            raise bad("can't parse MessageEntity: can't find field \"url\"")
        if checked(item["url"]):
            return dict(item) | {"length": 0}
    return dict(item)


def _check_ranges(text: str, entities: list[Json]) -> None:
    """Entities begin and end between characters of the text, as UTF-16 counts them."""
    if not entities:
        return
    borders = {0}
    at = 0
    for character in text:
        at += units(character)
        borders.add(at)
    for item in entities:
        start, end = item["offset"], item["offset"] + item["length"]
        if item["length"] == 0:
            continue
        if start > at:
            raise bad(f"entity begins after the end of the text at UTF-16 offset {start}")
        if end > at:
            raise bad(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text"
                f" at UTF-16 offset {end}"
            )
        if start not in borders:
            raise bad("entity begins in a middle of a UTF-16 symbol")
        if end not in borders:
            raise bad(
                f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol"
            )


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    text = text.rstrip()
    if not text:
        raise bad("text must be non-empty")
    whole = units(text)
    kept = [
        item | {"length": min(item["length"], whole - item["offset"])}
        for item in entities
        if item["offset"] < whole
    ]
    first = min((item["offset"] for item in kept), default=len(text))
    lead = min(len(text) - len(text.lstrip(" \n")), first)
    return text[lead:], [item | {"offset": item["offset"] - lead} for item in kept]


def marked(text: str) -> list[Json]:
    """The entities that the server finds in a plain text."""
    found: list[Json] = []
    for needle, kind, pattern in _FINDERS:
        if needle not in text:
            continue
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            item = {"offset": start, "length": units(match[0]), "type": kind}
            if not any(_overlap(item, other) for other in found):
                found.append(item)
    return sorted(found, key=lambda item: int(item["offset"]))


def _merged(given: list[Json], found: list[Json]) -> list[Json]:
    """Explicit entities win over found ones; sorted as the server sorts them."""
    closed = {"code", "pre", "text_link", "text_mention"}
    kept = [
        item
        for item in found
        if not any(other["type"] in closed and _overlap(item, other) for other in given)
    ]
    return sorted(given + kept, key=lambda item: (item["offset"], -item["length"]))


def _overlap(one: Json, other: Json) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )
