"""A real mail server that takes letters, and the ways in which such servers fail."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self
from weakref import WeakSet

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

__all__ = ["PASSWORD", "USER", "Mail", "Mailbox"]

USER, PASSWORD = "passerelle", "sample/secret@1"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail that was taken."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes

    def part(self, kind: str) -> str:
        """The text of its part of this kind, plain or html."""
        body = self.message.get_body((kind,))

        assert isinstance(body, EmailMessage)

        return str(body.get_content())

    @property
    def text(self) -> str:
        """Its plain text."""
        return self.part("plain")


class Mailbox:
    """A mail server on this computer.

    `secure`: None, "starttls" or "smtps"; with `login` only a known user may send. `fault` is what
    goes wrong: "refuse" and "greylist" at the recipient, "full" after the text, "slow" and "drop"
    while it takes the text, before or after it was kept ("late drop"). `name` is what its
    certificate is for.
    """

    def __init__(
        self, secure: str | None = None, *, login: bool = False, name: str = "127.0.0.1"
    ) -> None:
        self.mails: list[Mail] = []
        self.fault: str | None = None
        #: The one recipient at whom it goes wrong; None: all.
        self.faulty: str | None = None
        self.authority = trustme.CA()
        certificate = self.authority.issue_cert(name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        self.trusting = ssl.create_default_context()
        self.authority.configure_trust(self.trusting)
        self._secure = secure
        self._login = login
        self._servers: WeakSet[SMTP] = WeakSet()
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=_free(),
            ssl_context=context if secure == "smtps" else None,
            tls_context=context if secure == "starttls" else None,
            require_starttls=secure == "starttls",
            auth_required=login,
            auth_require_tls=secure == "starttls",
            authenticator=_known if login else None,
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        loop = self._controller.loop
        asyncio.run_coroutine_threadsafe(self._hang_up(), loop).result(10)
        self._controller.stop()

    async def _hang_up(self) -> None:
        """Ends what is open, and lets the loop see the end of what was ended by the other side."""
        for server in self._servers:
            if server.transport is not None:
                _abort(server)
        for _ in range(5):
            await asyncio.sleep(0.002)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._controller.port
        return port

    @property
    def url(self) -> str:
        """Its address as SMTP_URL has it."""
        user = f"{USER}:{PASSWORD.replace('/', '%2F').replace('@', '%40')}@" if self._login else ""
        scheme = "smtps" if self._secure == "smtps" else "smtp"
        return f"{scheme}://{user}127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - the server's own name and arguments
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Takes a recipient, or not."""
        self._servers.add(server)
        fault = self.fault if self.faulty in (None, address) else None
        if fault == "refuse":
            return "550 5.1.1 no such mail box"
        if fault == "greylist":
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Takes a mail, or fails."""
        if self.fault == "full":
            return "452 4.2.2 mail box is full"
        if self.fault == "slow":
            await asyncio.sleep(30)
        if self.fault == "drop":
            _abort(server)
            return "250 OK"
        raw = envelope.content

        assert isinstance(raw, bytes)

        message = message_from_bytes(raw, policy=policy.default)

        assert isinstance(message, EmailMessage)

        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), message, raw))
        if self.fault == "late drop":
            _abort(server)
        return "250 OK"


def _abort(server: SMTP) -> None:
    transport = server.transport

    assert isinstance(transport, asyncio.WriteTransport)

    transport.abort()


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _known(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
) -> AuthResult:
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)
