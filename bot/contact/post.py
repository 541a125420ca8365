"""Letters by e-mail, through the operator's own mail server."""

import asyncio
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime, localtime
from html import escape
from typing import cast

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.contact.letter import Letter, Undelivered
from bot.settings import MailSettings
from dialogs.conversation.speech import Speech

__all__ = ["Post", "mail"]

#: Seconds to leave a server alone that has put a letter off: greylisting usually takes minutes.
_PUT_OFF = 600.0
#: The share of the given time after which we give up: who waits for us must not give up first, as
#: only we know whether the text was on its way.
_SHARE = 0.9
_STYLE = "font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em"


def mail(letter: Letter, sender: str, address: str, speech: Speech) -> EmailMessage:
    """A letter as text and HTML; a repeat has the same Message-ID, so mail programs show one."""
    message = EmailMessage(policy=MAIL_POLICY)
    message["From"] = sender
    message["To"] = address
    message["Subject"] = letter.title
    message["Date"] = format_datetime(localtime())
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = f"<{letter.code}.{letter.serial}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(letter, speech), cte="quoted-printable")
    message.add_alternative(_html(letter, speech), subtype="html", cte="quoted-printable")
    # Last: each content that is set takes such headers with it.
    message["Content-Language"] = speech.language
    return message


def _pasting(letter: Letter, speech: Speech) -> str:
    page = (letter.link or "").partition("?")[0]
    return speech.say("staff.pasting", page=page)


def _text(letter: Letter, speech: Speech) -> str:
    parts = [letter.title, *letter.lines]
    if letter.link:
        parts.append(f"{letter.label}:\n{letter.link}")
    if letter.handle:
        parts.append(f"{_pasting(letter, speech)}\n\n{letter.handle}")
    return "\n\n".join(parts) + "\n"


def _html(letter: Letter, speech: Speech) -> str:
    parts = [f"<p><strong>{escape(letter.title)}</strong></p>"]
    parts += [f"<p>{escape(line)}</p>" for line in letter.lines]
    if letter.link:
        label = escape(letter.label or letter.link)
        parts.append(f'<p><a href="{escape(letter.link)}"><strong>{label}</strong></a></p>')
    if letter.handle:
        parts.append(f"<p>{escape(_pasting(letter, speech))}</p>")
        parts.append(
            f'<pre style="white-space:pre-wrap;word-break:break-all">{letter.handle}</pre>'
        )
    return (
        f'<!doctype html><html lang="{speech.language}"><head><meta charset="utf-8">'
        f'<meta name="color-scheme" content="light dark">'
        f"<title>{escape(letter.title)}</title></head>"
        f'<body><div style="{_STYLE}">{"".join(parts)}</div></body></html>\n'
    )


class _Server(SMTP):
    def close(self) -> None:
        """Ends the connection at once: the library would still send what waits to be sent."""
        if self.transport is not None:
            cast("asyncio.WriteTransport", self.transport).abort()
        super().close()


class Post:
    """Brings letters to mail boxes; see `Courier`."""

    def __init__(
        self,
        settings: MailSettings,
        speech: Callable[[], Speech],
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`context` says which certificates are trusted; None: those that the system trusts."""
        self._settings = settings
        self._speech = speech
        self._context = context or ssl.create_default_context()

    async def deliver(self, address: str, letter: Letter, seconds: float) -> None:
        """Returns once the mail server has taken the letter over.

        Raises `Undelivered`; whatever happens, the connection is closed by then.
        """
        settings = self._settings
        message = mail(letter, settings.sender, address, self._speech())
        server = _Server(
            hostname=settings.host,
            port=settings.port,
            timeout=seconds,
            use_tls=settings.tls,
            start_tls=not settings.tls and not settings.plain,
            tls_context=None if settings.plain else self._context,
            username=settings.user,
            password=settings.password,
            local_hostname=settings.sender.rpartition("@")[2],
        )
        asked = told = False
        lost: Undelivered | None = None
        try:
            async with asyncio.timeout(seconds * _SHARE):
                await server.connect()
                await server.mail(settings.sender)
                asked = True
                await server.rcpt(address)
                told = True
                await server.data(message.as_bytes())
        except SMTPResponseException as failure:
            lost = _refused(failure.code, asked=asked, told=told)
        except (SMTPException, OSError, TimeoutError, ValueError):
            # Once the text was on its way nobody can say whether the server kept it.
            lost = Undelivered(sure=not told)
        finally:
            server.close()
        if lost is not None:
            # Not raised above, where it would carry along the library's error, which has addresses.
            raise lost

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """A mail cannot be changed: this is a new one."""
        await self.deliver(address, letter, 20.0)


def _refused(code: int, *, asked: bool, told: bool) -> Undelivered:
    """What a server's "no" means: 5xx for this recipient is for good, anything else may pass.

    A "no" to us, before the recipient was `asked` for, says nothing of the centre's mail box.
    """
    if not 400 <= code < 600:
        return Undelivered(sure=not told)
    if code >= 500 and asked:
        return Undelivered(sure=True, lasting=True)
    return Undelivered(sure=True, after=_PUT_OFF)
