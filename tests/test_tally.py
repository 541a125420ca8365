"""Sums in memory: each step of a conversation once, and nothing lost when the store is away."""

from collections.abc import Mapping
from datetime import date

import pytest

from bot.store.records import Key, StoreError
from bot.tally import Tally, week_of
from dialogs.catalogue import Catalogue
from dialogs.conversation.milestones import Mark
from dialogs.conversation.session import Session
from tests.builders import Clock

MARKS = [Mark(1, "opened"), Mark(0, "started")]
DAY = date(2026, 3, 3)


def written(tally: Tally) -> dict[Key, int]:
    """What it hands over now."""
    found: dict[Key, int] = {}
    tally.flush(found.update)
    return found


def key(step: str, trial: str = "", campaign: int = 0, language: str = "fr") -> Key:
    """A key of the week of `DAY`."""
    return Key("2026-W10", campaign, trial, language, step)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 3, 2), "2026-W10"), (date(2026, 3, 8), "2026-W10"),
        (date(2026, 1, 1), "2026-W01"), (date(2027, 1, 3), "2026-W53"),
    ],
)  # fmt: skip
def test_weeks_are_those_of_the_calendar(day: date, week: str) -> None:
    """From Monday to Sunday, also where a year ends."""
    assert week == week_of(day)


def test_a_conversation_counts_once_for_each_step(catalogue: Catalogue) -> None:
    """However often its button is pressed."""
    tally = Tally(Clock(DAY))
    for _ in range(3):
        tally.note(Session("fr", tag=5), MARKS, catalogue.trials)

    assert {key("opened", "NCT03870919"): 1, key("started"): 1} == written(tally)


def test_conversations_add_up_by_what_they_have_in_common(catalogue: Catalogue) -> None:
    """Link, language, trial and week tell them apart."""
    clock = Clock(DAY)
    tally = Tally(clock)
    for tag, campaign, language in ((1, 0, "fr"), (2, 0, "fr"), (3, 7, "fr"), (4, 7, "en")):
        session = Session(language, tag=tag, campaign=campaign)
        tally.note(session, [Mark(0, "opened")], catalogue.trials)
    clock.today = date(2026, 3, 9)
    tally.note(Session("fr", tag=6), [Mark(0, "opened")], catalogue.trials)

    assert {
        key("opened"): 2,
        key("opened", campaign=7): 1,
        key("opened", campaign=7, language="en"): 1,
        Key("2026-W11", 0, "", "fr", "opened"): 1,
    } == written(tally)


def test_what_was_handed_over_is_gone(catalogue: Catalogue) -> None:
    """Unless it was not taken: then it comes again with the rest."""
    tally = Tally(Clock(DAY))
    tally.note(Session("fr", tag=1), MARKS[:1], catalogue.trials)

    def refuse(_sums: Mapping[Key, int]) -> None:
        raise StoreError("away")

    with pytest.raises(StoreError):
        tally.flush(refuse)
    tally.note(Session("fr", tag=2), MARKS[:1], catalogue.trials)

    assert {key("opened", "NCT03870919"): 2} == written(tally)
    assert {} == written(tally)


def test_the_ring_is_bounded(catalogue: Catalogue) -> None:
    """What is older than its entries counts again; what is in it does not."""
    tally = Tally(Clock(DAY), size=3)
    for tag in (1, 2, 3, 4, 1, 4):
        tally.note(Session("fr", tag=tag), [Mark(0, "opened")], catalogue.trials)

    assert {key("opened"): 5} == written(tally)


def test_memory_holds_no_tag(catalogue: Catalogue) -> None:
    """Only hashes under a key of this process: another one makes others of the same tag."""
    rings = []
    for _ in range(2):
        tally = Tally(Clock(DAY))
        tally.note(Session("fr", tag=0xABCDEF0123), MARKS, catalogue.trials)
        rings.append(set(tally._ring))

    assert not rings[0] & rings[1]
    assert all(len(one) == 8 and b"\xab\xcd" not in one for ring in rings for one in ring)


def test_a_request_is_answered_once() -> None:
    """However often its centre writes."""
    tally = Tally(Clock(DAY))
    for code in ("K7", "K7", "L8"):
        tally.answered(code, 7, "NCT03870919", "en")

    assert {key("answered", "NCT03870919", 7, "en"): 2} == written(tally)
