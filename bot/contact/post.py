"""Letters by e-mail, through the operator's own mail server."""

import asyncio
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime, localtime
from html import escape

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.contact.letter import Letter, Undelivered
from bot.settings import MailSettings
from dialogs.conversation.speech import Speech

__all__ = ["Post", "mail"]

#: Seconds to leave a server alone that has put a letter off: greylisting usually takes minutes.
_PUT_OFF = 600.0
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
    message["Content-Language"] = speech.language
    message.set_content(_text(letter, speech), cte="quoted-printable")
    message.add_alternative(_html(letter, speech), subtype="html", cte="quoted-printable")
    return message


def _pasting(letter: Letter, speech: Speech) -> str:
    page = (letter.link or "").partition("#")[0]
    return speech.say("staff.pasting", page=page)


def _text(letter: Letter, speech: Speech) -> str:
    parts = [*letter.lines]
    if letter.link:
        parts.append(f"{letter.label}:\n{letter.link}")
    if letter.handle:
        parts.append(f"{_pasting(letter, speech)}\n\n{letter.handle}")
    return "\n\n".join(parts) + "\n"


def _html(letter: Letter, speech: Speech) -> str:
    parts = [f"<p>{escape(line)}</p>" for line in letter.lines]
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
        server = SMTP(
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
        told = False
        try:
            async with asyncio.timeout(seconds):
                await server.connect()
                await server.mail(settings.sender)
                await server.rcpt(address)
                told = True
                await server.data(message.as_bytes())
        except SMTPResponseException as failure:
            raise _refused(failure.code) from None
        except (SMTPException, OSError, TimeoutError, ValueError):
            # Once the text was on its way nobody can say whether the server kept it.
            raise Undelivered(sure=not told) from None
        finally:
            server.close()

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """A mail cannot be changed: this is a new one."""
        await self.deliver(address, letter, 20.0)


def _refused(code: int) -> Undelivered:
    """What a server's "no" means: 5xx is for good, anything else may pass."""
    if 500 <= code < 600:
        return Undelivered(sure=True, lasting=True)
    return Undelivered(sure=True, after=_PUT_OFF)
