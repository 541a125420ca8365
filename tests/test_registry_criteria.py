"""Criteria of eligibility texts: those of the real records, counted by hand, and every trap."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.data import ROOT
from bot.registry.criteria import Eligibility, split
from bot.registry.headings import EXCLUSION, INCLUSION
from tests.registry_fixtures import CUT_OFF, RECORDS, real

#: Inclusion and exclusion criteria of each record, counted by reading its text. In NCT03820830 one
#: item stands for the numbers 8 to 10.
COUNTED = {
    "NCT03079011": (14, 19),
    "NCT03870919": (11, 12),
    "NCT04191499": (10, 16),
    "NCT04494425": (6, 7),
    "NCT04546009": (9, 8),
    "NCT04711252": (8, 10),
    "NCT04964934": (7, 7),
    "NCT04975308": (8, 5),
    "NCT05646862": (10, 30),
    "NCT05894239": (7, 12),
    "NCT06065748": (8, 5),
    "NCT01242800": (9, 0),
    "NCT02089100": (7, 0),
    "NCT03143322": (10, 2),
    "NCT03820830": (9, 0),
    "NCT05297617": (10, 0),
    "NCT05514054": (6, 4),
    "NCT05952557": (7, 6),
    "NCT06195709": (3, 0),
    "NCT06450314": (4, 0),
    "NCT06841354": (5, 0),
}
CUT = "the record names no exclusion criterion: it may be cut off; complete it before use"


def of(number: str) -> Eligibility:
    """The criteria of a real record."""
    return split(real(number).eligibility.eligibility_criteria)


def ids(text: str) -> list[str]:
    """The numbers of the criteria of a text."""
    return [criterion.id for criterion in split(text).criteria]


@pytest.mark.parametrize("number", COUNTED)
def test_a_real_record_has_as_many_criteria_as_a_reader_counts(number: str) -> None:
    """What is nested is not counted, and neither is a list in plain words."""
    found = of(number)

    assert COUNTED[number] == (found.count(INCLUSION), found.count(EXCLUSION))
    assert len({criterion.id for criterion in found.criteria}) == len(found.criteria)


def test_every_real_record_was_counted() -> None:
    """And stands in the table of docs/registry.md."""
    page = (ROOT / "docs" / "registry.md").read_text(encoding="utf-8")

    assert RECORDS.keys() == COUNTED.keys()
    for number, (inclusion, exclusion) in COUNTED.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| {number} ")]

        assert [str(inclusion), str(exclusion)] == [cell.strip() for cell in row.split("|")][3:5]


@pytest.mark.parametrize("number", RECORDS)
def test_no_word_of_a_real_record_is_lost(number: str) -> None:
    """Each stands in a criterion or in a note."""
    found = of(number)
    kept = [line for one in found.criteria for line in (*one.notes, *one.lines)]
    text = real(number).eligibility.eligibility_criteria.replace("\\", "")

    assert sorted(text.split()) == sorted(" ".join([*kept, *found.notes]).split())


@pytest.mark.parametrize("number", RECORDS)
def test_a_record_without_exclusion_criteria_is_doubted(number: str) -> None:
    """Of the cut-off copies those that have none; no whole one."""
    assert (CUT in of(number).warnings) == (COUNTED[number][1] == 0)
    assert COUNTED[number][1] > 0 or number in CUT_OFF


@pytest.mark.parametrize(
    ("number", "identity", "begins"),
    [
        ("NCT04711252", "I1", "* Pre-/peri-menopausal women or"),
        ("NCT04711252", "I8", "* Willingness and ability to"),
        ("NCT04711252", "E1", "* Previous neoadjuvant or"),
        ("NCT04711252", "E10", "* Active infection including"),
        ("NCT04964934", "I1", "* Proven diagnosis of"),
        ("NCT04964934", "I7", "* Adequate organ and"),
        ("NCT04964934", "E1", "* Advanced, symptomatic"),
        ("NCT04964934", "E7", "* Persistent non-haematological"),
        ("NCT05646862", "E19", "* Active ongoing osteonecrosis"),
        ("NCT05646862", "E20", "* Pregnant, lactating"),
        ("NCT05646862", "E24", "* History of severe"),
        ("NCT05646862", "E25", "* Pregnant, lactating"),
        ("NCT05646862", "E30", "* Treatment with mild, moderate, or strong inhibitors"),
        ("NCT03820830", "I7", "7. Recurrent tumor"),
        ("NCT03820830", "I8", "8.-10. Normal hematological, renal, and liver function"),
        ("NCT03820830", "I11", "11. The patient agrees"),
        ("NCT02089100", "I6", "6. No prior treatment"),
        ("NCT02089100", "I7", "7. a. Metastatic lesions"),
        ("NCT03079011", "I10", "10. Adequate organ"),
        ("NCT03079011", "E17", "17. History of previous:"),
        ("NCT03079011", "E19", "19. Pregnancy or lactation"),
    ],
)
def test_the_traps_of_the_real_records(number: str, identity: str, begins: str) -> None:
    """Two lists, lists of a sub-study, several numbers in a line, letters, nested lists."""
    (found,) = [one for one in of(number).criteria if identity == one.id]

    assert found.lines[0].startswith(begins)


def test_headings_stay_with_what_they_head() -> None:
    """The lists of a sub-study are told from those of the main study."""
    notes = {criterion.id: criterion.notes for criterion in of("NCT05646862").criteria}

    assert ("Exclusion Criteria for Main Study Only:",) == notes["E20"]
    assert ("Exclusion Criteria for Sub-study Only:",) == notes["E25"]
    assert () == notes["E21"]


def test_a_list_in_plain_words_is_kept_as_notes() -> None:
    """With its heading, before what follows it, or at the end."""
    found = of("NCT04711252")
    notes = {criterion.id: criterion.notes for criterion in found.criteria}

    assert "* Are able to do their daily activities" in notes["E1"]
    assert "Participants cannot join the trial if they:" in found.notes
    assert found.notes[-1].startswith("The above information is not intended")


def test_the_only_list_counts_even_in_plain_words() -> None:
    """There is no other to go by."""
    text = (
        "Inclusion Criteria:\n\nParticipants can join the trial if they:\n\n* Are women\n* Are 18"
    )

    assert ["I1", "I2"] == ids(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Inclusion Criteria:\n1. a\n2. b\nExclusion Criteria:\n1. c", ["I1", "I2", "E1"]),
        ("Inclusion Criteria:\n2. a\n5. b\n* c", ["I2", "I5"]),
        ("Inclusion Criteria:\n* a\n\nMen:\n\n1. b\n2. c", ["I1", "I2", "I3"]),
        ("Inclusion Criteria:\n1. a\n\nExclusion Criteria:\n11. b\n12. c", ["I1", "E11", "E12"]),
        ("Exclusion Criteria:\n* a\n\nInclusion Criteria:\n* b", ["E1", "I1"]),
        ("Inclusion:\n* a\nNon-inclusion:\n* b", ["I1", "E1"]),
        ("* a\n* b\n\nExclusion Criteria:\n* c", ["I1", "I2", "E1"]),
        (
            "Inclusion Criteria:\n\nWomen\n\nOver 18\n\nExclusion Criteria:\n\nMen",
            ["I1", "I2", "E1"],
        ),
        ("", []),
        (" \n ", []),
        ("Inclusion Criteria:", []),
    ],
)
def test_numbers_are_those_of_the_registry_or_go_on(text: str, found: list[str]) -> None:
    """Never one twice."""
    assert found == ids(text)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("", "the record names no inclusion criterion: it may be cut off; complete it before use"),
        ("Exclusion Criteria:\n* a", "the record names no inclusion criterion"),
        ("Inclusion Criteria:\n* a", "the record names no exclusion criterion"),
        ("* a\n\nExclusion Criteria:\n* b", "criteria stand before any heading"),
        ("Inclusion Criteria:\na\nb", "the inclusion criteria have no marks"),
        ("Key Inclusion Criteria:\n* a", "the record does not list all inclusion criteria"),
        ("Inclusion Criteria:\n\n* a\n\nNobody.", "no criterion was made of “Nobody.…”"),
        ("Inclusion Criteria:\n\n* a\n\nThat is:\n\n   * b", "no criterion was made of “* b…”"),
        ("Inclusion Criteria:\n1. A 2. B", "inclusion 2 was cut out of a line"),
        ("Exclusion Criteria:\n1-3. a", "exclusion 1 to 3 stand in one item"),
    ],
)  # fmt: skip
def test_a_guess_is_a_warning(text: str, warning: str) -> None:
    """The author looks at it."""
    assert any(one.startswith(warning) for one in split(text).warnings)


LINES = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "  ", "    ", "\t"]),
        st.sampled_from(["", "* ", "- ", "1. ", "2. ", "3) ", "8.-10. ", "a. ", "1.1 "]),
        st.sampled_from(
            ["", "Women", "Inclusion Criteria:", "EXCLUSION CRITERIA", "Key Exclusion Criteria: x",
             "Inclusion", "For men:", "Age 2. Sex 3. More", "Participants can join if they:"]
        ),
    ).map("".join),
    max_size=12,
)  # fmt: skip


@given(lines=LINES)
def test_no_text_breaks_the_splitting(lines: list[str]) -> None:
    """No word is lost or doubled, and no number is there twice."""
    text = "\n".join(lines)
    found = split(text)
    kept = [line for one in found.criteria for line in (*one.notes, *one.lines)]
    numbers = [criterion.id for criterion in found.criteria]

    # The mark of a heading in a list is no word, and is not kept.
    words = [
        sorted(re.findall("[A-Za-z]{2,}", one)) for one in (text, " ".join([*kept, *found.notes]))
    ]

    assert words[0] == words[1]
    assert len(set(numbers)) == len(numbers)


def test_a_plain_record_has_no_warning() -> None:
    """PALATINE's, for one."""
    assert () == of("NCT03870919").warnings
