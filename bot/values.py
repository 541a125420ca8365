"""Texts of the environment as values; each raises `ValueError` for a text that is none."""

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import unquote, urlsplit

__all__ = [
    "MailServer",
    "Network",
    "address",
    "bot_token",
    "channel",
    "chats",
    "flag",
    "host_and_port",
    "language",
    "loopback",
    "mail_address",
    "mail_server",
    "networks",
    "one_line",
    "port",
    "seconds",
    "secret",
    "secure_site",
    "site",
    "trials",
]

#: A token as BotFather gives it: the bot's number, a colon, 30 characters or more.
_TOKEN = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{30,}")
#: One address, without a name: nothing in it can end a header line or begin another address.
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_CHANNEL = re.compile(r"@[A-Za-z0-9_]{5,32}")
_NCT = re.compile(r"NCT[0-9]{8}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: `tls` from the first byte, or by STARTTLS unless it is `plain`."""

    host: str
    port: int
    tls: bool
    plain: bool
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


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


def site(text: str) -> str:
    """The address of a host alone, without a path."""
    found = address(text)
    if urlsplit(found).path:
        raise ValueError
    return found


def secure_site(text: str) -> str:
    """The same, by https."""
    found = site(text)
    if urlsplit(found).scheme != "https":
        raise ValueError
    return found


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


def channel(text: str) -> str:
    """The name of a public channel: `@` and 5 to 32 letters, digits or `_`."""
    if not _CHANNEL.fullmatch(text):
        raise ValueError
    return text


def language(text: str) -> str:
    """A language that the service speaks."""
    if text not in ("fr", "en"):
        raise ValueError
    return text


def mail_address(text: str) -> str:
    """An e-mail address in ASCII, at most 254 characters; an international domain in its xn-- form.

    Anything that could do more than name one mail box is refused.
    """
    name, at, domain = text.strip().rpartition("@")
    address = f"{name}{at}{domain.encode('idna').decode()}" if at and domain else ""
    if len(address) > 254 or not _MAIL.fullmatch(address):
        raise ValueError
    return address


def mail_server(text: str) -> MailServer:
    """`smtps://user:password@host:465` or `smtp://host:587`; both parts percent-encoded.

    Without TLS a server is spoken to only when it is on this computer.
    """
    parts = urlsplit(text)
    strange = parts.query or parts.fragment or parts.path.strip("/")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or strange:
        raise ValueError
    tls = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if tls else 587),
        tls=tls,
        plain=not tls and loopback(parts.hostname),
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def loopback(host: str) -> bool:
    """Whether a host is this computer, as nobody else sees it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def networks(text: str) -> tuple[Network, ...]:
    """Addresses or networks with commas between them."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def trials(text: str) -> tuple[str, ...]:
    """Numbers of ClinicalTrials.gov with commas between them."""
    found = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    if not all(_NCT.fullmatch(one) for one in found):
        raise ValueError
    return found
