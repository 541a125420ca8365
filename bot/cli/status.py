"""How trials stand, looked up by hand: `run_bot.py status`."""

import argparse
import re
from datetime import date

from bot.cli.places import CommandError, say, store, trial_of, trials
from bot.contact.snapshot import entries
from bot.store.records import Check
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.status import FRESH, Status, status_on, with_checks

__all__ = ["add", "status"]

_INITIALS = re.compile(r"[A-Za-zÀ-ÿ]{1,5}")
_SOURCE = re.compile(
    r"https://([a-z0-9-]+\.)+[a-z0-9-]+(:\d{1,5})?([/?#]\S{0,300})?", re.IGNORECASE
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    command = commands.add_parser(
        "status", help="list how trials stand, or record a check of today"
    )
    command.add_argument("trial", nargs="?", metavar="NCT…", help="number of the trial")
    command.add_argument(
        "status", nargs="?", choices=("recruiting", "suspended", "closed"), help="what you saw"
    )
    command.add_argument("--source", metavar="URL", help="the page where you saw it")
    command.add_argument("--by", metavar="INITIALS", help="your initials; patients never see them")
    command.set_defaults(run=status)


def status(options: argparse.Namespace) -> int:
    """Lists all trials, or records what was seen today; 1 when a trial sends nobody anywhere."""
    catalogue, today = trials(), date.today()
    with store() as held:
        if options.trial is not None:
            held.check(_check(options, trial_of(catalogue, options.trial), today))
        checks = held.checks()
    closed = False
    for trial in catalogue.trials.values():
        mine = [check for check in checks if check.trial == trial.id]
        known = status_on(with_checks(trial, entries(trial.id, checks)), today)
        closed = closed or not known.routes
        say(f"{trial.id} {trial.name}: {_told(known)}")
        if known.other is not None:
            say(f"  another source disagrees, and the stricter one counts: {_told(known.other)}")
        for check in sorted(mine, key=lambda check: check.day, reverse=True)[:5]:
            say(f"  {check.day} {check.status}, {check.source}, by {check.by}")
    return 1 if closed and options.trial is None else 0


def _told(known: Status) -> str:
    age = (date.today() - known.checked).days
    fresh = f"stale: {age} days old, {FRESH.days} allowed" if age > FRESH.days else "fresh"
    return f"{known.openness.value}, checked on {known.checked} ({fresh}), {known.source}"


def _check(options: argparse.Namespace, trial: Trial, today: date) -> Check:
    """The check of today; says all that is wrong with it at once."""
    wrong = []
    if options.status is None:
        wrong.append("what you saw: recruiting, suspended or closed")
    source = options.source or ""
    if not _SOURCE.fullmatch(source) or not source.isprintable():
        wrong.append("--source with the https address of the page where you saw it")
    if options.by is None or not _INITIALS.fullmatch(options.by):
        wrong.append("--by with your initials, 1 to 5 letters")
    if wrong:
        raise CommandError(f"a check of {trial.id} on {today} needs {'; '.join(wrong)}")
    return Check(trial.id, options.status, options.source, options.by.upper(), today)
