"""Screens as Telegram messages: within its limits, and discreet on a locked phone."""

import re
from dataclasses import replace

import pytest

from bot.channels.telegram.api import TOAST
from bot.channels.telegram.bubble import LIMIT, bubble, html, notice
from bot.desk import Desk
from dialogs.catalogue import Catalogue
from dialogs.conversation.dialog import aside, turn
from dialogs.conversation.screens import Aside
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Block, BlockKind, View
from dialogs.eligibility.answers import NOT_SURE, Answers
from dialogs.wire.pack import Tap
from tests.builders import DEMONSTRATION_DAY
from tests.telegram_fixtures import worded, words
from tests.test_texts import walk

#: What would tell a stranger who sees a locked phone that somebody is ill, by its beginning.
ILLNESS = re.compile(
    r"\b(cancer|sein|breast|m[ée]decin|doctor|oncolog|h[oô]pital|hospital|malad|ill(?:ness)?\b|"
    r"traitement|treatment|[ée]tude|study|studies|trial|essai|patient|sant[ée]|health|tumeur|"
    r"tumour|her2|hormon|m[ée]tasta|spread|biops|chimio|chemo|rayons|soignant|soins|care team|"
    r"mourir|suicid|death|die\b|diagnos|palatine)",
    re.IGNORECASE,
)
SHOWN = 60


def every_view(catalogue: Catalogue, language: str) -> list[View]:
    """One view of each screen that can be reached, and of each thing said to typed words."""
    fresh = Session(language=language)
    asides = [aside(kind, fresh, DEMONSTRATION_DAY, catalogue).view for kind in Aside]
    return walk(catalogue, language) + asides


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_sent_begins_with_nothing_of_health(carried: Catalogue, language: str) -> None:
    """The first 60 characters of every screen that can be sent, of a closed study too."""
    lead = carried.speeches[language].say("chat.lead")
    closed = replace(carried, demonstration=False)
    for catalogue in (carried, closed):
        for view in every_view(catalogue, language):
            text = words(view, None if view.discreet else lead)

            assert None is ILLNESS.search(text[:SHOWN]), (view.step, text[:SHOWN])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_notices_begin_with_nothing_of_health(carried: Catalogue, language: str) -> None:
    """Groups, invitations, troubles; and how the bot describes itself, to the end."""
    say = carried.speeches[language].say
    sent = ["chat.group", "chat.trouble", "chat.unsure", "chat.erased"]

    assert SHOWN <= len(say("chat.lead"))
    for text in [*(say(identity) for identity in sent), say("chat.closed", chat=1)]:
        assert None is ILLNESS.search(text[:SHOWN]), text
    for identity in ("bot.description", "bot.short"):
        assert None is ILLNESS.search(say(identity)), identity


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "name", ["trouble", "unsure", "erased", "early", "group.tap", "closed.tap"]
)
def test_toasts_are_short_enough(carried: Catalogue, language: str, name: str) -> None:
    """Telegram shows 200 characters: none is cut in the middle of a sentence."""
    assert len(carried.speeches[language].say(f"chat.{name}")) <= TOAST


def test_the_watch_would_see_an_illness() -> None:
    """The words it looks for are found at the beginning of most questions."""
    assert ILLNESS.search("Votre cancer est-il sensible aux hormones (les œstrogènes) ?"[:SHOWN])
    assert ILLNESS.search("Has your doctor spoken")
    assert None is ILLNESS.search("Passerelle a un nouveau message.")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("whom", [Whom.SELF, Whom.RELATIVE])
def test_the_longest_screens_fit(carried: Catalogue, language: str, whom: Whom) -> None:
    """With all unknown, and the summary of everything answered, a lead and a notice on top."""
    slots = {fact.slot: NOT_SURE for fact in carried.bank.facts.values()}
    lead = carried.speeches[language].say("chat.lead")
    longest = 0
    for answers in (Answers().replaced(slots), Answers()):
        for step in Step:
            session = Session(
                language=language, step=step, origin=Step.RESULT, whom=whom, answers=answers,
                focus=1,
            )  # fmt: skip
            shown = turn(session, Tap(Action.SHOW), DEMONSTRATION_DAY, carried).view
            view = replace(shown, notice="n" * 200)
            longest = max(longest, len(words(view, lead).encode("utf-16-le")) // 2)

    assert 1500 < longest <= LIMIT


def test_marks_are_escaped() -> None:
    """Whatever a text holds, Telegram reads it as text."""
    view = View(
        Step.WHY, "en", "a < b & c", (
            Block(BlockKind.TEXT, "<b>no</b>"),
            Block(BlockKind.LINK, "R&D", 'https://example.org/?a=1&b="2"'),
            Block(BlockKind.ANSWER, "Q", detail="x > y"),
        ), (), (), banner="<i>", notice="&", progress="1 < 2",
    )  # fmt: skip

    assert html(view) == (
        "<b>a &lt; b &amp; c</b>\n1 &lt; 2\n\n<blockquote>&amp;</blockquote>\n\n"
        '&lt;b&gt;no&lt;/b&gt;\n\n<a href="https://example.org/?a=1&amp;b=&quot;2&quot;">'
        "R&amp;D</a>\n\nQ: <b>x &gt; y</b>\n\n<i>&lt;i&gt;</i>"
    )


def test_numbers_and_addresses_stand_in_the_words(desk: Desk) -> None:
    """Telegram links no telephone numbers: the words of the urgent screen name each of them."""
    page = desk.act(b"place", Action.URGENT, None, "fr")
    text = worded(words(page.view))

    assert "<a " not in html(page.view)
    for number in ("15", "112", "3114", "114"):
        assert f"\n\n{number} : " in text


def test_buttons_stand_as_on_the_page(desk: Desk) -> None:
    """Each row in its place, the tools two by two, each with its own token of 64 characters."""
    page = desk.welcome(b"place", "fr")
    message = bubble(page)
    keys = message["reply_markup"]["inline_keyboard"]
    data = [key["callback_data"] for row in keys for key in row]

    assert [1, 1, 2, 2] == [len(row) for row in keys]
    assert len(data) == len(set(data))
    assert {64} == {len(token.encode()) for token in data}
    assert ["primary"] == [key["style"] for row in keys for key in row if "style" in key]


def test_nothing_asks_for_a_number_or_a_place(desk: Desk) -> None:
    """No keyboard asks for a phone number, and no button opens what would carry a name."""
    keys = bubble(desk.welcome(b"place", "fr"))["reply_markup"]["inline_keyboard"]
    message = notice("words", "label", "https://t.me/x")

    assert {"text", "callback_data", "style"} >= {name for row in keys for k in row for name in k}
    assert {"text", "url"} == set(message["reply_markup"]["inline_keyboard"][0][0])
    assert "reply_markup" not in notice("words")
