"""What Telegram does to a bot, row by row, and what comes of it here.

Every test runs the real service over HTTP against the strict fake, by webhook and by polling.
"""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.store.keyfiles import KeyFiles
from dialogs.errors import ClockBehind
from tests.builders import Clock
from tests.fakes.telegram import FakeTelegram, Message, Person
from tests.telegram_fixtures import Running

FIRST = "Quand on a trouvé votre cancer"
SECOND = "Votre cancer est-il sensible"
BLOCKED = "Forbidden: bot was blocked by the user"


def begun(telegram: FakeTelegram, language: str = "fr") -> Person:
    """Somebody who has said /start and sees the welcome."""
    person = telegram.person(language=language)
    person.say("/start")
    telegram.settle()
    return person


def tap(telegram: FakeTelegram, person: Person, label: str) -> None:
    """Taps on the newest message, and waits until nothing is under way."""
    person.tap(person.last, label)
    telegram.settle()


def asked(telegram: FakeTelegram) -> Person:
    """Somebody at the first question."""
    person = begun(telegram)
    tap(telegram, person, "J’accepte, commencer")
    tap(telegram, person, "Pour moi")

    assert person.last.text.startswith(FIRST)

    return person


def from_bot(person: Person) -> list[Message]:
    """What the bot has in her chat."""
    return [message for message in person.messages if message.from_bot]


def test_query_is_too_old(telegram: FakeTelegram, bot: Running) -> None:
    """The press is no longer answered, but the next screen is there."""
    person = begun(telegram)
    telegram.faults.answer(
        "answerCallbackQuery",
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    tap(telegram, person, "J’accepte, commencer")

    assert person.last.text.startswith("Pour qui est-ce")
    telegram.problems.clear()  # by webhook only the server sees that refusal


def test_message_is_not_modified(telegram: FakeTelegram, bot: Running) -> None:
    """A second press of the same button is as good as the first."""
    person = begun(telegram)
    old = person.last
    tap(telegram, person, "J’accepte, commencer")
    person.tap_old(old, "J’accepte, commencer")
    telegram.settle()

    assert person.last.text.startswith("Pour qui est-ce")
    assert 1 == len(from_bot(person))
    assert [] == person.spinning
    assert any("not modified" in (call.error or "") for call in telegram.calls)


def test_message_too_old_to_edit(telegram: FakeTelegram, bot: Running) -> None:
    """The screen comes as a new message."""
    person = begun(telegram)
    telegram.faults.answer("editMessageText", 400, "Bad Request: message can't be edited")
    tap(telegram, person, "J’accepte, commencer")

    assert 2 == len(from_bot(person))
    assert "Pour qui est-ce" in person.last.text


def test_message_too_old_to_delete(telegram: FakeTelegram, bot: Running) -> None:
    """After 48 hours *erase* leaves a neutral line instead of the message."""
    person = asked(telegram)
    telegram.pass_time(49 * 3600)
    tap(telegram, person, "Effacer")
    tap(telegram, person, "Oui, effacer")

    (left,) = from_bot(person)
    assert left.text.startswith("C’est effacé")
    assert not any(word in left.text for word in ("cancer", "médecin", "étude"))
    assert person.toasts[-1][0].startswith("Ce message est effacé")


def test_erase_deletes_its_own_message(telegram: FakeTelegram, bot: Running) -> None:
    """Within 48 hours nothing of ours is left, and a toast says so."""
    person = asked(telegram)
    tap(telegram, person, "Effacer")
    tap(telegram, person, "Oui, effacer")

    assert [] == from_bot(person)
    assert person.toasts[-1][0].startswith("Ce message est effacé")


def test_inaccessible_message(telegram: FakeTelegram, bot: Running) -> None:
    """A press under a message that Telegram shows no more brings a new one."""
    person = begun(telegram)
    telegram.faults.inaccessible_after(60)
    telegram.pass_time(120)
    tap(telegram, person, "J’accepte, commencer")

    assert 2 == len(from_bot(person))
    assert "Pour qui est-ce" in person.last.text


def test_press_under_a_deleted_message(telegram: FakeTelegram, bot: Running) -> None:
    """She deleted it, her phone was slow: the screen comes as a new message."""
    person = begun(telegram)
    old = person.last
    person.delete(old)
    person.tap_old(old, "J’accepte, commencer")
    telegram.settle()

    assert "Pour qui est-ce" in person.last.text


def test_blocked_by_the_user(telegram: FakeTelegram, bot: Running) -> None:
    """403: nobody is there to read; nothing is kept, and all works when she comes back."""
    person = begun(telegram)
    old = person.last
    person.block()
    person.tap_old(old, "J’accepte, commencer")
    telegram.settle()
    person.unblock()
    tap(telegram, person, "J’accepte, commencer")

    assert any(BLOCKED == call.error for call in telegram.calls)
    assert person.last.text.startswith("Pour qui est-ce")


@pytest.mark.parametrize("method", ["editMessageText", "sendMessage"])
def test_flood(telegram: FakeTelegram, bot: Running, method: str) -> None:
    """429: waits as long as Telegram says, then goes on."""
    person = begun(telegram)
    before = len(from_bot(person))
    telegram.faults.flood(method, times=1, retry_after=1)
    if method == "sendMessage":
        person.say("/aide")
        telegram.settle()

        assert before + 1 == len(from_bot(person))
    else:
        tap(telegram, person, "J’accepte, commencer")

        assert person.last.text.startswith("Pour qui est-ce")
    assert 429 in [call.status for call in telegram.called(method)]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_server_error(telegram: FakeTelegram, bot: Running, status: int) -> None:
    """5xx is tried again at once."""
    person = begun(telegram)
    telegram.faults.answer("editMessageText", status, times=3)
    tap(telegram, person, "J’accepte, commencer")

    assert person.last.text.startswith("Pour qui est-ce")


@pytest.mark.parametrize("after_effect", [False, True])
def test_lost_connection_while_editing(
    telegram: FakeTelegram, bot: Running, after_effect: bool
) -> None:
    """An edit may be repeated, so it is."""
    person = begun(telegram)
    telegram.faults.drop("editMessageText", times=2, after_effect=after_effect)
    tap(telegram, person, "J’accepte, commencer")

    assert person.last.text.startswith("Pour qui est-ce")
    assert 1 == len(from_bot(person))


@pytest.mark.parametrize("after_effect", [False, True])
def test_lost_connection_while_answering_words(
    telegram: FakeTelegram, bot: Running, after_effect: bool
) -> None:
    """To words there is no other sign: the answer is there, at worst twice, never not at all."""
    person = begun(telegram)
    telegram.faults.drop("sendMessage", after_effect=after_effect)
    person.say("je veux mourir")
    telegram.settle()

    assert 1 + after_effect == sum("3114" in message.text for message in from_bot(person))


@pytest.mark.parametrize("fault", ["drop", "500"])
def test_lost_connection_while_sending_a_screen(
    telegram: FakeTelegram, bot: Running, fault: str
) -> None:
    """A screen that may have been sent is not sent again; a toast says so, and a tap sends it."""
    person = begun(telegram)
    person.say("/aide", reply_to=person.last)
    telegram.settle()
    tap(telegram, person, "Un message par écran")
    old, before = person.last, len(from_bot(person))
    if fault == "drop":
        telegram.faults.drop("sendMessage", after_effect=True)
    else:
        telegram.faults.answer("sendMessage", 500, after_effect=True)
    person.tap(old, "Retour")
    telegram.settle()

    assert before + 1 == len(from_bot(person))
    assert "n’est peut-être pas arrivé" in person.toasts[-1][0]

    person.tap_old(old, "Retour")
    telegram.settle()

    assert before + 2 == len(from_bot(person))


def test_telegram_delivers_again_what_failed_for_long(
    telegram: FakeTelegram, chat_desk: Desk
) -> None:
    """When the budget is used up the answer is 503, and the update comes again: nothing is lost."""
    with Running(telegram, chat_desk, budget=0.2) as running:
        person = begun(telegram)
        telegram.faults.answer("editMessageText", 500, times=6)
        tap(telegram, person, "J’accepte, commencer")

        assert person.last.text.startswith("Pour qui est-ce")
        assert running.service.tally.deferred >= 1
    assert [] == running.errors


def test_group_migration(telegram: FakeTelegram, bot: Running) -> None:
    """A group that became a supergroup is answered under its new number."""
    person = telegram.person()
    group = telegram.group("Entraide")
    group.add_bot(person)
    telegram.settle()
    telegram.faults.delay("sendMessage", 0.3)
    group.say(person, "/start")
    new = group.upgrade(person)
    telegram.settle()

    assert "en privé" in new.last.text
    assert any("upgraded" in (call.error or "") for call in telegram.calls)


@pytest.mark.parametrize("times", [1, 2])
def test_duplicates_by_webhook(telegram: FakeTelegram, chat_desk: Desk, times: int) -> None:
    """Every update comes twice or three times: edits repeat, messages do not."""
    telegram.faults.redeliver(times)
    with Running(telegram, chat_desk) as running:
        person = asked(telegram)
        person.say("/aide")
        telegram.settle()

        assert 2 == len(from_bot(person))
        assert from_bot(person)[0].text.startswith(FIRST)
    assert [] == running.errors
    # Only the server sees that a press was answered before.
    assert {True} == {"query is too old" in problem for problem in telegram.problems}
    telegram.problems.clear()


def test_duplicates_and_disorder_by_polling(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """The same update twice in a batch, and batches out of order."""
    telegram.faults.duplicates = telegram.faults.shuffle = True
    with Running(telegram, chat_desk, webhook=False) as running:
        people = [asked(telegram) for _ in range(3)]
        for person in people:
            person.say("/aide")
        telegram.settle()

        assert [2, 2, 2] == [len(from_bot(person)) for person in people]
    assert [] == running.errors


def test_a_double_tap_answers_once(telegram: FakeTelegram, bot: Running) -> None:
    """Two presses at once, and a third on the old screen: the next question stays unanswered."""
    person = asked(telegram)
    old = person.last
    person.tap(old, "Ailleurs, ou plusieurs")
    person.tap_old(old, "Ailleurs, ou plusieurs")
    telegram.settle()
    person.tap_old(old, "Ailleurs, ou plusieurs")
    telegram.settle()

    assert person.last.text.startswith(SECOND)
    assert 1 == len(from_bot(person))


def test_presses_of_one_person_keep_their_order(telegram: FakeTelegram, bot: Running) -> None:
    """Ten people tap at once, each twice in a row: each ends where her second press leads."""
    people = [begun(telegram) for _ in range(10)]
    olds = [person.last for person in people]
    telegram.faults.delay("editMessageText", 0.02)
    for person, old in zip(people, olds, strict=True):
        person.tap(old, "L’étude en bref")
        person.tap_old(old, "J’accepte, commencer")
    telegram.settle()

    assert ["Pour qui est-ce"] * 10 == [person.last.text[:15] for person in people]


def test_press_lost_in_an_outage(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """A press that Telegram dropped after 150 seconds works when it is pressed again."""
    with Running(telegram, chat_desk):
        person = begun(telegram)
    person.tap(person.last, "J’accepte, commencer")
    telegram.pass_time(151)

    assert 1 == len(telegram.lost)

    with Running(telegram, chat_desk):
        telegram.settle()
        tap(telegram, person, "J’accepte, commencer")

        assert person.last.text.startswith("Pour qui est-ce")


def test_press_kept_through_a_restart(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """What was pressed while the service was down is answered when it is back."""
    with Running(telegram, chat_desk):
        person = begun(telegram)
    person.tap(person.last, "J’accepte, commencer")
    with Running(telegram, chat_desk):
        telegram.settle()

        assert person.last.text.startswith("Pour qui est-ce")


@pytest.mark.parametrize("first", [True, False])
def test_change_between_polling_and_webhook(
    telegram: FakeTelegram, chat_desk: Desk, first: bool
) -> None:
    """Nothing that came in between is lost."""
    with Running(telegram, chat_desk, webhook=first):
        person = begun(telegram)
    person.tap(person.last, "J’accepte, commencer")
    with Running(telegram, chat_desk, webhook=not first) as running:
        telegram.settle()

        assert person.last.text.startswith("Pour qui est-ce")
    assert [] == running.errors


def test_stopping_confirms_what_was_handled(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """After a stop no update comes again."""
    with Running(telegram, chat_desk, webhook=False):
        person = begun(telegram)
        person.tap(person.last, "J’accepte, commencer")
        limit = time.monotonic() + 10
        while not person.last.text.startswith("Pour qui") and time.monotonic() < limit:
            time.sleep(0.01)

    assert 0 == telegram.pending


def test_stopping_leaves_what_could_not_be_handled(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """An update that still fails when the service stops is there for the next start."""
    with Running(telegram, chat_desk, webhook=False, budget=0.1) as running:
        person = begun(telegram)
        telegram.faults.answer("editMessageText", 500, times=10_000)
        person.tap(person.last, "J’accepte, commencer")
        limit = time.monotonic() + 10
        while not running.service.tally.deferred and time.monotonic() < limit:
            time.sleep(0.01)

    assert 1 == telegram.pending

    telegram.faults.clear()
    with Running(telegram, chat_desk, webhook=False):
        telegram.settle()

        assert person.last.text.startswith("Pour qui est-ce")


@pytest.mark.parametrize(
    "update",
    [
        b"not json",
        b"[]",
        b'{"update_id": "one"}',
        b'{"update_id": 5, "message": {"message_id": "x"}}',
        b'{"update_id": 6, "callback_query": {"id": 7}}',
        b"[" * 50_000,
        b'{"update_id": 8, "message": {"message_id": 1, "chat": {"id": 1}, "text": "\xff\xfe"}}',
        b'{"update_id": 9, "poll": {"id": "1"}}',
    ],
)
def test_poisoned_update(telegram: FakeTelegram, chat_desk: Desk, update: bytes) -> None:
    """It is answered, counted, and stops nobody."""
    with Running(telegram, chat_desk) as running:
        person = begun(telegram)
        telegram.raw(update)
        telegram.settle()
        tap(telegram, person, "J’accepte, commencer")

        assert person.last.text.startswith("Pour qui est-ce")
        assert running.service.tally.poisoned == len(running.errors)
        assert running.service.tally.poisoned == (0 if b"poll" in update else 1)


def test_poisoned_update_by_polling(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """One bad update in a batch does not hold up the others, and is not asked for again."""
    with Running(telegram, chat_desk, webhook=False) as running:
        person = begun(telegram)
        telegram.raw({"message": {"message_id": "x"}})
        tap(telegram, person, "J’accepte, commencer")

        assert person.last.text.startswith("Pour qui est-ce")
        assert 1 == running.service.tally.poisoned
    assert 0 == telegram.pending


@pytest.mark.parametrize("data", [b"\xff\xfe", "INVALID", "x", "é" * 32, "A" * 64, "", " " * 64])
def test_forged_press(telegram: FakeTelegram, bot: Running, data: str | bytes) -> None:
    """A lax client's data opens nothing: let us start again."""
    person = begun(telegram)
    person.tap(person.last, forged=data)
    telegram.settle()

    assert "Reprenons au début" in person.last.text
    assert [] == person.spinning


def test_token_of_another_chat(telegram: FakeTelegram, bot: Running) -> None:
    """A button that was copied out of somebody else's chat is dead."""
    one, other = asked(telegram), begun(telegram)
    stolen = next(one.last.buttons()).data
    other.tap(other.last, forged=stolen)
    telegram.settle()

    assert "Reprenons au début" in other.last.text


def test_a_button_works_for_seven_days(telegram: FakeTelegram, bot: Running, clock: Clock) -> None:
    """On the seventh it does, on the eighth it is the friendly new start."""
    person = begun(telegram)
    old = person.last
    clock.today += timedelta(days=6)
    tap(telegram, person, "J’accepte, commencer")

    assert person.last.text.startswith("Pour qui est-ce")

    clock.today += timedelta(days=1)
    person.tap_old(old, "J’accepte, commencer")
    telegram.settle()

    assert "Reprenons au début" in person.last.text


def test_clock_going_back_a_little(telegram: FakeTelegram, bot: Running, clock: Clock) -> None:
    """A clock that was set right at midnight changes nothing."""
    person = begun(telegram)
    clock.today -= timedelta(days=1)
    tap(telegram, person, "J’accepte, commencer")

    assert person.last.text.startswith("Pour qui est-ce")


def test_a_cry_for_help_needs_no_keys(telegram: FakeTelegram, bot: Running, clock: Clock) -> None:
    """While our own clock is wrong, the card comes all the same; other words get a kind answer."""
    person = begun(telegram)
    clock.today -= timedelta(days=3)
    person.say("je veux mourir")
    telegram.settle()

    assert "3114" in person.last.text

    person.say("/aide")
    telegram.settle()

    assert "Rien n’est perdu" in person.last.text
    bot.errors.clear()


def test_erasing_twice_leaves_nothing(telegram: FakeTelegram, bot: Running) -> None:
    """Three presses of the same button: the message goes, and no other comes."""
    person = asked(telegram)
    tap(telegram, person, "Effacer")
    old = person.last
    for _ in range(3):
        person.tap_old(old, "Oui, effacer")
    telegram.settle()

    assert [] == from_bot(person)


def test_numbers_of_updates_beginning_anew(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """After a quiet week Telegram may count from anywhere: what comes is answered, and once."""
    with Running(telegram, chat_desk, webhook=False) as running:
        person = begun(telegram)
        telegram.restart_numbers(1000)
        person.say("/aide")
        telegram.settle()
        before = len(telegram.called("getUpdates"))
        person.say("/aide")
        telegram.settle()

        assert 3 == len(from_bot(person))
        assert len(telegram.called("getUpdates")) < before + 10
    assert [] == running.errors


def test_an_answer_on_its_way_brings_nothing_twice(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """By polling: what was handled while the next batch was asked for is not handled again."""
    with Running(telegram, chat_desk, webhook=False) as running:
        people = [begun(telegram) for _ in range(5)]
        telegram.faults.delay("editMessageText", 0.1)
        telegram.faults.delay("getUpdates", 0.2)
        for person in people:
            person.tap(person.last, "J’accepte, commencer")
        telegram.settle()

        assert len(people) == len(telegram.called("editMessageText"))
    assert [] == running.errors


def test_many_stuck_people_hold_up_nobody(telegram: FakeTelegram, chat_desk: Desk) -> None:
    """By polling: more people than a batch holds cannot be answered; another one is."""
    with Running(telegram, chat_desk, webhook=False, budget=0.1) as running:
        stuck = [begun(telegram) for _ in range(110)]
        quick = begun(telegram)
        telegram.faults.answer("editMessageText", 500, times=100_000)
        for person in stuck:
            person.tap(person.last, "J’accepte, commencer")
        quick.say("je veux mourir")
        limit = time.monotonic() + 30
        while "3114" not in quick.last.text and time.monotonic() < limit:
            time.sleep(0.05)

        assert "3114" in quick.last.text

        telegram.faults.clear()
        telegram.settle(60)

        assert {"Pour qui est-ce"} == {person.last.text[:15] for person in stuck}
    assert [] == running.errors


def test_clock_going_back_for_long(telegram: FakeTelegram, bot: Running, clock: Clock) -> None:
    """She is told that the fault is ours; it goes on once the clock is right."""
    person = begun(telegram)
    clock.today -= timedelta(days=3)
    tap(telegram, person, "J’accepte, commencer")

    assert "chez nous. Rien n’est perdu" in person.toasts[-1][0]
    assert {ClockBehind} == {type(error) for error in bot.errors}

    bot.errors.clear()
    clock.today += timedelta(days=3)
    tap(telegram, person, "J’accepte, commencer")

    assert person.last.text.startswith("Pour qui est-ce")


def test_all_buttons_work_after_a_restart_without_warning(
    telegram: FakeTelegram, chat_desk: Desk, tmp_path: Path, clock: Clock
) -> None:
    """Another process with the same keys goes on in the middle of a conversation."""
    with Running(telegram, chat_desk):
        person = asked(telegram)
    again = Desk(chat_desk.catalogue, KeyFiles(tmp_path / "keys"), clock)
    with Running(telegram, replace_catalogue(again)):
        tap(telegram, person, "Ailleurs, ou plusieurs")

        assert person.last.text.startswith(SECOND)


def replace_catalogue(desk: Desk) -> Desk:
    """A desk whose catalogue was read anew."""
    desk.catalogue = replace(desk.catalogue)
    return desk
