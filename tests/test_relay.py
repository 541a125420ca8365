"""Her side of a request in a private chat: asking, reading, writing and ending it."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.contact.office import Office
from bot.contact.replies import Opened
from bot.desk import Desk
from bot.store.records import Row, State
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.speech import Speech
from dialogs.conversation.steps import Action, Step
from dialogs.wire.code import code_of, grouped
from dialogs.wire.pack import Tap
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, office_at
from tests.fakes.telegram import FakeTelegram, Message, Person
from tests.telegram_fixtures import Running, worded

ANSWER = "Please call us on Tuesday: 01 99 00 12 34."
SESSION = Session(
    language="en", step=Step.CONTACT, focus=CENTRE, whom=Whom.SELF, trial=1, tag=0x5A5A5A5A5A
)
CODE = code_of(SESSION.tag, SESSION.trial, SESSION.focus, 0)


@dataclass
class Chat:
    """A patient, the service, and the sample centre's own inbox."""

    telegram: FakeTelegram
    running: Running
    office: Office
    patient: Person

    @property
    def speech(self) -> Speech:
        """How she is spoken to."""
        return self.running.desk.catalogue.speeches["en"]

    def say(self, phrase: str, **values: Any) -> str:
        """A phrase in her language, with plain spaces."""
        return worded(self.speech.say(phrase, **values))

    def token(self, session: Session, action: Action, arg: int = 0) -> str:
        """A button of an older screen of hers."""
        layout = self.running.desk.catalogue.layout
        payload = layout.with_tap(layout.pack(session), Tap(action, arg))
        bot = int(self.telegram.token.partition(":")[0])
        return self.running.desk.keyring().seal(payload, b"telegram:%d:%d" % (bot, self.patient.id))

    def jump(self, session: Session, action: Action, arg: int = 0) -> Message:
        """She presses such a button under her last message."""
        self.patient.tap(self.patient.last, forged=self.token(session, action, arg))
        self.telegram.settle()
        return self.patient.last

    def tap(self, phrase: str, message: Message | None = None) -> Message:
        """She presses the button with the words of `phrase`."""
        held = message or self.patient.last
        self.patient.tap(held, self.speech.say(phrase))
        self.telegram.settle(20)
        return self.patient.last

    def sent(self) -> Message:
        """She asks the centre; gives the screen that says so."""
        self.jump(SESSION, Action.ASK)
        return self.tap("preview.send")

    def row(self) -> Row | None:
        """How her request stands."""

        async def read() -> Row | None:
            return self.office.store.request(CODE)

        return self.running.run(read())

    def letters(self) -> list[tuple[str, str]]:
        """Title and link of what the centre got, the newest first."""
        assert self.office.inbox is not None

        return [(letter.title, letter.link or "") for letter in self.office.inbox.letters]

    def key(self) -> str:
        """The key of the newest letter."""
        return self.letters()[0][1].partition("#")[2]

    async def opened(self, token: str, note: str) -> Opened:
        """What the reply page shows."""
        return self.office.replies.opened(token, note, "fr")

    def settle(self) -> None:
        """Waits for all that follows."""
        self.telegram.settle()
        self.running.run(self.office.exchange.close())


@pytest.fixture
def chat(telegram: FakeTelegram, chat_desk: Desk, clock: Clock, tmp_path: Path) -> Iterator[Chat]:
    """A patient who has opened the conversation; nothing of it may fail."""
    offices: list[Office] = []

    def opening(running: Running) -> Office:
        folder = tmp_path / "office"
        folder.mkdir(mode=0o700)
        offices.append(
            office_at(folder, running.desk, clock, running.errors.append, running._notify)
        )
        return offices[0]

    with Running(telegram, chat_desk, opening=opening) as running:
        patient = telegram.person(language="en")
        patient.say("/start")
        telegram.settle()
        yield Chat(telegram, running, offices[0], patient)

    assert [] == running.errors


def test_a_request_is_sent_when_it_was_accepted_and_recorded(chat: Chat) -> None:
    """The preview says all that goes; then *sent*, in the same message, with the code and a day."""
    preview = chat.jump(SESSION, Action.ASK)

    assert chat.say("preview.title") in worded(preview.text)
    assert grouped(CODE) in preview.text
    assert [] == chat.letters()

    sent = chat.tap("preview.send")
    row = chat.row()

    assert preview.id == sent.id
    assert chat.say("sent.title") in worded(sent.text)
    assert grouped(CODE) in sent.text
    assert "12 October 2022" in worded(sent.text)
    assert row is not None
    assert State.SENT is row.state
    assert 1 == len(chat.letters())


def test_she_sees_that_it_is_on_its_way(chat: Chat) -> None:
    """*Sending* is shown before the centre's channel is asked."""
    chat.sent()
    shown = [call.params["text"] for call in chat.telegram.called("editMessageText")]
    titles = [worded(text).partition("\n")[0] for text in shown[-2:]]

    assert [f"<b>{chat.say('sending.title')}</b>", f"<b>{chat.say('sent.title')}</b>"] == titles


def test_tapping_again_is_one_request(chat: Chat) -> None:
    """Old buttons, double taps and *try again* find what is there."""
    chat.sent()
    for step, action in (
        (Step.PREVIEW, Action.CONFIRM),
        (Step.SENDING, Action.CONFIRM),
        (Step.UNSENT, Action.CONFIRM),
    ):
        again = chat.jump(SESSION.at(step), action)

        assert chat.say("sent.title") in worded(again.text)
    assert 1 == len(chat.letters())


def test_each_screen_as_a_new_message(chat: Chat) -> None:
    """Who asked for that sees the request on its way, and what came of it in the same message."""
    many = SESSION.at(Step.PREVIEW)
    before = len(chat.patient.messages)
    chat.jump(replace(many, channel=1), Action.CONFIRM)

    assert before + 1 == len(chat.patient.messages)
    assert chat.say("sent.title") in worded(chat.patient.last.text)


def test_the_answer_comes_into_her_chat_and_stays(chat: Chat) -> None:
    """As a new message, which the next screen does not replace."""
    chat.sent()
    told = chat.running.run(chat.office.replies.reply(chat.key(), ANSWER))
    message = chat.patient.last

    assert "done" == told.value
    assert chat.say("message.title") in worded(message.text)
    assert ANSWER in message.text

    ending = chat.tap("sent.end", message)

    assert chat.say("ending.title") in worded(ending.text)
    assert message.id != ending.id
    assert any(ANSWER in one.text for one in chat.patient.messages)


def test_the_first_line_on_a_locked_phone_names_no_illness(chat: Chat) -> None:
    """Neither of an answer nor of her own text."""
    chat.sent()
    chat.running.run(chat.office.replies.reply(chat.key(), ANSWER))
    lead = chat.say("chat.lead")

    assert worded(chat.patient.last.text).startswith(lead)


def test_taken_and_closed_are_told(chat: Chat) -> None:
    """She hears that somebody looks after it, and that it is over, with the centre's contact."""
    chat.sent()
    key = chat.key()
    chat.running.run(chat.office.replies.take(key))

    assert chat.say("message.taken.title") in worded(chat.patient.last.text)

    chat.running.run(chat.office.replies.close(key))
    closed = chat.patient.last

    assert chat.say("message.closed.title") in worded(closed.text)
    assert "example.org" in closed.text
    assert chat.say("message.answer") not in [label for row in closed.labels for label in row]


def _drafted(chat: Chat, text: str) -> Message:
    """She writes `text` in answer to the team; gives the preview."""
    chat.sent()
    chat.running.run(chat.office.replies.reply(chat.key(), ANSWER))
    asked = chat.tap("message.answer")

    assert chat.say("write.title") in worded(asked.text)

    chat.patient.say(text, reply_to=asked)
    chat.settle()
    return chat.patient.last


def test_her_text_is_read_back_before_it_goes(chat: Chat) -> None:
    """With a warning for each thing that could tell who she is."""
    text = "My name is Ann Bird <b>&amp;, call 01 99 00 00 00 or ann@example.org 🙂"
    draft = _drafted(chat, text)

    assert chat.say("draft.title") in worded(draft.text)
    assert text in draft.text
    for sign in ("phone", "email", "name"):
        assert chat.say(f"draft.sign.{sign}") in worded(draft.text)
    assert 1 == len(chat.letters())


def test_her_text_goes_as_it_was_shown(chat: Chat) -> None:
    """Read back from the preview, to the last sign; the centre gets a link, not the text."""
    text = "Line one: 🙂 Ω <i>no mark</i> & so on.\n\nLine two — “quoted”, 100 %."
    _drafted(chat, text)
    passed = chat.tap("draft.send")
    token, _, note = chat.key().partition(".")

    assert chat.say("passed.title") in worded(passed.text)
    assert 2 == len(chat.letters())
    assert text == chat.running.run(chat.opened(token, note)).text
    assert text not in passed.text
    assert all("Line one" not in title + link for title, link in chat.letters())


def test_her_text_goes_once(chat: Chat) -> None:
    """Pressing *send* again under the same preview sends nothing more."""
    draft = _drafted(chat, "When can I come?")
    token = draft.button(chat.speech.say("draft.send")).data
    for _ in range(3):
        chat.patient.tap(draft, forged=token)
    chat.settle()

    assert 2 == len(chat.letters())


def test_a_cry_for_help_gets_the_numbers_first(chat: Chat) -> None:
    """Above her text, which goes nowhere by itself."""
    draft = _drafted(chat, "I want to die")
    words = worded(draft.text)

    assert -1 < words.find("3114") < words.find("I want to die")
    assert chat.say("draft.title") in words
    assert 1 == len(chat.letters())


def test_ordinary_words_that_sound_like_a_cry_can_be_sent(chat: Chat) -> None:
    """The numbers are shown, and what she meant to say reaches the team all the same."""
    text = "Je suis libre après le pont du 8 mai. Puis-je venir ?"
    draft = _drafted(chat, text)

    assert "3114" in draft.text

    passed = chat.tap("draft.send")
    token, _, note = chat.key().partition(".")

    assert chat.say("passed.title") in worded(passed.text)
    assert text == chat.running.run(chat.opened(token, note)).text


def test_a_cry_that_is_too_long_for_a_text_gets_both_words(chat: Chat) -> None:
    """The numbers, and why nothing was taken."""
    text = ("I want to die. " * 80).strip()
    told = worded(_drafted(chat, text).text)

    assert "3114" in told
    assert chat.say("notice.long", count=len(text)) in told


def test_a_text_that_is_too_long_is_not_taken(chat: Chat) -> None:
    """The number of its characters is told, and nothing is cut."""
    told = _drafted(chat, "a" * 1001)

    assert chat.say("notice.long", count=1001) in worded(told.text)
    assert chat.say("write.title") in worded(told.text)


def test_a_photo_is_declined_with_a_reason(chat: Chat) -> None:
    """Only words go to the team."""
    chat.sent()
    asked = chat.jump(SESSION.at(Step.SENT), Action.WRITE)
    chat.patient.send("photo", reply_to=asked)
    chat.settle()

    assert chat.say("aside.media") in worded(chat.patient.last.text)
    assert 1 == len(chat.letters())


def test_she_ends_it_and_the_handle_dies(chat: Chat) -> None:
    """The centre's card says so; its key opens nothing any more, whatever is tried."""
    chat.sent()
    key = chat.key()
    chat.jump(SESSION.at(Step.SENT), Action.END)
    ended = chat.tap("ending.yes")
    chat.settle()
    row = chat.row()
    assert chat.office.inbox is not None
    card = chat.office.inbox.letters[0]
    replied = chat.running.run(chat.office.replies.reply(key, ANSWER))

    assert chat.say("ended.title") in worded(ended.text)
    assert row is not None
    assert State.ENDED is row.state
    assert card.link is None
    assert "over" == replied.value
    assert all(ANSWER not in message.text for message in chat.patient.messages)


def test_an_old_confirm_never_opens_an_ended_request_again(chat: Chat) -> None:
    """*Ask again* makes another one, with another code."""
    chat.sent()
    chat.jump(SESSION.at(Step.ENDING), Action.END_NOW)
    over = chat.jump(SESSION.at(Step.PREVIEW), Action.CONFIRM)

    assert chat.say("over.title") in worded(over.text)
    assert 1 == len(chat.letters())

    chat.tap("over.again")
    sent = chat.tap("preview.send")

    assert chat.say("sent.title") in worded(sent.text)
    assert grouped(code_of(SESSION.tag, 1, CENTRE, 1)) in sent.text
    assert 2 == len(chat.letters())


def test_who_blocked_the_bot_is_not_reached_and_the_team_is_told(chat: Chat) -> None:
    """The answer is not lost without a word."""
    chat.sent()
    chat.patient.block()
    told = chat.running.run(chat.office.replies.reply(chat.key(), ANSWER))

    assert "blocked" == told.value


def test_when_telegram_fails_the_team_can_try_again(chat: Chat) -> None:
    """Nothing was sent, and nothing is recorded as answered."""
    chat.sent()
    chat.telegram.faults.flood("sendMessage", times=9, retry_after=30)
    told = chat.running.run(chat.office.replies.reply(chat.key(), ANSWER))
    row = chat.row()

    assert "later" == told.value
    assert row is not None
    assert State.SENT is row.state

    chat.telegram.faults.clear()
    told = chat.running.run(chat.office.replies.reply(chat.key(), ANSWER))

    assert "done" == told.value


def test_at_the_limit_she_gets_the_centres_own_contact(chat: Chat) -> None:
    """Three requests a day; the fourth shows how to reach the centre without us."""
    for tag in range(3):
        session = replace(SESSION, tag=tag)
        chat.jump(session.at(Step.PREVIEW), Action.CONFIRM)

        assert chat.say("sent.title") in worded(chat.patient.last.text)

    fourth = replace(SESSION, tag=9)
    full = chat.jump(fourth.at(Step.PREVIEW), Action.CONFIRM)

    assert chat.say("full.title") in worded(full.text)
    assert "example.org" in full.text
    assert 3 == len(chat.letters())


def test_no_answer_yet_shows_the_next_contact(chat: Chat) -> None:
    """By which day to expect one, what happens by itself, and whom to call."""
    chat.sent()
    waiting = chat.tap("sent.waiting")

    assert "12 October 2022" in worded(waiting.text)
    assert "+33" in waiting.text


def test_a_locked_database_is_not_sent_yet(chat: Chat, tmp_path: Path) -> None:
    """She can try again; then it is sent, once."""
    held = sqlite3.connect(tmp_path / "office" / "passerelle.db", isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    chat.jump(SESSION, Action.ASK)
    unsent = chat.tap("preview.send")

    assert chat.say("unsent.title") in worded(unsent.text)
    assert "example.org" in unsent.text
    assert [] == chat.letters()
    assert ["StoreError"] == [type(error).__name__ for error in chat.running.errors]

    chat.running.errors.clear()
    held.execute("ROLLBACK")
    held.close()
    sent = chat.tap("sending.again")

    assert chat.say("sent.title") in worded(sent.text)
    assert 1 == len(chat.letters())
