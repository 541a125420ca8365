"""The eligibility text of a record, split into its numbered criteria.

The text is Markdown written by hand, by thousands of sponsors. A criterion is an item of the
outermost list under a heading of its kind; what is nested stays with it and never counts. Nothing
is dropped: headings, sentences between items and lists in plain words for participants are notes.
Whatever is a guess is a warning, for the author to look at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.registry.headings import EXCLUSION, INCLUSION
from bot.registry.items import MARK, Block, blocks

__all__ = ["Criterion", "Eligibility", "split"]

_NAMES = {INCLUSION: "inclusion", EXCLUSION: "exclusion"}
_LAY = re.compile(
    r"\binformation for (?:\w+ )?participants|\bcan(?:not)? join\b|\bplain language\b|\blay (?:"
    r"language|summary|version)\b",
    re.IGNORECASE,
)
_NOT_ALL = re.compile(
    r"\b(?:key|main|major) (?:in|ex)clusion\b|\bnot (?:be )?limited to\b", re.IGNORECASE
)
#: Letters of a note that a warning quotes.
_QUOTED = 60


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion: I or E and its number in the registry, and its own words.

    `lines` are the lines of the item, nested ones indented; `notes` what stands before it.
    """

    id: str
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eligibility:
    """All criteria in their order, the notes after the last, and what is to be looked at."""

    criteria: tuple[Criterion, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def count(self, kind: str) -> int:
        """How many criteria of `kind` (`INCLUSION` or `EXCLUSION`) there are."""
        return sum(criterion.id.startswith(kind) for criterion in self.criteria)


def split(text: str) -> Eligibility:
    """The criteria of `text`; what it lacks is said in the warnings.

    A number that the registry gives is kept while it is higher than the one before; otherwise
    numbers go on, so that the lists of a main study and of its sub-study do not collide.
    """
    found = blocks(text)
    for block in found:
        block.kind = block.kind or INCLUSION
    lay = [block for block in found if _lay(block, found)]
    criteria: list[Criterion] = []
    notes: list[str] = []
    last = dict.fromkeys(_NAMES, 0)
    for block in found:
        notes += [note for note in (block.title, *block.notes) if note]
        if block in lay:
            notes += [line for item in block.items for line in item.lines]
            continue
        for item in block.items:
            number = item.first if item.first > last[block.kind] else last[block.kind] + 1
            last[block.kind] = number + item.last - item.first
            criteria.append(Criterion(f"{block.kind}{number}", tuple(item.lines), tuple(notes)))
            notes = []
    counted = Eligibility(tuple(criteria), tuple(notes), ())
    warnings = (*_doubts(found, lay), *_lacks(counted))
    return Eligibility(counted.criteria, counted.notes, warnings)


def _lay(block: Block, found: list[Block]) -> bool:
    """Whether `block` repeats in plain words what another of its kind says for doctors."""
    if not _is_lay(block):
        return False
    return any(other.items and other.kind == block.kind and not _is_lay(other) for other in found)


def _is_lay(block: Block) -> bool:
    return any(_LAY.search(note) for note in (block.title, *block.notes))


def _doubts(found: list[Block], lay: list[Block]) -> Iterator[str]:
    """What was guessed, and what says that more is asked than the text tells."""
    if any(block.items and not block.title for block in found[:1]):
        yield "criteria stand before any heading: they were taken for inclusion criteria"
    for kind, name in _NAMES.items():
        mine = [block for block in found if block.kind == kind and block not in lay]
        items = [item for block in mine for item in block.items]
        if any(not MARK.match(item.lines[0]) for item in items):
            yield f"the {name} criteria have no marks: each line was taken for one; count them"
        for item in items:
            if item.cut:
                yield f"{name} {item.first} was cut out of a line with several numbers: look at it"
            elif item.last > item.first:
                yield f"{name} {item.first} to {item.last} stand in one item: look at it"
        if any(block.kind == kind for block in lay):
            yield f"a second list of {name} criteria, in plain words, was left in comments"
        if any(_NOT_ALL.search(note) for block in mine for note in (block.title, *block.notes)):
            yield f"the record does not list all {name} criteria: ask the sponsor for the others"
    for block in found:
        for note in block.notes:
            if not note.endswith(":") and not note.isupper():
                yield f"no criterion was made of “{note[:_QUOTED]}…”: look at it"


def _lacks(counted: Eligibility) -> Iterator[str]:
    for kind, name in _NAMES.items():
        if not counted.count(kind):
            yield f"the record names no {name} criterion: it may be cut off; complete it before use"
