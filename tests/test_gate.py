"""All that stops a live start, each named with its mend."""

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import REVIEWS, StartError, demonstration_desk, desks_for
from bot.authoring.review import approve, digests
from bot.data import ROOT, read_sources
from bot.gate import REFUSE_AFTER, WARN_AFTER, is_sample, obstacles, warnings
from bot.settings import read_settings
from dialogs.catalogue import Catalogue, Sources, read_catalogue, read_phrases
from dialogs.errors import DataError
from dialogs.trialfile import CentreEntry
from tests.builders import edited, entry, toml

TRIAL = "NCT03870919.toml"
TODAY = date(2026, 12, 1)
CHECKED = date(2026, 11, 22)
SETTINGS = {
    "BOT_TOKEN": "12345:sample-secret-of-thirty-characters",
    "WEB_URL": "https://passerelle.example.org",
    "OPERATOR_NAME": "Hospital X",
    "OPERATOR_CONTACT": "+33 1 99 00 00 00",
    "DPO_CONTACT": "dpo@example.org",
    "OPERATOR_CHAT": "777",
    "TRUSTED_PROXY": "127.0.0.1",
}


def published(data: dict[str, Any]) -> None:
    """Give every centre contact details that are no samples."""
    for centre in data["centre"]:
        centre.update(sample=False, phone="+33 1 00 00 00 00", email="study@hospital.fr")


def checked(day: date) -> Callable[[dict[str, Any]], None]:
    """Say that every number and door was checked on `day`."""

    def change(data: dict[str, Any]) -> None:
        for link in (*data["number"], *data["door"]):
            link["checked"] = day

    return change


@pytest.fixture
def ready(sources: Sources) -> Sources:
    """Data files in which nothing but the approval is missing."""
    return edited(edited(sources, TRIAL, published), "help.toml", checked(CHECKED))


def approved(sources: Sources, folder: Path) -> Catalogue:
    """The catalogue of `sources`, approved in `folder`."""
    catalogue = read_catalogue(sources)
    items = digests(catalogue, catalogue.trials[1], read_phrases(sources))
    approve(folder, catalogue.trials[1], items, "a role", "2.1", CHECKED)
    return catalogue


def found(sources: Sources, folder: Path, today: date = TODAY) -> list[str]:
    """What stops a live start of `sources`."""
    return obstacles(read_catalogue(sources), read_phrases(sources), folder, today)


def test_after_approval_nothing_stands_against_a_live_start(ready: Sources, tmp_path: Path) -> None:
    """Published contacts, fresh numbers, approved texts and rules."""
    approved(ready, tmp_path)

    assert [] == found(ready, tmp_path)


def test_texts_that_nobody_approved_stop_it(ready: Sources, tmp_path: Path) -> None:
    """With the command that records an approval."""
    (line,) = found(ready, tmp_path)

    assert line.startswith("NCT03870919: texts and rules (digest ")
    assert "not approved: run `python run_bot.py review NCT03870919" in line


def test_a_changed_text_stops_it_by_name(ready: Sources, tmp_path: Path) -> None:
    """And the day of the approval that it differs from."""
    approved(ready, tmp_path)
    changed = edited(
        ready,
        "cancer.toml",
        lambda data: entry(data, "question", "treatment").pop("care"),
    )

    assert ["NCT03870919: changed since the approval of 2026-11-22: question treatment"] == found(
        changed, tmp_path
    )


def test_many_changes_are_counted(ready: Sources, tmp_path: Path) -> None:
    """The first five by name, the others by number."""
    catalogue = read_catalogue(ready)
    approve(tmp_path, catalogue.trials[1], {"rule I3": "0"}, "a role", "2.1", CHECKED)
    (line,) = found(ready, tmp_path)
    total = len(digests(catalogue, catalogue.trials[1], read_phrases(ready)))

    assert f"and {total - 5} more" in line
    assert 4 == line.count(", ")


def test_sample_contacts_stop_it_one_by_one(sources: Sources, tmp_path: Path) -> None:
    """A patient must never be sent to an invented address."""
    fresh = edited(sources, "help.toml", checked(CHECKED))
    approved(fresh, tmp_path)
    lines = found(fresh, tmp_path)
    centres = read_catalogue(fresh).trials[1].centres

    assert len(centres) == len(lines)
    for centre, line in zip(centres, lines, strict=True):
        assert f"centre {centre.number} ({centre.name}) has sample contact details" in line
        assert "remove `sample = true`" in line


@pytest.mark.parametrize(
    ("days", "warned", "refused"),
    [(90, False, False), (91, True, False), (180, True, False), (181, False, True)],
)
def test_numbers_grow_old(
    ready: Sources, tmp_path: Path, days: int, warned: bool, refused: bool
) -> None:
    """After 90 days a check is due, after 180 there is no live start."""
    catalogue = approved(ready, tmp_path)
    today = CHECKED + timedelta(days=days)
    links = [link.id for link in (*catalogue.numbers, *catalogue.doors)]
    noted = [line for line in warnings(catalogue, today) if line.startswith("help.toml")]
    stopped = found(ready, tmp_path, today)

    assert (90, 180) == (WARN_AFTER.days, REFUSE_AFTER.days)
    assert [
        f"help.toml: {link} was last checked on 2026-11-22: check it again soon" for link in links
    ] == (noted or links) or not warned
    assert bool(noted) is warned
    assert (len(links) if refused else 0) == len(stopped)
    assert all("check it and write the new day" in line for line in stopped)


def test_a_trial_that_sends_nobody_is_noted(ready: Sources) -> None:
    """The operator knows why nobody is sent to a centre; that alone stops nothing."""
    catalogue = read_catalogue(ready)
    closed = [line for line in warnings(catalogue, TODAY) if line.startswith("NCT")]
    opened = [line for line in warnings(catalogue, date(2022, 10, 7)) if line.startswith("NCT")]

    assert 1 == len(closed)
    assert closed[0].startswith("NCT03870919: closed (checked 2024-09-19, ")
    assert [] == opened


@pytest.fixture
def root(tmp_path: Path, ready: Sources) -> Path:
    """A copy of the data files of `ready`, in folders as the service reads them."""
    today = edited(ready, "help.toml", checked(date.today()))
    root = tmp_path / "root"
    for folder, files in (
        ("questions", today.bank),
        ("trials", today.trials),
        ("phrases", today.phrases),
    ):
        (root / "dialogs" / folder).mkdir(parents=True)
        for name, content in files.items():
            (root / "dialogs" / folder / name).write_text(content, encoding="utf-8")
    (root / "dialogs" / "help.toml").write_text(today.help, encoding="utf-8")
    (root / "dialogs" / "alarm.toml").write_text(today.alarms, encoding="utf-8")
    (root / "dialogs" / "eligibility").mkdir()
    shutil.copy(ROOT / "dialogs" / "eligibility" / "regions.toml", root / "dialogs" / "eligibility")
    shutil.copytree(ROOT / "locales", root / "locales")
    return root


def start(root: Path, tmp_path: Path) -> list[str]:
    """The causes for which a live start in `root` is refused."""
    settings = read_settings({**SETTINGS, "KEYS_DIR": str(tmp_path / "keys")})
    try:
        desks_for(settings, root)
    except StartError as error:
        return str(error).splitlines()
    return []


def test_a_live_start_is_refused_until_approved(root: Path, tmp_path: Path) -> None:
    """Refused without leaving a key; approved, it starts; one changed text, refused by name."""
    refused = start(root, tmp_path)

    assert 1 == len(refused)
    assert "not approved" in refused[0]
    assert not (tmp_path / "keys").exists()

    approved(read_sources(root), root / REVIEWS)

    assert [] == start(root, tmp_path)
    assert (tmp_path / "keys").exists()

    catalogue = root / "locales" / "fr" / "LC_MESSAGES" / "messages.po"
    text = catalogue.read_text(encoding="utf-8")
    place = text.index('msgstr "', text.index('msgctxt "stopped.title"'))
    catalogue.write_text(text[: place + 8] + "Oh. " + text[place + 8 :], encoding="utf-8")

    assert start(root, tmp_path) == [
        f"NCT03870919: changed since the approval of {CHECKED}: text fr stopped.title"
    ]


def test_a_live_desk_has_no_banner_and_an_operator(root: Path, tmp_path: Path) -> None:
    """It is what the settings say."""
    approved(read_sources(root), root / REVIEWS)
    settings = read_settings({**SETTINGS, "KEYS_DIR": str(tmp_path / "keys")})
    catalogue = desks_for(settings, root)[0].catalogue

    assert not catalogue.demonstration
    assert settings.operator == catalogue.operator


def test_a_demonstration_needs_no_approval(tmp_path: Path) -> None:
    """It sends nobody anywhere, and says so on every screen."""
    settings = read_settings({"KEYS_DIR": str(tmp_path / "keys")})

    assert desks_for(settings)[0].catalogue.demonstration
    assert demonstration_desk(tmp_path / "others").catalogue.demonstration


def test_a_demonstration_with_real_contacts_is_refused(root: Path, tmp_path: Path) -> None:
    """A live service that lost its token must not show a closed study as open."""
    settings = read_settings({"KEYS_DIR": str(tmp_path / "keys")})
    with pytest.raises(StartError, match=r"centre 1 .* has real contact details"):
        desks_for(settings, root)
    with pytest.raises(StartError, match="use sample details"):
        demonstration_desk(tmp_path / "keys", root)

    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    ("details", "sample"),
    [
        ({}, False),
        ({"sample": True}, True),
        ({"phone": "+33 1 99 00 12 34"}, True),
        ({"phone": "02 61 91 00 00"}, True),
        ({"phone": "0033353010000"}, True),
        ({"phone": "04.65.71.00.00"}, True),
        ({"phone": "+33 (0)5 36 49 00 00"}, True),
        ({"phone": "06-39-98-00-00"}, True),
        ({"phone": "+33 1 99 10 00 00"}, False),
        ({"email": "a@example.org"}, True),
        ({"email": "a@mail.example.com"}, True),
        ({"email": "a@hospital.invalid"}, True),
        ({"email": "a@notexample.org"}, False),
        ({"email": "a@example.org.hospital.fr"}, False),
    ],
)
def test_what_is_invented_is_found_however_it_is_written(
    details: dict[str, Any], sample: bool
) -> None:
    """By its mark, by the ranges of numbers and by the addresses that are kept for it."""
    real = {"phone": "+33 1 00 00 00 00", "email": "study@hospital.fr"}
    centre = CentreEntry(**{"number": 1, "name": "A", "city": "B", "region": 11, **real, **details})

    assert sample is is_sample(centre)


@pytest.mark.parametrize(
    ("role", "version", "day"),
    [(" ", "2.1", CHECKED), ("a role", "", CHECKED), ("a role", "2.1", date(2027, 1, 1))],
)
def test_an_empty_or_future_approval_is_none(
    ready: Sources, tmp_path: Path, role: str, version: str, day: date
) -> None:
    """Somebody approved something, before today."""
    catalogue = read_catalogue(ready)
    items = digests(catalogue, catalogue.trials[1], read_phrases(ready))
    approve(tmp_path, catalogue.trials[1], items, role, version, day)

    assert found(ready, tmp_path) == [
        "NCT03870919: the approval needs a role, a version and a day that is not to come"
    ]


def test_a_check_in_the_future_is_none(ready: Sources, tmp_path: Path) -> None:
    """A mistyped year must not keep a number fresh for ever."""
    future = edited(ready, "help.toml", checked(TODAY + timedelta(days=1)))
    approved(future, tmp_path)

    assert found(future, tmp_path)


def test_wrong_data_stops_any_start(root: Path, tmp_path: Path) -> None:
    """The demonstration as well."""
    path = root / "dialogs" / "trials" / TRIAL
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    path.write_text(toml({**data, "number": 0}), encoding="utf-8")
    with pytest.raises(DataError, match="number"):
        demonstration_desk(tmp_path / "keys", root)


def test_a_missing_file_is_named(root: Path, tmp_path: Path) -> None:
    """An installation that lost a file says which."""
    (root / "dialogs" / "help.toml").unlink()
    with pytest.raises(OSError, match=r"help\.toml"):
        demonstration_desk(tmp_path / "keys", root)


def test_causes_do_not_hide_each_other(sources: Sources, tmp_path: Path) -> None:
    """Approval, contacts and old numbers are all named at once."""
    old = edited(sources, "help.toml", checked(date(2020, 1, 1)))
    lines = found(old, tmp_path)
    catalogue = replace(read_catalogue(old))
    expected = 1 + len(catalogue.trials[1].centres) + len(catalogue.numbers) + len(catalogue.doors)

    assert expected == len(lines)
