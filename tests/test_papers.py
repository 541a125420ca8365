"""Her summary in a chat: notes by reply, the file, and the way to the web page."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram.bubble import LIMIT
from bot.desk import LONGEST_LINK, Desk
from dialogs.catalogue import Carrier
from dialogs.conversation.dialog import TEXT_LIMIT
from dialogs.conversation.session import LANGUAGES, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import NOT_SURE, Answers
from dialogs.wire.pack import Tap
from tests.fakes.telegram import FakeTelegram, Message, Person
from tests.papers import codes, paper
from tests.telegram_fixtures import WEB, Running

NOTE = "Puis-je garder mon chien ? 🐕\n« Et » <b>le</b> *lundi* #set ?"
MORE = "Combien de visites ?"


@pytest.fixture
def running(telegram: FakeTelegram, chat_desk: Desk) -> Iterator[Running]:
    """The service by webhook; it must report no error."""
    with Running(telegram, chat_desk) as service:
        yield service

    assert [] == service.errors


def session(running: Running, language: str = "fr", **other: object) -> Session:
    """A conversation in which nothing is known, at its summary."""
    bank = running.desk.catalogue.bank
    order = running.desk.catalogue.trials[1].order
    codes = {fact.slot: NOT_SURE for asked in order for fact in asked.facts}
    told = Session(
        language, trial=1, tag=77, step=Step.SUMMARY, origin=Step.RESULT, whom=Whom.SELF,
        answers=bank.counted(Answers().replaced(codes)),
    )  # fmt: skip
    return replace(told, **other)  # type: ignore[arg-type]


def shown(
    telegram: FakeTelegram, running: Running, language: str = "fr", **other: object
) -> Person:
    """Somebody who looks at her summary."""
    person = telegram.person(language=language)
    person.say("/start")
    telegram.settle()
    desk, bot = running.desk, int(telegram.token.partition(":")[0])
    layout = desk.catalogue.layout
    payload = layout.with_tap(layout.pack(session(running, language, **other)), Tap(Action.SHOW))
    token = desk.keyring().seal(payload, b"telegram:%d:%d" % (bot, person.id))
    person.tap(person.last, forged=token)
    telegram.settle()

    assert desk.catalogue.speeches[language].say("summary.title") in person.last.text

    return person


def say(running: Running, phrase: str, language: str = "fr", **values: Any) -> str:
    """A phrase."""
    return running.desk.catalogue.speeches[language].say(phrase, **values)


def noted(telegram: FakeTelegram, person: Person, text: str, at: Message | None = None) -> Message:
    """She replies to her summary; gives the newest message."""
    telegram.pass_time(30)
    person.say(text, reply_to=at or person.last)
    telegram.settle()
    return person.last


def quoted(message: Message) -> str:
    """Her own words in a message."""
    (mark,) = [one for one in message.entities if one["type"] == "expandable_blockquote"]
    units = message.text.encode("utf-16-le")
    start = 2 * mark["offset"]
    return units[start : start + 2 * mark["length"]].decode("utf-16-le")


def press(telegram: FakeTelegram, person: Person, label: str, at: Message | None = None) -> None:
    """She presses a button."""
    person.tap(at or person.last, label)
    telegram.settle()


def file(person: Person) -> bytes:
    """The newest file in her chat."""
    found: bytes = person.last.options["content"]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_to_the_summary_is_a_note(
    telegram: FakeTelegram, running: Running, language: str
) -> None:
    """The summary comes again with it, and fits one message; the first one stays."""
    person = shown(telegram, running, language)
    before = person.last
    after = noted(telegram, person, NOTE)

    assert NOTE == quoted(after)
    assert say(running, "summary.notes", language) in after.text
    assert before.id != after.id
    assert before in person.messages
    assert len(after.text.encode("utf-16-le")) // 2 <= LIMIT


def test_a_second_note_stands_below_the_first(telegram: FakeTelegram, running: Running) -> None:
    """It is read from the message that she replies to."""
    person = shown(telegram, running)
    noted(telegram, person, NOTE)
    after = noted(telegram, person, MORE)

    assert f"{NOTE}\n\n{MORE}" == quoted(after)


def test_notes_that_are_too_long_lose_nothing(telegram: FakeTelegram, running: Running) -> None:
    """What was there stays, and she is told how long it would be."""
    person = shown(telegram, running)
    longest = noted(telegram, person, "é" * TEXT_LIMIT)

    assert "é" * TEXT_LIMIT == quoted(longest)
    assert len(longest.text.encode("utf-16-le")) // 2 <= LIMIT

    after = noted(telegram, person, MORE)

    assert "é" * TEXT_LIMIT == quoted(after)
    count = f"1\u202f{TEXT_LIMIT + 2 + len(MORE) - 1000:03}"
    assert say(running, "notice.note", count=count) in after.text
    first = noted(telegram, shown(telegram, running), "x" * (TEXT_LIMIT + 1))
    assert not [one for one in first.entities if one["type"] == "expandable_blockquote"]


def test_notes_are_taken_out_again(telegram: FakeTelegram, running: Running) -> None:
    """The summary is whole then."""
    person = shown(telegram, running)
    whole = person.last.text
    noted(telegram, person, NOTE)
    press(telegram, person, say(running, "summary.unnote"))

    assert whole == person.last.text


def test_notes_come_along_into_the_other_language(telegram: FakeTelegram, running: Running) -> None:
    """Her words are hers; the page around them is for the doctor."""
    person = shown(telegram, running)
    noted(telegram, person, NOTE)
    press(telegram, person, "English")

    assert NOTE == quoted(person.last)
    assert say(running, "summary.notes", "en") in person.last.text


def test_a_cry_for_help_brings_the_numbers_and_stays_a_note(
    telegram: FakeTelegram, running: Running
) -> None:
    """Ordinary words can sound like one."""
    person = shown(telegram, running)
    after = noted(telegram, person, "je veux mourir")

    assert "3114" in after.text
    assert "je veux mourir" == quoted(after)


def test_a_command_in_a_reply_stays_one(telegram: FakeTelegram, running: Running) -> None:
    """And words that answer no summary are no notes."""
    person = shown(telegram, running)
    summary = person.last
    after = noted(telegram, person, "/aide", summary)

    assert say(running, "help.title") in after.text
    assert "bonjour" not in noted(telegram, person, "bonjour", after).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_comes_as_a_file(
    telegram: FakeTelegram, running: Running, language: str
) -> None:
    """With all answers and her notes; its name and its words on a locked phone say nothing."""
    person = shown(telegram, running, language)
    noted(telegram, person, NOTE)
    press(telegram, person, say(running, "summary.paper", language))
    made, told = paper(file(person)), person.last.extra

    words = "".join(made.words.split())
    for part in (NOTE, say(running, "summary.title", language), "NCT03870919"):
        assert "".join(part.split()).replace("🐕", "") in words.replace("🐕", "")
    for asked in running.desk.catalogue.trials[1].order[:5]:
        label = say(running, f"question.{asked.id}.label", language)
        assert "".join(label.split()) in words
    assert {"Title": "Passerelle"} == {k: v for k, v in made.metadata.items() if k != "Creator"}
    assert "Passerelle.pdf" == told["document"]["file_name"]
    assert "application/pdf" == told["document"]["mime_type"]
    assert say(running, "summary.file", language) == told["caption"]
    assert ["https://clinicaltrials.gov/study/NCT03870919"] == codes(made.pages[0])


def test_a_double_tap_brings_one_file(telegram: FakeTelegram, running: Running) -> None:
    """A third one, later, brings another."""
    person = shown(telegram, running)
    button = person.last
    for _ in range(2):
        person.tap(button, say(running, "summary.paper"))
    telegram.settle()

    assert 1 == len([one for one in person.messages if "document" in one.extra])


@pytest.mark.parametrize(
    ("status", "words"), [(500, "chat.unsure"), (400, "notice.paper"), (413, "notice.paper")]
)
def test_a_file_that_does_not_go_is_told(
    telegram: FakeTelegram, running: Running, status: int, words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Kindly; her page stays, nothing is sent twice, and the log says what, not whose."""
    person = shown(telegram, running)
    before = person.last
    telegram.faults.answer("sendDocument", status, "Bad Request: no")
    tap = person.tap(before, say(running, "summary.paper"))
    telegram.settle()

    assert say(running, words) == tap.text
    assert before == person.last
    logged = capsys.readouterr().err
    assert ("Refused" in logged) is (status != 500)
    assert str(person.id) not in logged


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_leads_to_the_web_page(
    telegram: FakeTelegram, running: Running, language: str
) -> None:
    """With her answers and her notes, sealed behind the `#`."""
    person = shown(telegram, running, language)
    label = say(running, "summary.web", language)
    plain = person.last.button(label).url
    noted(telegram, person, NOTE)
    link = person.last.button(label).url

    for one, note in ((plain, ""), (link, NOTE)):
        assert one.startswith(f"{WEB}/summary#")
        carried = running.desk.carried(b"web:x", one.partition("#")[2])
        assert carried is not None
        assert (Step.SUMMARY, note) == (carried[0].view.step, carried[1])
        assert session(running, language).answers == carried[0].session.answers
    assert NOTE not in link


def test_a_link_is_never_too_long(telegram: FakeTelegram, running: Running) -> None:
    """The longest note fits, unless its letters are all alike to nobody."""
    person = shown(telegram, running)
    noted(telegram, person, "".join(chr(0x4E00 + 7 * n % 20000) for n in range(TEXT_LIMIT)))
    link = person.last.button(say(running, "summary.web")).url
    carried = running.desk.carried(b"web:x", link.partition("#")[2])

    assert len(link) <= LONGEST_LINK
    assert carried is not None
    assert "" == carried[1]


def test_an_old_summary_still_works(telegram: FakeTelegram, running: Running) -> None:
    """Also one that Telegram does not let change any more: file and note come as new messages."""
    person = shown(telegram, running)
    old = person.last
    telegram.pass_time(3 * 24 * 3600)
    press(telegram, person, say(running, "summary.paper"), old)

    assert "document" in person.last.extra
    assert NOTE == quoted(noted(telegram, person, NOTE, old))


def test_without_a_public_page_there_is_no_link(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """Telegram would refuse the whole message for the address of this computer."""
    carrier = Carrier("Telegram", "http://127.0.0.1:8080")
    chat_desk.catalogue = replace(chat_desk.catalogue, carrier=carrier)
    with Running(telegram, chat_desk) as running:
        person = shown(telegram, running)

        assert [""] * len(list(person.last.buttons())) == [
            button.url for button in person.last.buttons()
        ]


def test_going_elsewhere_leaves_the_message_with_her_notes(
    telegram: FakeTelegram, running: Running
) -> None:
    """Whatever she presses on it: the next screen comes as a new message."""
    for label in ("button.back", "tool.urgent", "tool.privacy"):
        person = shown(telegram, running)
        kept = noted(telegram, person, NOTE)
        press(telegram, person, say(running, label))

        assert kept in person.messages
        assert kept.id != person.last.id
        assert NOTE == quoted(noted(telegram, person, NOTE, kept)).removesuffix(f"\n\n{NOTE}")


def test_notes_that_telegram_no_longer_shows_are_said_to_be_missing(
    telegram: FakeTelegram, running: Running
) -> None:
    """By the file, and by the summary in another language."""
    telegram.faults.inaccessible_after(48 * 3600)
    person = shown(telegram, running)
    old = noted(telegram, person, NOTE)
    telegram.pass_time(3 * 24 * 3600)
    press(telegram, person, say(running, "summary.paper"), old)

    assert person.last.extra["caption"].endswith(say(running, "notice.old"))
    press(telegram, person, "English", old)
    assert say(running, "notice.old", "en") in person.last.text


def test_a_reply_to_a_card_is_no_note(telegram: FakeTelegram, running: Running) -> None:
    """What was noted before does not stand on it."""
    person = shown(telegram, running)
    noted(telegram, person, NOTE)
    summary = person.last
    telegram.pass_time(30)
    person.send("photo", caption="photo", reply_to=summary)
    telegram.settle()
    after = noted(telegram, person, MORE)

    assert MORE not in after.text


@pytest.mark.parametrize("whom", [Whom.SELF, Whom.RELATIVE])
def test_emoji_count_as_a_chat_counts_them(
    telegram: FakeTelegram, running: Running, whom: Whom
) -> None:
    """So many as fit are taken, and of more she is told."""
    person = shown(telegram, running, whom=whom)
    taken = noted(telegram, person, "🐕" * (TEXT_LIMIT // 2))

    assert "🐕" * (TEXT_LIMIT // 2) == quoted(taken)
    refused = noted(telegram, person, "🐕" * 900, taken)
    assert "🐕" * (TEXT_LIMIT // 2) == quoted(refused)
    assert "1\u202f000" in refused.text
