"""From every result there are ways on: the steps to come, similar studies, and news of others."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.app import desks_for
from bot.channels.telegram.bubble import LIMIT
from bot.desk import Desk
from bot.settings import read_settings
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Carrier, Catalogue
from dialogs.conversation.session import LANGUAGES, Session
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import BlockKind, View
from tests.builders import CLOSED_DAY, PAUSED_DAY, STALE_DAY, Clock, Talk, everywhere
from tests.fakes.telegram import FakeTelegram
from tests.page_fixtures import opening
from tests.telegram_fixtures import WEB, Running, worded, words
from tests.test_studies import DE_NOVO, NOBODY, results

KINDS = {"worth", "check", "later", "no"}
CHANNELS = {"fr": "@essais_du_sein", "en": "@breast_studies"}
#: A pregnancy ends: what rules a study out now need not do so later.
EXPECTING = DE_NOVO | {"could_become_pregnant": "yes", "pregnant": "yes"}


@pytest.fixture(params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    """Each language."""
    return str(request.param)


def kind(talk: Talk) -> str:
    """What a result says."""
    say = talk.catalogue.speeches[talk.session.language].say
    return next(one for one in KINDS if talk.view.title == say(f"result.{one}.title"))


def listed(many: Catalogue, language: str) -> Iterator[Talk]:
    """Results of studies that were picked from the lists of a conversation about all."""
    for facts in (DE_NOVO, DE_NOVO | {"social_security": "other_scheme"}, EXPECTING):
        for action in (Action.PICK, Action.UNFIT):
            talk = results(many, facts, language)
            if action in talk.actions():
                yield (talk if action is Action.PICK else talk.tap(Action.UNFIT)).pick(
                    next(b.trial or 0 for b in talk.view.buttons() if b.action is Action.PICK)
                )


def hrefs(view: View) -> list[str | None]:
    """Where its links lead."""
    return [block.href for block in view.blocks if block.kind is BlockKind.LINK]


def check_steps(talk: Talk) -> None:
    """The steps to come are one tap away, and lead back."""
    there = talk.copy().tap(Action.NEXT_STEPS)

    assert Step.NEXT_STEPS is there.step
    assert talk.view == there.tap(Action.BACK).view


def check_news(talk: Talk) -> None:
    """So is where new studies are told of."""
    there = talk.copy().tap(Action.NEWS)

    assert Step.NEWS is there.step
    assert talk.view == there.tap(Action.BACK).view


def test_every_result_about_the_only_study_leads_on(catalogue: Catalogue, language: str) -> None:
    """To the steps to come, and elsewhere for other studies."""
    found = [talk for talk in everywhere(catalogue, language) if talk.step is Step.RESULT]

    assert KINDS == {kind(talk) for talk in found}
    for talk in found:
        check_steps(talk)
        check_news(talk)
        assert Step.ELSEWHERE is talk.copy().tap(Action.ELSEWHERE).step


def test_every_result_about_one_of_several_leads_to_the_others(
    many: Catalogue, language: str
) -> None:
    """With what is missing asked first; nothing that was answered is lost."""
    found = [talk for talk in everywhere(many, language) if talk.step is Step.RESULT]

    assert KINDS == {kind(talk) for talk in found}
    for talk in found:
        check_steps(talk)
        check_news(talk)
        there = talk.copy().tap(Action.OTHERS)
        assert there.step in (Step.QUESTION, Step.MATCHES)
        assert there.session.matching


def test_every_result_of_the_list_leads_back_to_it(many: Catalogue, language: str) -> None:
    """From there, and from its studies that do not fit, further: steps, and elsewhere."""
    found = list(listed(many, language))

    assert KINDS == {kind(talk) for talk in found}
    for talk in found:
        check_steps(talk)
        check_news(talk)
        assert Step.MATCHES is talk.copy().tap(Action.BACK).step


@pytest.mark.parametrize("facts", [DE_NOVO, NOBODY])
def test_the_lists_lead_on_too(many: Catalogue, language: str, facts: dict[str, str]) -> None:
    """Steps and other studies; where nothing fits, other places stand on the list itself."""
    talk = results(many, facts, language)
    unfit = talk.copy().tap(Action.UNFIT)
    doors = {door.href for door in many.doors}

    check_steps(talk)
    check_news(talk)
    if facts is NOBODY:
        assert doors <= set(hrefs(talk.view))
        assert Action.NEWS is talk.view.buttons()[0].action
    else:
        assert Step.ELSEWHERE is talk.copy().tap(Action.ELSEWHERE).step
    check_steps(unfit)
    elsewhere = unfit.copy().tap(Action.ELSEWHERE)
    assert doors <= set(hrefs(elsewhere.view))
    assert unfit.view == elsewhere.tap(Action.NEWS).tap(Action.BACK).view


@pytest.mark.parametrize("day", [CLOSED_DAY, PAUSED_DAY, STALE_DAY])
def test_a_closed_door_says_where_news_is_told(
    live: Catalogue, everything: Catalogue, language: str, day: date
) -> None:
    """On the first screen, of one study or of all; an open one has better things to say."""
    one = Talk(live, language, day)
    every = Session(language=language, trial=0, matching=True)

    assert Action.START not in one.actions()
    check_news(one)
    check_news(Talk(everything, language, CLOSED_DAY, every))


def test_an_open_door_does_not(catalogue: Catalogue, language: str) -> None:
    """Its first button is the one that begins."""
    assert Action.NEWS not in Talk(catalogue, language).actions()


def test_all_steps_are_told_by_name(catalogue: Catalogue, language: str) -> None:
    """Six of them, in their order; consent comes before the tests that it allows."""
    view = Talk(catalogue, language).result().tap(Action.NEXT_STEPS).view
    texts = [block.text for block in view.blocks if block.kind is BlockKind.TEXT]
    consent, screening = {"fr": ("consentement", "sélection"), "en": ("consent", "screening")}[
        language
    ]

    assert [f"{number}." for number in range(1, 7)] == [text.partition(" ")[0] for text in texts]
    assert consent in texts[2].lower()
    assert screening in texts[3].lower()


def test_on_the_web_the_feed_is_a_page_of_ours(catalogue: Catalogue, language: str) -> None:
    """With a channel it stands first; without one nothing is said of Telegram."""
    talk = Talk(replace(catalogue, channels=CHANNELS), language).force(Action.NEWS)
    alone = Talk(catalogue, language).force(Action.NEWS)
    followers = catalogue.speeches[language].say("news.followers")
    channel = f"https://t.me/{CHANNELS[language][1:]}"

    assert [channel, f"/news.{language}.atom"] == hrefs(talk.view)
    assert [f"/news.{language}.atom"] == hrefs(alone.view)
    assert followers in {block.text for block in talk.view.blocks}
    assert "Telegram" not in str(alone.view.blocks)


def test_in_a_chat_the_feed_has_its_whole_address(catalogue: Catalogue, language: str) -> None:
    """The page is not there to be below of; the screen fits one message."""
    carried = replace(catalogue, carrier=Carrier("Telegram", WEB), channels=CHANNELS)
    view = Talk(carried, language).force(Action.NEWS).view

    assert f"{WEB}/news.{language}.atom" in hrefs(view)
    assert len(words(view)) < LIMIT


def test_without_a_page_and_a_channel_there_is_no_button(
    catalogue: Catalogue, language: str
) -> None:
    """A chat whose service has no public page: the screen would have nothing to show."""
    other = {"fr": "en", "en": "fr"}[language]
    bare = replace(catalogue, carrier=Carrier("Telegram"), channels={other: CHANNELS[other]})
    talk = Talk(bare, language).result()

    assert Action.NEWS not in talk.actions()
    assert Action.NEXT_STEPS in talk.actions()
    assert [] == hrefs(talk.force(Action.NEWS).view)
    told = replace(bare, channels=CHANNELS)
    assert Action.NEWS in Talk(told, language).result().actions()


def test_settings_name_the_channels(tmp_path: Path) -> None:
    """They reach the screen of every desk."""
    environment = {"KEYS_DIR": str(tmp_path / "keys"), "CHANNEL_FR": CHANNELS["fr"]}
    settings = read_settings({**environment, "CHANNEL_EN": CHANNELS["en"]})
    (desk,) = desks_for(settings)

    assert CHANNELS == desk.catalogue.channels


def test_on_telegram_the_channel_and_the_feed_open(
    telegram: FakeTelegram, live: Catalogue, tmp_path: Path, clock: Clock, language: str
) -> None:
    """From the first screen of a closed study, and back to it."""
    carried = replace(live, carrier=Carrier("Telegram", WEB), channels=CHANNELS)
    say = live.speeches[language].say
    with Running(telegram, Desk(carried, KeyFiles(tmp_path / "keys"), clock)):
        anna = telegram.person(language=language)
        anna.say("/start")
        telegram.settle()
        first = anna.last.text
        anna.tap(anna.last, say("button.news"))
        telegram.settle()
        shown = anna.last
        anna.tap(shown, say("button.back"))
        telegram.settle()
        back = anna.last.text
    links = {item["url"] for item in shown.entities if item["type"] == "text_link"}

    assert {f"https://t.me/{CHANNELS[language][1:]}", f"{WEB}/news.{language}.atom"} == links
    assert worded(say("news.title")) in worded(shown.text)
    assert worded(say("news.nobody")) in worded(shown.text)
    assert first.endswith(back)


def test_on_the_web_the_channel_and_the_feed_open(
    live: Catalogue, tmp_path: Path, clock: Clock, hasty: None, language: str
) -> None:
    """The same; the feed that the page links to is there."""
    desk = Desk(replace(live, channels=CHANNELS), KeyFiles(tmp_path / "keys"), clock)
    with opening(tmp_path, desk, clock) as pages:
        first = pages.served.ask(path=f"/?lang={language}")
        news = pages.served.press(first, "news")
        links = [attrs["href"] or "" for tag, attrs in news.tags if tag == "a"]
        feed = f"/news.{language}.atom?lang={language}"

        assert "news" == news.step
        assert [f"https://t.me/{CHANNELS[language][1:]}", feed] == links[-2:]
        assert "application/atom+xml" == pages.served.ask(path=feed).headers["content-type"]
        assert "welcome" == pages.served.press(news, "back").step


def test_nobody_is_on_a_list_and_the_screen_says_so(catalogue: Catalogue, language: str) -> None:
    """What she cannot have is said where she looks for it."""
    say = catalogue.speeches[language].say
    view = Talk(catalogue, language).force(Action.NEWS).view

    assert say("news.nobody") in {b.text for b in view.blocks if b.kind is BlockKind.NOTE}
