"""A record of ClinicalTrials.gov, decoded from the JSON of its API, version 2.

Only what a draft tells is a field here. Contacts and officials are persons: they are no fields, so
nothing of them is ever read. Keys as in https://clinicaltrials.gov/data-api/about-api/study-data-structure
"""

import re
from pathlib import Path

import msgspec
from msgspec import field

from dialogs.errors import DialogError

__all__ = [
    "LIMIT",
    "NUMBER",
    "Dated",
    "Location",
    "RegistryError",
    "Study",
    "read_file",
    "read_record",
]

#: Bytes of the longest record that is read; one with full results has a few million.
LIMIT = 20_000_000
#: A number of ClinicalTrials.gov.
NUMBER = re.compile(r"NCT\d{8}", re.ASCII)
_WHERE = "download it from https://clinicaltrials.gov/api/v2/studies/NCT…"


class RegistryError(DialogError):
    """A record cannot be had or used; the message names the cause and the mend in one line."""


class _Part(msgspec.Struct, frozen=True, rename="camel"):
    """Part of a record; keys that are not named here are passed over."""


class Dated(_Part, frozen=True):
    """A date, YYYY-MM-DD or YYYY-MM, and whether it is ACTUAL or ESTIMATED."""

    date: str = ""
    type: str = ""


class _Identification(_Part, frozen=True):
    nct_id: str
    brief_title: str = ""
    official_title: str = ""
    acronym: str = ""


class _Status(_Part, frozen=True):
    overall_status: str = ""
    status_verified_date: str = ""
    start_date_struct: Dated = Dated()
    primary_completion_date_struct: Dated = Dated()
    completion_date_struct: Dated = Dated()
    study_first_submit_date: str = ""
    study_first_post_date_struct: Dated = Dated()
    last_update_submit_date: str = ""
    last_update_post_date_struct: Dated = Dated()


class _Sponsor(_Part, frozen=True):
    name: str = ""
    kind: str = field(default="", name="class")


class _Sponsors(_Part, frozen=True):
    lead_sponsor: _Sponsor = _Sponsor()


class _Enrolment(_Part, frozen=True):
    count: int | None = None
    type: str = ""


class _Design(_Part, frozen=True):
    phases: list[str] = []
    enrollment_info: _Enrolment = _Enrolment()


class _Eligibility(_Part, frozen=True):
    eligibility_criteria: str = ""
    healthy_volunteers: bool | None = None
    sex: str = ""
    minimum_age: str = ""
    maximum_age: str = ""


class Location(_Part, frozen=True):
    """A place where the study is; any of its keys may be missing."""

    facility: str = ""
    city: str = ""
    zip: str = ""
    country: str = ""
    status: str = ""


class _Places(_Part, frozen=True):
    locations: list[Location] = []


class Study(_Part, frozen=True):
    """What a record says of its study, by the registry's modules."""

    identification: _Identification = field(name="identificationModule")
    status: _Status = field(default=_Status(), name="statusModule")
    sponsors: _Sponsors = field(default=_Sponsors(), name="sponsorCollaboratorsModule")
    design: _Design = field(default=_Design(), name="designModule")
    eligibility: _Eligibility = field(default=_Eligibility(), name="eligibilityModule")
    places: _Places = field(default=_Places(), name="contactsLocationsModule")

    @property
    def number(self) -> str:
        """The number in the registry: NCT and eight digits."""
        return self.identification.nct_id


class _Top(msgspec.Struct, frozen=True):
    section: msgspec.Raw = field(default_factory=msgspec.Raw, name="protocolSection")
    studies: list[msgspec.Raw] | None = None


def read_file(path: Path) -> Study:
    """The study of a file; `RegistryError` or `OSError` says why there is none."""
    with path.open("rb") as file:
        return read_record(path.name, file.read(LIMIT + 1))


def read_record(name: str, data: bytes) -> Study:
    """The study of a record, alone or as the only one of a list or of a page of a search.

    `RegistryError` names `name` and says why it is no record, or not one that can be used.
    """
    if len(data) > LIMIT:
        raise RegistryError(f"{name}: longer than {LIMIT // 1_000_000} MB: import one record only")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise RegistryError(f"{name}: is empty: {_WHERE}")
    try:
        study = msgspec.json.decode(_section(name, data), type=Study)
    except msgspec.ValidationError as error:
        raise RegistryError(
            f"{name}: not shaped as a record of ClinicalTrials.gov ({error}): {_WHERE}"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RegistryError(f"{name}: not readable as JSON ({error}): {_WHERE}") from None
    except RecursionError:
        raise RegistryError(f"{name}: nested too deep for a record: {_WHERE}") from None
    if not NUMBER.fullmatch(study.number):
        raise RegistryError(
            f"{name}: {study.number[:40]!r} is no number of ClinicalTrials.gov: those are NCT and "
            "8 digits"
        )
    return study


def _section(name: str, data: bytes) -> msgspec.Raw:
    """The `protocolSection` of the only study in `data`."""
    top = msgspec.json.decode(data, type=_Top | list[msgspec.Raw])
    studies = top if isinstance(top, list) else top.studies
    if studies is not None:
        if len(studies) != 1:
            raise RegistryError(f"{name}: has {len(studies)} studies: import one at a time")
        top = msgspec.json.decode(studies[0], type=_Top)
    if not isinstance(top, _Top) or not bytes(top.section):
        raise RegistryError(
            f"{name}: `protocolSection` is missing: no record of ClinicalTrials.gov (API version "
            f"2): {_WHERE}"
        )
    return top.section
