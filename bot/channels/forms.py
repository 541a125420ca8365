"""Forms as they are posted: read within bounds, and whose they may be."""

import asyncio
import re
from ipaddress import ip_address
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from bot.values import Network

__all__ = ["BODY_LIMIT", "accepted", "body_of", "crowd_of", "fields_of"]

#: Bytes; a press of a button needs about 130.
BODY_LIMIT = 8192
#: Seconds that a body may take to arrive, so that a dripping sender holds nothing open.
_BODY_TIME = 10
#: `[2001:db8::1]:443` and `192.0.2.1:443`.
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?|([0-9.]+):\d{1,5}")
#: Home networks have 64 bits of an IPv6 address to themselves.
_HOME = 64


async def body_of(request: Request, limit: int = BODY_LIMIT) -> bytes | None:
    """The body; nothing when it does not come, None as soon as it is known to be too long."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        return None
    body = b""
    try:
        async with asyncio.timeout(_BODY_TIME):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    return None
    except (TimeoutError, ClientDisconnect):
        return b""
    return body


def fields_of(request: Request, body: bytes) -> dict[str, str]:
    """The fields of a posted form; none when it is not such a form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return {}
    try:
        return dict(parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=8))
    except ValueError:
        return {}


def accepted(header: str) -> list[str]:
    """The main languages of an Accept-Language header, the preferred one first."""
    weighed = []
    for part in header[:200].split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        try:
            weighed.append((-float(weight or 1), name.partition("-")[0].lower()))
        except ValueError:
            continue
    return [name for weight, name in sorted(weighed, key=lambda pair: pair[0]) if weight < 0]


def _host(hop: str) -> str:
    """An address without the port that some proxies write behind it."""
    found = _WITH_PORT.fullmatch(hop)
    return (found[1] or found[2]) if found else hop


def crowd_of(request: Request, proxies: tuple[Network, ...]) -> bytes:
    """The network that a request comes from, for today's limits; it is hashed before it is counted.

    `X-Forwarded-For` is read from its end, and believed as far as it was written by `proxies`.
    """
    hops = [] if request.client is None else [request.client.host]
    for value in reversed(request.headers.getlist("x-forwarded-for")):
        hops += [part.strip() for part in reversed(value.split(","))]
    known = None
    for hop in hops:
        try:
            told = ip_address(_host(hop))
        except ValueError:
            break
        # How a socket for both versions shows an IPv4 address.
        known = getattr(told, "ipv4_mapped", None) or told
        if not any(known in network for network in proxies):
            break
    if known is None:
        return b"nowhere"
    if known.version == 6:
        return known.packed[: _HOME // 8]
    return known.packed
