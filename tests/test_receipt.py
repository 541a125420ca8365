"""Her letter box on the web: opened by its receipt, written in, and emptied."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.channels import receipt as module
from bot.desk import Desk
from bot.store.records import State
from dialogs.conversation.personal import Sign, signs
from dialogs.conversation.session import Whom
from dialogs.wire.code import grouped
from tests.builders import DEMONSTRATION_DAY, Clock
from tests.contact_fixtures import CENTRE
from tests.page_fixtures import LANGUAGES, NASTY, Asked, Pages, Sheet, opening, stalled

WORDS = "When can I come?\n\nOn Tuesday, or later."
ANSWER = "Please call us on Tuesday: 01 99 00 12 34."
WRONG = (
    "This receipt opens no letter box. Check each character. A box that was emptied, or is older "
    "than 14 days, does not open any more."
)
SENT = "Your text is sent. The answer will wait here."
LONG = "Your text is longer than 1,000 characters. It was not sent: please make it shorter."
OVER = "This request is over. Nothing more can be written here."
PUBLIC = (
    "Demonstration: any visitor can read what you send, and can answer it. Write nothing personal."
)
LATER = "Not possible just now. Nothing was changed: please try again in a minute."
ONCE_MORE = "Read it once more"
KEEP = "First write down what you want to keep: the letter box will be emptied."
#: With characters that are often taken for others.
ZEROS = "0011001100110011"


@pytest.fixture(autouse=True)
def _unhurried(request: pytest.FixtureRequest) -> None:
    """Each test begins an hour after the last one, as far as wrong receipts are counted."""
    if "shared" in request.fixturenames:
        shared: Pages = request.getfixturevalue("shared")
        shared.do(shared.office.limits._knocks.clear)


def opened(pages: Pages, asked: Asked, language: str = "en") -> Sheet:
    """Her letter box as the page shows it."""
    return pages.post("/receipt", r=asked.receipt, lang=language)


def written(pages: Pages, asked: Asked, text: str = WORDS) -> Sheet:
    """The page that reads her text back."""
    return pages.press(opened(pages, asked), ONCE_MORE, text=text)


def field(sheet: Sheet, pages: Pages, language: str = "en") -> str:
    """What stands in the field to write in."""
    return sheet.form(pages.say(ONCE_MORE, language)).fields["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("whom", [Whom.SELF, Whom.RELATIVE])
def test_a_receipt_opens_her_letter_box(shared: Pages, language: str, whom: Whom) -> None:
    """The request, how long it works, that there is no answer yet, and how to reach the centre."""

    def say(english: str) -> str:
        return shared.say(english, language)

    asked = shared.ask(whom=whom)
    relative = whom is Whom.RELATIVE
    speech = shared.desk.catalogue.speeches[language]
    centre = shared.desk.catalogue.trials[1].centre(CENTRE)
    ask = shared.get(f"/receipt?lang={language}")
    sheet = shared.press(ask, say("Open the letter box"), r=asked.receipt)
    last = shared.day(DEMONSTRATION_DAY + timedelta(days=13), language)

    assert centre is not None
    assert say("Your letter box") == sheet.title
    assert f"{say('Request')} {grouped(asked.code)}, {centre.name}, {centre.city}. " + say(
        "You can open this letter box until the end of %(day)s."
    ).replace("%(day)s", last) in sheet.all("p")
    assert say("No answer yet. Come back with your receipt, or call the centre yourself.") in (
        sheet.all("note")
    )
    assert speech.say("contact.phone", relative, phone=centre.phone) in sheet.words
    assert speech.say("contact.email", relative, email=centre.email) in sheet.words
    assert say("Call or write to the centre") in sheet.all("h2")
    assert speech.say("write.private", relative) in sheet.all("hint")
    assert say(PUBLIC) in sheet.all("note")
    assert speech.say("sent.end", relative) in sheet.labels
    for page in (ask, sheet):
        assert say(
            "This letter box is not for emergencies. Call 15 or 112. If you feel very low, call "
            "3114."
        ) in page.all("note")


@pytest.mark.parametrize(
    "typed",
    [
        ZEROS.lower(),
        grouped(ZEROS, 4),
        grouped(ZEROS, 4).replace("-", " – "),
        f"  {ZEROS}\r\n",
        ZEROS.replace("0", "O"),
        ZEROS.replace("0", "o").replace("1", "l"),
        ZEROS.replace("1", "I"),
        "\u00a0".join(ZEROS),
        "\u200b".join(ZEROS),
    ],
)
def test_a_receipt_is_read_as_it_is_meant(shared: Pages, typed: str) -> None:
    """Blanks and dashes of all kinds, small letters, letters that look like digits."""
    if shared.run(shared.office.letterbox.read(ZEROS, b"test")) is None:
        shared.ask(receipt=ZEROS)
    sheet = shared.post("/receipt", r=typed)

    assert "" == sheet.notice
    assert ONCE_MORE in sheet.labels


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_wrong_receipt_gets_the_same_answer(shared: Pages, language: str) -> None:
    """To the last character, whatever is wrong with it and whatever it was to do."""
    receipt = shared.ask().receipt
    wrong = [
        receipt[:-1], receipt + "0", receipt[1:] + receipt[0], receipt[:-1] + "U",
        receipt[:8] + "\0" + receipt[9:], "0" * 16, "Z" * 16, "x", "É" * 16, "🙂" * 16,
        "0" * 30_000, NASTY, grouped(receipt[::-1], 4),
    ]  # fmt: skip
    before = shared.kept()
    answers = [
        shared.post("/receipt", r=one, lang=language, op=deed, sure="1")
        for one in wrong
        for deed in ("", "end")
    ]

    assert {200} == {sheet.status for sheet in answers}
    assert 1 == len({sheet.html for sheet in answers})
    assert shared.say(WRONG, language) == answers[0].notice
    assert before == shared.kept()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long an answer was put off each time; nobody waits for it here."""
    found: list[float] = []

    async def noted(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(module, "sleep", noted)
    return found


def test_a_network_with_thirty_wrong_receipts_is_answered_later(
    shared: Pages, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    """The right one too, so that waiting tells nothing; in an hour it opens at once again."""
    asked = shared.ask()
    now = [0.0]
    monkeypatch.setattr(shared.office.limits, "_timer", lambda: now[0])
    monkeypatch.setattr(shared.office.limits, "_since", 0.0)
    for _ in range(30):
        assert WRONG == shared.post("/receipt", r="0" * 16).notice
    assert [] == pauses

    for receipt, notice in (("0" * 16, WRONG), ("no receipt", WRONG), (asked.receipt, "")):
        assert notice == shared.post("/receipt", r=receipt).notice

    assert [3.0] * 3 == pauses

    now[0] = 3600.0

    assert "" == opened(shared, asked).notice
    assert [3.0] * 3 == pauses


def test_right_receipts_are_never_too_many(shared: Pages, pauses: list[float]) -> None:
    """Whoever looks into her letter box all day long is always answered at once."""
    asked = shared.ask()
    for _ in range(40):
        assert "" == opened(shared, asked).notice
    assert [] == pauses


def test_a_network_that_crowds_in_is_answered_later_and_loses_no_text(shared: Pages) -> None:
    """Four of its receipts are looked at or wait for it; the next one can be tried again."""
    asked = shared.ask()
    with ThreadPoolExecutor(4) as threads:
        with stalled():
            waiting = [threads.submit(opened, shared, asked) for _ in range(4)]
            shared.crowded(4)
            sheet = shared.post("/receipt", r=asked.receipt, op="write", text=WORDS, sure="1")
        assert {"Your letter box"} == {one.result().title for one in waiting}

    assert LATER == sheet.notice
    assert [WORDS] == sheet.all("blockquote")
    assert WORDS == field(shared.press(sheet, "Try again"), shared)
    assert [] == shared.lines(asked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("whom", "suits"), [(Whom.SELF, "you"), (Whom.RELATIVE, "the person")])
def test_all_that_was_said_stands_there_in_order(
    shared: Pages, language: str, whom: Whom, suits: str
) -> None:
    """What the team did and wrote, with its days, as it was written."""
    asked = shared.ask(whom=whom)
    replies = shared.office.replies
    for work in (
        replies.take(asked.key),
        replies.reply(asked.key, f"{ANSWER}\n{NASTY}"),
        replies.close(asked.key),
    ):
        shared.run(work)
    sheet = opened(shared, asked, language)
    day = shared.day(DEMONSTRATION_DAY, language)

    by_team = shared.say("The team, %(day)s", language).replace("%(day)s", day)

    assert [by_team] * 3 == sheet.all("from")
    assert [f"{ANSWER}\n{NASTY}"] == sheet.all("blockquote")
    said = [text.strip() for text in sheet.all("li")]
    assert said[0].endswith(
        shared.say(
            "The team has seen your request and is dealing with it. If you hear nothing, call the "
            "centre yourself.",
            language,
        )
    )
    assert said[1].endswith(
        shared.desk.catalogue.speeches[language].say("message.care", whom is Whom.RELATIVE)
    )
    assert said[2].endswith(
        shared.say(
            "The team has closed your request. They will not write to you here again. This does "
            f"not say whether the study suits {suits}. You can call the centre yourself.",
            language,
        )
    )
    assert shared.say(OVER, language) in sheet.all("note")
    assert shared.say(ONCE_MORE, language) not in sheet.labels
    assert shared.phrase("sent.end", language) not in sheet.labels


@pytest.mark.parametrize("language", LANGUAGES)
def test_her_text_is_read_back_and_goes_once(shared: Pages, language: str) -> None:
    """Nothing goes before she presses *send*; a second press of that form sends nothing more."""
    asked = shared.ask()
    before = shared.kept()
    sheet = opened(shared, asked, language)
    sure = shared.press(sheet, shared.say(ONCE_MORE, language), text=f"{WORDS}\n{NASTY}")

    assert shared.phrase("draft.title", language) == sure.title
    assert [f"{WORDS}\n{NASTY}"] == sure.all("blockquote")
    assert before == shared.kept()

    send = shared.phrase("draft.send", language)
    sent = shared.press(sure, send)

    assert shared.say(SENT, language) == sent.notice
    assert "" == field(sent, shared, language)
    assert [f"{WORDS}\n{NASTY}"] == sent.all("blockquote") == shared.lines(asked)
    assert [
        shared.say("You, %(day)s", language).replace(
            "%(day)s", shared.day(DEMONSTRATION_DAY, language)
        )
    ] == sent.all("from")

    after = shared.kept()
    again = shared.press(sure, send)

    assert shared.say(SENT, language) == again.notice
    assert [f"{WORDS}\n{NASTY}"] == again.all("blockquote")
    assert after == shared.kept()


def test_two_presses_at_the_same_time_send_one_text(shared: Pages) -> None:
    """A double click."""
    asked = shared.ask()
    form = written(shared, asked).form(shared.phrase("draft.send"))

    async def both() -> list[str]:
        press = asyncio.to_thread(shared.post, form.action, **form.fields)
        again = asyncio.to_thread(shared.post, form.action, **form.fields)
        return [sheet.notice for sheet in await asyncio.gather(press, again)]

    assert [SENT, SENT] == asyncio.run(both())
    assert [WORDS] == shared.lines(asked)


def test_the_same_words_can_be_sent_again(shared: Pages) -> None:
    """Somebody who gets no answer asks again."""
    asked = shared.ask()
    for _ in range(2):
        shared.press(written(shared, asked), shared.phrase("draft.send"))

    assert [WORDS, WORDS] == shared.lines(asked)


def test_a_text_can_be_changed_before_it_goes(shared: Pages) -> None:
    """*Change it* leads back to the field with the text in it."""
    asked = shared.ask()
    sheet = shared.press(written(shared, asked), "Change the text")

    assert WORDS == field(sheet, shared)
    assert WORDS in shared.press(sheet, ONCE_MORE).all("blockquote")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "warned"),
    [
        (WORDS, set()),
        ("Call me: 06 39 98 12 34", {Sign.PHONE}),
        ("I am at someone@example.org", {Sign.EMAIL}),
        ("My name is Someone. 06 39 98 12 34, https://example.org", {Sign.NAME, Sign.PHONE}),
        ("J’habite 3 rue des Lilas", {Sign.ADDRESS}),
    ],
)
def test_what_could_tell_who_she_is_is_warned_of(
    shared: Pages, language: str, text: str, warned: set[Sign]
) -> None:
    """Never refused: the text can go all the same."""
    asked = shared.ask()
    sheet = shared.press(
        opened(shared, asked, language), shared.say(ONCE_MORE, language), text=text
    )

    found = [sign for sign in Sign if sign in signs(text)]

    assert warned <= set(found)
    assert [
        *(shared.phrase(f"draft.sign.{sign.value}", language) for sign in found),
        shared.say(PUBLIC, language),
    ] == sheet.all("note")
    assert bool(warned) is (shared.phrase("draft.choice", language) in sheet.all("p"))
    assert shared.phrase("draft.send", language) in sheet.labels


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text", ["I want to die", "Je veux\u00a0mourir", "J’ai peur de mourir. Quand puis-je venir ?"]
)
def test_a_cry_for_help_is_answered_and_held_back_by_nothing(
    shared: Pages, language: str, text: str
) -> None:
    """The numbers to call stand above her text; it can be changed or sent all the same."""
    asked = shared.ask()
    before = shared.kept()
    sure = shared.press(opened(shared, asked, language), shared.say(ONCE_MORE, language), text=text)
    (alert,) = [found for tag, found in sure.tags if found.get("role") == "alert"]

    assert shared.phrase("draft.title", language) == sure.title
    assert "note" == alert["class"]
    card = [
        shared.phrase("aside.distress", language),
        shared.phrase("urgent.abroad", language),
        shared.say("The team may read its messages days later.", language),
    ]

    assert set(card) <= set(sure.all("p"))
    assert sure.words.index(card[-1]) < sure.words.index(text)
    assert [text] == sure.all("blockquote")
    assert before == shared.kept()

    change = shared.press(sure, shared.phrase("draft.anew", language))

    assert text == field(change, shared, language)

    sent = shared.press(sure, shared.phrase("draft.send", language))

    assert shared.say(SENT, language) == sent.notice
    assert [text] == shared.lines(asked)


def test_a_text_without_an_alarm_word_raises_none(shared: Pages) -> None:
    """The card is for those who need it."""
    sure = written(shared, shared.ask())

    assert not [found for _, found in sure.tags if found.get("role") == "alert"]
    assert shared.phrase("aside.distress") not in sure.words


@pytest.mark.parametrize("character", ["x", "é", "🙂", "\n"])
def test_a_thousand_characters_go(shared: Pages, character: str) -> None:
    """However many bytes they take on the way."""
    text = "a" + character * 998 + "z"
    asked = shared.ask()
    sent = shared.press(
        written(shared, asked, text.replace("\n", "\r\n")), shared.phrase("draft.send")
    )

    assert SENT == sent.notice
    assert [text] == shared.lines(asked)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("é" * 1001, LONG),
        ("", "There is no text yet. Nothing was sent."),
        ("\0 \r\n\u00a0", "There is no text yet. Nothing was sent."),
    ],
)
def test_a_text_that_is_too_long_or_none_stays_where_it_is(
    shared: Pages, language: str, text: str, told: str
) -> None:
    """Also when the form says that it is sure."""
    asked = shared.ask()
    before = shared.kept()
    for sure in ("", "1"):
        sheet = shared.post(
            "/receipt", r=asked.receipt, lang=language, op="write", text=text, sure=sure
        )

        assert shared.say(told, language) == sheet.notice
        assert text.strip("\0 \r\n\u00a0") == field(sheet, shared, language)
    assert before == shared.kept()


@pytest.mark.parametrize("language", LANGUAGES)
def test_she_ends_it_once(shared: Pages, language: str) -> None:
    """After a question; then the box is gone, the key is dead, and the card says so."""
    asked = shared.ask()
    shared.run(shared.office.replies.reply(asked.key, ANSWER))
    before = shared.kept()
    ending = shared.press(opened(shared, asked, language), shared.phrase("sent.end", language))

    assert shared.say("End this request?", language) == ending.title
    assert shared.phrase("ending.text", language) in ending.all("p")
    assert shared.say(KEEP, language) in ending.all("p")
    assert [ANSWER] == shared.press(ending, shared.say("Back", language)).all("blockquote")
    assert before == shared.kept()

    ended = shared.press(ending, shared.say("Yes, end it", language))
    shared.run(shared.office.exchange.close())

    assert shared.say("The request is ended", language) == ended.title
    assert [f"/?lang={language}"] == [found["href"] for tag, found in ended.tags if tag == "a"][1:]
    assert asked.receipt not in ended.html
    assert State.ENDED is shared.state(asked)
    assert shared.office.inbox is not None
    assert shared.office.inbox.letters[0].link is None

    after = shared.kept()
    again = shared.press(ending, shared.say("Yes, end it", language))

    assert shared.say(WRONG, language) == again.notice == opened(shared, asked, language).notice
    assert after == shared.kept()


def test_a_request_that_the_team_closed_takes_nothing_more(shared: Pages) -> None:
    """A form that stood open does nothing; what was said can still be read."""
    asked = shared.ask()
    shared.run(shared.office.replies.reply(asked.key, ANSWER))
    shared.run(shared.office.replies.close(asked.key))
    shared.run(shared.office.exchange.close())
    before = shared.kept()
    for sure in ("", "1"):
        sheet = shared.post("/receipt", r=asked.receipt, op="write", text=WORDS, sure=sure)

        assert OVER in sheet.all("note")
        assert [ANSWER, WORDS] == sheet.all("blockquote")
        assert "This request is over. Nothing was sent." == sheet.notice
    assert before == shared.kept()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_box_of_a_closed_request_can_be_emptied(shared: Pages, language: str) -> None:
    """After a question; the request stays closed, and the receipt opens nothing any more."""

    def say(english: str) -> str:
        return shared.say(english, language)

    asked = shared.ask()
    shared.run(shared.office.replies.reply(asked.key, ANSWER))
    shared.run(shared.office.replies.close(asked.key))
    shared.run(shared.office.exchange.close())
    before = shared.kept()
    sheet = opened(shared, asked, language)
    asking = shared.press(sheet, say("Empty this letter box"))

    assert say("Empty this letter box?") == asking.title
    assert say(KEEP) in asking.all("p")
    assert [ANSWER] == shared.press(asking, say("Back")).all("blockquote")
    assert before == shared.kept()

    emptied = shared.press(asking, say("Yes, empty it"))

    assert say("The letter box is empty") == emptied.title
    assert say("What was in it is gone for good.") == emptied.notice
    assert State.CLOSED is shared.state(asked)
    assert shared.run(shared.office.letterbox.read(asked.receipt, b"test")) is None
    assert say(WRONG) == shared.press(asking, say("Yes, empty it")).notice


def test_nothing_is_done_without_the_word_that_it_is_sure(shared: Pages) -> None:
    """Unknown deeds included."""
    asked = shared.ask()
    before = shared.kept()
    for fields in (
        {"op": "write", "text": WORDS, "sure": "yes"},
        {"op": "end"},
        {"op": "end", "sure": "2"},
        {"op": "END", "sure": "1"},
        {"op": "close", "sure": "1"},
        {"op": NASTY, "sure": "1", "text": WORDS},
        {"sure": "1", "text": WORDS},
    ):
        assert 200 == shared.post("/receipt", r=asked.receipt, **fields).status
    assert before == shared.kept()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sure", ["", "1"])
def test_while_the_database_is_locked_no_text_is_lost(
    shared: Pages, language: str, sure: str
) -> None:
    """She is not told that her receipt is wrong; the way back leads on with both."""

    def say(english: str) -> str:
        return shared.say(english, language)

    asked = shared.ask()
    text = f"{WORDS}\n{NASTY}"
    with shared.locked():
        sheet = shared.post(
            "/receipt", r=asked.receipt, lang=language, op="write", text=text, sure=sure
        )

    assert ["StoreError"] == shared.reported()
    assert (200, say(LATER)) == (sheet.status, sheet.notice)
    assert [text] == sheet.all("blockquote")
    assert [] == shared.lines(asked)

    again = shared.press(shared.press(sheet, say("Try again")), say(ONCE_MORE))
    sent = shared.press(again, shared.phrase("draft.send", language))

    assert say(SENT) == sent.notice
    assert [text] == shared.lines(asked)


def test_what_cannot_be_ended_now_can_be_ended_later(shared: Pages) -> None:
    """The box is there as before."""
    asked = shared.ask()
    ending = shared.press(opened(shared, asked), shared.phrase("sent.end"))
    with shared.locked(reading=True):
        sheet = shared.press(ending, "Yes, end it")

    assert ["StoreError"] == shared.reported()
    assert "Not sent yet. Nothing is lost: try again in a moment." == sheet.notice
    assert State.SENT is shared.state(asked)
    assert "The request is ended" == shared.press(ending, "Yes, end it").title


def test_too_many_texts_in_an_hour_wait(shared: Pages) -> None:
    """The text stays in its field."""
    asked = shared.ask()
    for number in range(30):
        shared.post("/receipt", r=asked.receipt, op="write", text=f"{number}", sure="1")
    sheet = shared.post("/receipt", r=asked.receipt, op="write", text=WORDS, sure="1")

    assert "Not sent yet. Nothing is lost: try again in a moment." == sheet.notice
    assert WORDS == field(sheet, shared)


@pytest.mark.usefixtures("hasty")
def test_a_receipt_outlives_a_restart(tmp_path: Path, desk: Desk, clock: Clock) -> None:
    """And a form that was open across it still works; the fourteenth day is its last."""
    with opening(tmp_path, desk, clock) as pages:
        asked = pages.ask()
        sure = written(pages, asked)
        pages.run(pages.office.replies.reply(asked.key, ANSWER))
    clock.today = date(2026, 3, 23)
    with opening(tmp_path, desk, clock) as pages:
        assert [ANSWER] == opened(pages, asked).all("blockquote")
        assert SENT == pages.press(sure, pages.phrase("draft.send")).notice

        clock.today = date(2026, 3, 24)

        assert WRONG == opened(pages, asked).notice
