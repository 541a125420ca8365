"""What the screens of a request promise, and what they do not: on the web page and in a chat."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from dialogs.catalogue import Carrier, Catalogue
from dialogs.conversation.dialog import aside, draft, message
from dialogs.conversation.effects import Settled
from dialogs.conversation.requests import outcome
from dialogs.conversation.screens import Aside, Event
from dialogs.conversation.session import LANGUAGES, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import BlockKind, View
from dialogs.wire.code import code_of, grouped
from tests.builders import DEMONSTRATION_DAY, UNSURE, Talk

WEB = "https://passerelle.example.org"
NOTHING: Mapping[str, int] = {}


@pytest.fixture(params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> str:
    """Each language."""
    return str(request.param)


@pytest.fixture(scope="module")
def chat(catalogue: Catalogue) -> Catalogue:
    """The demonstration in a chat."""
    return replace(catalogue, carrier=Carrier("Telegram", WEB))


def preview(catalogue: Catalogue, language: str, numbers: Mapping[str, int] = NOTHING) -> Talk:
    """From the welcome to what will be sent, with `numbers` in place of the straight answers."""
    talk = Talk(catalogue, language).result(**numbers).tap(Action.CONTACT)
    return talk.tap(Action.REGION, 11).tap(Action.CENTRE, 1).tap(Action.ASK)


def sent(catalogue: Catalogue, language: str, today: date = DEMONSTRATION_DAY) -> Talk:
    """A request that was made on `today`."""
    done = outcome(Settled.DONE, today.toordinal())
    return preview(catalogue, language).tap(Action.CONFIRM).force(Action.OUTCOME, done)


def texts(view: View) -> list[str]:
    """The paragraphs of a screen."""
    return [block.text for block in view.blocks]


def hrefs(view: View) -> set[str | None]:
    """Where its links lead."""
    return {block.href for block in view.blocks if block.kind is BlockKind.LINK}


def test_what_is_not_known_is_never_sent_as_a_fact(catalogue: Catalogue, language: str) -> None:
    """Before the bare criteria stands that nobody knows them yet; the result is in quotes."""
    say = catalogue.speeches[language].say
    talk = preview(catalogue, language, UNSURE)

    assert say("preview.points") not in texts(talk.view)

    shown = texts(talk.tap(Action.DETAILS, 1).view)
    place = shown.index(say("preview.points"))
    plain = {
        say(catalogue.trials[1].phrase(f"{one.id}.plain")) for one in catalogue.trials[1].criteria
    }

    assert say("preview.result", outcome=say("result.check.title")) == shown[place - 1]
    assert shown[place + 1] in plain
    assert not plain & set(shown[:place])


def test_without_open_points_none_are_announced(catalogue: Catalogue, language: str) -> None:
    """The result goes alone."""
    say = catalogue.speeches[language].say
    shown = texts(preview(catalogue, language).tap(Action.DETAILS, 1).view)

    assert say("preview.result", outcome=say("result.worth.title")) in shown
    assert say("preview.points") not in shown


@pytest.mark.parametrize("whom", [Whom.SELF, Whom.RELATIVE])
def test_what_stays_is_said_before_and_after_adding(
    catalogue: Catalogue, language: str, whom: Whom
) -> None:
    """With the points on the list it no longer says that all answers stay."""
    talk = preview(catalogue, language, UNSURE)
    talk = Talk(catalogue, language, session=replace(talk.session, whom=whom))
    say, relative = catalogue.speeches[language].say, whom is Whom.RELATIVE
    before, after = (say(f"preview.{name}", relative) for name in ("private", "added"))
    first = texts(talk.view)
    added = texts(talk.tap(Action.DETAILS, 1).view)
    dropped = texts(talk.tap(Action.DETAILS, 0).view)

    assert [(True, False), (False, True), (True, False)] == [
        (before in shown, after in shown) for shown in (first, added, dropped)
    ]


def test_the_code_is_told_and_the_receipt_is_kept(
    catalogue: Catalogue, chat: Catalogue, language: str
) -> None:
    """Where both are on one page, it says which of them opens the letter box."""
    say = catalogue.speeches[language].say
    for known, identity in ((catalogue, "sent.code.box"), (chat, "sent.code")):
        talk = sent(known, language)
        session = talk.session
        code = grouped(code_of(session.tag, session.trial, session.focus, session.attempt))

        assert say(identity, code=code) in texts(talk.view)


def test_in_a_demonstration_she_is_warned_and_told_that_nobody_got_it(
    catalogue: Catalogue, live: Catalogue, language: str
) -> None:
    """Before she sends and before her own words go; after it, and where she waits."""
    say = live.speeches[language].say
    for known in (catalogue, replace(catalogue, demonstration=False)):
        talk = sent(known, language)
        session = talk.session.at(Step.MESSAGE)
        drafted = draft(session, "Bonjour", DEMONSTRATION_DAY, known).view
        before = [preview(known, language).view, drafted]
        after = [talk.view, talk.copy().tap(Action.WAITING).view]
        shown = known.demonstration

        assert [shown, shown] == [say("preview.demo") in texts(view) for view in before]
        assert [shown, shown] == [say("sent.demo.none") in texts(view) for view in after]


def test_a_web_page_says_that_nobody_brings_the_answer(
    catalogue: Catalogue, chat: Catalogue, language: str
) -> None:
    """There she has to come back with her receipt; a chat is rung by the answer itself."""
    say = catalogue.speeches[language].say
    web, bot = sent(catalogue, language), sent(chat, language)

    assert say("sent.receipt") in texts(web.view)
    assert say("sent.chat") in texts(bot.view)

    assert say("waiting.box") == texts(web.tap(Action.WAITING).view)[0]
    assert "/receipt" in hrefs(web.view)
    assert say("waiting.box") not in texts(bot.tap(Action.WAITING).view)
    assert "/receipt" not in hrefs(bot.view)


def test_the_end_empties_a_letter_box_and_says_so_first(
    catalogue: Catalogue, chat: Catalogue, language: str
) -> None:
    """An answer that was not read yet would be lost; in a chat it stays."""
    say = catalogue.speeches[language].say

    assert [say("ending.box")] == texts(sent(catalogue, language).tap(Action.END).view)
    assert [say("ending.text")] == texts(sent(chat, language).tap(Action.END).view)


@pytest.mark.parametrize(
    ("action", "phrase"), [(Action.ERASE, "erase.asked"), (Action.STOP, "stopped.asked")]
)
def test_who_leaves_hears_that_a_request_goes_on(
    catalogue: Catalogue, chat: Catalogue, language: str, action: Action, phrase: str
) -> None:
    """Erasing ends no request: said after one was made, and to nobody else."""
    for known, identity in ((catalogue, f"{phrase}.box"), (chat, phrase)):
        words = known.speeches[language].say(identity)
        talk = sent(known, language)
        waiting = talk.copy().tap(Action.WAITING)

        assert words in texts(talk.copy().force(action).view)
        assert words in texts(waiting.force(action).view)
        assert words in texts(talk.tap(Action.BACK).force(action).view)
        assert words not in texts(preview(known, language).force(action).view)


def test_no_screen_says_that_nothing_is_kept_once_a_request_may_stand(
    catalogue: Catalogue, language: str
) -> None:
    """Its code is kept: these speak of answers only."""
    say = catalogue.speeches[language].say
    nothing = {"fr": "rien", "en": "nothing"}[language]
    for identity in ("erase.text", "erased.text", "stopped.text", "expired.text", "regions.text"):
        kept = [part for part in say(identity).lower().split(".") if nothing in part]

        assert [] == [part for part in kept if "gard" in part or "kept" in part or "keep" in part]


def test_the_privacy_page_names_the_letter_box_where_there_is_one(
    catalogue: Catalogue, chat: Catalogue, language: str
) -> None:
    """On the web page, if a centre can be asked at all."""
    say = catalogue.speeches[language].say
    nobody = replace(catalogue, reach=frozenset())
    shown = [
        say("privacy.asked.box") in texts(Talk(known, language).force(Action.PRIVACY).view)
        for known in (catalogue, chat, nobody)
    ]

    assert [True, False, False] == shown


@pytest.mark.parametrize("kind", [Aside.UNCLEAR, Aside.MEDIA, Aside.DISTRESS, Aside.BODY])
def test_typed_words_that_reach_nobody_say_so(chat: Catalogue, language: str, kind: Aside) -> None:
    """After the number to call, where there is one."""
    told = {"fr": "n’a été transmis à personne", "en": "was not passed on to anybody"}[language]
    shown = texts(aside(kind, sent(chat, language).session, DEMONSTRATION_DAY, chat).view)
    number = "15" in shown[0]

    assert [number] == [place > 0 for place, text in enumerate(shown) if told in text]


def called(talk: Talk, event: Event) -> View:
    """What the centre of `talk` did; its own number stands by."""
    session = talk.session.at(Step.MESSAGE)
    view = message(session, event, "", DEMONSTRATION_DAY, talk.catalogue).view
    phone = talk.catalogue.trials[1].centres[0].phone.replace(" ", "")

    assert f"tel:{phone}" in hrefs(view)

    return view


@pytest.mark.parametrize(
    ("whom", "suits"),
    [
        (Whom.SELF, {"fr": "si l’étude vous convient", "en": "whether the study suits you"}),
        (
            Whom.RELATIVE,
            {
                "fr": "si l’étude convient à votre proche",
                "en": "whether the study suits the person",
            },
        ),
    ],
)
def test_a_team_that_closed_does_not_judge(
    catalogue: Catalogue, language: str, whom: Whom, suits: Mapping[str, str]
) -> None:
    """Closing is no verdict, for her or for whom she asks."""
    talk = sent(catalogue, language)
    asked = Talk(catalogue, language, session=replace(talk.session, whom=whom))

    assert suits[language] in texts(called(asked, Event.CLOSED))[0]


def test_seen_is_no_answer_yet(catalogue: Catalogue, language: str) -> None:
    """She is told to call if she hears nothing."""
    word = {"fr": "appelez", "en": "call"}[language]

    assert word in texts(called(sent(catalogue, language), Event.TAKEN))[0]
