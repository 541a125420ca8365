"""A draft of a trial file: what a record tells, and empty places for what only an author can say.

It has the shape of a trial file, but none of its texts is filled in, and a trial with an empty text
is refused by name. Text of the registry stands in comments, for the author to read beside.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Iterator

from bot.registry.changes import digests
from bot.registry.criteria import Criterion, Eligibility
from bot.registry.record import Location, Study
from bot.registry.tables import record_table, status_table, string
from bot.registry.text import one_line
from dialogs.trialfile import StatusEntry

__all__ = ["draft", "short_name"]

_WIDTH = 100
_HEAD = """\
# DRAFT made of a registry record. Nothing reads it before it stands in dialogs/trials, and there an
# empty text is refused. Fill in every text, in plain English; of each criterion write the rows
# (`meets`, `fails`, `unclear`) or `checked_by`, and take out `no` where nothing fails; list the
# questions in `order`; add the centres. docs/registry.md says how to go on.

"""
_CENTRES = """\
# A record gives no contacts of centres. Take this line out when you add [[centre]].
centre = []
"""
_RECORD = "# The registry's words as they were, to see later that they changed.\n"
_BRACKETS = re.compile(r"\(([^()]+)\)\W*$")
_AFTER_NAME = re.compile(r" (?:breast cancer|study|trial)$", re.IGNORECASE)
#: A sponsor of this class is a person.
_PERSON = "INDIV"
_PRACTICE = re.compile(r"\b(?:dr|doctor|md|m\.d|phd|cabinet)\b", re.IGNORECASE)


def short_name(study: Study) -> str:
    """The acronym, else the name in brackets at the end of a title, else the registry's number."""
    known = study.identification
    if acronym := one_line(known.acronym):
        return acronym
    for title in (known.brief_title, known.official_title):
        if found := _BRACKETS.search(one_line(title)):
            name = _AFTER_NAME.sub("", found[1].strip())
            if " " not in name and any(letter.isupper() for letter in name):
                return name
    return study.number


def draft(study: Study, number: int, entry: StatusEntry, eligibility: Eligibility) -> str:
    """The text of a draft with the permanent `number`; it decodes as a trial file."""
    centres = _CENTRES if eligibility.criteria else f"{_CENTRES}criterion = []\n"
    parts = [
        _HEAD + _comment(*_facts(study)),
        _keys(study, number, entry),
        _comment(*_places(study)) + centres,
        '[title]\nreader = ""\n',
        '[[about]]\nreader = ""\n',
        status_table(entry),
        *_criteria(eligibility),
        _RECORD + record_table(entry.checked, digests(eligibility.criteria)),
    ]
    return "\n".join(parts)


def _keys(study: Study, number: int, entry: StatusEntry) -> str:
    sponsor = study.sponsors.lead_sponsor
    by = "" if sponsor.kind == _PERSON else one_line(sponsor.name)
    return (
        f"id = {string(study.number)}\n"
        f"number = {number}\n"
        f"name = {string(short_name(study))}\n"
        f"sponsor = {string(by)}\n"
        f"registry = {string(f'https://clinicaltrials.gov/study/{study.number}')}\n"
        "# The day on which the demonstration shows this trial: it should be open on it.\n"
        f"demonstration = {entry.checked}\n"
        "order = []\n"
    )


def _facts(study: Study) -> Iterator[str]:
    known, asked, design = study.identification, study.eligibility, study.design
    yield f"Title: {known.brief_title or 'none'}"
    if known.official_title:
        yield f"Official title: {known.official_title}"
    ages = f"{asked.minimum_age or 'no lower limit'} to {asked.maximum_age or 'no upper limit'}"
    healthy = {None: "not said", True: "yes", False: "no"}[asked.healthy_volunteers]
    yield f"Sex: {asked.sex or 'not said'}. Ages: {ages}. Healthy volunteers: {healthy}."
    phases = ", ".join(design.phases) or "not said"
    count = design.enrollment_info.count
    people = "not said" if count is None else f"{count} {design.enrollment_info.type.lower()}"
    yield f"Phases: {phases}. Enrolment: {people.strip()}."


def _places(study: Study) -> Iterator[str]:
    locations = study.places.locations
    here = [place for place in locations if place.country == "France"]
    yield f"Places in France that the record names: {len(here) or 'none'}"
    yield from (f"  {_place(place)}" for place in here)
    others = Counter(place.country or "no country" for place in locations if place not in here)
    if others:
        counted = ", ".join(f"{country} {count}" for country, count in sorted(others.items()))
        yield f"Elsewhere: {counted}"


def _place(place: Location) -> str:
    # A practice may bear the name of a person.
    facility = "" if _PRACTICE.search(place.facility) else place.facility
    parts = (place.city, place.zip, facility, place.status.replace("_", " ").lower())
    return ", ".join(part for part in parts if part) or "no town given"


def _criteria(eligibility: Eligibility) -> Iterator[str]:
    yield from map(_stub, eligibility.criteria)
    if eligibility.notes:
        yield _comment(*eligibility.notes)


def _stub(criterion: Criterion) -> str:
    notes = _comment(*criterion.notes) + "\n" if criterion.notes else ""
    return (
        f"{notes}{_comment(*criterion.lines)}"
        f'[[criterion]]\nid = {string(criterion.id)}\nplain = ""\nno = ""\npoint = ""\n'
    )


def _comment(*lines: str) -> str:
    """`lines` as comments, wrapped; a line that goes on is indented like its beginning."""
    wrapped = []
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        wrapped += textwrap.wrap(
            one_line(line), _WIDTH, initial_indent=f"# {indent}", subsequent_indent=f"# {indent}  ",
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
    return "".join(f"{line}\n" for line in wrapped)
