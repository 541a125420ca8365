"""What each command does. Operators and clinicians read this output, in English."""

import argparse
import json
import os
import sys
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

from bot import app, values
from bot.authoring.explain import AnswersError, explanation, printed, read_answers, template
from bot.authoring.review import approve, digests, overall
from bot.channels.terminal import chat as talk
from bot.data import ROOT, read_sources
from bot.gate import obstacles, warnings
from bot.reading import SettingsError
from bot.settings import read_settings
from dialogs.catalogue import Catalogue, compiled_of, read_catalogue, read_phrases
from dialogs.compiled import packed
from dialogs.eligibility.criteria import Trial

__all__ = ["chat", "check", "compiled", "explain", "review", "serve"]


#: Stands for a token that is not there yet, so that all else can be checked.
_NO_TOKEN = "00000:" + "x" * 30


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _trial(catalogue: Catalogue, identity: str) -> Trial:
    for trial in catalogue.trials.values():
        if trial.id == identity.upper():
            return trial
    known = ", ".join(trial.id for trial in catalogue.trials.values())
    raise AnswersError(f"there is no trial {identity!r}: known are {known}")


def serve(options: argparse.Namespace) -> int:
    """Starts the service."""
    app.serve(read_settings(os.environ))
    return 0


def chat(options: argparse.Namespace) -> int:
    """Talks in the terminal; its keys live in a folder that goes away at the end."""
    if options.record:
        options.record.touch()  # a place that cannot be written to is named now, not at the end
    with tempfile.TemporaryDirectory() as folder:
        desk = app.demonstration_desk(Path(folder) / "keys")
        trial = _trial(desk.catalogue, options.trial).number if options.trial else 0
        talk(desk, options.lang, sys.stdin, sys.stdout, options.record, trial)
    return 0


def explain(options: argparse.Namespace) -> int:
    """Prints each criterion's standing and the verdict, or the template of an answers file."""
    catalogue = read_catalogue(read_sources())
    trial = _trial(catalogue, options.trial)
    if options.template:
        _say(json.dumps(template(catalogue, trial), ensure_ascii=False, indent=2))
        return 0
    try:
        content = options.answers.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise AnswersError(f"{options.answers}: not readable as UTF-8 text") from error
    given = read_answers(str(options.answers), content, catalogue.bank)
    result = explanation(catalogue, trial, given)
    if options.json:
        _say(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _say(printed(trial, result))
    return 0


def check(options: argparse.Namespace) -> int:
    """Lists all that stops a live start; 0 when nothing does, 1 otherwise."""
    only: tuple[str, ...] = ()
    with suppress(ValueError):  # the settings below name what is wrong with it
        only = values.trials(os.environ.get("TRIALS", ""))
    sources = read_sources(ROOT, only)
    catalogue = read_catalogue(sources)
    today = date.today()
    # As in a live start, whether or not there is a token yet.
    token = os.environ.get("BOT_TOKEN", "").strip()
    against = [] if token else ["BOT_TOKEN is missing: without it this is the demonstration"]
    try:
        read_settings({**os.environ, "BOT_TOKEN": token or _NO_TOKEN})
    except SettingsError as error:
        against += error.problems
    against += obstacles(catalogue, read_phrases(sources), ROOT / app.REVIEWS, today)
    for line in warnings(catalogue, today):
        _say(f"note: {line}")
    for line in against:
        _say(f"stops a live start: {line}")
    _say(f"{len(against)} things stop a live start." if against else "Nothing stops a live start.")
    return 1 if against else 0


def compiled(options: argparse.Namespace) -> int:
    """Keeps what the trial files and texts say, so that a start need not read them again."""
    settings = read_settings(os.environ)
    sources = read_sources(ROOT, settings.trials)
    read_catalogue(sources)  # what could not be started is not kept
    found = compiled_of(sources)
    path = settings.compiled or Path("passerelle.compiled")
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(packed(found))
    beside.replace(path)
    _say(f"{len(found.trials)} trials compiled: {path}")
    return 0


def review(options: argparse.Namespace) -> int:
    """Records the approval of a trial's texts and rules as they are now."""
    sources = read_sources()
    catalogue = read_catalogue(sources)
    trial = _trial(catalogue, options.trial)
    items = digests(catalogue, trial, read_phrases(sources))
    path = approve(ROOT / app.REVIEWS, trial, items, options.role, options.version, date.today())
    _say(f"{trial.id}: {len(items)} texts and rules approved, digest {overall(items)}: {path}")
    return 0
