"""Codes and links that bind a study centre's channel: once, and for two days."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.contact import invitation
from bot.store.keyfiles import KeyFiles
from bot.store.records import Channel, Kind
from bot.store.sqlite import SqliteStore, open_store
from dialogs.catalogue import Catalogue
from dialogs.eligibility.criteria import Trial
from dialogs.wire.keyring import Keyring
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, NCT, WEB

DAY = Clock().today
GROUP = "-1001"
STAFF = "study-team@example.org"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store with nothing in it."""
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    with open_store(folder / "passerelle.db") as store:
        yield store


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """The keys of the day."""
    return KeyFiles(tmp_path / "keys", "handle", 14).keyring(DAY)


def written(store: SqliteStore) -> str:
    """All that the store holds."""
    return repr(store.everything())


def test_a_code_is_easy_to_copy(store: SqliteStore) -> None:
    """80 bits in groups of four, without signs that are easily mistaken; each is a new one."""
    codes = [invitation.invite(store, NCT, CENTRE, DAY) for _ in range(20)]

    assert len(codes) == len(set(codes))
    for code in codes:
        assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)


@pytest.mark.parametrize(
    "retyped",
    [
        str,
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f" {code.replace('0', 'o').replace('1', 'l')} ",
    ],
)
def test_a_code_binds_however_it_is_typed(store: SqliteStore, retyped: type[str]) -> None:
    """Capitals, blanks and dashes do not matter, nor a letter taken for a number."""
    code = retyped(invitation.invite(store, NCT, CENTRE, DAY))

    assert (NCT, CENTRE) == invitation.accept(store, code, Kind.GROUP, GROUP, DAY)
    assert Channel(NCT, CENTRE, Kind.GROUP, GROUP) == store.channel(NCT, CENTRE)


def test_a_code_works_once(store: SqliteStore) -> None:
    """Whoever finds it later binds nothing, and unbinds nobody."""
    code = invitation.invite(store, NCT, CENTRE, DAY)
    invitation.accept(store, code, Kind.GROUP, GROUP, DAY)

    assert invitation.accept(store, code, Kind.GROUP, "-1002", DAY) is None
    assert [Channel(NCT, CENTRE, Kind.GROUP, GROUP)] == store.channels()


@pytest.mark.parametrize(("days", "works"), [(0, True), (1, True), (2, False), (30, False)])
def test_a_code_works_for_two_days(store: SqliteStore, days: int, works: bool) -> None:
    """The day on which it was made, and the next."""
    code = invitation.invite(store, NCT, CENTRE, DAY)
    place = invitation.accept(store, code, Kind.GROUP, GROUP, DAY + timedelta(days=days))

    assert works == (place is not None)
    assert works == bool(store.channels())


def test_a_new_code_ends_the_one_before(store: SqliteStore) -> None:
    """One that was lost or sent to the wrong place is undone by another."""
    codes = [invitation.invite(store, NCT, CENTRE, DAY) for _ in range(3)]

    for old, _ in pairwise(codes):
        assert invitation.accept(store, old, Kind.GROUP, GROUP, DAY) is None

    assert invitation.accept(store, codes[-1], Kind.GROUP, GROUP, DAY) is not None


def test_each_centre_has_its_own_code(store: SqliteStore) -> None:
    """Two open invitations do not get in each other's way."""
    first, second = (invitation.invite(store, NCT, number, DAY) for number in (1, 2))

    assert (NCT, 2) == invitation.accept(store, second, Kind.GROUP, GROUP, DAY)
    assert (NCT, 1) == invitation.accept(store, first, Kind.GROUP, GROUP, DAY)


@pytest.mark.parametrize(
    "text", ["", "-", "AAAA-AAAA-AAAA-AAAA", "A" * 15, "A" * 17, "é" * 16, "ß" * 16, "A" * 5_000]
)
def test_what_is_no_code_binds_nothing(store: SqliteStore, text: str) -> None:
    """Mistyped, cut, or anything else."""
    invitation.invite(store, NCT, CENTRE, DAY)

    assert invitation.accept(store, text, Kind.GROUP, GROUP, DAY) is None
    assert [] == store.channels()


def test_the_store_holds_no_code_and_no_address(store: SqliteStore, keyring: Keyring) -> None:
    """Only a hash: who reads the file can bind nothing, and finds nobody who did not confirm."""
    code = invitation.invite(store, NCT, 2, DAY)
    token = invitation.confirmation(store, keyring, NCT, CENTRE, STAFF, DAY)
    held = written(store)

    assert 2 == len(store.invites(DAY))
    for secret in (code, code.replace("-", ""), token, STAFF, "study-team"):
        assert secret not in held


def test_a_link_binds_a_mail_box(store: SqliteStore, keyring: Keyring) -> None:
    """It can be looked at as often as one likes; confirming is what binds."""
    token = invitation.confirmation(store, keyring, NCT, CENTRE, STAFF, DAY)
    place = (NCT, CENTRE, STAFF)

    assert [place] * 2 == [invitation.pending(keyring, store, token, DAY) for _ in range(2)]
    assert [] == store.channels()
    assert place == invitation.confirm(keyring, store, token, DAY)
    assert [Channel(NCT, CENTRE, Kind.EMAIL, STAFF)] == store.channels()
    assert [] == store.invites(DAY)


def test_a_link_works_once(store: SqliteStore, keyring: Keyring) -> None:
    """An old mail cannot undo what came later."""
    token = invitation.confirmation(store, keyring, NCT, CENTRE, STAFF, DAY)
    invitation.confirm(keyring, store, token, DAY)
    store.bind(NCT, CENTRE, Kind.GROUP, GROUP)

    assert invitation.pending(keyring, store, token, DAY) is None
    assert invitation.confirm(keyring, store, token, DAY) is None
    assert [Channel(NCT, CENTRE, Kind.GROUP, GROUP)] == store.channels()


def test_a_used_link_is_known_by_what_it_did(store: SqliteStore, keyring: Keyring) -> None:
    """As long as its centre is bound to its address, and to nothing else."""
    token = invitation.confirmation(store, keyring, NCT, CENTRE, STAFF, DAY)
    other = invitation.confirmation(store, keyring, NCT, CENTRE + 1, STAFF, DAY)

    assert not invitation.confirmed(keyring, store, token)

    invitation.confirm(keyring, store, token, DAY)

    assert invitation.confirmed(keyring, store, token)
    assert not invitation.confirmed(keyring, store, other)
    assert not invitation.confirmed(keyring, store, token[:-4])

    for kind, address in ((Kind.EMAIL, "x@example.org"), (Kind.GROUP, GROUP)):
        store.bind(NCT, CENTRE, kind, address)

        assert not invitation.confirmed(keyring, store, token)


def test_a_link_works_for_two_days(store: SqliteStore, keyring: Keyring) -> None:
    """As a code does, although its key lives longer."""
    token = invitation.confirmation(store, keyring, NCT, CENTRE, STAFF, DAY)
    later = keyring.aged(DAY + timedelta(days=2))

    assert invitation.confirm(later, store, token, later.today) is None
    assert [] == store.channels()

    tomorrow = keyring.aged(DAY + timedelta(days=1))

    assert invitation.confirm(tomorrow, store, token, tomorrow.today) is not None


def test_a_link_to_a_wrong_address_is_undone_by_another(
    store: SqliteStore, keyring: Keyring
) -> None:
    """A mistyped mail box cannot confirm any more once the right one was written to."""
    wrong = invitation.confirmation(store, keyring, NCT, CENTRE, "x@example.org", DAY)
    right = invitation.confirmation(store, keyring, NCT, CENTRE, STAFF, DAY)

    assert invitation.confirm(keyring, store, wrong, DAY) is None
    assert (NCT, CENTRE, STAFF) == invitation.confirm(keyring, store, right, DAY)


def test_a_foreign_or_changed_link_binds_nothing(store: SqliteStore, keyring: Keyring) -> None:
    """Cut, changed in any place, of other keys, or another sealed text of ours."""
    token = invitation.confirmation(store, keyring, NCT, CENTRE, STAFF, DAY)
    other = Keyring("handle", {DAY: bytes(64)}, DAY, 14)
    changed = [
        token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        for at in range(0, len(token), 7)
    ]
    elsewhere = keyring.enclose(b'["x", "y"]', b"")
    for text in ("", token[:-4], token + "AAAA", token * 2, elsewhere, *changed):
        assert invitation.confirm(keyring, store, text, DAY) is None

    assert invitation.confirm(other, store, token, DAY) is None
    assert [] == store.channels()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_mail_to_confirm_says_what_it_is_about(
    live: Catalogue, palatine: Trial, language: str
) -> None:
    """The study and the centre in its text, in neither subject nor link; each is a new mail."""
    centre = palatine.centres[0]
    speech = live.speeches[language]
    letter, again = (
        invitation.invitation_letter(speech, palatine, centre, WEB, "TOKEN") for _ in range(2)
    )

    assert (f"{WEB}/confirm?lang={speech.language}#TOKEN", "TOKEN") == (letter.link, letter.handle)
    assert centre.name in letter.lines[0]
    assert centre.city in letter.lines[0]
    assert palatine.name in letter.lines[0]
    assert palatine.name not in letter.title
    assert letter.serial != again.serial


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_test_letter_asks_for_nothing(live: Catalogue, palatine: Trial, language: str) -> None:
    """No link, no button, no handle."""
    centre = palatine.centres[0]
    letter = invitation.trial_letter(live.speeches[language], palatine, centre)

    assert (None, None, ()) == (letter.link, letter.handle, letter.buttons)
    assert centre.name in letter.lines[0]
