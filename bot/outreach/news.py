"""News of studies: how each stands today beside what was last told of it, and the words for it.

A study that is open and was never told is `added`; one that was told as closed and is open again,
`opened`; one that was told as open and takes nobody now, `closed`. Nothing is told while nobody
knows how a study stands. Each language is for itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.store.records import Announcement, Event
from dialogs.conversation.speech import Speech
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.status import Openness, Status, status_on

__all__ = ["News", "Post", "event_of", "new", "post", "told"]

#: The order of what was told of one study on one day: the stricter of two looks counts there.
_ORDER: tuple[Event, ...] = ("added", "opened", "closed")
_SHUT = (Openness.CLOSED, Openness.PAUSED)


@dataclass(frozen=True, slots=True)
class News:
    """What is told of `trial` on a `day`, on which it stood as `status` says."""

    trial: Trial
    event: Event
    day: date
    status: Status


@dataclass(frozen=True, slots=True)
class Post:
    """News in words: `links` are labels with their addresses."""

    title: str
    lines: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


def event_of(openness: Openness, last: Event | None) -> Event | None:
    """What to tell of a study that stands so, after what was told last; None for nothing."""
    if openness is Openness.OPEN:
        if last is None:
            return "added"
        return "opened" if last == "closed" else None
    return "closed" if openness in _SHUT and last in ("added", "opened") else None


def new(
    trials: Iterable[Trial], announced: Iterable[Announcement], language: str, today: date
) -> list[News]:
    """What is to be told in `language` today, in the order of `trials`.

    What was told today already is not told again today.
    """
    mine = sorted((one for one in announced if one.language == language), key=_when)
    last = {one.trial: one.event for one in mine}
    said = {(one.trial, one.event) for one in mine if one.day == today}
    found = []
    for trial in trials:
        status = status_on(trial, today)
        event = event_of(status.openness, last.get(trial.id))
        if event is not None and (trial.id, event) not in said:
            found.append(News(trial, event, today, status))
    return found


def told(trials: Iterable[Trial], announced: Iterable[Announcement], language: str) -> list[News]:
    """What was told in `language`, the newest first.

    Left out is what is about a study that is gone, and what later looks show to have been wrong.
    """
    known = {trial.id: trial for trial in trials}
    found = []
    for one in sorted(announced, key=_when, reverse=True):
        trial = known.get(one.trial)
        if trial is None or one.language != language:
            continue
        status = status_on(trial, one.day)
        if status.openness in _SHUT if one.event == "closed" else status.routes:
            found.append(News(trial, one.event, one.day, status))
    return found


def _when(one: Announcement) -> tuple[date, int]:
    return one.day, _ORDER.index(one.event)


def post(news: News, speech: Speech, web: str) -> Post:
    """`news` in words; `web` is the address of the web page, without a slash."""
    trial, kind = news.trial, news.status.openness.value
    study = speech.say("welcome.study", name=trial.name, title=speech.say(trial.phrase("title")))
    checked = speech.date(news.status.checked)
    return Post(
        speech.say(f"news.{kind}", name=trial.name),
        (study, speech.say(f"status.{kind}", day=checked), speech.say("news.note")),
        (
            (speech.say("news.talk"), f"{web}/?t={trial.number}&lang={speech.language}"),
            (speech.say("studies.link", name=trial.name), trial.registry),
        ),
    )
