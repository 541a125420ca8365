"""What is new about studies, as a table, and how it is said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.outreach.news import News, event_of, new, post, told
from bot.store.records import Announcement, Event
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.status import Openness, status_on
from dialogs.trialfile import StatusEntry

TODAY = date(2026, 3, 10)
REGISTRY = "https://clinicaltrials.gov/study/NCT03870919"
WEB = "https://passerelle.example.org"
OPEN, PAUSED, CLOSED, STALE = Openness.OPEN, Openness.PAUSED, Openness.CLOSED, Openness.STALE


def standing(trial: Trial, *looks: tuple[str, int]) -> Trial:
    """`trial` as it was seen: each look is a status, and how many days ago it was."""
    entries = [
        StatusEntry(TODAY - timedelta(days=ago), status, TODAY - timedelta(days=ago), REGISTRY)  # type: ignore[arg-type]
        for status, ago in looks
    ]
    return replace(trial, status=tuple(entries))


def noted(event: Event, ago: int = 5, language: str = "fr", trial: str = "") -> Announcement:
    """That something was told so many days ago."""
    return Announcement(trial or "NCT03870919", event, TODAY - timedelta(days=ago), language)


@pytest.mark.parametrize(
    ("openness", "last", "event"),
    [
        (OPEN, None, "added"),
        (OPEN, "added", None),
        (OPEN, "opened", None),
        (OPEN, "closed", "opened"),
        (PAUSED, None, None),
        (PAUSED, "added", "closed"),
        (PAUSED, "opened", "closed"),
        (PAUSED, "closed", None),
        (CLOSED, None, None),
        (CLOSED, "added", "closed"),
        (CLOSED, "opened", "closed"),
        (CLOSED, "closed", None),
        (STALE, None, None),
        (STALE, "added", None),
        (STALE, "opened", None),
        (STALE, "closed", None),
    ],
)
def test_what_is_told_follows_from_what_was_told(
    openness: Openness, last: Event | None, event: Event | None
) -> None:
    """Every way a study can stand, after everything that can have been told."""
    assert event is event_of(openness, last)


@pytest.mark.parametrize(
    ("looks", "announced", "events"),
    [
        ([("recruiting", 0)], [], ["added"]),
        ([("recruiting", 14)], [], ["added"]),
        ([("recruiting", 15)], [], []),
        ([("unknown", 0)], [noted("added")], []),
        ([("suspended", 3)], [noted("added")], ["closed"]),
        ([("closed", 3)], [], []),
        ([("recruiting", 0)], [noted("added", 9), noted("closed", 5)], ["opened"]),
        # The order of the rows does not matter, and on one day closed is the last word.
        ([("recruiting", 0)], [noted("closed", 5), noted("added", 9)], ["opened"]),
        ([("recruiting", 0)], [noted("closed", 5), noted("opened", 5)], ["opened"]),
        ([("closed", 0)], [noted("closed", 5), noted("added", 5)], []),
        # Another language, another study.
        ([("recruiting", 0)], [noted("added", language="en")], ["added"]),
        ([("recruiting", 0)], [noted("added", trial="NCT00000000")], ["added"]),
        # Told today already: a store takes each event of a day once.
        ([("recruiting", 0)], [noted("opened", 0), noted("closed", 0)], []),
        # The first look of all came later than today.
        ([("recruiting", -1)], [], []),
    ],
)
def test_what_is_new_is_the_difference(
    palatine: Trial,
    looks: list[tuple[str, int]],
    announced: list[Announcement],
    events: list[Event],
) -> None:
    """Between how a study stands today and what was last told of it in that language."""
    found = new([standing(palatine, *looks)], announced, "fr", TODAY)

    assert events == [one.event for one in found]
    assert all(one.day == TODAY for one in found)


def test_each_study_is_for_itself(everything: Catalogue) -> None:
    """In the order of the service."""
    trials = [standing(trial, ("recruiting", 1)) for trial in everything.trials.values()]
    with_centres = [trial.id for trial in trials if trial.centres]
    told_ = [noted("added", trial=with_centres[0])]

    assert with_centres == [one.trial.id for one in new(trials, [], "en", TODAY)]
    assert with_centres[1:] == [one.trial.id for one in new(trials, told_, "fr", TODAY)]


def test_what_was_told_comes_back_newest_first(palatine: Trial) -> None:
    """As it stood on that day, whatever came later."""
    trial = standing(palatine, ("recruiting", 30), ("suspended", 20), ("recruiting", 10))
    rows = [noted("added", 30), noted("closed", 20), noted("opened", 10), noted("added", 30, "en")]
    found = told([trial], rows, "fr")

    assert [("opened", 10), ("closed", 20), ("added", 30)] == [
        (one.event, (TODAY - one.day).days) for one in found
    ]
    assert [OPEN, PAUSED, OPEN] == [one.status.openness for one in found]


def test_what_turned_out_wrong_is_left_out(palatine: Trial) -> None:
    """So is what is about a study that the service speaks of no more."""
    trial = standing(palatine, ("recruiting", 10), ("closed", 10))
    rows = [noted("opened", 10), noted("closed", 10), noted("added", 9, trial="NCT00000000")]

    assert ["closed"] == [one.event for one in told([trial], rows, "fr")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["recruiting", "suspended", "closed"])
def test_a_post_says_which_study_and_how_it_stands(
    live: Catalogue, palatine: Trial, language: str, status: str
) -> None:
    """With the day of the look, the service and the public record; it is no advice."""
    speech = live.speeches[language]
    trial = standing(palatine, (status, 3))
    stands = status_on(trial, TODAY)
    words = post(News(trial, "closed", TODAY, stands), speech, WEB)
    study, how, note = words.lines

    assert words.title.startswith(trial.name)
    assert trial.name in study
    assert speech.say(trial.phrase("title")) in study
    assert speech.date(TODAY - timedelta(days=3)) in how
    assert speech.say("news.note") == note
    assert [f"{WEB}/?t=1&lang={language}", trial.registry] == [href for _, href in words.links]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_headlines_differ(live: Catalogue, palatine: Trial, language: str) -> None:
    """Open, closed for good, and closed for now."""
    titles = {
        post(
            News(palatine, "closed", TODAY, status_on(standing(palatine, (status, 1)), TODAY)),
            live.speeches[language],
            WEB,
        ).title
        for status in ("recruiting", "suspended", "closed")
    }

    assert 3 == len(titles)
