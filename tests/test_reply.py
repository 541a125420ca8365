"""Where study centres answer: the reply page and the page that confirms a mail box."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.contact import invitation
from bot.contact.exchange import Told
from bot.desk import Desk
from bot.store.records import Channel, Kind, State
from dialogs.conversation.session import Whom
from dialogs.wire.code import grouped
from tests.builders import DEMONSTRATION_DAY, STRAIGHT, UNSURE, Clock, Talk
from tests.contact_fixtures import CENTRE, NCT
from tests.page_fixtures import LANGUAGES, NASTY, Asked, Pages, Sheet, opening

ANSWER = "Please call us on Tuesday: 01 99 00 12 34.\nThe study team"
MEANS = (
    "These are criteria of the study that the answers leave open. They do not describe the person, "
    "who may have answered “I don’t know”. Nobody has checked the answers."
)
DEAD = (
    "This key opens no request: the request is over, older than 14 days, or the key is "
    "incomplete. Copy it again from the mail, whole."
)
OVER = "This request is over. Nothing can be answered any more."
ALREADY = "Someone in the team has done this already. Nothing was done twice."
LATER = "Not possible just now. Nothing was sent: please try again in a minute."
LONG = "Your text is longer than 1,000 characters. Nothing was sent: please make it shorter."
FORWARDED = "Whoever has this link, or a forwarded copy of the mail, can read this page and answer."
TEAM = "study-team@example.org"
#: To a person on the web page, whom nobody can call.
DONE = "Done. The person will read it on opening the letter box."


def facts(sheet: Sheet) -> dict[str, str]:
    """What the request's list says."""
    return dict(zip(sheet.all("dt"), sheet.all("dd"), strict=True))


def opened(pages: Pages, asked: Asked, language: str = "en") -> Sheet:
    """The request as the page shows it."""
    return pages.post("/reply", k=asked.key, lang=language)


def written(pages: Pages, asked: Asked, text: str = ANSWER) -> Sheet:
    """The page that reads an answer back."""
    return pages.press(opened(pages, asked), "Read it once more", text=text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("session", "speaks", "asks"),
    [
        ({"language": "fr"}, "French", "the patient"),
        ({"language": "en", "whom": Whom.RELATIVE}, "English", "someone close to the patient"),
    ],
)
def test_a_key_shows_its_request(
    shared: Pages, language: str, session: dict[str, Any], speaks: str, asks: str
) -> None:
    """Code, study, centre, day, who asks, in which language to answer, and how it stands."""
    asked = shared.ask(**session)
    centre = shared.desk.catalogue.trials[1].centre(CENTRE)
    sheet = opened(shared, asked, language)

    def say(english: str) -> str:
        return shared.say(english, language)

    assert centre is not None
    assert f"{say('Request')} {grouped(asked.code)}" == sheet.title
    assert {
        say("Study"): f"{shared.desk.catalogue.trials[1].name}, {NCT}",
        say("Study centre"): f"{centre.name}, {centre.city}",
        say("Date of the request"): shared.day(DEMONSTRATION_DAY, language),
        say("Who asks"): say(asks),
        say("Answer in"): say(speaks),
        say("State"): say("Open"),
    } == facts(sheet)
    assert say(FORWARDED) in sheet.all("hint")
    assert say(
        "Please ask for no name, no telephone number and no document here: the person decides "
        "whether to call you. Give the number of your team."
    ) in sheet.all("note")


@pytest.mark.parametrize(
    "paste",
    [
        lambda key: f"https://passerelle.example.org/reply#{key}",
        lambda key: f"  <https://passerelle.example.org/re\r\nply#{key}> ",
        lambda key: "\r\n".join(key[at : at + 20] for at in range(0, len(key), 20)),
        lambda key: f"#{key}\n",
        lambda key: f"Answer:\n> https://passerelle.example.org/reply#\n> {key}\nThank you.",
    ],
)
def test_a_key_opens_however_it_was_pasted(shared: Pages, paste: Callable[[str], str]) -> None:
    """With its whole address, and broken over lines; the forms carry the bare key on."""
    asked = shared.ask()
    sheet = shared.press(shared.get("/reply?lang=en"), "Show the request", k=paste(asked.key))

    assert grouped(asked.code) in sheet.title
    assert {asked.key} == {form.fields["k"] for form in sheet.forms}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_she_chose_to_share_is_shown(shared: Pages, language: str) -> None:
    """Her result and the open points in the reader's language, and that nobody checked them."""
    talk = Talk(shared.desk.catalogue).result(**UNSURE)
    asked = shared.ask(details=True, answers=talk.session.answers)
    bare = shared.ask(answers=talk.session.answers)
    sheet = opened(shared, asked, language)
    shared_title = shared.say("What the person chose to share", language)

    assert "." in asked.key
    assert [shared_title, shared.say("Your answer", language)] == sheet.all("h2")
    assert shared.phrase(
        "summary.outcome", language, outcome=shared.phrase("result.check.title", language)
    ) in sheet.all("p")
    assert [shared.say("Points to check, not known or not clear yet", language)] == sheet.all("h3")
    assert sheet.all("li")
    assert shared.say(MEANS, language) in sheet.all("hint")
    assert shared_title not in opened(shared, bare, language).words


def test_a_result_without_open_points_needs_no_word_on_them(shared: Pages) -> None:
    """It stands alone, and is no medical advice."""
    talk = Talk(shared.desk.catalogue).result(**STRAIGHT)
    sheet = opened(shared, shared.ask(details=True, answers=talk.session.answers))

    assert "What the person chose to share" in sheet.all("h2")
    assert shared.phrase("summary.outcome", outcome=shared.phrase("result.worth.title")) in (
        sheet.all("p")
    )
    assert [] == sheet.all("h3")
    assert MEANS not in sheet.words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("start", "title", "yes", "state", "stands", "line"),
    [
        (
            "Read it once more", "Send this answer?", "Send",
            State.ANSWERED, "Answered; you can answer again", ANSWER,
        ),
        (
            "We are handling it", "Take this request?", "Yes, take it",
            State.TAKEN, "Taken by someone in the team", "taken",
        ),
        (
            "Close the request", "Close this request?", "Yes, close it",
            State.CLOSED, "Closed by the team", "closed",
        ),
    ],
)  # fmt: skip
def test_a_deed_is_confirmed_and_done_once(
    shared: Pages, language: str, start: str, title: str, yes: str,
    state: State, stands: str, line: str,
) -> None:  # fmt: skip
    """Nothing happens before; a second press of the same form does nothing more."""

    def say(english: str) -> str:
        return shared.say(english, language)

    asked = shared.ask()
    before = shared.kept()
    typed = {"text": ANSWER} if line == ANSWER else {}
    sure = shared.press(opened(shared, asked, language), say(start), **typed)

    assert say(title) == sure.title
    assert before == shared.kept()

    unchanged = "Back, nothing is sent" if typed else "Back, nothing is changed"
    back = shared.press(sure, say(unchanged))

    assert say("Open") == facts(back)[say("State")]
    assert before == shared.kept()

    done = shared.press(sure, say(yes))

    assert say(DONE) == done.notice
    assert say("Your answer" if typed else "Done") == done.title
    assert say("You can close this page.") in done.all("p")
    assert (say("Back to the request") in done.labels) is (state is not State.CLOSED)
    assert state is shared.state(asked)
    assert [line] == shared.lines(asked)

    after = shared.kept()
    again = shared.press(sure, say(yes))

    assert (again.notice == say(ALREADY)) is (state is not State.CLOSED)
    assert after == shared.kept()
    assert say(stands) == facts(opened(shared, asked, language))[say("State")]


def test_two_presses_at_the_same_time_are_one_answer(shared: Pages) -> None:
    """A double click; the second waits for what comes of the first."""
    asked = shared.ask()
    form = written(shared, asked).form("Send")

    async def both() -> list[str]:
        press = asyncio.to_thread(shared.post, form.action, **form.fields)
        again = asyncio.to_thread(shared.post, form.action, **form.fields)
        return [sheet.notice for sheet in await asyncio.gather(press, again)]

    notices = asyncio.run(both())

    assert DONE in notices
    assert set(notices) <= {DONE, ALREADY}
    assert [ANSWER] == shared.lines(asked)


def test_a_team_can_answer_again_in_the_same_words(shared: Pages) -> None:
    """From a form of its own."""
    asked = shared.ask()
    for _ in range(2):
        done = shared.press(written(shared, asked, "Yes."), "Send")

        assert DONE == done.notice
    assert ["Yes.", "Yes."] == shared.lines(asked)


def test_nothing_is_done_without_the_word_that_it_is_sure(shared: Pages) -> None:
    """Whatever else is posted, unknown deeds included."""
    asked = shared.ask()
    before = shared.kept()
    for fields in (
        {"op": "reply", "text": ANSWER},
        {"op": "reply", "text": ANSWER, "sure": "yes"},
        {"op": "take", "sure": "0"},
        {"op": "close"},
        {"op": "open", "sure": "1"},
        {"op": "end", "sure": "1"},
        {"op": "CLOSE", "sure": "1"},
        {"op": "close\0", "sure": "1"},
        {"op": NASTY, "sure": "1"},
        {"sure": "1", "text": ANSWER},
    ):
        sheet = shared.post("/reply", k=asked.key, **fields)

        assert 200 == sheet.status
        assert "" == sheet.notice
    assert before == shared.kept()


@pytest.mark.parametrize("character", ["x", "é", "🙂", "\n"])
def test_a_thousand_characters_are_an_answer(shared: Pages, character: str) -> None:
    """However many bytes they take on the way."""
    text = "a" + character * 998 + "z"
    asked = shared.ask()
    done = shared.press(written(shared, asked, text.replace("\n", "\r\n")), "Send")

    assert DONE == done.notice
    assert [text] == shared.lines(asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_character_more_is_refused_and_the_text_stays(shared: Pages, language: str) -> None:
    """Also when the form says that it is sure."""
    asked = shared.ask()
    before = shared.kept()
    text = "é" * 1001
    for sure in ("", "1"):
        sheet = shared.post("/reply", k=asked.key, lang=language, op="reply", text=text, sure=sure)

        assert shared.say(LONG, language) == sheet.notice
        assert text == sheet.form(shared.say("Read it once more", language)).fields["text"]
    assert before == shared.kept()


@pytest.mark.parametrize("text", ["", " \r\n\t\u00a0", "\0\u200b"])
def test_an_answer_without_words_is_refused(shared: Pages, text: str) -> None:
    """Blanks and what cannot be seen are no words."""
    asked = shared.ask()
    sheet = shared.post("/reply", k=asked.key, op="reply", text=text, sure="1")

    assert "There is no text yet. Nothing was sent." == sheet.notice
    assert State.SENT is shared.state(asked)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: key[:-1],
        lambda key: key[1:],
        lambda key: key + "A",
        lambda key: key.swapcase(),
        lambda key: key + "." + "A" * 200,
        lambda key: f"{key}.{key}",
        lambda key: key[:30] + "\0" + key[31:],
        lambda _: "A" * 64,
        lambda _: "A" * 30_000,
        lambda _: "https://passerelle.example.org/reply",
        lambda key: "http://[" + key[1:],
        lambda _: "🙂" * 64,
        lambda _: '{"k": "\\ud800"}',
    ],
)
def test_a_key_that_opens_nothing_says_so(shared: Pages, spoil: Callable[[str], str]) -> None:
    """Forged, truncated, of something else or far too long: one answer, and nothing is done."""
    asked = shared.ask()
    before = shared.kept()
    for language, deed in (("en", ""), ("fr", "reply"), ("en", "take"), ("fr", "close")):
        sheet = shared.post(
            "/reply", k=spoil(asked.key), lang=language, op=deed, text=ANSWER, sure="1"
        )

        assert (200, language) == (sheet.status, sheet.language)
        assert shared.say(DEAD, language) == sheet.notice
        assert shared.say("Show the request", language) in sheet.labels
    assert before == shared.kept()


def test_a_key_of_another_purpose_opens_nothing(shared: Pages) -> None:
    """Neither a button of a conversation nor the link that confirms a mail box."""
    token = shared.do(
        lambda: invitation.confirmation(
            shared.office.store, shared.office.exchange.keyring(), NCT, 5, TEAM, date(2026, 3, 10)
        )
    )
    button = shared.desk.keyring().seal(bytes(31), b"")
    for key in (token, button):
        assert shared.say(DEAD) == shared.post("/reply", k=key, op="close", sure="1").notice


def test_a_key_works_on_its_fourteenth_day_and_no_longer(pages: Pages, clock: Clock) -> None:
    """It shows the day of the request, not today; what died says so even to a confirmed form."""
    asked = pages.ask()
    sure = written(pages, asked)
    clock.today += timedelta(days=13)
    sheet = opened(pages, asked)

    assert pages.day(DEMONSTRATION_DAY - timedelta(days=13)) == facts(sheet)["Date of the request"]
    assert DONE == pages.press(sure, "Send").notice

    late = written(pages, asked, "Too late")
    clock.today += timedelta(days=1)
    before = pages.kept()

    assert pages.say(DEAD) == opened(pages, asked).notice
    assert pages.say(DEAD) == pages.press(late, "Send").notice
    assert before == pages.kept()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ends", ["she", "team"])
def test_a_request_that_is_over_takes_nothing_more(shared: Pages, language: str, ends: str) -> None:
    """Whoever ended it; forms that stood open are no exception, and what was written stays."""

    def say(english: str) -> str:
        return shared.say(english, language)

    asked = shared.ask()
    sheet = opened(shared, asked, language)
    sure = shared.press(sheet, say("Read it once more"), text=ANSWER)
    if ends == "she":
        shared.post("/receipt", r=asked.receipt, op="end", sure="1")
    else:
        shared.post("/reply", k=asked.key, op="close", sure="1")
    before = shared.kept()
    for late in (
        opened(shared, asked, language),
        shared.press(sure, say("Send")),
        shared.press(sheet, say("Read it once more"), text=ANSWER),
        shared.press(sheet, say("We are handling it")),
        shared.post("/reply", k=asked.key, lang=language, op="close", sure="1"),
    ):
        stands = "Ended by the person" if ends == "she" else "Closed by the team"

        assert say(stands) == facts(late)[say("State")]
        assert say(OVER) in late.all("note")
        assert 1 == len(late.forms), "only the other language can be chosen"
    assert before == shared.kept()


def test_her_words_ride_in_their_own_link(shared: Pages) -> None:
    """The first link does not show them; once the request is over none does."""
    asked = shared.ask()
    shared.post("/receipt", r=asked.receipt, op="write", text=NASTY, sure="1")
    hers = Asked(asked.code, shared.key(), asked.receipt)

    assert asked.key != hers.key
    assert [NASTY] == opened(shared, hers).all("blockquote")
    assert [] == opened(shared, asked).all("blockquote")

    shared.press(shared.press(opened(shared, hers), "Close the request"), "Yes, close it")

    assert NASTY not in opened(shared, hers).words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("confirmed", [True, False])
def test_while_the_database_is_locked_no_answer_is_lost(
    shared: Pages, language: str, confirmed: bool
) -> None:
    """The page keeps the text, and leads back to the request with it."""
    asked = shared.ask()
    text = f"{ANSWER}\n{NASTY}"
    fields = {"k": asked.key, "lang": language, "op": "reply", "text": text}
    with shared.locked():
        sheet = shared.post("/reply", **fields, **({"sure": "1"} if confirmed else {}))

    assert (200, shared.say(LATER, language)) == (sheet.status, sheet.notice)
    assert [text] == sheet.all("blockquote")
    assert shared.say("Your text, so that it is not lost:", language) in sheet.all("p")
    assert [] == shared.lines(asked)

    back = shared.press(sheet, shared.say("Back to the request", language))
    again = shared.press(back, shared.say("Read it once more", language))

    assert text == back.form(shared.say("Read it once more", language)).fields["text"]
    assert shared.say(DONE, language) == (shared.press(again, shared.say("Send", language)).notice)
    assert [text] == shared.lines(asked)


@pytest.mark.parametrize(
    ("deed", "yes"), [("reply", "Send"), ("take", "Yes, take it"), ("close", "Yes, close it")]
)
def test_a_deed_that_cannot_be_recorded_can_be_done_again(
    shared: Pages, deed: str, yes: str
) -> None:
    """The same form, sent again, is no repeat of what did not happen."""
    asked = shared.ask()
    sure = shared.post("/reply", k=asked.key, op=deed, text=ANSWER)
    with shared.locked(reading=True):
        later = shared.press(sure, yes)

    assert {"StoreError"} == set(shared.reported())
    assert LATER == later.notice
    assert "Back to the request" in later.labels
    assert [] == shared.lines(asked)
    assert DONE == shared.press(sure, yes).notice
    assert 1 == len(shared.lines(asked))


def test_a_full_letter_box_is_told_and_the_text_stays(shared: Pages) -> None:
    """Nothing is sent into the void."""
    asked = shared.ask()
    for number in range(60):
        told = shared.run(shared.office.replies.reply(asked.key, f"{number}"))

    assert Told.LATER is told
    sheet = shared.press(written(shared, asked), "Send")

    assert LATER == sheet.notice
    assert [ANSWER] == sheet.all("blockquote")


# The page that confirms a mail box.

USED = (
    "This link is used, older than two days, or incomplete. The operator of the service can "
    "send another."
)


def confirmation(pages: Pages, clock: Clock, address: str = TEAM) -> str:
    """What the link in a mail to `address` holds."""
    office = pages.office
    return pages.do(
        lambda: invitation.confirmation(
            office.store, office.exchange.keyring(), NCT, CENTRE, address, clock.today
        )
    )


def channels(pages: Pages) -> list[Channel]:
    """The mail boxes and groups that are bound."""
    return pages.do(pages.office.store.channels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_box_is_confirmed_once(pages: Pages, clock: Clock, language: str) -> None:
    """The link shows what it is about; the confirmed form binds; after that it is used."""

    def say(english: str) -> str:
        return pages.say(english, language)

    token = confirmation(pages, clock)
    centre = pages.desk.catalogue.trials[1].centre(CENTRE)
    before = pages.kept()
    ask = pages.get(f"/confirm?lang={language}")
    sure = pages.press(ask, say("Go on"), k=f"https://passerelle.example.org/confirm#{token}")

    assert centre is not None
    assert say("Confirm this address?") == sure.title
    assert {say("Address"): TEAM, say("Study centre"): f"{centre.name}, {centre.city}"} == facts(
        sure
    )
    assert say(
        "Everyone who can read this mailbox, or to whom its messages are forwarded, can read and "
        "answer requests."
    ) in sure.all("note")
    for unsure in ("", "0", "yes", NASTY):
        assert sure.title == pages.post("/confirm", k=token, lang=language, sure=unsure).title
    assert before == pages.kept()

    done = pages.press(sure, say("Yes, confirm"))

    assert (
        say("Requests for %(name)s now come to this address. You can close this page.").replace(
            "%(name)s", centre.name
        )
        == done.notice
    )
    assert [Channel(NCT, CENTRE, Kind.EMAIL, TEAM)] == channels(pages)

    after = pages.kept()
    for again in (
        pages.press(sure, say("Yes, confirm")),
        pages.post("/confirm", k=token, lang=language),
    ):
        assert say("This address is confirmed already. You can close this page.") == again.notice
    assert after == pages.kept()

    pages.do(lambda: pages.office.store.unbind(NCT, CENTRE))
    gone = pages.press(sure, say("Yes, confirm"))

    assert say(USED) == gone.notice
    assert say("Go on") in gone.labels
    assert [] == channels(pages)


def test_a_used_confirmation_of_another_address_stays_used(pages: Pages, clock: Clock) -> None:
    """The centre has a mail box, but not that one."""
    token = confirmation(pages, clock, "b@example.org")
    pages.do(lambda: pages.office.store.bind(NCT, CENTRE, Kind.EMAIL, TEAM))

    assert USED == pages.post("/confirm", k=token, sure="1").notice
    assert [Channel(NCT, CENTRE, Kind.EMAIL, TEAM)] == channels(pages)


def test_a_confirmation_dies_after_two_days(pages: Pages, clock: Clock) -> None:
    """It works until the end of the day after."""
    token = confirmation(pages, clock)
    clock.today += timedelta(days=1)

    assert "Confirm this address?" == pages.post("/confirm", k=token).title

    clock.today += timedelta(days=1)

    assert USED == pages.post("/confirm", k=token).notice
    assert USED == pages.post("/confirm", k=token, sure="1").notice
    assert [] == channels(pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forged_confirmation_binds_nothing(pages: Pages, clock: Clock, language: str) -> None:
    """Nor one that was replaced by a later one, nor the key of a request."""
    first, token = (confirmation(pages, clock, address) for address in (TEAM, "b@example.org"))
    asked = pages.ask()
    before = pages.kept()
    for key in (
        first, token[:-1], token[1:], token + "A", token.swapcase(), token[:50] + "\0" + token[51:],
        asked.key, "A" * 200, "A" * 30_000, "http://[", "https://example.org/confirm", "🙂",
    ):  # fmt: skip
        for sure in ("", "1"):
            sheet = pages.post("/confirm", k=key, lang=language, sure=sure)

            assert (200, pages.say(USED, language)) == (sheet.status, sheet.notice)
    assert before == pages.kept()


@pytest.mark.parametrize("language", LANGUAGES)
def test_while_the_database_is_locked_nothing_is_confirmed_or_lost(
    pages: Pages, clock: Clock, language: str
) -> None:
    """The page that says so leads on with the same key."""

    def say(english: str) -> str:
        return pages.say(english, language)

    token = confirmation(pages, clock)
    sheets = []
    for sure in ("", "1"):
        with pages.locked():
            sheets.append(pages.post("/confirm", k=token, lang=language, sure=sure))

    for sheet in sheets:
        assert (
            200,
            say("Not possible just now. Nothing was changed: please try again in a minute."),
        ) == (sheet.status, sheet.notice)
        assert say("Confirm this address?") == pages.press(sheet, say("Try again")).title
    assert [] == channels(pages)


def test_what_is_confirmed_is_shown_as_written(pages: Pages, clock: Clock) -> None:
    """An address comes from the operator, and is a text like any other."""
    token = confirmation(pages, clock, NASTY)
    sheet = pages.post("/confirm", k=token)

    assert NASTY == facts(sheet)["Address"]
    assert "<script>alert" not in sheet.html


@pytest.mark.usefixtures("hasty")
def test_keys_outlive_a_restart(tmp_path: Path, desk: Desk, clock: Clock) -> None:
    """Nothing that a mail holds depends on the process."""
    with opening(tmp_path, desk, clock) as pages:
        asked, token = pages.ask(), confirmation(pages, clock)
        sure = written(pages, asked)
    with opening(tmp_path, desk, clock) as pages:
        assert DONE == pages.press(sure, "Send").notice
        assert "Confirm this address?" == pages.post("/confirm", k=token).title
