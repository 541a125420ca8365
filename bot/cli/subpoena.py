"""Everything that is held, printed for whoever has the right to ask: `run_bot.py subpoena`."""

import argparse

from bot.cli.places import keys_dir, say, store
from bot.contact.exchange import HANDLE_DAYS
from bot.store.endings import Endings
from bot.store.keyfiles import KeyFiles
from bot.store.schema import TABLES
from dialogs.wire.keyring import STATE_DAYS

__all__ = ["add", "subpoena"]

_MEANINGS = {
    "centres": "Study centres: how their staff are reached. Nothing about patients.",
    "requests": "Requests, pseudonymous: that somebody asked a centre, and how it stands. The code "
    "is made of a random number; who asked is not held.",
    "mailboxes": "Letter boxes of the web page, sealed for receipts that are not held: this "
    "service cannot open them.",
    "trial_checks": "Who of the staff looked up how a trial stands.",
    "campaigns": "Links that patient groups share. Nothing about who opened one.",
    "counts": "How many conversations reached a step in a week: sums, nobody by herself.",
    "published": "The same of weeks that are over, rounded to 5; none stands where few would show.",
    "announced": "What was told in public about trials.",
}
_NOT_HELD = (
    "names, telephone numbers, Telegram accounts, e-mail or network addresses of patients",
    "answers and results; texts between patients and centres, save those sealed in letter boxes",
    "which patient asked: the way back to her rides sealed in the centre's own card or mail",
    "logs of visits",
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    command = commands.add_parser("subpoena", help="print everything that is held")
    command.set_defaults(run=subpoena)


def subpoena(options: argparse.Namespace) -> int:
    """Prints all rows of all tables, which keys there are, and what is not held."""
    with store(reading=True) as held:
        everything = held.everything()
    say("Everything that this service holds")
    for table, rows in everything.items():
        columns, life = TABLES[table]
        say("")
        count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        say(f"Table {table}: {count}. {_MEANINGS[table]} Kept: {life}.")
        say(f"  columns: {', '.join(columns)}")
        for row in rows:
            say("  - " + ", ".join(f"{name}={_shown(value)}" for name, value in row.items()))
    folder = keys_dir()
    for purpose, days, opens in (
        ("state", STATE_DAYS, "the buttons of conversations"),
        (
            "handle",
            HANDLE_DAYS,
            "the way from a centre's card to the patient, if the card is there",
        ),
    ):
        say("")
        found = KeyFiles(folder, purpose, days).days()
        say(f"Keys that open {opens}: {len(found)}; each is destroyed after {days} days.")
        say(f"  of the days: {', '.join(day.isoformat() for day in found) or 'none'}")
    say("")
    ends = Endings(folder).counts()
    say(f"Beside the keys, sealed codes of requests that are over: {sum(ends.values())}; each goes")
    say("with the key of its day.")
    for day, number in ends.items():
        say(f"  of the requests of {day.isoformat()}: {number}")
    say("")
    say("Not held, here or anywhere in this service:")
    for line in _NOT_HELD:
        say(f"  - {line}")
    return 0


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return "none" if value is None else str(value)
