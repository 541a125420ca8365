"""Which addresses Telegram makes a link of."""

import re

__all__ = ["checked", "mentioned"]

_WEB = re.compile(r"(?i)(?:https?://)?(?:[^/?#@\s]*@)?([^/?#@:\s]+)(?::\d{1,5})?(?:[/?#].*)?")
_APP = re.compile(r"(?i)(?:tg|ton|tonsite):(?://)?[a-z0-9_.-]+(?:[/?#].*)?")
_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+-]*:")
_USER = re.compile(r"(?i)tg:(?://)?user/?\?id=(\d{1,16})")


def checked(url: str) -> str:
    """Empty when `url` can be a link, else why not.

    Web addresses need a dot in their host. Other schemes than http, https, tg and ton are not
    linked: no telephone, no SMS, no mail.
    """
    if _APP.fullmatch(url):
        return ""
    if _SCHEME.match(url) and not re.match(r"(?i)https?://", url):
        return "Unsupported URL protocol"
    match = _WEB.fullmatch(url)
    if match is None or "." not in match[1].strip("."):
        return "Wrong HTTP URL"
    return ""


def mentioned(url: str) -> int:
    """The id of the user whom `url` opens, or 0."""
    match = _USER.fullmatch(url)
    return int(match[1]) if match else 0
