"""Drafts of trial files."""

import tomllib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.registry.changes import digests
from bot.registry.criteria import split
from bot.registry.draft import draft, short_name
from bot.registry.record import Study
from bot.registry.standing import standing
from dialogs.catalogue import Sources, read_catalogue
from dialogs.datafile import decode
from dialogs.errors import DataError
from dialogs.trialfile import RecordEntry, TrialFile
from tests.registry_fixtures import RECORDS, built, real

TODAY = date(2026, 11, 27)


def text_of(study: Study) -> str:
    """The draft of a study, with number 7."""
    entry = standing(study, TODAY, TODAY).entry
    return draft(study, 7, entry, split(study.eligibility.eligibility_criteria))


def comments(text: str) -> str:
    """The comments of a draft as one line."""
    lines = [line.removeprefix("#") for line in text.splitlines() if line.startswith("#")]
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("number", RECORDS)
def test_the_draft_of_a_real_record_is_a_trial_file(number: str) -> None:
    """With one empty criterion for each of the record's, and all of the record's words."""
    study = real(number)
    text = text_of(study)
    trial = decode(f"{number}.toml", text, TrialFile)
    criteria = split(study.eligibility.eligibility_criteria).criteria

    assert (number, 7, TODAY) == (trial.id, trial.number, trial.demonstration)
    assert f"https://clinicaltrials.gov/study/{number}" == trial.registry
    assert ([], [], 1) == (trial.order, trial.centre, len(trial.status))
    assert [one.id for one in criteria] == [one.id for one in trial.criterion]
    assert {("", "", "")} == {(one.plain, one.no, one.point) for one in trial.criterion}
    assert RecordEntry(TODAY, digests(criteria)) == trial.record
    for criterion in criteria:
        assert " ".join(" ".join(criterion.lines).split()) in comments(text)


@pytest.mark.parametrize("number", RECORDS)
def test_a_draft_is_as_wide_as_a_page(number: str) -> None:
    """Its comments are; keys stand in one line."""
    found = [line for line in text_of(real(number)).splitlines() if line.startswith("#")]

    assert max(map(len, found)) <= 100


@pytest.mark.parametrize("number", RECORDS)
def test_a_draft_among_the_trials_stops_the_start(sources: Sources, number: str) -> None:
    """It is named, and what is to be done."""
    file = f"{number}.toml"
    with pytest.raises(DataError, match="a text is empty: the file is still a draft") as caught:
        read_catalogue(replace(sources, trials={file: text_of(real(number))}))

    assert file == caught.value.file


@pytest.mark.parametrize(
    ("acronym", "brief", "official", "name"),
    [
        ("PADA-1", "x (other)", "", "PADA-1"),
        ("", "A Study in Advanced Breast Cancer (pionERA Breast Cancer)", "", "pionERA"),
        ("", "A Study", "A Phase 3 Study (DESTINY-Breast06)", "DESTINY-Breast06"),
        ("", "A Study (NOVA Trial).", "", "NOVA"),
        ("", "A Study (Plus a CDK4/6 Inhibitor)", "", "NCT00000001"),
        ("", "A Study (one) of two", "", "NCT00000001"),
        ("", "A Study (advanced)", "", "NCT00000001"),
        ("", "", "", "NCT00000001"),
    ],
)
def test_a_short_name_is_found(acronym: str, brief: str, official: str, name: str) -> None:
    """The acronym, what stands in brackets at the end of a title, or the number."""
    study = built(
        identificationModule={
            "nctId": "NCT00000001",
            "acronym": acronym,
            "briefTitle": brief,
            "officialTitle": official,
        }
    )

    assert name == short_name(study)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("NCT03870919", "Lyon, 69008, Centre Léon Bérard"),
        ("NCT03870919", "Phases: NA. Enrolment: 200."),
        ("NCT05297617", "Sex: FEMALE. Ages: 51 Years to no upper limit. Healthy volunteers: no."),
        ("NCT03143322", "Ages: 18 Years to 75 Years."),
        ("NCT04191499", "Phases: PHASE2, PHASE3. Enrolment: 325 actual."),
        ("NCT04191499", "Places in France that the record names: 6 Clermont-Ferrand Dijon Lille"),
        ("NCT06065748", "Elsewhere: Belgium 3, Germany 1, Italy 1, Spain 1"),
        ("NCT03079011", "Places in France that the record names: 1 no town given"),
        ("NCT04711252", "Places in France that the record names: none"),
    ],
)
def test_what_has_no_place_in_a_trial_file_is_a_comment(number: str, says: str) -> None:
    """For the author to read."""
    assert says in comments(text_of(real(number)))


PERSONS: dict[str, Any] = {
    "sponsorCollaboratorsModule": {
        "leadSponsor": {"name": "Q. Person", "class": "INDIV"},
        "responsibleParty": {"investigatorFullName": "Q. Person"},
    },
    "contactsLocationsModule": {
        "centralContacts": [{"name": "Q. Person", "email": "q.person@example.org"}],
        "overallOfficials": [{"name": "Q. Person", "affiliation": "Q. Person"}],
        "locations": [
            {"facility": "Cabinet Q. Person", "city": "Lyon", "country": "France"},
            {"facility": "Dr. Q. Person", "city": "Caen", "country": "France",
             "contacts": [{"name": "Q. Person", "phone": "01"}]},
        ],
    },
    "eligibilityModule": {
        "eligibilityCriteria": "Inclusion Criteria:\n* Women; write to q.person@example.org"
    },
}  # fmt: skip


def test_nothing_of_a_person_is_written() -> None:
    """No contact, no official, no sponsor who is a person, no address in a text."""
    text = text_of(built(**PERSONS))

    assert "erson" not in text
    assert "example.org" not in text
    assert "#   Lyon\n#   Caen\n" in text


def test_no_word_of_a_record_gets_out_of_its_comment_or_string() -> None:
    """Line ends, quotation marks and signs that cannot be seen do nothing."""
    evil = 'x"\nid = "NCT99999999"\r\u2028\x00\x85number = 1 \\" \u202e [[status]] \x1b[31m'
    study = built(
        identificationModule={"nctId": "NCT00000001", "acronym": evil, "briefTitle": evil},
        statusModule={"overallStatus": evil},
        sponsorCollaboratorsModule={"leadSponsor": {"name": evil, "class": evil}},
        designModule={"phases": [evil], "enrollmentInfo": {"count": 3, "type": evil}},
        eligibilityModule={
            "eligibilityCriteria": f"Inclusion Criteria:\n* {evil}\n\n{evil}",
            "sex": evil, "minimumAge": evil, "maximumAge": evil,
        },
        contactsLocationsModule={
            "locations": [
                {"facility": evil, "city": evil, "country": "France", "status": evil},
                {"country": evil},
            ]
        },
    )  # fmt: skip
    text = text_of(study)
    data = tomllib.loads(text)

    assert ("NCT00000001", 7, 1) == (data["id"], data["number"], len(data["status"]))
    assert data["name"] == data["sponsor"]
    assert data["name"].startswith('x" id = "NCT99999999"')
    assert all(sign == "\n" or sign.isprintable() for sign in text)


def test_a_record_without_criteria_gives_a_draft_without() -> None:
    """It still has the shape of a trial file."""
    trial = decode("x.toml", text_of(built(eligibilityModule={})), TrialFile)

    assert ([], {}) == (trial.criterion, trial.record and trial.record.criteria)
