"""Approval of texts and rules: what was approved is remembered by its digests."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.authoring.review import approve, digests, overall, review_of
from dialogs.catalogue import Sources, read_catalogue, read_phrases
from dialogs.errors import DataError
from tests.builders import edited, entry, translated

TRIAL = "NCT03870919.toml"
DAY = date(2026, 3, 10)
Change = Callable[[dict[str, Any]], object]


def items_of(sources: Sources) -> dict[str, str]:
    """The digests of PALATINE as in `sources`."""
    catalogue = read_catalogue(sources)
    return digests(catalogue, catalogue.trials[1], read_phrases(sources))


@pytest.fixture(scope="module")
def items(sources: Sources) -> dict[str, str]:
    """The digests of the real files."""
    return items_of(sources)


def changed(sources: Sources, folder: Path, before: dict[str, str]) -> tuple[str, ...]:
    """What differs from an approval of `before`."""
    catalogue = read_catalogue(sources)
    trial = catalogue.trials[1]
    approve(folder, trial, before, "a role", "2.1", DAY)
    return review_of(folder, trial, items_of(sources)).changed


def test_without_an_approval_nothing_is_approved(
    sources: Sources, items: dict[str, str], tmp_path: Path
) -> None:
    """A missing file is no approval."""
    review = review_of(tmp_path, read_catalogue(sources).trials[1], items)

    assert review.approval is None
    assert not review.approved


def test_an_approval_is_read_back(sources: Sources, items: dict[str, str], tmp_path: Path) -> None:
    """Role, day, version and every digest."""
    trial = read_catalogue(sources).trials[1]
    role = 'oncologist, "sein" é \\ unit'
    path = approve(tmp_path / "reviews", trial, items, role, "CPP 2.1", DAY)
    review = review_of(tmp_path / "reviews", trial, items)

    assert tmp_path / "reviews" / "NCT03870919.toml" == path
    assert review.approved
    assert review.approval is not None
    assert (role, DAY, "CPP 2.1") == (
        review.approval.role,
        review.approval.day,
        review.approval.version,
    )
    assert items == review.approval.items


def test_a_new_approval_takes_the_place_of_the_old(
    sources: Sources, items: dict[str, str], tmp_path: Path
) -> None:
    """There is one approval for each trial."""
    trial = read_catalogue(sources).trials[1]
    approve(tmp_path, trial, {"rule I1a": "0"}, "a role", "1", DAY)

    assert not review_of(tmp_path, trial, items).approved

    approve(tmp_path, trial, items, "a role", "2", DAY)

    assert review_of(tmp_path, trial, items).approved
    assert 1 == len(list(tmp_path.iterdir()))


def test_everything_a_patient_reads_is_covered(sources: Sources, items: dict[str, str]) -> None:
    """Every phrase in every language, every rule, every question, every number to call."""
    for phrase in read_phrases(sources):
        for language in ("fr", "en"):
            assert f"text {language} {phrase.id}" in items
    catalogue = read_catalogue(sources)
    for criterion in catalogue.trials[1].criteria:
        assert f"rule {criterion.id}" in items
    for question in catalogue.trials[1].order:
        assert f"question {question.id}" in items
    for link in (*catalogue.numbers, *catalogue.doors):
        assert f"link {link.id}" in items


@pytest.mark.parametrize("identity", ["care.first", "care.first/relative", "why.title"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_one_changed_text_is_named(
    sources: Sources, items: dict[str, str], tmp_path: Path, language: str, identity: str
) -> None:
    """In either language and either form, and nothing else is."""

    def change(message: Any) -> None:
        message.string = "Other words"

    found = changed(translated(sources, language, identity, change), tmp_path, items)

    assert (f"text {language} {identity.partition('/')[0]}",) == found


def flip_rule(data: dict[str, Any]) -> None:
    """Accept 1 to 9 %."""
    entry(data, "criterion", "I2a")["meets"] = [{"hormone_receptors": ["from_10", "from_1_to_9"]}]
    entry(data, "criterion", "I2a")["fails"] = [{"hormone_receptors": ["negative"]}]


RULES: dict[str, tuple[str, Change, tuple[str, ...]]] = {
    "a limit": (TRIAL, flip_rule, ("rule I2a",)),
    "no for now": (
        TRIAL,
        lambda data: entry(data, "criterion", "E4").update(temporary=True),
        ("rule E4",),
    ),
    "an open reading": (
        TRIAL,
        lambda data: entry(data, "criterion", "E4")["unclear"][0].update(reading=5),
        ("rule E4",),
    ),
    "what the centre checks": (
        TRIAL,
        lambda data: entry(data, "criterion", "I4").update(checked_by="centre"),
        ("rule I4",),
    ),
    "the order": (
        TRIAL,
        lambda data: data["order"].reverse(),
        ("order of questions",),
    ),
    "a sensitive question": (
        "person.toml",
        lambda data: entry(data, "question", "health").pop("sensitive"),
        ("question health",),
    ),
    "a question that loses its care": (
        "cancer.toml",
        lambda data: entry(data, "question", "treatment").pop("care"),
        ("question treatment",),
    ),
    "a fragile value": (
        "cancer.toml",
        lambda data: entry(data, "fact", "her2").pop("fragile"),
        ("question her2",),
    ),
    "a gate": (
        "person.toml",
        lambda data: entry(data, "fact", "pregnant").update(
            ask_if={"could_become_pregnant": ["yes"]}
        ),
        ("question pregnant",),
    ),
    "where a centre is called": (
        TRIAL,
        lambda data: data["centre"][0].update(phone="+33 1 99 00 99 99"),
        ("centre 1",),
    ),
    "the sponsor": (
        TRIAL,
        lambda data: data.update(sponsor="Somebody"),
        ("name, sponsor, registry",),
    ),
    "a number to call": (
        "help.toml",
        lambda data: data["number"][0].update(href="tel:999"),
        ("link samu",),
    ),
}


@pytest.mark.parametrize("case", RULES)
def test_one_changed_rule_is_named(
    sources: Sources, items: dict[str, str], tmp_path: Path, case: str
) -> None:
    """A rule that differs from what was approved is named, and nothing else is."""
    file, change, wanted = RULES[case]

    assert wanted == changed(edited(sources, file, change), tmp_path, items)


def test_a_criterion_that_becomes_a_definition_is_named(
    sources: Sources, items: dict[str, str], tmp_path: Path
) -> None:
    """It would no longer be listed as what the centre checks."""
    gone = edited(
        sources, TRIAL, lambda data: entry(data, "criterion", "I6").update(definition=True)
    )

    assert ("rule I6",) == changed(gone, tmp_path, items)


def test_what_the_operator_keeps_fresh_needs_no_approval(
    sources: Sources, items: dict[str, str], tmp_path: Path
) -> None:
    """The status of a trial, and the day of a check."""

    def freshen(data: dict[str, Any]) -> None:
        data["status"][-1]["checked"] = date(2026, 3, 10)

    assert () == changed(edited(sources, TRIAL, freshen), tmp_path, items)


def test_added_and_removed_items_are_changes(
    sources: Sources, items: dict[str, str], tmp_path: Path
) -> None:
    """An approval covers exactly what it lists."""
    trial = read_catalogue(sources).trials[1]
    approve(tmp_path, trial, items, "a role", "1", DAY)
    more = {**items, "text fr new": "0"}
    less = {item: digest for item, digest in items.items() if item != "rule E8"}

    assert ("text fr new",) == review_of(tmp_path, trial, more).changed
    assert ("rule E8",) == review_of(tmp_path, trial, less).changed


def test_one_digest_stands_for_all(items: dict[str, str]) -> None:
    """Short enough to read aloud, different for any change, the same in any order."""
    whole = overall(items)

    assert 16 == len(whole)
    assert whole == overall(dict(reversed(items.items())))
    assert whole != overall({**items, "rule E8": "0"})


def test_a_damaged_approval_is_named(
    sources: Sources, items: dict[str, str], tmp_path: Path
) -> None:
    """It neither approves nor passes for missing."""
    (tmp_path / TRIAL).write_text('role = "x"\n')
    with pytest.raises(DataError, match="missing required field") as caught:
        review_of(tmp_path, read_catalogue(sources).trials[1], items)

    assert TRIAL == caught.value.file
