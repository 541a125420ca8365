"""A link of a sample group, and weeks of conversations that came by it, made by chance."""

from collections import defaultdict
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from bot.outreach.books import publish
from bot.store.records import Campaign, Key
from bot.store.sqlite import SqliteStore
from bot.tally import LONG, quarter_of, week_of
from dialogs.catalogue import Catalogue

__all__ = ["LABEL", "SECRET", "link", "published"]

SECRET = "sample-secret-of-figures-0123456"  # noqa: S105 - a sample
LABEL = "Les Amies de la Rose (sample)"


def link(store: SqliteStore, trial: str = "NCT03870919") -> Campaign:
    """The link of the sample group."""
    secret = sha256(SECRET.encode()).hexdigest()
    made = store.begin_campaign(Campaign("rose", 0, trial, "fr", LABEL, secret))

    assert made is not None

    return made


def _steps(chance: Random, catalogue: Catalogue, trial: str) -> list[str]:
    """The marks of one conversation about one study."""
    steps = ["opened"]
    (about,) = (one for one in catalogue.trials.values() if one.id == trial)
    if chance.random() < 0.2:
        return steps
    steps.append("started")
    for question in about.order[:13]:
        steps.append(f"asked.{question.id}")
        if chance.random() < 0.03:
            return steps
        steps.append(f"told.{question.id}")
    result = chance.choice(["worth", "check", "check", "no"])
    steps += ["finished", result]
    if result == "no":
        steps.append("ruled.any")
        steps.append(chance.choice(["ruled.I4", "ruled.I4", "ruled.E3", "ruled.private"]))
    elif chance.random() < 0.5:
        steps.append("contact")
        if chance.random() < 0.4:
            steps.append("request")
            if chance.random() < 0.8:
                steps.append("answered")
    return steps


def published(
    store: SqliteStore, catalogue: Catalogue, campaign: Campaign, weeks: int, people: int
) -> None:
    """So many weeks of 2026, each with about so many people, as they are published."""
    chance = Random(20261124)
    for week in range(1, weeks + 1):
        day = date.fromisocalendar(2026, week, 1)
        counts: dict[Key, int] = defaultdict(int)
        for _ in range(people + chance.randrange(people)):
            language = chance.choice(["fr", "fr", "fr", "fr", "en"])
            for step in _steps(chance, catalogue, campaign.trial):
                time = quarter_of if step.startswith(LONG) else week_of
                key = Key(time(day), campaign.number, campaign.trial, language, step)
                counts[key] += 1
        store.count(counts)
        publish(store, day + timedelta(days=8))
