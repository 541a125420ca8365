"""Letters by e-mail, through the operator's own mail server."""

import asyncio
import re
import ssl
from collections.abc import Callable
from enum import Enum
from time import monotonic
from typing import cast

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupported,
    SMTPResponseException,
)

from bot.contact.letter import Cause, Letter, Undelivered
from bot.contact.mail import mail
from bot.events import Notice
from bot.settings import MailSettings
from dialogs.conversation.speech import Speech

__all__ = ["Post"]

#: Seconds to leave a server alone that has put a letter off: greylisting usually takes minutes.
_PUT_OFF = 600.0
#: The share of the given time after which we give up: who waits for us must not give up first, as
#: only we know whether the text was on its way.
_SHARE = 0.9
#: Seconds in which a server that can be reached takes us in; before, its silence says nothing.
_FAIR = 5.0
#: Seconds between two words to the operator that no mail goes out.
_HOUR = 3600.0
#: What the operator has to mend, at our own mail server.
_OURS = frozenset(
    {
        Cause.CERTIFICATE,
        Cause.LOGIN,
        Cause.NO_TLS,
        Cause.UNREACHABLE,
        Cause.SENDER,
        Cause.RULE,
        Cause.REFUSED,
    }
)
#: "I do not know you": a password is missing, wrong, or too weakly protected.
_STRANGER = frozenset({530, 534, 535, 538})
#: Enhanced codes X.1.N of "there is no such mail box": N of a bad address of a recipient. That of
#: 7 and 8 is the sender's.
_NOBODY = frozenset({"1", "2", "3", "6", "10"})
#: The enhanced code (RFC 3463) that an answer may begin with.
_ENHANCED = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})(?!\d)")


class _Stage(Enum):
    """How far a letter has come."""

    CONNECTING = 1
    SENDER = 2
    RECIPIENT = 3
    TEXT = 4


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
        notify: Callable[[Notice, str], None] | None = None,
        timer: Callable[[], float] = monotonic,
    ) -> None:
        """`context` says which certificates are trusted; None: those that the system trusts.

        `notify` is told, once an hour at most, when no mail goes out and the operator can mend it.
        """
        self._settings = settings
        self._speech = speech
        self._context = context or ssl.create_default_context()
        self._notify = notify
        self._timer = timer
        self._told: float | None = None

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
        stage = _Stage.CONNECTING
        lost: Undelivered | None = None
        try:
            async with asyncio.timeout(seconds * _SHARE):
                await server.connect()
                stage = _Stage.SENDER
                await server.mail(settings.sender)
                stage = _Stage.RECIPIENT
                await server.rcpt(address)
                stage = _Stage.TEXT
                await server.data(message.as_bytes())
        except SMTPResponseException as failure:
            lost = _refused(failure, stage)
        except (SMTPException, OSError, TimeoutError, ValueError) as failure:
            # Once the text was on its way nobody can say whether the server kept it.
            hurried = isinstance(failure, TimeoutError) and seconds < _FAIR
            cause = Cause.UNKNOWN if hurried else _broken(failure, stage)
            lost = Undelivered(sure=stage is not _Stage.TEXT, cause=cause)
        finally:
            server.close()
        if lost is not None:
            self._tell(lost.cause)
            # Not raised above, where it would carry along the library's error, which has addresses.
            raise lost

    def _tell(self, cause: Cause) -> None:
        now = self._timer()
        if cause not in _OURS or self._notify is None:
            return
        if self._told is None or now - self._told >= _HOUR:
            self._told = now
            self._notify(Notice.MAIL_AWAY, cause.value)

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """A mail cannot be changed: this is a new one."""
        await self.deliver(address, letter, 20.0)


def _refused(answer: SMTPResponseException, stage: _Stage) -> Undelivered:
    """What a server's "no" means.

    It is for good only when its enhanced code (RFC 3463) says that there is no such mail box. A
    full one, a rule about advertisements and a "no" to ourselves may pass; without such a code a
    relay that does not know us says the same as a centre that has moved: the operator has to look.
    """
    code = answer.code
    if not 400 <= code < 600:
        return Undelivered(sure=stage is not _Stage.TEXT)
    if isinstance(answer, SMTPAuthenticationError) or code in _STRANGER:
        return Undelivered(sure=True, after=_PUT_OFF, cause=Cause.LOGIN)
    found = _ENHANCED.match(str(answer.message).strip())
    subject, detail = (found[1], found[2]) if found else ("", "")
    cause = Cause.UNKNOWN
    if code < 500 or code == 552 or (subject, detail) == ("2", "2"):
        cause = Cause.BUSY
    elif stage is _Stage.CONNECTING:
        cause = Cause.UNREACHABLE
    elif stage is _Stage.SENDER or (subject == "1" and detail in {"7", "8"}):
        cause = Cause.SENDER
    elif subject == "7":
        cause = Cause.RULE
    elif subject == "1" and detail in _NOBODY:
        return Undelivered(sure=True, lasting=True, cause=Cause.RECIPIENT)
    else:
        cause = Cause.REFUSED
    return Undelivered(sure=True, after=_PUT_OFF, cause=cause)


def _broken(failure: Exception, stage: _Stage) -> Cause:
    """Why there was no answer at all."""
    if stage is not _Stage.CONNECTING:
        return Cause.UNKNOWN
    chain: list[BaseException] = []
    one: BaseException | None = failure
    while one is not None:
        chain.append(one)
        one = one.__cause__
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return Cause.CERTIFICATE
    if isinstance(failure, SMTPNotSupported):
        return Cause.LOGIN
    # The library has no name of its own for a server without STARTTLS.
    if type(failure) is SMTPException or any(isinstance(one, ssl.SSLError) for one in chain):
        return Cause.NO_TLS
    return Cause.UNREACHABLE
