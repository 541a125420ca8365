"""A registry's record, made into a draft or held against a trial: `run_bot.py import`."""

import argparse
import shutil
from datetime import date
from pathlib import Path

from bot.cli.places import CommandError, say
from bot.data import ROOT
from bot.registry.changes import Changes, changes, digests
from bot.registry.criteria import Eligibility, split
from bot.registry.draft import draft
from bot.registry.fetch import REGISTRY, fetch
from bot.registry.headings import EXCLUSION, INCLUSION
from bot.registry.record import Study, read_file
from bot.registry.standing import standing
from bot.registry.tables import record_table
from bot.registry.text import one_line
from bot.registry.update import known, with_status
from dialogs.datafile import decode
from dialogs.errors import DataError
from dialogs.trialfile import RecordEntry, StatusEntry, TrialFile

__all__ = ["add", "imported"]

#: Numbers of trials, as tokens carry them in 14 bits.
_NUMBERS = range(1, 1 << 14)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    command = commands.add_parser(
        "import", help="make a draft of a ClinicalTrials.gov record, or update a trial from it"
    )
    given = command.add_mutually_exclusive_group(required=True)
    given.add_argument("file", nargs="?", type=Path, metavar="FILE.json", help="the record")
    given.add_argument("--fetch", metavar="NCT…", help="read the record from the registry now")
    command.add_argument(
        "--seen", metavar="YYYY-MM-DD", help="the day on which the file was downloaded"
    )
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="write a draft there, even of a trial that is here"
    )
    command.add_argument("--force", action="store_true", help="write over a draft that is there")
    command.add_argument("--registry", default=REGISTRY, help=argparse.SUPPRESS)
    command.set_defaults(run=imported)


def imported(options: argparse.Namespace) -> int:
    """Writes a draft, or updates a trial; 1 when criteria of the trial have changed."""
    today = date.today()
    if options.fetch and options.seen:
        raise CommandError("--seen is for files: what is fetched is of today")
    seen = _day(options.seen) if options.seen else None
    if options.fetch:
        study, seen = fetch(options.fetch, options.registry), today
    else:
        study = read_file(options.file)
    stands = standing(study, today, seen)
    eligibility = split(study.eligibility.eligibility_criteria)
    authored = ROOT / "dialogs" / "trials" / f"{study.number}.toml"
    notes = (*stands.warnings, *eligibility.warnings)
    if options.out is None and authored.exists():
        trial = _updated(authored, stands.entry)
        _say_notes(notes)
        return _compared(trial.record, stands.entry.checked, eligibility)
    folder = options.out or authored.parent / "drafts"
    _draft(folder, study, stands.entry, eligibility, options.force)
    _say_notes(notes)
    return 0


def _say_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        say(f"note: {note}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--seen {text!r} is no day: write it as YYYY-MM-DD") from None


def _draft(
    folder: Path, study: Study, entry: StatusEntry, eligibility: Eligibility, force: bool
) -> None:
    path = folder / f"{study.number}.toml"
    if path.exists() and not force:
        raise CommandError(
            f"{path}: is there already: fill it in, or write it anew with --force, which loses "
            "what was filled in"
        )
    text = draft(study, _number(study.number, folder), entry, eligibility)
    decode(path.name, text, TrialFile)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    inclusion, exclusion = eligibility.count(INCLUSION), eligibility.count(EXCLUSION)
    say(f"{path}: a draft with {inclusion} inclusion and {exclusion} exclusion criteria")
    say(f"status: {entry.status}, checked on {entry.checked}, {entry.source}")
    say("next: fill in every text, the rows of each criterion and the order of questions; add the")
    say("centres; move the file to dialogs/trials, run `make catalogues` and translate")


def _number(identity: str, folder: Path) -> int:
    """The number that this trial has already, or one above all that are taken."""
    trials = ROOT / "dialogs" / "trials"
    numbers = {}
    for place in (folder, trials / "drafts", trials):
        for path in sorted(place.glob("*.toml")):
            content = decode(path.name, _text(path), dict[str, object])
            if isinstance(taken := content.get("number"), int):
                numbers[content.get("id")] = taken
    number = numbers.get(identity, max(numbers.values(), default=0) + 1)
    if number not in _NUMBERS:
        raise CommandError(f"there is no number left: {_NUMBERS[-1]} is the highest")
    return number


def _text(path: Path) -> str:
    """A file with its own line ends."""
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        raise DataError(path.name, "$", "not UTF-8: save it as UTF-8") from None


def _updated(path: Path, entry: StatusEntry) -> TrialFile:
    """The trial of a file, in whose history `entry` now stands."""
    text = _text(path)
    trial = decode(path.name, text, TrialFile)
    if known(trial, entry):
        say(f"{path}: knows that it is {entry.status}; nothing was added")
    else:
        _replace(path, with_status(path.name, text, trial, entry))
        say(f"{path}: added {entry.status}, checked on {entry.checked}, {entry.source}")
    return trial


def _compared(record: RecordEntry | None, seen: date, eligibility: Eligibility) -> int:
    """1 when the criteria differ from those of `record`, as is said; 0 otherwise."""
    now = digests(eligibility.criteria)
    table = record_table(seen, now)
    if record is None:
        say("The file has no [record] table, so its criteria cannot be compared. Read them beside")
        say(f"the record, then add this at its end:\n\n{table}")
        return 0
    if seen < record.seen:
        say(f"note: this record is older than the one of {record.seen} in the file")
    differ = changes(record.criteria, now)
    if not differ:
        say(f"The {len(now)} criteria are those of {record.seen}.")
        return 0
    _told(differ, eligibility)
    say(f"Look at these in the file. Then put this in place of its [record] table:\n\n{table}")
    return 1


def _told(differ: Changes, eligibility: Eligibility) -> None:
    words = {one.id: one_line(" ".join(one.lines)) for one in eligibility.criteria}
    for number in differ.changed:
        say(f"changed: {number} is now: {words[number]}")
    for number in differ.new:
        say(f"new: {number}: {words[number]}")
    for number in differ.gone:
        say(f"gone: {number}")
    for old, new in differ.moved:
        say(f"moved: {old} is now {new}, with the same words")


def _replace(path: Path, text: str) -> None:
    """Writes a file that is never there by half."""
    real = path.resolve()
    beside = real.with_name(f".{real.name}.new")
    beside.write_bytes(text.encode())
    shutil.copymode(real, beside)
    beside.replace(real)
