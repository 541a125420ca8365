"""What the bot says to taps and typed words, in private and in groups."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.telegram.commands import COMMANDS, Command
from bot.desk import Desk
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Carrier, Catalogue
from tests.builders import Clock
from tests.fakes.telegram import FakeTelegram, Message, Person
from tests.telegram_fixtures import WEB, Running, worded
from tests.test_platform import FIRST, SECOND, asked, begun, from_bot, tap

LEAD = "Voici le message suivant. Vous pouvez le lire plus tard, au calme."


@pytest.fixture
def running(telegram: FakeTelegram, chat_desk: Desk) -> Iterator[Running]:
    """The service by webhook; it must report no error."""
    with Running(telegram, chat_desk) as service:
        yield service

    assert [] == service.errors


def say(
    telegram: FakeTelegram, person: Person, text: str, reply_to: Message | None = None
) -> Message:
    """She writes, a while after what she read; gives the bot's newest message."""
    telegram.pass_time(30)
    person.say(text, reply_to=reply_to)
    telegram.settle()
    return person.last


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Ailleurs, ou plusieurs", None),
        ("ailleurs, ou plusieurs", None),
        ("ailleurs", "Ailleurs, ou plusieurs"),
        ("aileurs", "Ailleurs, ou plusieurs"),
        ("Aillers ou plusieur", "Ailleurs, ou plusieurs"),
        ("oui os seulemnt", "Oui, os seulement"),
        ("NULLE PART AILLEUR", "Nulle part ailleurs"),
        ("je c pas", "Je ne sais pas"),
        ("jsp", "Je ne sais pas"),
        ("i dont know", "Je ne sais pas"),
    ],
)
def test_a_typed_reply_answers(
    telegram: FakeTelegram, running: Running, typed: str, told: str | None
) -> None:
    """Misspelt ones too; what is not the label word for word is said back to her."""
    person = asked(telegram)
    question = person.last
    say(telegram, person, typed, reply_to=question)
    shown = next(m for m in person.messages if m.id == question.id)

    assert not shown.text.startswith(FIRST)
    assert 1 == len(from_bot(person))
    assert (told is not None) == (f"Compris : « {told} »" in worded(shown.text))


@pytest.mark.parametrize("typed", ["oui", "non", "Non", "os", "peut-être", "42", "?", "🙂"])
def test_a_doubtful_reply_answers_nothing(
    telegram: FakeTelegram, running: Running, typed: str
) -> None:
    """A bare *no* is not "no, later": she is told how to go on, and the question stays."""
    person = asked(telegram)
    question = person.last
    last = say(telegram, person, typed, reply_to=question)

    assert "Nous n’avons pas compris" in last.text
    assert person.messages[1].text.startswith(FIRST)

    tap(telegram, person, "Revenir à Passerelle")

    assert person.last.text.startswith(FIRST)


def test_rapid_replies_never_answer_unread(telegram: FakeTelegram, running: Running) -> None:
    """The same words twice in a second: the second came before she could read the next question."""
    person = asked(telegram)
    question = person.last
    telegram.pass_time(30)
    for _ in range(2):
        person.say("je ne sais pas", reply_to=question)
        telegram.settle()
    shown = next(m for m in person.messages if m.id == question.id)

    assert not shown.text.startswith(FIRST)
    assert "Question 2" in shown.text
    assert person.last.text.startswith("L’écran vient de changer")


def test_replies_at_the_same_moment_answer_one_question(
    telegram: FakeTelegram, running: Running
) -> None:
    """Both are to the question that she saw, so the next one stays unanswered."""
    person = asked(telegram)
    question = person.last
    telegram.pass_time(30)
    telegram.faults.delay("editMessageText", 0.1)
    for _ in range(2):
        person.say("je ne sais pas", reply_to=question)
    telegram.settle()
    shown = next(m for m in person.messages if m.id == question.id)

    assert "Question 2" in shown.text


def test_a_reply_without_its_keyboard_is_told_how_to_go_on(
    telegram: FakeTelegram, running: Running
) -> None:
    """Some clients leave the buttons out of what was answered."""
    person = asked(telegram)
    telegram.faults.no_markup_in_reply = True
    last = say(telegram, person, "je ne sais pas", reply_to=person.last)

    assert "Nous n’avons pas compris" in last.text


def test_a_typed_reply_may_erase(telegram: FakeTelegram, running: Running) -> None:
    """Typed words do what the button does."""
    person = asked(telegram)
    tap(telegram, person, "Effacer")
    telegram.pass_time(30)
    person.say("oui, effacer", reply_to=person.last)
    telegram.settle()

    (left,) = from_bot(person)
    assert left.text.startswith("Ce message est effacé")


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [
        ("fr", "jveu mourir", "3114"),
        ("fr", "g plu envi de vivre", "3114"),
        ("en", "i want to dye", "3114"),
        ("en", "jen peux plus", "3114"),
        ("fr", "je saigne et sa sarrete pas", "appelez maintenant l’équipe de soins"),
        ("en", "i cant breathe", "call the care team now"),
    ],
)
def test_a_cry_for_help_is_heard(
    telegram: FakeTelegram, running: Running, language: str, typed: str, shown: str
) -> None:
    """One message, at once, in the language of her telephone, without a line in front of it."""
    person = begun(telegram, language=language)
    last = say(telegram, person, typed)

    assert shown in last.text
    assert not last.text.startswith(("Passerelle", LEAD))
    assert typed not in last.text


def test_a_cry_for_help_in_a_reply_leaves_the_question(
    telegram: FakeTelegram, running: Running
) -> None:
    """It answers nothing; *go on* shows the question again, under the card."""
    person = asked(telegram)
    last = say(telegram, person, "a quoi bon vivre", reply_to=person.last)

    assert "3114" in last.text
    assert person.messages[1].text.startswith(FIRST)

    tap(telegram, person, "Revenir à Passerelle")

    assert person.last.text.startswith(FIRST)


@pytest.mark.parametrize("typed", ["non", "je ne sais pas", "ailleurs, ou plusieurs"])
def test_a_reply_to_a_card_answers_no_question(
    telegram: FakeTelegram, running: Running, typed: str
) -> None:
    """The card stays, and the question behind it too."""
    person = asked(telegram)
    card = say(telegram, person, "a quoi bon vivre", reply_to=person.last)
    last = say(telegram, person, typed, reply_to=card)

    assert "Nous n’avons pas compris" in last.text
    assert person.messages[1].text.startswith(FIRST)
    assert card.text == next(m.text for m in person.messages if m.id == card.id)


def test_a_third_rapid_reply_answers_nothing_either(
    telegram: FakeTelegram, running: Running
) -> None:
    """Not in reply to the card that says the screen has changed."""
    person = asked(telegram)
    question = person.last
    telegram.pass_time(30)
    for _ in range(2):
        person.say("je ne sais pas", reply_to=question)
        telegram.settle()
    say(telegram, person, "je ne sais pas", reply_to=person.last)
    shown = next(m for m in person.messages if m.id == question.id)

    assert "Question 2" in shown.text


def test_a_reply_works_on_another_day(
    telegram: FakeTelegram, running: Running, clock: Clock
) -> None:
    """The buttons of yesterday's question carry yesterday's key."""
    person = asked(telegram)
    clock.today += timedelta(days=1)
    say(telegram, person, "je ne sais pas", reply_to=person.last)

    assert not person.messages[1].text.startswith(FIRST)


def test_half_of_a_double_tap_answers_nothing(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """A press on the next screen before it can have been read; a moment later it counts."""
    with Running(telegram, chat_desk, unread=1.0) as running:
        person = begun(telegram)
        tap(telegram, person, "J’accepte, commencer")
        tap(telegram, person, "Pour moi")

        assert person.last.text.startswith("Pour qui est-ce")
        assert person.toasts[-1][0].startswith("L’écran vient de changer")

        tap(telegram, person, "Retour")

        assert person.last.text.startswith("Bienvenue")

        time.sleep(1.1)
        tap(telegram, person, "J’accepte, commencer")

        assert person.last.text.startswith("Pour qui est-ce")
    assert [] == running.errors


def test_a_cry_for_help_under_a_picture_is_heard(telegram: FakeTelegram, running: Running) -> None:
    """Captions are words too."""
    person = begun(telegram)
    person.send("photo", caption="je veux en finir")
    telegram.settle()

    assert "3114" in person.last.text


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.phrase)
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("slash", ["/", ""])
def test_every_command_answers(
    telegram: FakeTelegram, running: Running, command: Command, language: str, slash: str
) -> None:
    """In both languages, with and without the slash, at any time."""
    titles = {
        "fr": {
            "command.start": "Bienvenue",
            "command.urgent": "Aide urgente",
            "command.help": "Comment marche la discussion",
            "command.language": "Langue / Language",
            "command.privacy": "Vie privée",
            "command.stop": "Vous pouvez vous arrêter ici",
            "command.erase": "Pour effacer la discussion",
        },
        "en": {
            "command.start": "Welcome",
            "command.urgent": "Urgent help",
            "command.help": "How this chat works",
            "command.language": "Langue / Language",
            "command.privacy": "Privacy",
            "command.stop": "You can stop here",
            "command.erase": "To erase this chat",
        },
    }
    person = telegram.person(language=language)
    last = say(telegram, person, slash + command.names[language])

    assert titles[language][command.phrase] in last.text


@pytest.mark.parametrize(
    "typed", ["/privacy", "/confidentialite", "/PRIVACY", "/privacy@passerelle_test_bot", "privacy"]
)
def test_privacy_is_always_there(telegram: FakeTelegram, running: Running, typed: str) -> None:
    """Telegram asks every bot to answer it."""
    assert "Rien qui dise qui vous êtes" in say(telegram, telegram.person(), typed).text


def test_a_command_as_a_reply_keeps_the_conversation(
    telegram: FakeTelegram, running: Running
) -> None:
    """Urgent help, then back to the very question."""
    person = asked(telegram)
    say(telegram, person, "/urgence", reply_to=person.last)
    tap(telegram, person, "Retour")

    assert person.last.text.startswith(FIRST)


@pytest.mark.parametrize("typed", ["/nonsense", "/start@another_bot", "hello", "x" * 4096, "0"])
def test_other_words_are_told_how_to_go_on(
    telegram: FakeTelegram, running: Running, typed: str
) -> None:
    """Whatever they are; nothing of them is repeated."""
    last = say(telegram, begun(telegram), typed)

    assert "Nous n’avons pas compris" in last.text
    assert typed == "0" or typed not in last.text


@pytest.mark.parametrize(
    "kind",
    ["sticker", "photo", "document", "voice", "location", "contact", "video", "audio", "poll"],
)
def test_what_is_no_text_gets_a_kind_answer(
    telegram: FakeTelegram, running: Running, kind: str
) -> None:
    """It is not opened, and she learns how to take it out of the chat."""
    person = begun(telegram)
    person.send(kind)
    telegram.settle()

    assert "Mots et boutons seulement" in person.last.text


def test_an_edited_message_never_answers(telegram: FakeTelegram, running: Running) -> None:
    """Her old reply, changed now, would answer a question that she has not read."""
    person = asked(telegram)
    question = person.last
    telegram.pass_time(30)
    mine = person.say("je ne sais pas", reply_to=question)
    telegram.settle()
    telegram.pass_time(30)
    before = [m.text for m in from_bot(person)]
    shown = next(m for m in person.messages if m.id == question.id)
    keys = [[{"text": k.text, "callback_data": k.data} for k in row] for row in shown.keyboard]
    update = {
        "message_id": mine.id,
        "chat": {"id": person.id, "type": "private"},
        "date": shown.date + 100,
        "text": "Je ne sais pas",
        "reply_to_message": {
            "message_id": shown.id,
            "date": shown.date,
            "reply_markup": {"inline_keyboard": keys},
        },
    }
    telegram.raw({"edited_message": update})
    telegram.settle()

    assert before == [m.text for m in from_bot(person)][: len(before)]
    assert "Nous n’avons pas compris" in person.last.text


def test_a_place_that_moves_is_answered_once(telegram: FakeTelegram, running: Running) -> None:
    """Telegram sends an update at each move, for as long as it is shared."""
    person = begun(telegram)
    person.send("location")
    telegram.settle()
    told = len(from_bot(person))
    for _ in range(3):
        update = {
            "message_id": 99,
            "chat": {"id": person.id, "type": "private"},
            "date": 100,
            "location": {"latitude": 48.8, "longitude": 2.3},
        }
        telegram.raw({"edited_message": update})
    telegram.settle()

    assert told == len(from_bot(person))


def test_a_new_message_each_time(telegram: FakeTelegram, running: Running) -> None:
    """For a screen reader each screen is a message of its own, with a neutral beginning."""
    person = asked(telegram)
    say(telegram, person, "/aide", reply_to=person.last)
    tap(telegram, person, "Un message par écran")

    assert "C’est fait : chaque écran arrive maintenant" in worded(person.last.text)

    tap(telegram, person, "Retour")
    tap(telegram, person, "Ailleurs, ou plusieurs")
    first, _, answered, asks = from_bot(person)[-4:]

    assert first.text.startswith("Comment marche la discussion")
    assert LEAD == answered.text.splitlines()[0]
    assert LEAD == asks.text.splitlines()[0]
    assert SECOND in asks.text


def test_a_double_tap_sends_one_message(telegram: FakeTelegram, running: Running) -> None:
    """In that mode, too, pressing twice shows the next screen once."""
    person = asked(telegram)
    say(telegram, person, "/aide", reply_to=person.last)
    tap(telegram, person, "Un message par écran")
    before = len(from_bot(person))
    old = person.last
    person.tap(old, "Retour")
    person.tap_old(old, "Retour")
    telegram.settle()

    assert before + 1 == len(from_bot(person))


def test_one_message_again(telegram: FakeTelegram, running: Running) -> None:
    """The way back from that mode."""
    person = begun(telegram)
    say(telegram, person, "/aide", reply_to=person.last)
    tap(telegram, person, "Un message par écran")
    tap(telegram, person, "Garder un seul message")
    before = len(from_bot(person))
    tap(telegram, person, "Retour")
    tap(telegram, person, "J’accepte, commencer")

    assert before == len(from_bot(person))


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_in_a_group_it_speaks_of_no_health(
    telegram: FakeTelegram, running: Running, kind: str
) -> None:
    """Brought in, it declines once and links to the private chat."""
    group = telegram.group("Entraide", kind=kind)
    owner = telegram.person()
    group.add_bot(owner, administrator=kind == "channel")
    group.add_bot(owner, administrator=True)  # a change of its standing is no new arrival
    telegram.settle()
    (button,) = group.last.buttons()

    assert group.last.text.startswith("Passerelle parle avec une personne à la fois")
    assert "https://t.me/passerelle_test_bot?start=group" == button.url
    assert 1 == sum(message.from_bot for message in group.messages)


@pytest.mark.parametrize("typed", ["/start", "/aide@passerelle_test_bot", "/privacy"])
def test_a_command_in_a_group_is_declined(
    telegram: FakeTelegram, running: Running, typed: str
) -> None:
    """The same few words, whatever was asked."""
    group = telegram.group("Entraide", kind="supergroup")
    group.say(telegram.person(language="en"), typed)
    telegram.settle()

    assert group.last.text.startswith("Passerelle speaks with one person at a time")


def test_other_talk_in_a_group_is_left_alone(telegram: FakeTelegram, running: Running) -> None:
    """Even where it hears everything, and even a cry: a group is no place to answer it."""
    telegram.privacy_mode = False
    group = telegram.group("Entraide")
    for typed in ("bonjour", "/start@another_bot", "je veux mourir"):
        group.say(telegram.person(), typed)
    telegram.settle()

    assert not any(message.from_bot for message in group.messages)


def test_a_button_pressed_in_a_group_is_declined(telegram: FakeTelegram, running: Running) -> None:
    """A press of our own button in a group shows only where to go."""
    person = telegram.person()
    group = telegram.group("Entraide")
    group.say(person, "/start")
    telegram.settle()
    person.tap_old(group.last, forged="A" * 64)
    telegram.settle()

    assert "Ouvrez la discussion privée" in person.toasts[-1][0]


def test_the_demonstration_talks_to_invited_chats_only(
    telegram: FakeTelegram, chat_desk: Desk
) -> None:
    """Others learn their own number, so that they can ask to be let in."""
    with Running(telegram, chat_desk, chats=frozenset({700_100_900})) as running:
        invited = telegram.person(700_100_900)
        stranger = telegram.person(700_100_901)
        for person in (invited, stranger):
            person.say("/start")
        telegram.settle()
        stranger.tap(stranger.last, forged="A" * 64)
        telegram.settle()

        assert "Bienvenue" in invited.last.text
        assert "sur invitation" in stranger.last.text
        assert "700100901" in stranger.last.text
        assert "sur invitation" in stranger.toasts[-1][0]
        assert "15 ou le 112" in stranger.toasts[-1][0]
    assert [] == running.errors


def test_a_cry_for_help_is_heard_of_anybody(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """Also of somebody who was not invited to the demonstration."""
    with Running(telegram, chat_desk, chats=frozenset({1})):
        person = telegram.person()
        person.say("je veux mourir")
        telegram.settle()

        assert "3114" in person.last.text


def test_the_notice_says_who_can_read(telegram: FakeTelegram, running: Running) -> None:
    """Before the first question, with the link to the more private web page."""
    person = begun(telegram)
    links = [entity.get("url") for entity in person.last.entities]

    assert "Telegram peut lire cette discussion" in person.last.text
    assert WEB in links


def test_contact_screens_of_the_demonstration_reach_nobody(
    telegram: FakeTelegram, running: Running
) -> None:
    """The page of a study centre says that no hospital receives anything."""
    person = begun(telegram)
    tap(telegram, person, "J’accepte, commencer")
    tap(telegram, person, "Quelqu’un de proche")
    tap(telegram, person, "Non, ou à demander")
    tap(telegram, person, "Contacter un centre")
    tap(telegram, person, person.last.labels[0][0])
    tap(telegram, person, person.last.labels[0][0])

    assert "Rien ne part vers un hôpital" in person.last.text
    assert "@example.org" in person.last.text


def test_a_live_service_says_that_the_study_is_closed(
    telegram: FakeTelegram, live: Catalogue, tmp_path: Path, clock: Clock
) -> None:
    """On Telegram too the bad news comes first, after a neutral line."""
    catalogue = replace(live, carrier=Carrier("Telegram", WEB))
    with Running(telegram, Desk(catalogue, KeyFiles(tmp_path / "live"), clock)) as running:
        person = begun(telegram)

        assert person.last.text.startswith(LEAD)
        assert "n’accueille plus de nouvelles patientes" in person.last.text
        assert [["Que puis-je faire ?"]] == [
            [worded(label) for label in row] for row in person.last.labels[:1]
        ]
    assert [] == running.errors


def test_all_studies_are_talked_about_in_a_chat(
    telegram: FakeTelegram, many: Catalogue, tmp_path: Path
) -> None:
    """A list of results, a study of it, and back; every button is of the chat's own message."""
    desk = Desk(
        replace(many, carrier=Carrier("Telegram", WEB)), KeyFiles(tmp_path / "keys"), Clock()
    )
    with Running(telegram, desk) as service:
        person = begun(telegram, "en")

        assert "Studies open to new patients here: 3." in person.last.text

        tap(telegram, person, "I agree, start")
        tap(telegram, person, "For me")
        questions = []
        while "Studies still possible" in person.last.text:
            questions.append(person.last.text)
            tap(telegram, person, "I don’t know")
        tap(telegram, person, "See the result")

        assert len(questions) == len(set(questions)) > 10
        assert "Some points to check" in person.last.text

        tap(telegram, person, "pionERA")

        assert "as on 27 January 2026" in person.last.text

        say(telegram, person, "All results", person.last)

        assert "INAVO122: " in person.last.text
        assert [] == service.errors


@pytest.mark.parametrize(
    ("typed", "named"),
    [("/start t2", "pionERA"), ("/start t3", "INAVO122"), ("/start", None), ("/start t99", None)],
)
def test_a_link_can_be_to_one_study(
    telegram: FakeTelegram, many: Catalogue, tmp_path: Path, typed: str, named: str | None
) -> None:
    """By its number; an unknown one begins as usual."""
    desk = Desk(
        replace(many, carrier=Carrier("Telegram", WEB)), KeyFiles(tmp_path / "keys"), Clock()
    )
    with Running(telegram, desk):
        text = say(telegram, telegram.person(language="en"), typed).text

    assert (named is not None) is ("The study: " in text)
    assert (named or "Studies open to new patients here: 3.") in text
