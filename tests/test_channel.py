"""Posts in a public channel, as Telegram shows them."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.bubble import LIMIT
from bot.channels.telegram.channel import Fate, content, publish
from bot.channels.telegram.transport import Transport
from bot.outreach.news import News, Post, post
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from dialogs.eligibility.status import Openness, Status
from tests.fakes.telegram import Chat, FakeTelegram
from tests.page_fixtures import NASTY

WEB = "https://passerelle.example.org"
TODAY = date(2026, 3, 10)


@pytest.fixture
def channel(telegram: FakeTelegram) -> Chat:
    """A channel where the bot may post."""
    found = telegram.channel("passerelle_news")
    found.add_bot(telegram.person(), administrator=True)
    return found


def published(telegram: FakeTelegram, *posts: Post) -> list[Fate]:
    """What became of each of these posts."""

    async def play() -> list[Fate]:
        transport = Transport(1.0)
        api = Api(transport, f"{telegram.url}/bot{telegram.token}")
        try:
            return [await publish(api, "@passerelle_news", one) for one in posts]
        finally:
            await transport.shutdown()

    return asyncio.run(play())


@pytest.mark.parametrize("language", LANGUAGES)
def test_news_of_every_study_can_be_posted(
    telegram: FakeTelegram, channel: Chat, everything: Catalogue, language: str
) -> None:
    """However it stands: short enough, with words as they are and both links."""
    posts = [
        post(
            News(trial, "added", TODAY, Status(openness, TODAY, "")),
            everything.speeches[language],
            WEB,
        )
        for trial in everything.trials.values()
        for openness in (Openness.OPEN, Openness.PAUSED, Openness.CLOSED)
    ]

    assert {Fate(posted=True)} == set(published(telegram, *posts))
    for words, message in zip(posts, channel.messages, strict=True):
        labels = "\n".join(label for label, _ in words.links)
        links = [one["url"] for one in message.entities if one["type"] == "text_link"]
        assert "\n\n".join([words.title, *words.lines, labels]) == message.text
        assert [href for _, href in words.links] == links
        assert len(message.text) < LIMIT


def test_a_text_is_only_ever_a_text(telegram: FakeTelegram, channel: Chat) -> None:
    """Whatever a study's name holds."""
    nasty = Post(NASTY, (NASTY,), ((NASTY, f"{WEB}/?t=1&lang=fr"),))

    assert [Fate(posted=True)] == published(telegram, nasty)
    assert f"{NASTY}\n\n{NASTY}\n\n{NASTY}" == channel.last.text
    # What looks like a command is one to Telegram, in any text.
    assert {"bold", "text_link", "bot_command"} == {one["type"] for one in channel.last.entities}


def test_a_post_shows_no_preview_of_a_page() -> None:
    """The picture of somebody else's page would stand below it."""
    empty = Post("x", (), ())

    assert {"is_disabled": True} == content(empty)["link_preview_options"]
    assert "reply_markup" not in content(replace(empty, title="y"))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_is_told_from_a_lost_answer(
    telegram: FakeTelegram, channel: Chat, status: int
) -> None:
    """What was certainly not posted may be tried again."""
    telegram.faults.answer("sendMessage", status)
    (fate,) = published(telegram, Post("x", (), ()))

    assert not fate.posted
    assert not fate.lost
    assert fate.why
    assert [] == channel.messages


@pytest.mark.parametrize("status", [500, 502])
def test_a_server_in_trouble_may_have_posted(
    telegram: FakeTelegram, channel: Chat, status: int
) -> None:
    """So it is not asked again."""
    telegram.faults.answer("sendMessage", status, after_effect=True)

    assert [Fate(lost=True, why="the answer of Telegram was lost")] == published(
        telegram, Post("x", (), ())
    )
    assert 1 == len(channel.messages)
