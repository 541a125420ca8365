"""All that stops a live start, each named with its mend.

A patient must never be sent to a sample address, read a text that no clinician approved, or be
given a number that nobody has checked for half a year.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from bot.authoring.review import Review, digests, overall, review_of
from dialogs.catalogue import Catalogue
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.status import status_on
from dialogs.phrasebook import Phrase
from dialogs.trialfile import CentreEntry

__all__ = ["REFUSE_AFTER", "WARN_AFTER", "is_sample", "obstacles", "warnings"]

WARN_AFTER = timedelta(days=90)
REFUSE_AFTER = timedelta(days=180)
_SHOWN = 5
_FICTION = ("19900", "26191", "35301", "46571", "53649", "63998")


def is_sample(centre: CentreEntry) -> bool:
    """Whether contact details are invented: said so, or of the addresses and numbers kept for it.

    ARCEP keeps these French number ranges for works of fiction; example.org is RFC 2606's.
    """
    digits = re.sub(r"^(?:00)?33|^0", "", re.sub(r"\D", "", centre.phone)).removeprefix("0")
    return (
        centre.sample
        or digits.startswith(_FICTION)
        or re.search(r"@(?:.*\.)?example\.(?:org|com|net)$|\.(?:invalid|test)$", centre.email)
        is not None
    )


def _review_obstacles(
    trial: Trial, review: Review, items: Mapping[str, str], today: date
) -> list[str]:
    if review.approval is None:
        mend = f"python run_bot.py review {trial.id} --role ROLE --version VERSION"
        digest = overall(items)
        return [f"{trial.id}: texts and rules (digest {digest}) are not approved: run `{mend}`"]
    approval = review.approval
    if not approval.role.strip() or not approval.version.strip() or approval.day > today:
        return [f"{trial.id}: the approval needs a role, a version and a day that is not to come"]
    if review.changed:
        some = ", ".join(review.changed[:_SHOWN])
        more = f" and {len(review.changed) - _SHOWN} more" if len(review.changed) > _SHOWN else ""
        return [f"{trial.id}: changed since the approval of {approval.day}: {some}{more}"]
    return []


def obstacles(catalogue: Catalogue, phrases: list[Phrase], reviews: Path, today: date) -> list[str]:
    """What stops a live start on `today`; empty when nothing does."""
    found = []
    for trial in catalogue.trials.values():
        items = digests(catalogue, trial, phrases)
        found += _review_obstacles(trial, review_of(reviews, trial, items), items, today)
        found += [
            f"{trial.id}: centre {centre.number} ({centre.name}) has sample contact details: "
            "write the published ones and remove `sample = true`"
            for centre in trial.centres
            if is_sample(centre)
        ]
    found += [
        f"help.toml: {link.id} was last checked on {link.checked}, not within {REFUSE_AFTER.days} "
        "days: check it and write the new day"
        for link in (*catalogue.numbers, *catalogue.doors)
        if today - link.checked > REFUSE_AFTER or link.checked > today
    ]
    return found


def warnings(catalogue: Catalogue, today: date) -> list[str]:
    """What should be looked at soon: ageing numbers, trials that send nobody anywhere."""
    found = [
        f"help.toml: {link.id} was last checked on {link.checked}: check it again soon"
        for link in (*catalogue.numbers, *catalogue.doors)
        if WARN_AFTER < today - link.checked <= REFUSE_AFTER
    ]
    for trial in catalogue.trials.values():
        status = status_on(trial, today)
        if not status.routes:
            found.append(
                f"{trial.id}: {status.openness.value} (checked {status.checked}, {status.source}): "
                "patients are told so and nobody is sent to a centre"
            )
    return found
