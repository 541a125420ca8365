"""Registry records for tests: the real copies, and small ones that are built."""

import json
from pathlib import Path
from typing import Any

from bot.data import ROOT
from bot.registry.record import Study, read_file, read_record

__all__ = ["CUT_OFF", "RECORDS", "TEXT", "built", "real", "record", "written"]

FOLDER = ROOT / "tests" / "data" / "registry"
#: All real records by number.
RECORDS = {path.stem: path for path in sorted(FOLDER.rglob("NCT*.json"))}
#: Those whose eligibility text stops before its end.
CUT_OFF = {number for number, path in RECORDS.items() if path.parent.name == "partial"}

TEXT = "Inclusion Criteria:\n\n* Women\n* Age ≥18 years\n\nExclusion Criteria:\n\n* Pregnancy"


def real(number: str) -> Study:
    """The study of a real record."""
    return read_file(RECORDS[number])


def record(**modules: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a small record; `modules` take the place of its own."""
    section: dict[str, Any] = {
        "identificationModule": {"nctId": "NCT00000001", "acronym": "SAMPLE", "briefTitle": "A"},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "lastUpdatePostDateStruct": {"date": "2026-03-01", "type": "ACTUAL"},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Hospital X", "class": "OTHER"}},
        "eligibilityModule": {"eligibilityCriteria": TEXT},
    }
    return {"protocolSection": section | modules, "hasResults": False}


def built(**modules: dict[str, Any]) -> Study:
    """The study of a small record."""
    return read_record("sample.json", json.dumps(record(**modules)).encode())


def written(folder: Path, **modules: dict[str, Any]) -> Path:
    """A file with a small record."""
    path = folder / "record.json"
    path.write_text(json.dumps(record(**modules)), encoding="utf-8")
    return path
