"""Whether a trial takes patients, and how fresh that knowledge is."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from typing import Literal

import pytest

from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.status import FRESH, Openness, Status, source_of, status_on, with_checks
from dialogs.trialfile import StatusEntry
from tests.builders import Talk

Kind = Literal["recruiting", "suspended", "closed", "unknown"]
DAY = date(2026, 3, 1)
PAIRS = list(permutations(("recruiting", "suspended", "closed"), 2))
REGISTRY, OTHER, THIRD = "https://a.example.org/1", "https://b.example.org/2", "By telephone, AB"


def seen(day: date, status: Kind, checked: date | None = None) -> StatusEntry:
    """An entry of a status history."""
    return StatusEntry(day, status, checked or day, f"source of {day}")


def look(
    status: Kind, source: str = REGISTRY, days: int = 0, since: int | None = None
) -> StatusEntry:
    """What a source said, so many days after the first day."""
    checked = DAY + timedelta(days=days)
    return StatusEntry(
        checked if since is None else DAY + timedelta(days=since), status, checked, source
    )


def known(trial: Trial, *looks: StatusEntry, days: int = 0) -> Status:
    """What is known by these looks, so many days after the first day."""
    return status_on(replace(trial, status=looks), DAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("today", "openness"),
    [
        (date(2020, 3, 12), Openness.OPEN),
        (date(2020, 3, 26), Openness.OPEN),
        (date(2020, 3, 27), Openness.STALE),
        (date(2020, 4, 28), Openness.PAUSED),
        (date(2022, 10, 6), Openness.PAUSED),
        (date(2022, 10, 7), Openness.OPEN),
        (date(2022, 10, 21), Openness.OPEN),
        (date(2022, 10, 22), Openness.STALE),
        (date(2023, 12, 6), Openness.STALE),
        (date(2023, 12, 7), Openness.CLOSED),
        (date(2026, 11, 22), Openness.CLOSED),
        (date(2040, 1, 1), Openness.CLOSED),
    ],
)
def test_palatine_through_the_years(palatine: Trial, today: date, openness: Openness) -> None:
    """Open on its demonstration day, stale after 15 days without a check, closed since 2023."""
    assert openness is status_on(palatine, today).openness


def test_the_demonstration_day_is_an_open_one(palatine: Trial) -> None:
    """A demonstration shows the way to a centre."""
    assert status_on(palatine, palatine.demonstration).routes


def test_only_an_open_trial_sends_anybody_anywhere(palatine: Trial) -> None:
    """Paused, closed and stale trials have no route."""
    today = date(2026, 3, 1)
    routed: dict[Kind, bool] = {
        "recruiting": True, "suspended": False, "closed": False, "unknown": False,
    }  # fmt: skip
    for status, routes in routed.items():
        trial = replace(palatine, status=(seen(today, status),))

        assert routes is status_on(trial, today).routes

    stale = replace(palatine, status=(seen(today - FRESH - timedelta(days=1), "recruiting"),))

    assert not status_on(stale, today).routes


def test_a_new_check_makes_an_old_status_fresh(palatine: Trial) -> None:
    """What counts is the day of the check, not the day since when it holds."""
    entry = seen(date(2020, 1, 1), "recruiting", date(2026, 3, 1))
    status = status_on(replace(palatine, status=(entry,)), date(2026, 3, 15))

    assert Openness.OPEN is status.openness
    assert (date(2026, 3, 1), "source of 2020-01-01") == (status.checked, status.source)


def test_what_is_checked_later_is_not_known_yet(palatine: Trial) -> None:
    """Before the first check the status is stale, whatever it will say."""
    entry = seen(date(2026, 1, 1), "recruiting", date(2026, 3, 1))
    status = status_on(replace(palatine, status=(entry,)), date(2026, 2, 1))

    assert Openness.STALE is status.openness


def test_of_two_entries_of_one_day_the_later_check_counts(palatine: Trial) -> None:
    """An entry that corrects another on the same day wins."""
    day = date(2026, 1, 1)
    history = (seen(day, "recruiting", day), seen(day, "closed", date(2026, 1, 3)))

    assert (
        Openness.CLOSED is status_on(replace(palatine, status=history), date(2026, 1, 4)).openness
    )


def test_without_a_centre_there_is_no_route(palatine: Trial) -> None:
    """A recruiting trial that nobody can be sent to counts as stale."""
    today = date(2026, 3, 1)
    trial = replace(palatine, status=(seen(today, "recruiting"),), centres=())

    assert Openness.STALE is status_on(trial, today).openness


def test_what_the_registry_does_not_know_is_stale_however_fresh(palatine: Trial) -> None:
    """Its word of today takes back what it said before, closed too; the day of it is shown."""
    for before in ("recruiting", "suspended", "closed"):
        status = known(palatine, look(before), look("unknown", days=1), days=1)

        assert Status(Openness.STALE, DAY + timedelta(days=1), REGISTRY) == status


@pytest.mark.parametrize("word", ["recruiting", "suspended", "closed"])
def test_of_two_looks_of_one_day_unknown_is_stricter_than_recruiting_only(
    palatine: Trial, word: Kind
) -> None:
    """Nothing says which came first."""
    expected = {
        "recruiting": Openness.STALE, "suspended": Openness.PAUSED, "closed": Openness.CLOSED,
    }  # fmt: skip
    for history in permutations((look("unknown"), look(word))):
        assert expected[word] is known(palatine, *history).openness


@pytest.mark.parametrize("word", ["recruiting", "suspended", "closed"])
def test_a_source_that_does_not_know_contradicts_nobody(palatine: Trial, word: Kind) -> None:
    """What another source says counts, as if nobody else had been asked."""
    alone = known(palatine, look(word, OTHER), days=1)

    assert alone == known(palatine, look(word, OTHER), look("unknown", days=1), days=1)
    assert alone.other is None


# More than one source


@pytest.mark.parametrize(
    ("source", "who"),
    [
        ("https://clinicaltrials.gov/study/NCT1", "clinicaltrials.gov"),
        ("https://www.ClinicalTrials.gov:443/x?y#z", "clinicaltrials.gov"),
        ("ClinicalTrials.gov, update of 7 October 2022", "clinicaltrials.gov"),
        (" By telephone , on Monday", "by telephone"),
        ("https://classic.clinicaltrials.gov/x", "classic.clinicaltrials.gov"),
        ("", ""),
    ],
)
def test_a_source_is_known_by_its_host_or_its_first_words(source: str, who: str) -> None:
    """So the same registry is one source, however it is written down."""
    assert who == source_of(source)


@pytest.mark.parametrize("looks", PAIRS)
@pytest.mark.parametrize("newer", [0, 3])
def test_of_two_sources_the_stricter_wins_and_the_other_is_told(
    palatine: Trial, looks: tuple[Kind, Kind], newer: int
) -> None:
    """Whichever is newer, and in whichever order they stand."""
    first, second = look(looks[0]), look(looks[1], OTHER, newer)
    openness = {
        "recruiting": Openness.OPEN, "suspended": Openness.PAUSED, "closed": Openness.CLOSED,
    }  # fmt: skip
    strict, mild = sorted((first, second), key=lambda entry: list(openness).index(entry.status))[
        ::-1
    ]
    expected = Status(
        openness[strict.status], strict.checked, strict.source,
        Status(openness[mild.status], mild.checked, mild.source),
    )  # fmt: skip

    for history in ((first, second), (second, first)):
        assert expected == known(palatine, *history, days=newer)


def test_sources_that_agree_have_no_other(palatine: Trial) -> None:
    """The newer of them is named."""
    status = known(palatine, look("recruiting"), look("recruiting", OTHER, 2), days=3)

    assert Status(Openness.OPEN, DAY + timedelta(days=2), OTHER) == status

    history = (look("recruiting"), look("recruiting", OTHER, 2), look("recruiting", days=3))

    assert REGISTRY == known(palatine, *history, days=3).source


def test_of_three_sources_the_two_strictest_are_told(palatine: Trial) -> None:
    """One other is enough to know that they disagree."""
    status = known(palatine, look("recruiting", THIRD), look("closed"), look("suspended", OTHER))

    assert (Openness.CLOSED, REGISTRY) == (status.openness, status.source)
    assert status.other is not None
    assert (Openness.PAUSED, OTHER) == (status.other.openness, status.other.source)
    assert status.other.other is None


@pytest.mark.parametrize("before", ["recruiting", "suspended", "closed"])
@pytest.mark.parametrize("after", ["recruiting", "suspended", "closed"])
def test_a_newer_look_at_a_source_replaces_the_older(
    palatine: Trial, before: Kind, after: Kind
) -> None:
    """A milder one too: it knows what has changed."""
    same = f"{REGISTRY}/history"
    history = (look(after, same, 1), look(before))
    status = known(palatine, *history, days=1)

    assert known(palatine, look(after, same, 1), days=1) == status
    assert (DAY + timedelta(days=1), None) == (status.checked, status.other)
    assert known(palatine, look(before)) == known(palatine, *history)


def test_the_last_look_counts_not_the_last_change(palatine: Trial) -> None:
    """Who says on the 20th that it is closed since the 1st knows more than who looked between."""
    late = look("closed", since=0, days=19)
    between = look("recruiting", days=9)

    assert known(palatine, between, late, days=18).routes
    assert Openness.CLOSED is known(palatine, between, late, days=19).openness


@pytest.mark.parametrize("looks", PAIRS)
def test_of_two_looks_of_one_day_at_one_source_the_stricter_counts(
    palatine: Trial, looks: tuple[Kind, Kind]
) -> None:
    """Nothing tells which of them came first."""
    status = known(palatine, look(looks[0]), look(looks[1]))
    strict = max(looks, key=("recruiting", "suspended", "closed").index)

    assert known(palatine, look(strict)) == status


def test_fifteen_days_after_its_check_a_source_counts_no_more(palatine: Trial) -> None:
    """One that is fresh does, and does not disagree with it; alone it is stale."""
    history = (look("recruiting"), look("recruiting", OTHER, 5))

    assert REGISTRY == known(palatine, history[0], days=14).source
    assert Openness.STALE is known(palatine, history[0], days=15).openness
    assert Status(Openness.OPEN, DAY + timedelta(days=5), OTHER) == known(
        palatine, *history, days=15
    )

    late = known(palatine, *history, days=20)

    assert (Openness.STALE, None) == (late.openness, late.other)


@pytest.mark.parametrize("strict", ["suspended", "closed"])
def test_a_no_does_not_grow_stale(palatine: Trial, strict: Kind) -> None:
    """And a fresh *open* of another source does not outweigh it."""
    history = (look(strict), look("recruiting", OTHER, 400))
    status = known(palatine, *history, days=400)

    assert not status.routes
    assert (DAY, REGISTRY) == (status.checked, status.source)
    assert status.other is not None
    assert Openness.OPEN is status.other.openness


def test_checks_join_the_history_of_a_trial(palatine: Trial) -> None:
    """In the order of their days; nothing of it is lost."""
    check = look("recruiting", OTHER, since=-2000, days=0)
    joined = with_checks(palatine, [check])

    assert {*palatine.status, check} == set(joined.status)
    assert [entry.day for entry in joined.status] == sorted(entry.day for entry in joined.status)
    assert palatine == with_checks(palatine, [])


# What a patient is shown


def told(catalogue: Catalogue, language: str, *looks: StatusEntry) -> Talk:
    """A conversation of a live service that knows these looks."""
    trial = replace(catalogue.trials[1], status=looks)
    shown = replace(catalogue, demonstration=False, trials={1: trial})
    return Talk(shown, language, DAY + timedelta(days=3))


def texts(talk: Talk) -> str:
    """What the screen says."""
    return "\n".join(block.text for block in talk.view.blocks)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("looks", "openness", "other"),
    [
        (("closed", "recruiting"), "closed", "open"),
        (("closed", "suspended"), "closed", "paused"),
        (("suspended", "recruiting"), "paused", "open"),
    ],
)
def test_screens_show_both_sources_when_they_disagree(
    catalogue: Catalogue, language: str, looks: tuple[Kind, Kind], openness: str, other: str
) -> None:
    """The welcome, and the screen about the study: each source's word and the day of its check."""
    talk = told(catalogue, language, look(looks[0]), look(looks[1], OTHER, 2))
    speech = catalogue.speeches[language]
    strict = speech.say(f"status.{openness}", day=speech.date(DAY))
    mild = speech.say(
        f"status.other.{other}", source="b.example.org", day=speech.date(date(2026, 3, 3))
    )

    for action, step in ((Action.SHOW, Step.WELCOME), (Action.ABOUT, Step.ABOUT)):
        talk.force(action)

        assert step is talk.step
        assert texts(talk).index(strict) < texts(talk).index(mild)
        assert Action.START not in talk.actions()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "looks",
    [
        (look("recruiting"), look("recruiting", OTHER, 2)),
        (look("recruiting", days=-20), look("recruiting", OTHER, 2)),
        (look("closed"),),
        (look("recruiting", days=-20),),
    ],
)
def test_screens_show_one_source_when_none_disagrees(
    catalogue: Catalogue, language: str, looks: tuple[StatusEntry, ...]
) -> None:
    """What nobody can rely on any more contradicts nobody."""
    talk = told(catalogue, language, *looks)
    speech = catalogue.speeches[language]
    for action in (Action.SHOW, Action.ABOUT):
        talk.force(action)
        for kind in ("open", "paused", "closed"):
            said = speech.say(f"status.other.{kind}", source="|", day="|").partition("|")[0]

            assert said not in texts(talk)
