"""The numbers that tokens carry are permanent: `data/ledger.txt` remembers every one of them.

A line is only ever appended, never changed or removed. `pytest tests/test_ledger.py --update`
appends what is new.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.data import read_sources
from dialogs.catalogue import Catalogue, Sources, read_catalogue
from dialogs.conversation.session import LANGUAGES, Whom
from dialogs.conversation.steps import Action, Step
from tests.builders import edited, entry

LEDGER = Path(__file__).parent / "data" / "ledger.txt"
RETIRED = "(retired)"


@pytest.fixture(scope="module")
def sources() -> Sources:
    """The content of all data files: all trials have their numbers."""
    return read_sources()


@pytest.fixture(scope="module")
def live(everything: Catalogue) -> Catalogue:
    """The catalogue of them."""
    return everything


class Line(NamedTuple):
    """What a number of one kind means; `words` are its parts, in any order."""

    kind: str
    number: str
    name: str
    words: frozenset[str]

    def __str__(self) -> str:
        return "\t".join([self.kind, self.number, self.name, " ".join(sorted(self.words))]).strip()


def parsed(text: str) -> Line:
    """A line of the ledger."""
    kind, number, name, *words = text.split("\t")
    return Line(kind, number, name, frozenset(" ".join(words).split()))


def written() -> list[Line]:
    """The ledger."""
    lines = LEDGER.read_text(encoding="utf-8").splitlines()
    return [parsed(line) for line in lines if line and not line.startswith("#")]


def current(catalogue: Catalogue) -> Iterator[Line]:
    """All numbers as they are now."""
    bank = catalogue.bank
    facts = {fact.slot: fact for fact in bank.facts.values()}
    for slot, width in sorted(bank.widths.items()):
        fact = facts.get(slot)
        values = [f"{name}={code}" for name, code in fact.values.items()] if fact else []
        name = fact.id if fact else RETIRED
        yield Line("slot", str(slot), name, frozenset([f"width={width}", *values]))
    for question in bank.questions.values():
        choices = [
            f"{number}={'+'.join(f'{slot}:{code}' for slot, code in sorted(sets.items()))}"
            for number, sets in question.choices.items()
        ]
        yield Line("question", str(question.key_slot), question.id, frozenset(choices))
    for trial in catalogue.trials.values():
        yield Line("trial", str(trial.number), trial.id, frozenset())
        for centre in trial.centres:
            number = f"{trial.number}/{centre.number}"
            yield Line("centre", number, centre.name, frozenset([f"region={centre.region}"]))
    for kind in (Step, Action, Whom):
        for member in kind:
            yield Line(kind.__name__.lower(), str(int(member)), member.name, frozenset())
    for language, code in LANGUAGES.items():
        yield Line("language", str(code), language, frozenset())


def broken(ledger: list[Line], catalogue: Catalogue) -> list[str]:
    """The lines that no longer hold.

    A number may go out of use, if no other meaning takes its place. A slot stays, because the slots
    behind it would move: its fact may be retired, with the same width.
    """
    now = {(line.kind, line.number): line for line in current(catalogue)}
    found = []
    for line in ledger:
        here = now.get((line.kind, line.number))
        if here is None:
            holds = line.kind != "slot"
        elif here.name == RETIRED:
            holds = here.words <= line.words
        else:
            holds = here.name == line.name and line.words <= here.words
        if not holds:
            found.append(f"{line} | now: {here or 'nothing'}")
    return found


def missing(ledger: list[Line], catalogue: Catalogue) -> list[Line]:
    """What is new and not in the ledger yet."""
    known: dict[tuple[str, str], set[str]] = {}
    for line in ledger:
        known.setdefault((line.kind, line.number), set()).update(line.words)
    found = []
    for line in current(catalogue):
        words = known.get((line.kind, line.number))
        if words is None:
            found.append(line)
        elif line.name != RETIRED and not line.words <= words:
            found.append(line._replace(words=line.words - words))
    return found


def test_every_line_of_the_ledger_holds(live: Catalogue) -> None:
    """What a number meant in any release, it means today."""
    assert [] == broken(written(), live)


def test_everything_is_in_the_ledger(live: Catalogue, request: pytest.FixtureRequest) -> None:
    """What is new is appended, with `--update`, before it goes out."""
    new = missing(written(), live)
    if request.config.getoption("--update"):
        with LEDGER.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in new)

    assert [] == [str(line) for line in missing(written(), live)]


def test_the_ledger_explains_itself() -> None:
    """Its head says that lines are only ever appended."""
    head = [
        line for line in LEDGER.read_text(encoding="utf-8").splitlines() if line.startswith("#")
    ]

    assert "only ever appended" in " ".join(head)


def renumbered(data: dict[str, Any]) -> None:
    """Exchange the slots of two facts."""
    entry(data, "fact", "her2")["slot"] = 3
    entry(data, "fact", "hormone_receptors")["slot"] = 4


def widened(data: dict[str, Any]) -> None:
    """Make a slot wider."""
    entry(data, "fact", "earlier_kind")["width"] = 3


def reordered(data: dict[str, Any]) -> None:
    """Exchange the codes of two values."""
    entry(data, "fact", "her2")["values"].update(negative=2, low=1)


def relabelled(data: dict[str, Any]) -> None:
    """Exchange what two choices say."""
    one, other = entry(data, "question", "biopsy")["choice"][:2]
    one["sets"], other["sets"] = other["sets"], one["sets"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (renumbered, ["slot\t3\t", "slot\t4\t", "question\t3\t", "question\t4\t"]),
        (widened, ["slot\t7\tearlier_kind"]),
        (reordered, ["slot\t4\ther2", "question\t4\ther2"]),
        (relabelled, ["question\t9\tbiopsy"]),
    ],
)
def test_a_changed_number_is_named(sources: Sources, change: Any, says: list[str]) -> None:
    """Exactly the lines that no longer hold."""
    found = broken(written(), read_catalogue(edited(sources, "cancer.toml", change)))

    assert len(says) == len(found)
    assert all(line.startswith(start) for line, start in zip(found, says, strict=True))


def test_what_is_new_is_named(sources: Sources) -> None:
    """A new value needs a line of its own; the old line stays."""

    def add(data: dict[str, Any]) -> None:
        entry(data, "fact", "biopsy")["values"]["lost"] = 4

    changed = read_catalogue(edited(sources, "cancer.toml", add))

    assert ["slot\t9\tbiopsy\tlost=4"] == [str(line) for line in missing(written(), changed)]
    assert [] == broken(written(), changed)


def test_numbers_may_go_out_of_use(sources: Sources) -> None:
    """A centre that closes keeps its number; another one cannot have it."""
    trial = "NCT03870919.toml"
    gone = read_catalogue(edited(sources, trial, lambda data: data["centre"].pop()))
    taken = read_catalogue(
        edited(sources, trial, lambda data: data["centre"][1].update(name="Another Hospital"))
    )

    assert [] == broken(written(), gone)
    assert 1 == len(broken(written(), taken))
