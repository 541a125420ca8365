"""Texts of the environment as values; each raises `ValueError` for a text that is none."""

import re
from urllib.parse import urlsplit

__all__ = [
    "address",
    "bot_token",
    "chats",
    "flag",
    "host_and_port",
    "one_line",
    "port",
    "seconds",
    "secret",
]

#: A token as BotFather gives it: the bot's number, a colon, 30 characters or more.
_TOKEN = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{30,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


def port(text: str) -> int:
    """A number from 1 to 65535."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError
    return number


def one_line(text: str) -> str:
    """At most 200 characters, all of them printable."""
    if len(text) > 200 or not text.isprintable():
        raise ValueError
    return text


def address(text: str) -> str:
    """An http or https address without query, and without a slash at the end."""
    parts = urlsplit(text)
    strange = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in ("http", "https") or not parts.hostname or strange:
        raise ValueError
    return text.rstrip("/")


def host_and_port(text: str) -> tuple[str, int]:
    """`host:port`; an IPv6 host stands in brackets, which are taken off."""
    host, _, number = text.rpartition(":")
    if not host:
        raise ValueError
    return host.strip("[]"), port(number)


def seconds(text: str) -> float:
    """A number from 0 to 5."""
    number = float(text)
    if not 0 <= number <= 5:
        raise ValueError
    return number


def bot_token(text: str) -> str:
    """A token of the shape that BotFather gives."""
    if not _TOKEN.fullmatch(text):
        raise ValueError
    return text


def secret(text: str) -> str:
    """16 to 256 letters, digits, `_` or `-`: what Telegram can send back in a header."""
    if not _SECRET.fullmatch(text):
        raise ValueError
    return text


def flag(text: str) -> bool:
    """`1` is yes; `0` and nothing are no."""
    if text not in ("", "0", "1"):
        raise ValueError
    return text == "1"


def chats(text: str) -> frozenset[int] | None:
    """Numbers with commas between them; None for `*`, which stands for all."""
    return None if text == "*" else frozenset(int(part) for part in text.split(",") if part.strip())
