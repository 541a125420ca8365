"""Letters by e-mail, through a real mail server that takes them, or fails in each of its ways."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest

from bot import values
from bot.contact import post as post_module
from bot.contact.letter import Cause, Letter, Undelivered
from bot.contact.mail import mail
from bot.contact.post import Post
from bot.events import Notice
from bot.settings import MailSettings
from dialogs.catalogue import Catalogue
from dialogs.conversation.speech import Speech
from tests.mail_fixtures import PASSWORD, USER, Mailbox

SENDER = "passerelle@example.org"
STAFF = "study-team@example.org"
TOKEN = "aB3-" * 16
LETTER = Letter(
    "7K2M-9QXT",
    "Passerelle : demande 7K2M-9QXT",
    ("Quelqu’un aimerait une réponse de l’hôpital « X » & fils.", "<b>Merci.</b>\n.", ". point"),
    link=f"https://passerelle.example.org/reply#{TOKEN}",
    label="Ouvrir la page",
    handle=TOKEN,
    serial=3,
)
UNHEARD = "Répondre à ce courriel n’atteint pas la personne. Merci d’utiliser le lien."
#: Enough for a server on this computer, however busy it is.
AMPLE = 30.0


@pytest.fixture(scope="session")
def speech(live: Catalogue) -> Speech:
    """How French staff are spoken to."""
    return live.speeches["fr"]


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server on this computer, without TLS."""
    with Mailbox() as box:
        yield box


def settings_of(box: Mailbox) -> MailSettings:
    """The settings with which the service would use this server."""
    server = values.mail_server(box.url)
    return MailSettings(
        server.host, server.port, server.tls, server.plain, SENDER, server.user, server.password
    )


def secured(box: Mailbox) -> MailSettings:
    """The same, as for a server on another computer, where TLS is a must."""
    return replace(settings_of(box), plain=False)


def deliver(post: Post, seconds: float = AMPLE) -> Undelivered | None:
    """Brings the letter; gives the failure, if it is one."""
    try:
        asyncio.run(post.deliver(STAFF, LETTER, seconds))
    except Undelivered as failure:
        return failure
    return None


Fate = tuple[bool, bool, float, Cause]


def fate(post: Post, seconds: float = AMPLE) -> Fate:
    """Of a letter that is not accepted: sure, lasting, after, and the cause."""
    failure = deliver(post, seconds)

    assert failure is not None
    assert "@" not in repr(failure)
    assert failure.__context__ is None, "the library's error has addresses"

    return told(failure)


def told(failure: Undelivered) -> Fate:
    """What a failure says."""
    return failure.sure, failure.lasting, failure.after, failure.cause


def sure(cause: Cause) -> Fate:
    """It certainly did not arrive, and nobody said when to try again."""
    return True, False, 0.0, cause


def put_off(cause: Cause) -> Fate:
    """It did not arrive, and can in ten minutes."""
    return True, False, 600.0, cause


LASTING: Fate = (True, True, 0.0, Cause.RECIPIENT)
UNSURE: Fate = (False, False, 0.0, Cause.UNKNOWN)


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_letter_arrives_with_all_its_words(box: Mailbox, speech: Speech) -> None:
    """Text and HTML, accents and dots, the link and the handle; nothing is lost on the way."""
    assert deliver(Post(settings_of(box), lambda: speech)) is None

    (got,) = box.mails

    assert (SENDER, (STAFF,)) == (got.sender, got.recipients)
    for line in LETTER.lines:
        assert line in got.text.replace("\r\n", "\n")
    assert f"\n{LETTER.link}\n" in got.text.replace("\r\n", "\n")
    assert f"\n{TOKEN}\n" in got.text.replace("\r\n", "\n")

    page = _Page(got.part("html").replace("\r\n", "\n"))

    shown = [*LETTER.lines, UNHEARD, LETTER.label, TOKEN]

    assert shown == [text for text in page.texts if text in shown]
    assert UNHEARD in got.text
    assert f"\n{LETTER.label}\u00a0:\n" in got.text.replace("\r\n", "\n")
    assert [LETTER.link] == [attributes["href"] for tag, attributes in page.tags if tag == "a"]


def test_a_mail_loads_nothing_and_says_its_language(speech: Speech) -> None:
    """No picture, script, style sheet or font: opening it tells nobody anything."""
    html = mail(LETTER, SENDER, STAFF, speech).get_body(("html",))

    assert html is not None

    page = _Page(html.get_content())
    tags = [tag for tag, _ in page.tags]

    assert {"html", "head", "meta", "title", "body", "div", "p", "a", "strong", "pre"} == set(tags)
    assert [{"lang": "fr"}] == [attributes for tag, attributes in page.tags if tag == "html"]
    assert not [name for _, attributes in page.tags for name in attributes if name == "src"]
    assert "url(" not in html.get_content()


def test_the_header_tells_no_more_than_it_must(speech: Speech) -> None:
    """Whom from and to, a neutral subject, that a program wrote it, and in which language."""
    sent = message_from_bytes(mail(LETTER, SENDER, STAFF, speech).as_bytes(), policy=policy.default)

    assert {
        "From": SENDER,
        "To": STAFF,
        "Subject": LETTER.title,
        "Message-ID": "<7K2M-9QXT.3@example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "fr",
        "MIME-Version": "1.0",
    } == {name: value for name, value in sent.items() if name not in ("Date", "Content-Type")}
    assert sent["Date"].datetime is not None


def test_a_repeat_is_known_by_its_number(speech: Speech) -> None:
    """The same letter has the same Message-ID, any other letter another one."""
    first, again, other = (
        mail(letter, SENDER, STAFF, speech)["Message-ID"]
        for letter in (LETTER, replace(LETTER, lines=("x",)), replace(LETTER, serial=4))
    )

    assert first == again
    assert first != other


def test_only_mails_about_a_request_say_whom_a_reply_does_not_reach(
    speech: Speech, live: Catalogue
) -> None:
    """Not one that asks to confirm an address, nor a reminder; each in the reader's language."""
    english = live.speeches["en"]
    told = english.gettext("A reply to this mail does not reach the person. Please use the link.")
    asking = replace(LETTER, link=f"https://passerelle.example.org/reply?lang=en#{TOKEN}")
    confirming = replace(LETTER, link=f"https://passerelle.example.org/confirm#{TOKEN}")

    def words(letter: Letter, speech: Speech) -> list[str]:
        sent = mail(letter, SENDER, STAFF, speech)
        bodies = [sent.get_body((kind,)) for kind in ("plain", "html")]
        return [body.get_content() for body in bodies if body is not None]

    assert all(told in one for one in words(asking, english))
    assert all(UNHEARD in one for one in words(asking, speech))
    assert f"\n{LETTER.label}:\n" in words(asking, english)[0]
    for letter in (confirming, replace(LETTER, link=None, handle=None)):
        assert not any(UNHEARD in one for one in words(letter, speech))


def test_a_letter_without_a_link_has_none(speech: Speech) -> None:
    """A reminder, or word to the operator."""
    sent = mail(replace(LETTER, link=None, handle=None), SENDER, STAFF, speech)

    for kind in ("plain", "html"):
        body = sent.get_body((kind,))

        assert body is not None
        assert "http" not in body.get_content()
        assert "#" not in body.get_content()


@pytest.mark.parametrize("size", [100, 6_000])
def test_no_line_of_a_mail_is_too_long(speech: Speech, size: int) -> None:
    """A handle with all that she wrote in it, and the standard's limit of 998 bytes."""
    long = "x" * size
    letter = replace(LETTER, link=f"https://passerelle.example.org/reply#{long}", handle=long)
    raw = mail(letter, SENDER, STAFF, speech).as_bytes()
    got = message_from_bytes(raw, policy=policy.default).get_body(("plain",))

    assert got is not None
    assert 998 >= max(len(line) for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert f"\n{long}\n" in got.get_content().replace("\r\n", "\n")


# The server knows of STARTTLS only, and warns of passwords although all of this is in TLS.
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("secure", ["starttls", "smtps"])
def test_tls_and_a_password_go_together(secure: str, speech: Speech) -> None:
    """TLS from the first byte, or before anything is said; a password with odd characters."""
    with Mailbox(secure, login=True) as box:
        settings = secured(box)

        assert (USER, PASSWORD) == (settings.user, settings.password)
        assert deliver(Post(settings, lambda: speech, box.trusting)) is None
        assert 1 == len(box.mails)


@pytest.mark.parametrize("secure", ["starttls", "smtps"])
def test_an_unknown_certificate_is_refused(secure: str, speech: Speech) -> None:
    """Nobody in between reads a letter: one that the system does not trust gets none."""
    with Mailbox(secure) as box:
        assert sure(Cause.CERTIFICATE) == fate(Post(secured(box), lambda: speech))
        assert [] == box.mails


@pytest.mark.parametrize("secure", ["starttls", "smtps"])
def test_a_certificate_of_another_server_is_refused(secure: str, speech: Speech) -> None:
    """Trusted, but not the one that was asked for."""
    with Mailbox(secure, name="mail.example.org") as box:
        assert sure(Cause.CERTIFICATE) == fate(Post(secured(box), lambda: speech, box.trusting))
        assert [] == box.mails


def test_without_starttls_nothing_is_said(box: Mailbox, speech: Speech) -> None:
    """A server that does not offer it, or somebody in between who takes the offer away."""
    assert sure(Cause.NO_TLS) == fate(Post(secured(box), lambda: speech))
    assert sure(Cause.NO_TLS) == fate(Post(replace(secured(box), tls=True), lambda: speech))
    assert [] == box.mails


def test_a_wrong_password_says_nothing_of_the_mail_box(speech: Speech) -> None:
    """The operator's mail server refuses us: no centre is to blame."""
    with Mailbox("starttls", login=True) as box:
        settings = replace(secured(box), password="wrong")  # noqa: S106 - a sample

        nobody = replace(settings, user=None, password=None)

        for one in (settings, nobody):
            assert put_off(Cause.LOGIN) == fate(Post(one, lambda: speech, box.trusting))
        assert [] == box.mails


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("refuse", LASTING),
        ("greylist", put_off(Cause.BUSY)),
        ("full", put_off(Cause.BUSY)),
        ("drop", UNSURE),
        ("late drop", UNSURE),
    ],
)
def test_each_failure_says_what_is_known(
    box: Mailbox, speech: Speech, fault: str, expected: Fate
) -> None:
    """Refused for good, put off, or lost: only once the text was on its way it is not known."""
    box.fault = fault

    assert expected == fate(Post(settings_of(box), lambda: speech))
    assert (fault == "late drop") == bool(box.mails)


def test_a_letter_put_off_arrives_later(box: Mailbox, speech: Speech) -> None:
    """Greylisting: the same letter again, and it is the same mail."""
    post = Post(settings_of(box), lambda: speech)
    box.fault = "greylist"
    before = fate(post)
    box.fault = None

    assert put_off(Cause.BUSY) == before
    assert deliver(post) is None
    assert ["<7K2M-9QXT.3@example.org>"] == [got.message["Message-ID"] for got in box.mails]


def test_a_server_that_takes_too_long_is_given_up(box: Mailbox, speech: Speech) -> None:
    """It has the text, and does not say what becomes of it."""
    box.fault = "slow"

    assert UNSURE == fate(Post(settings_of(box), lambda: speech), 2.0)


def test_a_change_is_a_new_mail(box: Mailbox, speech: Speech) -> None:
    """What was sent stays what it is."""
    post = Post(settings_of(box), lambda: speech)
    asyncio.run(post.change(STAFF, 0, LETTER))

    assert [LETTER.title] == [got.message["Subject"] for got in box.mails]


def test_nobody_listens(speech: Speech) -> None:
    """Certainly not sent."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert sure(Cause.UNREACHABLE) == fate(Post(plain(port), lambda: speech))


def test_a_name_that_is_none(speech: Speech) -> None:
    """A mail server that no name service knows."""
    settings = MailSettings("no-such-server.invalid", 25, False, True, SENDER)

    assert sure(Cause.UNREACHABLE) == fate(Post(settings, lambda: speech))


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def plain(port: int) -> MailSettings:
    """A server on this computer, without TLS."""
    return MailSettings("127.0.0.1", port, False, True, SENDER)


def narrow() -> socket.socket:
    """A place to listen at that takes little at once: the rest waits on the sender's side."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return listening


def spoken(talk: Talk, speech: Speech, letter: Letter, seconds: float) -> Undelivered | None:
    """What becomes of a letter to a server that talks in its own way."""

    async def play() -> Undelivered | None:
        ended = asyncio.Event()

        async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError):
                await talk(reader, writer)
            writer.close()
            ended.set()

        async with await asyncio.start_server(answered, "127.0.0.1", 0) as server:
            settings = plain(server.sockets[0].getsockname()[1])
            try:
                await Post(settings, lambda: speech).deliver(STAFF, letter, seconds)
            except Undelivered as failure:
                await asyncio.wait_for(ended.wait(), AMPLE)
                return failure
        return None

    return asyncio.run(play())


@pytest.mark.parametrize(("fair", "cause"), [(0.1, Cause.UNREACHABLE), (5.0, Cause.UNKNOWN)])
def test_a_silent_server_certainly_got_nothing(
    speech: Speech, monkeypatch: pytest.MonkeyPatch, fair: float, cause: Cause
) -> None:
    """It never says a word; whoever had no time to wait does not blame it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert b"" == await reader.read()

    assert 5.0 == post_module._FAIR

    monkeypatch.setattr(post_module, "_FAIR", fair)
    failure = spoken(talk, speech, LETTER, 0.5)

    assert failure is not None
    assert sure(cause) == told(failure)


@pytest.mark.parametrize(
    ("at", "answer", "expected"),
    [
        (b"MAIL", b"550 we do not know you", put_off(Cause.SENDER)),
        (b"MAIL", b"530 5.7.0 authentication required", put_off(Cause.LOGIN)),
        (b"MAIL", b"451 later", put_off(Cause.BUSY)),
        (b"MAIL", b"552 5.3.4 too much", put_off(Cause.BUSY)),
        (b"RCPT", b"550 no such user", put_off(Cause.REFUSED)),
        (b"RCPT", b"550 relay not permitted", put_off(Cause.REFUSED)),
        (b"RCPT", b"550 5.1.8 sender address rejected", put_off(Cause.SENDER)),
        (b"RCPT", b"550 5.1.0 rejected", put_off(Cause.REFUSED)),
        (b"RCPT", b"550 5.1.1 no such user", LASTING),
        (b"RCPT", b"550-5.1.1 no such user\r\n550 5.1.1 really", LASTING),
        (b"RCPT", b"550 5.1.10 not found", LASTING),
        (b"RCPT", b"551 5.1.6 moved", LASTING),
        (b"RCPT", b"553 5.1.3 what name is that", LASTING),
        (b"RCPT", b"552 full", put_off(Cause.BUSY)),
        (b"RCPT", b"552 5.2.2 full", put_off(Cause.BUSY)),
        (b"RCPT", b"550 5.2.2 full", put_off(Cause.BUSY)),
        (b"RCPT", b"550 5.2.1 not now", put_off(Cause.REFUSED)),
        (b"RCPT", b"550 5.7.1 blocked by a list", put_off(Cause.RULE)),
        (b"RCPT", b"554 5.7.1 relay access denied", put_off(Cause.RULE)),
        (b"RCPT", b"554 no", put_off(Cause.REFUSED)),
        (b"RCPT", b"530 who are you", put_off(Cause.LOGIN)),
        (b"RCPT", b"421 going down", put_off(Cause.BUSY)),
        (b"RCPT", b"450 5.1.1 in two minds", put_off(Cause.BUSY)),
        (b"RCPT", b"nonsense", sure(Cause.UNKNOWN)),
        (b"DATA", b"554 no", put_off(Cause.REFUSED)),
        (b"DATA", b"550 no", put_off(Cause.REFUSED)),
        (b".", b"554 looks like an advertisement", put_off(Cause.REFUSED)),
        (b".", b"550 5.7.1 looks like an advertisement", put_off(Cause.RULE)),
        (b".", b"550 5.1.1 no such user after all", LASTING),
        (b".", b"550 no", put_off(Cause.REFUSED)),
        (b".", b"552 5.2.2 full", put_off(Cause.BUSY)),
        (b".", b"nonsense", UNSURE),
        (b".", b"999 nonsense", UNSURE),
    ],
)
def test_every_answer_has_a_meaning(
    speech: Speech, at: bytes, answer: bytes, expected: Fate
) -> None:
    """Only "no such mail box" is for good; nonsense after the text leaves it open."""
    usual = {b"DATA": b"354 go on"}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        text = False
        while raw := await reader.readline():
            command = raw.rstrip(b"\r\n")[:4]
            if text and command != b".":
                continue
            text = command == b"DATA" and at != b"DATA"
            writer.write((answer if command == at else usual.get(command, b"250 OK")) + b"\r\n")

    failure = spoken(talk, speech, replace(LETTER, lines=("x",)), AMPLE)

    assert failure is not None
    assert expected == told(failure)


def test_the_operator_is_told_once_an_hour_that_no_mail_goes_out(speech: Speech) -> None:
    """With the cause and the setting, whatever it is; that a mail box refuses is no news."""
    now, heard = [0.0], []

    def notify(notice: Notice, cause: str) -> None:
        heard.append((notice, cause))

    with Mailbox("starttls") as box:
        post = Post(secured(box), lambda: speech, None, notify, lambda: now[0])
        for now[0] in (0.0, 1.0, 3599.0):
            assert Cause.CERTIFICATE is fate(post)[3]

        assert [(Notice.MAIL_AWAY, "its certificate is not trusted")] == heard

        now[0] = 3600.0
        fate(post)

        assert 2 == len(heard)

    with Mailbox() as box:
        post = Post(settings_of(box), lambda: speech, None, notify)
        for box.fault in ("refuse", "greylist", "full", "drop"):
            fate(post)

        assert 2 == len(heard)


def test_what_was_called_off_does_not_go_on_arriving(speech: Speech) -> None:
    """A letter that is half on its way when its sender is called off: its end never comes."""

    async def play() -> bytes:
        tail = bytearray()
        begun, called_off, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for answer in (b"220 hello", b"250 OK", b"250 OK", b"250 OK"):
                writer.write(answer + b"\r\n")
                await reader.readline()
            writer.write(b"354 go on\r\n")
            tail.extend(await reader.read(1000))
            begun.set()
            await called_off.wait()
            with suppress(ConnectionError):
                while some := await reader.read(65536):
                    tail[:] = (tail + some)[-1000:]
            writer.close()
            ended.set()

        async with await asyncio.start_server(talk, sock=narrow()) as server:
            letter = replace(LETTER, lines=("x" * 70 + "\n",) * 60_000)
            post = Post(plain(server.sockets[0].getsockname()[1]), lambda: speech)
            task = asyncio.create_task(post.deliver(STAFF, letter, AMPLE))
            await asyncio.wait_for(begun.wait(), AMPLE)
            task.cancel()
            await asyncio.wait({task})
            called_off.set()
            await asyncio.wait_for(ended.wait(), AMPLE)

        assert task.cancelled()

        return bytes(tail)

    tail = asyncio.run(play())

    assert b"xxxx" in tail
    assert not tail.endswith(b"\r\n.\r\n")
