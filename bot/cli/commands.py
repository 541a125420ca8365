"""What each command does. Operators and clinicians read this output, in English."""

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot import app
from bot.authoring.explain import AnswersError, explanation, printed, read_answers, template
from bot.authoring.review import approve, digests, overall
from bot.channels.terminal import chat as talk
from bot.data import ROOT, read_sources
from bot.gate import obstacles, warnings
from bot.settings import SETTINGS, Settings
from dialogs.catalogue import Catalogue, read_catalogue, read_phrases
from dialogs.eligibility.criteria import Trial

__all__ = ["chat", "check", "explain", "review", "serve"]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _trial(catalogue: Catalogue, identity: str) -> Trial:
    for trial in catalogue.trials.values():
        if trial.id == identity.upper():
            return trial
    known = ", ".join(trial.id for trial in catalogue.trials.values())
    raise AnswersError(f"there is no trial {identity!r}: known are {known}")


def serve(options: argparse.Namespace, settings: Settings) -> int:
    """Starts the service."""
    app.serve(settings)
    return 0


def chat(options: argparse.Namespace, settings: Settings) -> int:
    """Talks in the terminal; its keys live in a folder that goes away at the end."""
    with tempfile.TemporaryDirectory() as folder:
        desk = app.demonstration_desk(Path(folder) / "keys")
        talk(desk, options.lang, sys.stdin, sys.stdout, options.record)
    return 0


def explain(options: argparse.Namespace, settings: Settings) -> int:
    """Prints each criterion's standing and the verdict, or the template of an answers file."""
    catalogue = read_catalogue(read_sources())
    trial = _trial(catalogue, options.trial)
    if options.template:
        _say(json.dumps(template(catalogue, trial), ensure_ascii=False, indent=2))
        return 0
    content = options.answers.read_text(encoding="utf-8")
    given = read_answers(str(options.answers), content, catalogue.bank)
    result = explanation(catalogue, trial, given)
    if options.json:
        _say(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        _say(printed(trial, result))
    return 0


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Lists all that stops a live start; 0 when nothing does, 1 otherwise."""
    sources = read_sources()
    catalogue = replace(read_catalogue(sources), operator=settings.operator)
    today = date.today()
    given = {
        "BOT_TOKEN": settings.bot_token,
        "OPERATOR_NAME": settings.operator and settings.operator.name,
        "OPERATOR_CONTACT": settings.operator and settings.operator.contact.strip("—"),
        "DPO_CONTACT": settings.operator and settings.operator.dpo.strip("—"),
    }
    against = [
        f"{setting.name} is missing. {setting.meaning}"
        for setting in SETTINGS
        if setting.name in given and not given[setting.name]
    ]
    against += obstacles(catalogue, read_phrases(sources), ROOT / app.REVIEWS, today)
    for line in warnings(catalogue, today):
        _say(f"note: {line}")
    for line in against:
        _say(f"stops a live start: {line}")
    _say(f"{len(against)} things stop a live start." if against else "Nothing stops a live start.")
    return 1 if against else 0


def review(options: argparse.Namespace, settings: Settings) -> int:
    """Records the approval of a trial's texts and rules as they are now."""
    sources = read_sources()
    catalogue = read_catalogue(sources)
    trial = _trial(catalogue, options.trial)
    items = digests(catalogue, trial, read_phrases(sources))
    path = approve(ROOT / app.REVIEWS, trial, items, options.role, options.version, date.today())
    _say(f"{trial.id}: {len(items)} texts and rules approved, digest {overall(items)}: {path}")
    return 0
