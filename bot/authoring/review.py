"""Approval of texts and rules: what was approved is remembered by its digests.

A live start refuses a trial of which anything that a patient reads, or any rule, is not exactly as
approved, and names what changed. An approval is a file `dialogs/trials/reviews/NCT….toml` with the
reviewer's role (never a name), the day, the version the ethics committee saw, and a digest of each
item.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dialogs.catalogue import Catalogue
from dialogs.datafile import ReviewFile, decode
from dialogs.eligibility.criteria import Trial
from dialogs.phrasebook import Phrase

__all__ = ["Review", "approve", "digests", "overall", "review_of"]


@dataclass(frozen=True, slots=True)
class Review:
    """The review state of a trial: the approval, if there is one, and what differs from it."""

    approval: ReviewFile | None
    changed: tuple[str, ...]

    @property
    def approved(self) -> bool:
        """Whether everything is exactly as approved."""
        return self.approval is not None and not self.changed


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rules(catalogue: Catalogue, trial: Trial) -> Iterator[tuple[str, object]]:
    yield "name, sponsor, registry", [trial.name, trial.sponsor, trial.registry]
    for centre in trial.centres:
        yield (
            f"centre {centre.number}",
            [centre.name, centre.city, centre.region, centre.phone, centre.email],
        )
    yield "order of questions", [question.id for question in trial.order]
    for criterion in trial.criteria:
        yield (
            f"rule {criterion.id}",
            [
                [row.pairs for row in criterion.meets],
                [row.pairs for row in criterion.fails],
                [(item.when.pairs, item.reading) for item in criterion.unclear],
                criterion.centre,
                criterion.definition,
                criterion.temporary,
            ],
        )
    for question in trial.order:
        facts = [
            (f.id, f.slot, dict(f.values), f.ask_if.pairs, f.fragile, f.prefer_not)
            for f in question.facts
        ]
        choices = {number: dict(sets) for number, sets in question.choices.items()}
        yield f"question {question.id}", [facts, choices, question.sensitive, question.care]
    for link in (*catalogue.numbers, *catalogue.doors):
        yield f"link {link.id}", link.href


def digests(catalogue: Catalogue, trial: Trial, phrases: list[Phrase]) -> dict[str, str]:
    """A digest of every rule of `trial` and of every text that its patients can read."""
    items = dict(_rules(catalogue, trial))
    for phrase in phrases:
        if phrase.id.startswith("trial.") and not phrase.id.startswith(f"trial.{trial.id}."):
            continue
        for language, speech in catalogue.speeches.items():
            items[f"text {language} {phrase.id}"] = [
                speech.say(phrase.id),
                speech.say(phrase.id, relative=True),
            ]
    for language, speech in catalogue.speeches.items():
        items |= {f"text {language} page {k}": v for k, v in speech.page_texts().items()}
    return {item: _digest(value) for item, value in items.items()}


def overall(items: Mapping[str, str]) -> str:
    """One digest of all items, short enough to read aloud."""
    return _digest(dict(items))


def _path(folder: Path, trial: Trial) -> Path:
    return folder / f"{trial.id}.toml"


def review_of(folder: Path, trial: Trial, items: Mapping[str, str]) -> Review:
    """The review state of `trial`, from the approvals in `folder`."""
    path = _path(folder, trial)
    if not path.exists():
        return Review(None, ())
    approval = decode(path.name, path.read_text(encoding="utf-8"), ReviewFile)
    names = sorted(items.keys() | approval.items.keys())
    return Review(approval, tuple(n for n in names if items.get(n) != approval.items.get(n)))


def approve(
    folder: Path, trial: Trial, items: Mapping[str, str], role: str, version: str, day: date
) -> Path:
    """Writes the approval of `trial` as it is now, and gives its file."""
    folder.mkdir(exist_ok=True)
    path = _path(folder, trial)
    approval = ReviewFile(role=role, day=day, version=version, items=dict(items))
    lines = [
        f"role = {json.dumps(approval.role, ensure_ascii=False)}",
        f"day = {approval.day.isoformat()}",
        f"version = {json.dumps(approval.version, ensure_ascii=False)}",
        "[items]",
        *(f"{json.dumps(item)} = {json.dumps(digest)}" for item, digest in sorted(items.items())),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
