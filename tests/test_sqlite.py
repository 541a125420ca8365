"""The store in a real file: what each method does, alone, in a race and after a crash."""

import multiprocessing
import os
import random
import secrets
import signal
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from bot.data import ROOT
from bot.store import schema
from bot.store.records import (
    Announcement,
    Campaign,
    Channel,
    Check,
    Invite,
    Key,
    Kind,
    Row,
    State,
    StoreError,
)
from bot.store.rows import box, key
from bot.store.sqlite import SqliteStore, open_store
from bot.store.store import KEEP, Store

DAY = date(2026, 3, 1)
LATER = DAY + timedelta(days=14)
ALL = frozenset(State)
GROUP, EMAIL = Kind.GROUP, Kind.EMAIL
REQUEST = Row("K7", "palatine", 3, "fr", State.SENDING, LATER, None, None)
PUBLIC = b"public".ljust(32, b"k")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """A store in that file."""
    store = open_store(path)
    yield store
    store.close()


def after(days: int) -> date:
    """The day so many days after the first."""
    return DAY + timedelta(days=days)


def sound(path: Path) -> bool:
    """Whether SQLite finds no fault with the file, and nothing lies beside it."""
    with closing(sqlite3.connect(path)) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchall()
    return [("ok",)] == said and [path] == list(path.parent.iterdir())


def test_it_is_a_store(store: SqliteStore) -> None:
    """The type checker holds it against the protocol; it begins with nothing."""
    typed: Store = store

    assert ([], [], []) == (typed.channels(), typed.invites(DAY), typed.checks())
    assert [] == typed.due(LATER)


def test_everything_is_there_after_a_restart(store: SqliteStore, path: Path) -> None:
    """Rows of all tables."""
    store.bind("palatine", 3, GROUP, "-100")
    store.begin(REQUEST)
    store.open_mailbox(7, PUBLIC, LATER, b"letter")
    store.check(Check("palatine", "recruiting", "registry", "AB", DAY))
    store.begin_campaign(Campaign("rose", 0, "palatine", "fr", "La Rose (sample)", "5a" * 32))
    store.count({Key("2026-W09", 1, "palatine", "fr", "opened"): 30})
    store.publish("2026-W09".__eq__, dict)
    store.count({Key("2026-W10", 1, "palatine", "fr", "opened"): 1})
    store.announce(Announcement("palatine", "closed", DAY, "fr"))
    before = store.everything()
    store.close()
    with closing(open_store(path)) as again:
        assert before == again.everything()

    assert [1] * 8 == [len(rows) for rows in before.values()]
    assert sound(path)


# Centres


def test_a_centre_has_one_channel(store: SqliteStore) -> None:
    """The last that was bound; other centres keep theirs."""
    store.bind("palatine", 3, GROUP, "-100")
    store.bind("palatine", 4, GROUP, "-100")
    store.bind("palatine", 3, EMAIL, "a@example.org")
    mail = Channel("palatine", 3, EMAIL, "a@example.org")
    group = Channel("palatine", 4, GROUP, "-100")

    assert [mail, group] == store.channels()
    assert mail == store.channel("palatine", 3)
    assert store.channel("palatine", 5) is None
    assert store.channel("other", 3) is None


def test_centres_of_one_address_are_found(store: SqliteStore) -> None:
    """Address and kind both count."""
    store.bind("palatine", 3, GROUP, "-100")
    store.bind("other", 3, GROUP, "-100")
    store.bind("palatine", 4, EMAIL, "-100")
    store.bind("palatine", 5, GROUP, "-1000")

    assert ["other", "palatine"] == [one.trial for one in store.at(GROUP, "-100")]
    assert [4] == [one.centre for one in store.at(EMAIL, "-100")]
    assert [] == store.at(EMAIL, "-1000")


def test_a_centre_that_is_unbound_is_forgotten(store: SqliteStore) -> None:
    """With its invitation; whether there was one of the two is told."""
    store.bind("palatine", 3, GROUP, "-100")
    store.invite("palatine", 3, "digest", after(2))
    store.invite("palatine", 4, "second", after(2))

    assert [True, False] == [store.unbind("palatine", 3) for _ in range(2)]
    assert store.unbind("palatine", 4)
    assert [] == store.channels()
    assert [] == store.invites(DAY)
    assert store.invited("digest", DAY) is None


def test_a_channel_that_does_not_work_is_marked(store: SqliteStore) -> None:
    """All centres of the address, until they are marked back or bound anew."""
    for centre, address in ((3, "-100"), (4, "-100"), (5, "-200")):
        store.bind("palatine", centre, GROUP, address)

    assert 2 == store.mark(GROUP, "-100", away=True)
    assert [True, True, False] == [one.away for one in store.channels()]
    assert 0 == store.mark(EMAIL, "-100", away=True)

    store.bind("palatine", 3, GROUP, "-100")

    assert [False, True, False] == [one.away for one in store.channels()]
    assert 2 == store.mark(GROUP, "-100", away=False)
    assert [False] * 3 == [one.away for one in store.channels()]


def test_an_address_that_moved_takes_its_centres_along(store: SqliteStore) -> None:
    """As they are: what was away still is."""
    store.bind("palatine", 3, GROUP, "-100")
    store.bind("palatine", 4, EMAIL, "-100")
    store.mark(GROUP, "-100", away=True)

    assert [1, 0] == [store.moved(GROUP, "-100", "-200") for _ in range(2)]
    assert [
        Channel("palatine", 3, GROUP, "-200", away=True),
        Channel("palatine", 4, EMAIL, "-100"),
    ] == store.channels()


@pytest.mark.parametrize("way", ["moved", "unbound", "bound elsewhere", "bound again"])
def test_a_request_forgets_its_card_when_its_centre_is_elsewhere(
    store: SqliteStore, way: str
) -> None:
    """There the number is another message's, perhaps another request's card."""
    store.bind("palatine", 3, GROUP, "-100")
    store.bind("palatine", 4, GROUP, "-300")
    store.begin(replace(REQUEST, card=5))
    store.begin(replace(REQUEST, code="K8", centre=4, card=6))
    if way == "moved":
        store.moved(GROUP, "-100", "-200")
    elif way == "unbound":
        store.unbind("palatine", 3)
    else:
        store.bind("palatine", 3, GROUP, "-100" if way == "bound again" else "-200")

    cards = {row["code"]: row["card"] for row in store.everything()["requests"]}

    assert {REQUEST.code: 5 if way == "bound again" else None, "K8": 6} == cards


def test_an_invitation_holds_until_its_day(store: SqliteStore) -> None:
    """That day excluded; and it binds nothing."""
    store.invite("palatine", 3, "digest", after(2))

    assert ("palatine", 3) == store.invited("digest", after(1))
    assert [Invite("palatine", 3, after(2))] == store.invites(after(1))
    assert store.invited("digest", after(2)) is None
    assert [] == store.invites(after(2))
    assert store.invited("other", DAY) is None
    assert [] == store.channels()
    assert store.channel("palatine", 3) is None


def test_a_centre_has_one_open_invitation(store: SqliteStore) -> None:
    """The last; the one before opens nothing any more."""
    store.invite("palatine", 3, "first", after(2))
    store.invite("palatine", 3, "second", after(3))

    assert store.invited("first", DAY) is None
    assert ("palatine", 3) == store.invited("second", after(2))
    assert 1 == len(store.invites(DAY))


def test_binding_uses_the_invitation_up(store: SqliteStore) -> None:
    """And inviting a bound centre leaves its channel as it is."""
    store.invite("palatine", 3, "first", after(2))
    store.bind("palatine", 3, GROUP, "-100")
    used = store.invited("first", DAY)
    store.invite("palatine", 3, "second", after(2))

    assert used is None
    assert ("palatine", 3) == store.invited("second", DAY)
    assert [Channel("palatine", 3, GROUP, "-100")] == store.channels()


# Requests


def test_a_request_begins_once(store: SqliteStore) -> None:
    """A second one with its code changes nothing and is told what is there."""
    other = replace(REQUEST, trial="other", state=State.SENT, card=9)

    assert (REQUEST, True) == store.begin(REQUEST)
    assert (REQUEST, False) == store.begin(other)
    assert REQUEST == store.request("K7")
    assert store.request("K8") is None


@pytest.mark.parametrize("state", State)
def test_a_request_comes_back_as_it_went(store: SqliteStore, state: State) -> None:
    """In every state, with all its cells."""
    row = replace(REQUEST, state=state, due_on=after(3), card=2**40)
    store.begin(row)

    assert row == store.request("K7")


@pytest.mark.parametrize("due_on", [KEEP, None, after(5)])
@pytest.mark.parametrize("card", [KEEP, None, 77])
def test_a_change_keeps_what_it_is_not_told(store: SqliteStore, due_on: Any, card: Any) -> None:
    """None is a value of its own."""
    store.begin(replace(REQUEST, due_on=after(3), card=5))
    expected = replace(
        REQUEST,
        state=State.SENT,
        due_on=after(3) if due_on is KEEP else due_on,
        card=5 if card is KEEP else card,
    )

    assert store.change("K7", State.SENT, frozenset({State.SENDING}), due_on=due_on, card=card)
    assert expected == store.request("K7")


def test_a_change_needs_one_of_its_states(store: SqliteStore) -> None:
    """And touches no other request."""
    other = replace(REQUEST, code="K8")
    store.begin(REQUEST)
    store.begin(other)
    wanted = frozenset({State.SENT, State.SENDING})

    assert not store.change("K7", State.TAKEN, ALL - {State.SENDING}, card=1)
    assert not store.change("K7", State.TAKEN, frozenset())
    assert not store.change("K9", State.TAKEN, ALL)
    assert [True, False] == [store.change("K7", State.TAKEN, wanted) for _ in range(2)]
    assert replace(REQUEST, state=State.TAKEN) == store.request("K7")
    assert other == store.request("K8")


def test_a_drop_needs_one_of_its_states(store: SqliteStore) -> None:
    """And forgets no other request."""
    store.begin(REQUEST)
    store.begin(replace(REQUEST, code="K8"))

    assert not store.drop("K7", ALL - {State.SENDING})
    assert not store.drop("K7", frozenset())
    assert [True, False] == [store.drop("K7", ALL) for _ in range(2)]
    assert ["K8"] == [row["code"] for row in store.everything()["requests"]]


def test_what_is_due_is_found_from_its_day_on(store: SqliteStore) -> None:
    """A request without a day is never due."""
    for code, due in (("K1", None), ("K2", after(1)), ("K3", after(2)), ("K4", after(3))):
        store.begin(replace(REQUEST, code=code, due_on=due))

    assert [] == store.due(DAY)
    assert ["K2", "K3"] == sorted(row.code for row in store.due(after(2)))
    assert replace(REQUEST, code="K2", due_on=after(1)) == store.due(after(1))[0]


# Letter boxes


@pytest.mark.parametrize("address", [0, 7, 2**79, 2**80 - 1])
def test_a_letter_box_is_found_by_its_address(store: SqliteStore, address: int) -> None:
    """Of 80 bits; opened again, it is the old one."""
    store.open_mailbox(address, PUBLIC, LATER, b"letter\0\xff")
    store.open_mailbox(address, b"other", DAY, b"other")

    assert (PUBLIC, b"letter\0\xff", LATER) == store.mailbox(address)
    assert store.mailbox(address ^ 1) is None


def test_a_letter_is_replaced_if_it_is_the_known_one(store: SqliteStore) -> None:
    """Of two who write on the same letter, one has to read it again."""
    store.open_mailbox(7, PUBLIC, LATER, b"one")
    store.open_mailbox(8, PUBLIC, LATER, b"one")

    assert [True, False] == [store.post(7, b"one", after) for after in (b"two", b"three")]
    assert (PUBLIC, b"two", LATER) == store.mailbox(7)
    assert (PUBLIC, b"one", LATER) == store.mailbox(8)
    assert not store.post(9, b"one", b"two")


def test_a_letter_box_that_is_closed_is_forgotten(store: SqliteStore) -> None:
    """Closing one that is not there changes nothing."""
    store.open_mailbox(7, PUBLIC, LATER, b"one")
    store.open_mailbox(8, PUBLIC, LATER, b"one")
    for _ in range(2):
        store.close_mailbox(7)

    assert store.mailbox(7) is None
    assert store.mailbox(8) is not None


# Checks, and the end of things


def test_checks_are_kept_in_the_order_of_their_days(store: SqliteStore) -> None:
    """The same check twice is one."""
    late = Check("palatine", "closed", "registry", "AB", after(3))
    early = Check("palatine", "recruiting", "registry", "AB", DAY)
    middle = Check("other", "suspended", "telephone", "CD", after(1))
    for check in (late, early, middle, late):
        store.check(check)
    store.purge(after(10_000))

    assert [early, middle, late] == store.checks()


def test_a_purge_forgets_what_had_its_days(store: SqliteStore) -> None:
    """From the day `until` on, not a day before; a bound centre only loses its invitation."""
    store.begin(REQUEST)
    store.begin(replace(REQUEST, code="K8", until=after(15)))
    store.open_mailbox(7, PUBLIC, LATER, b"letter")
    store.open_mailbox(8, PUBLIC, after(15), b"letter")
    store.bind("palatine", 3, GROUP, "-100")
    for centre, days in ((3, 14), (4, 14), (5, 15)):
        store.invite("palatine", centre, f"digest {centre}", after(days))
    before = store.everything()
    store.purge(after(13))

    assert before == store.everything()

    store.purge(LATER)

    assert (None, None) == (store.request("K7"), store.mailbox(7))
    assert store.request("K8") is not None
    assert store.mailbox(8) is not None
    assert [Channel("palatine", 3, GROUP, "-100")] == store.channels()
    assert [5] == [invite.centre for invite in store.invites(DAY)]
    assert [key("palatine", 3), key("palatine", 5)] == [
        row["centre"] for row in store.everything()["centres"]
    ]


def test_a_purge_is_done_as_one(store: SqliteStore) -> None:
    """When its last part cannot be done, none is."""
    store.begin(REQUEST)
    before = store.everything()

    def guard(action: int, table: str | None, *_: str | None) -> int:
        invitation = action == sqlite3.SQLITE_UPDATE and table == "centres"
        return sqlite3.SQLITE_DENY if invitation else sqlite3.SQLITE_OK

    store._connection.set_authorizer(guard)
    with pytest.raises(StoreError):
        store.purge(LATER)

    assert before == store.everything()
    assert not store._connection.in_transaction


def test_a_purge_without_news_does_not_write(store: SqliteStore, path: Path) -> None:
    """It comes with every round, and the disk is not worn for nothing."""
    store.begin(REQUEST)
    store.purge(DAY)
    before = path.read_bytes()
    store.purge(DAY)

    assert before == path.read_bytes()
    assert REQUEST == store.request("K7")


# Two at once


def _win(path: Path, call: str, together: Barrier, queue: "multiprocessing.Queue[Any]") -> None:
    store = open_store(path)
    codes = [f"K{number}" for number in range(40)]
    won = []
    for code in codes:
        together.wait(20)
        try:
            if call == "change":
                there = store.change(code, State.TAKEN, frozenset({State.SENT}))
            elif call == "drop":
                there = store.drop(code, ALL)
            elif call == "post":
                there = store.post(int(code[1:]), b"one", str(os.getpid()).encode())
            else:
                there = store.begin(replace(REQUEST, code=f"new {code}"))[1]
        except StoreError as error:
            queue.put(str(error))
            return
        if there:
            won.append(code)
    store.close()
    queue.put(won)


@pytest.mark.parametrize("call", ["change", "drop", "post", "begin"])
def test_one_of_two_processes_wins(store: SqliteStore, path: Path, call: str) -> None:
    """Each race has exactly one winner, and no loser sees an error."""
    codes = [f"K{number}" for number in range(40)]
    for number, code in enumerate(codes):
        store.begin(replace(REQUEST, code=code, state=State.SENT))
        store.open_mailbox(number, PUBLIC, LATER, b"one")
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[Any] = context.Queue()
    together = context.Barrier(2)
    racers = [context.Process(target=_win, args=(path, call, together, queue)) for _ in range(2)]
    for racer in racers:
        racer.start()
    won = [queue.get(timeout=30) for _ in racers]
    for racer in racers:
        racer.join(20)

    assert sorted(codes) == sorted(code for wins in won for code in wins)
    assert sound(path)


def test_two_connections_see_each_other(store: SqliteStore, path: Path) -> None:
    """An operator's command and the service; one of them changes a request, the other cannot."""
    with closing(open_store(path)) as other:
        store.begin(REQUEST)
        other.bind("palatine", 3, GROUP, "-100")

        assert REQUEST == other.request("K7")
        assert 1 == len(store.channels())
        assert [True, False] == [
            one.change("K7", State.SENT, frozenset({State.SENDING})) for one in (other, store)
        ]
        store.purge(LATER)
        assert other.request("K7") is None
        assert 1 == len(other.channels())


# Crashes

BUSY = """
import pathlib, random, sys
from datetime import date
from bot.store.records import Kind, Row, State
from bot.store.sqlite import open_store
store, number, day = open_store(pathlib.Path(sys.argv[1])), 0, date(2026, 3, 1)
while True:
    number += 1
    code = f"SECRET{number}"
    store.begin(Row(code, "palatine", 3, "fr", State.SENDING, day, None, None))
    store.open_mailbox(number, b"PUBLIC" * 5, day, random.randbytes(3000))
    store.change(code, State.SENT, frozenset(State), card=number)
    print(number, flush=True)
    store.close_mailbox(number)
    store.drop(code, frozenset(State))
    if number % 5 == 0: store.purge(day)
"""

HALF = """
import pathlib, sys
from datetime import date
from bot.store import schema
from bot.store.records import State
from bot.store.sqlite import open_store
schema.PRAGMAS += ("PRAGMA cache_size=2",)
store = open_store(pathlib.Path(sys.argv[1]))
with store._whole():
    store.drop("SECRET7", frozenset(State))
    for number in range(200):
        store.open_mailbox(number, b"k" * 32, date(2026, 3, 1), b"c" * 3000)
    print("half", flush=True)
    sys.stdin.read()
"""


def killed(script: str, path: Path, lines: int) -> None:
    """Kills a process when it has printed so many lines."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(lines):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait(20)

    assert -signal.SIGKILL == process.returncode


@pytest.mark.parametrize("lines", [1, 4, 9, 25])
def test_a_process_killed_while_it_writes_leaves_a_sound_file(path: Path, lines: int) -> None:
    """The next start finds whole rows, and after the first purge nothing of hers."""
    killed(BUSY, path, lines)
    with closing(open_store(path)) as store:
        rows = store.everything()
        codes = [row["code"] for row in rows["requests"]]

        assert sound(path)
        assert len(codes) <= 1
        assert len(rows["mailboxes"]) <= 1
        assert [store.request(code) is not None for code in codes] == [True] * len(codes)

        store.purge(DAY)
    left = path.read_bytes()

    assert sound(path)
    assert [False, False] == [b"SECRET" in left, b"PUBLIC" in left]


def test_a_process_killed_half_way_leaves_no_journal(path: Path) -> None:
    """What it had half done is undone by the next start, which removes the journal."""
    with closing(open_store(path)) as store:
        store.begin(replace(REQUEST, code="SECRET7"))
        before = store.everything()
    killed(HALF, path, 1)
    journal = path.with_name("store.db-journal")

    assert b"SECRET7" in journal.read_bytes()
    assert b"SECRET7" not in path.read_bytes()
    assert 0o600 == journal.stat().st_mode & 0o777

    with closing(open_store(path)) as store:
        assert not journal.exists()
        assert before == store.everything()
        store.purge(LATER)
    assert sound(path)
    assert b"SECRET7" not in path.read_bytes()


def test_a_journal_that_was_never_completed_goes_with_the_next_start(path: Path) -> None:
    """SQLite has no use for it and would leave it, with what was in the rows, until a write."""
    open_store(path).close()
    journal = path.with_name("store.db-journal")
    journal.write_bytes(bytes(512) + b"SECRET7" * 1000)
    open_store(path).close()

    assert sound(path)


# What is gone is gone, and what is there says no more than it says


def test_no_byte_of_what_was_deleted_is_left(store: SqliteStore, path: Path) -> None:
    """Of some rows, each in turn: not in the file, and there is no journal."""
    store.begin(replace(REQUEST, code="SECRETCODE"))
    store.begin(replace(REQUEST, code="SECOND-CODE"))
    store.open_mailbox(0xABCDEF, PUBLIC, LATER, b"first letter" * 1000)
    store.bind("palatine", 3, EMAIL, "secret@example.org")
    store.invite("palatine", 4, "secret digest", after(2))
    needles = [
        b"SECRETCODE", b"SECOND-CODE", box(0xABCDEF).encode(), PUBLIC, b"first letter",
        b"secret@example.org", b"secret digest",
    ]  # fmt: skip
    there = [needle in path.read_bytes() for needle in needles]
    store.post(0xABCDEF, b"first letter" * 1000, b"short")

    assert [True] * 7 == there
    assert b"first letter" not in path.read_bytes()

    store.drop("SECRETCODE", ALL)
    store.close_mailbox(0xABCDEF)
    store.unbind("palatine", 3)
    store.purge(LATER)
    left = path.read_bytes()

    assert [False] * 7 == [needle in left for needle in needles]
    assert sound(path)


@pytest.mark.parametrize("seed", [0, 1, 2, 4])
def test_no_byte_of_many_rows_is_left_in_a_gap(
    path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """SQLite moves rows between pages and leaves copies of them behind; a purge takes these too."""
    monkeypatch.setattr(schema, "PRAGMAS", (*schema.PRAGMAS, "PRAGMA synchronous=OFF"))
    chance = random.Random(seed)
    live: dict[int, tuple[str, bytes]] = {}
    dead: list[bytes] = []

    def letter() -> bytes:
        return chance.randbytes(chance.choice([100, 800, 4000]))

    with closing(open_store(path)) as store:
        for _ in range(1500):
            kind = chance.random()
            if kind < 0.5 or not live:
                address, public = chance.getrandbits(80), chance.randbytes(32)
                code = f"C{chance.getrandbits(48):x}"
                store.begin(replace(REQUEST, code=code, until=after(1)))
                store.open_mailbox(address, public, after(2), letter())
                live[address] = code, public
                continue
            address = chance.choice(list(live))
            code, public = live[address]
            if kind < 0.7:
                store.change(code, State.SENT, ALL, card=chance.getrandbits(31))
            elif kind < 0.8:
                box_there = store.mailbox(address)
                assert box_there is not None
                assert store.post(address, box_there[1], letter())
            else:
                store.drop(code, ALL)
                store.close_mailbox(address)
                del live[address]
                dead += [code.encode(), public, box(address).encode()]
        store.purge(DAY)
        left = path.read_bytes()

        assert [] == [needle for needle in dead if needle in left]
        assert all(code.encode() in left and public in left for code, public in live.values())

        store.purge(after(2))
    left = path.read_bytes()

    assert not any(code.encode() in left or public in left for code, public in live.values())
    assert sound(path)


def test_nothing_tells_in_which_order_rows_came(tmp_path: Path) -> None:
    """After a purge, files that were filled in different orders are the same, byte by byte."""
    codes = [f"K{secrets.token_hex(6)}" for _ in range(300)]
    files = []
    for name, order in (("one", codes), ("two", codes[::-1]), ("three", sorted(codes))):
        path = tmp_path / name
        with closing(open_store(path)) as store:
            for code in order[:20]:
                store.begin(replace(REQUEST, code=code))
            store._run("BEGIN")
            for code in order[20:]:
                store._write(
                    "INSERT INTO requests SELECT ?, trial, centre, language, state, "
                    "until, due_on, card FROM requests WHERE code = ?",
                    code,
                    order[0],
                )
            store._run("COMMIT")
            store.purge(DAY)

            assert sorted(codes) == [row["code"] for row in store.everything()["requests"]]
        files.append(path.read_bytes())

    assert 1 == len(set(files))


# What errors say


def failures(store: SqliteStore, secret: str) -> list[Callable[[], object]]:
    """Calls that break a constraint of a table, or that no table can hold."""
    row = replace(REQUEST, code=secret, trial=secret)
    broken: Any = None
    return [
        lambda: store.begin(replace(row, language=broken)),
        lambda: store.begin(replace(row, centre=secret)),  # type: ignore[arg-type]
        lambda: store.begin(replace(row, card=2**64)),
        lambda: store.begin(replace(row, language=secret + "\ud800")),
        lambda: store.open_mailbox(7, secret, DAY, b""),  # type: ignore[arg-type]
        lambda: store.open_mailbox(7, broken, DAY, secret.encode()),
        lambda: store.bind("palatine", 3, EMAIL, secret + "\ud800"),
        lambda: store.check(Check(secret, "closed", secret, broken, DAY)),
        lambda: store._write("INSERT INTO centres (centre) VALUES (?), (?)", secret, secret),
        lambda: store._rows("SELECT * FROM requests WHERE code = ? AND no = ?", secret, secret),
    ]


@pytest.mark.parametrize("number", range(10))
def test_no_error_says_what_is_in_a_row(store: SqliteStore, path: Path, number: int) -> None:
    """Neither its message nor what a log would print of it; and the row is not there."""
    secret = secrets.token_hex(8)
    with pytest.raises(StoreError) as caught:
        failures(store, secret)[number]()
    said = "".join(traceback.format_exception(caught.value))

    assert f"DB_FILE={path}: it cannot be used: look at the file and its disk" == str(caught.value)
    assert not caught.value.passing
    assert secret not in said
    assert secret.encode() not in path.read_bytes()
    assert (REQUEST, True) == store.begin(REQUEST)


def test_a_closed_store_says_so_as_an_error_of_the_store(store: SqliteStore) -> None:
    """Not in the words of the library."""
    store.close()
    with pytest.raises(StoreError, match="DB_FILE="):
        store.channels()


def test_a_store_is_closed_at_the_end_of_a_block(path: Path) -> None:
    """Also of one that fails."""
    with pytest.raises(RuntimeError), open_store(path) as store:  # noqa: PT012 - the end counts
        assert [] == store.channels()
        raise RuntimeError
    with pytest.raises(StoreError, match="DB_FILE="):
        store.channels()


def test_a_store_that_is_only_read_cannot_be_written(store: SqliteStore, path: Path) -> None:
    """It sees what others write; what it tries itself is refused, and the file stays as it is."""
    store.begin(REQUEST)
    before = path.read_bytes()
    with open_store(path, reading=True) as reader:
        assert REQUEST == reader.request("K7")
        with pytest.raises(StoreError):
            reader.drop("K7", ALL)
        with pytest.raises(StoreError):
            reader.purge(LATER)
        with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
            reader._run("SELECT name FROM sqlite_schema")
    assert before == path.read_bytes()


@pytest.mark.parametrize("made", [False, True])
def test_a_store_that_is_only_read_is_not_made(path: Path, made: bool) -> None:
    """Neither the file nor, in a file without a byte, the tables."""
    if made:
        path.touch(0o600)
    with pytest.raises(StoreError, match="there is no database"):
        open_store(path, reading=True)

    assert [path] * made == list(path.parent.iterdir())
    assert not (made and path.stat().st_size)
