"""Records as they are read, and those that are none."""

import json
from pathlib import Path

import pytest

from bot.registry.record import LIMIT, RegistryError, read_file, read_record
from tests.registry_fixtures import RECORDS, built, real, record

SMALL = json.dumps(record()).encode()


@pytest.mark.parametrize("number", RECORDS)
def test_a_real_record_is_read(number: str) -> None:
    """Its number, its sponsor and its text."""
    study = real(number)

    assert number == study.number
    assert study.sponsors.lead_sponsor.name
    assert "Inclusion" in study.eligibility.eligibility_criteria.title()


def test_all_but_the_number_may_be_missing() -> None:
    """Records are as full as their sponsors made them."""
    data = {"protocolSection": {"identificationModule": {"nctId": "NCT00000002"}}}
    study = read_record("x.json", json.dumps(data).encode())

    assert ("", "", "", [], None) == (
        study.status.overall_status,
        study.sponsors.lead_sponsor.name,
        study.eligibility.eligibility_criteria,
        study.places.locations,
        study.design.enrollment_info.count,
    )


def test_unknown_keys_are_passed_over() -> None:
    """A live record has hundreds; persons are among them, and are not read."""
    study = built(
        contactsLocationsModule={
            "centralContacts": [{"name": "Q. Person", "phone": "1"}],
            "overallOfficials": [{"name": "Q. Person"}],
            "locations": [{"city": "Lyon", "contacts": [{"name": "Q. Person"}], "geoPoint": {}}],
        },
        derivedSection={"miscInfoModule": {}},
    )

    assert "Lyon" == study.places.locations[0].city
    assert "Person" not in repr(study)


@pytest.mark.parametrize(
    "data",
    [
        b"[" + SMALL + b"]",
        b'{"studies": [' + SMALL + b'], "totalCount": 1}',
        b"\xef\xbb\xbf" + SMALL,
        b"\n " + SMALL + b"\n",
    ],
)
def test_the_only_study_of_a_list_is_taken(data: bytes) -> None:
    """As a search or an editor gives it."""
    assert "NCT00000001" == read_record("x.json", data).number


def changed(number: object) -> bytes:
    """A record with another number."""
    return json.dumps(record(identificationModule={"nctId": number})).encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "x.json: is empty: download it from"),
        (b" \n\xef\xbb\xbf"[:2], "x.json: is empty"),
        (b"<html>", "not readable as JSON"),
        (SMALL[:-9], "not readable as JSON"),
        (SMALL.replace(b"SAMPLE", b"\xff"), "not readable as JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b"7", "not shaped as a record"),
        (b"null", "not shaped as a record"),
        (b'{"protocolSection": 7}', "not shaped as a record"),
        (b'{"protocolSection": {}}', "not shaped as a record"),
        (b'{"studies": 7}', "not shaped as a record"),
        (changed(7), "not shaped as a record"),
        (b"{}", "`protocolSection` is missing: no record of ClinicalTrials.gov"),
        (b'{"ctNumber": "2023-1", "authorizedApplication": {}}', "`protocolSection` is missing"),
        (b"[{}]", "`protocolSection` is missing"),
        (b"[]", "has 0 studies: import one at a time"),
        (b"[" + SMALL + b"," + SMALL + b"]", "has 2 studies: import one at a time"),
        (b'{"studies": [{}, {}, {}]}', "has 3 studies"),
        (changed("2020-000119-66"), "'2020-000119-66' is no number of ClinicalTrials.gov"),
        (changed("NCT123"), "'NCT123' is no number"),
        (changed("NCT00000001/../../x"), "is no number"),
        (changed("NCT٠٠٠٠٠٠٠١"), "is no number"),
        (changed("NCT00000001\n"), "is no number"),
        (b" " * (LIMIT + 1), "longer than 20 MB"),
    ],
)
def test_what_is_no_record_is_refused(data: bytes, reason: str) -> None:
    """In one line that names the file and the mend."""
    with pytest.raises(RegistryError) as caught:
        read_record("x.json", data)

    assert str(caught.value).startswith("x.json: ")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    """50 MB, of which a little more than the limit is looked at."""
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)

    with pytest.raises(RegistryError, match=r"huge\.json: longer than 20 MB"):
        read_file(path)
