"""The operator's commands about study centres, over a real store, mail server and Bot API."""

import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.cli import places
from bot.cli.main import main
from bot.contact.exchange import HANDLE_DAYS
from bot.contact.invitation import accept, pending
from bot.store.keyfiles import KeyFiles
from bot.store.records import Channel, Kind, Row, State
from bot.store.sqlite import SqliteStore, open_store
from dialogs.catalogue import Catalogue
from tests.contact_fixtures import NCT, WEB
from tests.fakes.telegram import FakeTelegram
from tests.mail_fixtures import Mailbox

STAFF = "study-team@example.org"
TOKEN = "12345:sample-secret-of-thirty-characters"  # noqa: S105 - a sample


@dataclass
class Console:
    """Where an operator types commands; what the last one said."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""
    _held: SqliteStore | None = None

    def __call__(self, *arguments: str) -> int:
        """The exit status of `run_bot.py centre ARGUMENTS`."""
        status = main(["centre", *arguments])
        self.out, self.err = self.capture.readouterr()
        return status

    def refused(self, *arguments: str) -> str:
        """What a command that cannot do it says, on standard error."""
        assert 2 == self(*arguments)
        assert "" == self.out

        return self.err

    @property
    def store(self) -> SqliteStore:
        """The store that the commands use."""
        if self._held is None:
            self._held = open_store(self.folder / "passerelle.db")
        return self._held

    def close(self) -> None:
        """Ends its use."""
        if self._held is not None:
            self._held.close()


@pytest.fixture
def centre(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    live: Catalogue,
) -> Iterator[Console]:
    """A console in an empty folder, where the trials have been read before."""
    monkeypatch.setattr("bot.cli.centre.trials", lambda: live)
    monkeypatch.setenv("DB_FILE", str(tmp_path / "passerelle.db"))
    monkeypatch.setenv("KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("STAFF_LANGUAGE", "en")
    monkeypatch.setenv("WEB_URL", WEB)
    with closing(Console(tmp_path, capsys)) as console:
        yield console


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """The mail server of the settings."""
    with Mailbox() as box:
        monkeypatch.setenv("SMTP_URL", box.url)
        monkeypatch.setenv("SMTP_FROM", "passerelle@example.org")
        yield box


def test_a_new_service_reaches_nobody(centre: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each trial and each centre, with what is made up about it."""
    monkeypatch.setattr("bot.cli.centre.trials", places.trials)

    assert 0 == centre("list")
    assert f"{NCT} PALATINE\n" in centre.out
    assert "  1. Gustave Roussy, Villejuif, sample contacts: not bound\n" in centre.out


def test_the_list_shows_how_each_centre_is_reached(centre: Console) -> None:
    """By which channel, whether it works, and what is still open."""
    store = centre.store
    store.bind(NCT, 1, Kind.GROUP, "-1001")
    store.bind(NCT, 2, Kind.EMAIL, STAFF)
    store.mark(Kind.EMAIL, STAFF, away=True)
    centre("invite", NCT, "1")

    assert 0 == centre("list")

    first, second = (line for line in centre.out.splitlines() if re.match(r" {2}[12]\. ", line))

    assert first.endswith(": Telegram group -1001")
    assert f": mail {STAFF} - DOES NOT WORK: " in second
    assert 1 == centre.out.count("an invitation is open until")


def test_an_invitation_is_a_line_to_send(centre: Console) -> None:
    """Exactly what an administrator sends in the group; the number may be written small."""
    assert 0 == centre("invite", NCT.lower(), "1")

    (code,) = re.findall(r"^/centre (\S+)$", centre.out, re.MULTILINE)

    assert (NCT, 1) == accept(centre.store, code, Kind.GROUP, "-1001", date.today())


def test_a_mail_box_gets_a_link(centre: Console, box: Mailbox) -> None:
    """The link is what binds; until then the address stands in no file."""
    assert 0 == centre("email", NCT, "1", STAFF)
    assert f"a link went to {STAFF}" in centre.out
    assert "WEB_URL" not in centre.out

    (got,) = box.mails
    (token,) = re.findall(
        rf"^{re.escape(WEB)}/confirm\?lang=(?:fr|en)#(\S+)\s*$", got.text, re.MULTILINE
    )
    today = date.today()
    keyring = KeyFiles(centre.folder / "keys", "handle", HANDLE_DAYS).keyring(today)

    assert (STAFF,) == got.recipients
    assert "Gustave Roussy" in got.text
    assert (NCT, 1, STAFF) == pending(keyring, centre.store, token, today)
    assert [] == centre.store.channels()
    assert not [
        path
        for path in centre.folder.rglob("*")
        if path.is_file() and STAFF.encode() in path.read_bytes()
    ]


def test_a_link_that_nobody_else_can_open_is_named(
    centre: Console, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a public address the mail is good for a trial on one computer."""
    monkeypatch.delenv("WEB_URL")

    assert 0 == centre("email", NCT, "1", STAFF)
    assert "WEB_URL is not set" in centre.out
    assert "http://127.0.0.1:8080/confirm?lang=" in box.mails[0].text


@pytest.mark.parametrize(
    "address",
    ["study-team", "a@b", "A <a@example.org>", "a@example.org\nBcc: b@example.org", "a@b@c.org"],
)
def test_what_is_no_address_is_named(centre: Console, box: Mailbox, address: str) -> None:
    """Before anything is written or sent."""
    assert f"{address!r} is no e-mail address: write one such as" in centre.refused(
        "email", NCT, "1", address
    )
    assert [] == box.mails
    assert [] == centre.store.invites(date.today())


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("refuse", "refused for good (there is no such mail box): look at the address"),
        ("greylist", "not accepted now (put off, or the mail box is full): "),
        ("drop", "lost on its way, and may have arrived"),
    ],
)
def test_a_mail_that_is_not_taken_is_named(
    centre: Console, box: Mailbox, fault: str, cause: str
) -> None:
    """With what to do, and without a traceback."""
    box.fault = fault

    assert f"the message was {cause}" in centre.refused("email", NCT, "1", STAFF)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(
    ("secure", "login", "cause"),
    [
        ("smtps", False, "its certificate is not trusted"),
        (None, True, "user or password refused"),
        ("stopped", False, "it cannot be reached"),
    ],
)
def test_a_mail_server_that_is_set_wrong_is_named(
    centre: Console, monkeypatch: pytest.MonkeyPatch, secure: str | None, login: bool, cause: str
) -> None:
    """With its setting and the cause, and without the password in it."""
    centre.store.bind(NCT, 1, Kind.EMAIL, STAFF)
    monkeypatch.setenv("SMTP_FROM", "passerelle@example.org")
    with Mailbox(secure if secure == "smtps" else None, login=login) as box:
        monkeypatch.setenv("SMTP_URL", box.url.replace("secret", "wrong"))
        if secure != "stopped":
            says = [centre.refused("test", NCT, "1"), centre.refused("email", NCT, "1", STAFF)]
    if secure == "stopped":
        says = [centre.refused("test", NCT, "1")]

    for one in says:
        assert f"not accepted by the mail server of SMTP_URL ({cause}): look at that" in one
        assert "wrong" not in one
    assert [] == box.mails


def test_without_a_mail_server_no_mail(centre: Console) -> None:
    """The setting that is missing; a channel that needs it can still be listed and unbound."""
    centre.store.bind(NCT, 1, Kind.EMAIL, STAFF)
    for command in (("email", NCT, "1", STAFF), ("test", NCT, "1")):
        assert "SMTP_URL is missing: a mail needs a mail server" in centre.refused(*command)

    assert 0 == centre("list")
    assert 0 == centre("unbind", NCT, "1")


def test_a_centre_is_unbound_once(centre: Console) -> None:
    """With its open invitation; a second time there is nothing to do, and that is no error."""
    centre.store.bind(NCT, 1, Kind.GROUP, "-1001")
    centre("invite", NCT, "1")

    assert 0 == centre("unbind", NCT, "1")
    assert centre.out.endswith(": unbound\n")
    assert ([], []) == (centre.store.channels(), centre.store.invites(date.today()))
    assert 0 == centre("unbind", NCT, "1")
    assert centre.out.endswith(": was not bound\n")


@pytest.mark.parametrize("close", [False, True])
def test_unbinding_says_what_becomes_of_open_requests(centre: Console, close: bool) -> None:
    """Whoever holds their cards can still answer; `--close` ends that, for this centre alone."""
    until = date.today() + timedelta(days=14)
    for code, number in (("K1", 1), ("K2", 1), ("K3", 2)):
        centre.store.begin(Row(code, NCT, number, "fr", State.SENT, until, until, 7))
    centre.store.bind(NCT, 1, Kind.GROUP, "-1001")

    assert 0 == centre("unbind", NCT, "1", *(["--close"] if close else []))
    assert ("open requests that were closed: 2" in centre.out) is close
    assert ("open requests: 2" in centre.out) is not close
    assert (0 if close else 2) == len(centre.store.open_requests(NCT, 1))
    assert 1 == len(centre.store.open_requests(NCT, 2))


def test_a_test_reaches_a_mail_box(centre: Console, box: Mailbox) -> None:
    """What takes it works again."""
    centre.store.bind(NCT, 1, Kind.EMAIL, STAFF)
    centre.store.mark(Kind.EMAIL, STAFF, away=True)

    assert 0 == centre("test", NCT, "1")
    assert "the test message was accepted" in centre.out
    assert ["Passerelle: test message"] == [got.message["Subject"] for got in box.mails]
    assert [Channel(NCT, 1, Kind.EMAIL, STAFF)] == centre.store.channels()


def test_a_test_that_is_refused_changes_nothing(centre: Console, box: Mailbox) -> None:
    """A channel that does not work stays one that does not."""
    centre.store.bind(NCT, 1, Kind.EMAIL, STAFF)
    centre.store.mark(Kind.EMAIL, STAFF, away=True)
    box.fault = "refuse"

    assert "refused for good" in centre.refused("test", NCT, "1")
    assert [Channel(NCT, 1, Kind.EMAIL, STAFF, away=True)] == centre.store.channels()


def test_a_test_reaches_a_group(
    centre: Console, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the bot's token alone, whatever else a live start needs."""
    group = telegram.group("Study team")
    group.add_bot(telegram.person())
    centre.store.bind(NCT, 1, Kind.GROUP, str(group.id))

    assert "BOT_TOKEN is missing" in centre.refused("test", NCT, "1")

    monkeypatch.setenv("BOT_TOKEN", telegram.token)
    monkeypatch.setenv("BOT_API_URL", telegram.url)

    assert 0 == centre("test", NCT, "1")
    assert "This is a test for Gustave Roussy" in group.messages[-1].text

    group.remove_bot(telegram.person())

    assert "refused for good: look at the address, or the bot's place" in centre.refused(
        "test", NCT, "1"
    )


def test_a_bot_api_that_is_not_there_is_named(
    centre: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    centre.store.bind(NCT, 1, Kind.GROUP, "-1001")
    monkeypatch.setattr("bot.cli.centre._PATIENCE", 1.0)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("BOT_API_URL", f"http://127.0.0.1:{port}")
    says = centre.refused("test", NCT, "1")

    assert "not accepted now: look at SMTP_URL or BOT_API_URL" in says
    assert "secret" not in says


def test_a_centre_that_is_not_bound_cannot_be_tested(centre: Console) -> None:
    """It says how to bind it."""
    assert "is not bound: run `centre invite` or `centre email`" in centre.refused("test", NCT, "1")


@pytest.mark.parametrize("command", ["invite", "email", "unbind", "test"])
def test_an_unknown_trial_or_centre_is_named_with_those_that_are_known(
    centre: Console, box: Mailbox, command: str
) -> None:
    """By number and name; nothing is sent."""
    rest = (STAFF,) if command == "email" else ()

    assert f"there is no trial 'NCT1': known are {NCT}" in centre.refused(
        command, "NCT1", "1", *rest
    )
    for number in ("99", "0", "-1", "one", "²"):
        # A dash alone would be read as an option.
        says = centre.refused(command, "--", NCT, number, *rest)

        assert f"{NCT} has no centre {number!r}: known are 1 (Gustave Roussy, Villejuif)" in says

    assert [] == box.mails


def test_a_wrong_setting_is_named(centre: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its password is not shown."""
    monkeypatch.setenv("SMTP_URL", "http://user:secret@example.org")
    says = centre.refused("email", NCT, "1", STAFF)

    assert "SMTP_URL is no mail server: write smtps://" in says
    assert "secret" not in says


def test_a_store_that_another_program_holds_is_named(
    centre: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The setting, the cause and the mend; nothing hangs."""
    monkeypatch.setattr("bot.store.guarded._PATIENCE", 0.0)
    centre("list")
    other = sqlite3.connect(centre.folder / "passerelle.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        says = centre.refused("invite", NCT, "1")
    finally:
        other.close()

    assert says.startswith(f"DB_FILE={centre.folder / 'passerelle.db'}: another program holds it")
    assert 0 == centre("invite", NCT, "1")


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("invite",), ("invite", NCT), ("email", NCT, "1")]
)
def test_a_wrong_command_line_is_refused(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """With the usage."""
    with pytest.raises(SystemExit) as caught:
        main(["centre", *arguments])

    assert 2 == caught.value.code
    assert "usage: run_bot.py centre" in capsys.readouterr().err
