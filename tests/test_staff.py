"""The staff group of a study centre, against the real service: binding it, and work on a card."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep

import pytest

from bot.contact.exchange import Told
from bot.contact.invitation import invite
from bot.contact.office import Office
from bot.contact.requests import Way
from bot.desk import Desk
from bot.events import Notice
from bot.store.records import Channel, Kind, Row, State
from dialogs.conversation.effects import Settled
from dialogs.conversation.session import Session
from dialogs.conversation.speech import Speech
from dialogs.eligibility.answers import Answers
from tests.builders import Clock
from tests.contact_fixtures import CENTRE, NCT, office_at
from tests.fakes.caller import Caller
from tests.fakes.telegram import Chat, FakeTelegram, Message, Person
from tests.telegram_fixtures import PATIENCE, Running

_CODE = re.compile(r"\b[0-9A-Z]{3}(-[0-9A-Z]{3}){2}\b")
ANSWER = "We can see you on Tuesday: please call 01 99 00 12 34. Ω 🙂"


@dataclass
class Team:
    """A bound staff group with two coordinators, a patient, and the service between them."""

    telegram: FakeTelegram
    running: Running
    office: Office
    group: Chat
    lead: Person
    other: Person
    patient: Person
    said: Speech
    session: Session = field(default_factory=lambda: Session(language="en", tag=77, focus=CENTRE))

    def settle(self) -> None:
        """Waits until all updates are handled, and all that followed from them is done."""
        self.telegram.settle()
        self.running.run(self.office.exchange.close())

    def asks(self) -> Message:
        """The patient asks; gives the card."""
        way, source = Way(chat=self.patient.id), b"chat:%d" % self.patient.id
        settled, _ = self.running.run(self.office.requests.ask(self.session, way, source))

        assert Settled.DONE is settled

        return self.group.last

    def replies(self, card: Message, text: str = ANSWER) -> str:
        """A coordinator replies to `card`; gives what the bot said to that."""
        self.group.say(self.lead, text, reply_to=card)
        self.settle()
        return self.group.last.text

    def taps(self, person: Person, card: Message, phrase: str) -> str:
        """Somebody presses the button of that phrase on `card`; gives what was shown."""
        person.tap(card, self.said.say(phrase))
        self.settle()
        return person.toasts[-1][0]

    def card(self, card: Message) -> Message:
        """The card as it is now."""
        return next(one for one in self.group.messages if one.id == card.id)

    def row(self) -> Row:
        """How the only request stands."""

        async def read() -> Row | None:
            return self.office.store.request(self.code)

        row = self.running.run(read())

        assert row is not None

        return row

    @property
    def code(self) -> str:
        """The code of the request, as the store has it."""
        texts = [one.text for one in self.group.messages if one.from_bot]
        found = next(found for text in texts if (found := _CODE.search(text)))
        return found[0].replace("-", "")

    def answers(self) -> list[str]:
        """The messages to the patient that hold the team's words."""
        return [one.text for one in self.patient.messages if one.from_bot and ANSWER in one.text]

    def channels(self) -> list[Channel]:
        """All bound channels."""

        async def read() -> list[Channel]:
            return self.office.store.channels()

        return self.running.run(read())

    def invited(self) -> str:
        """A new code for the centre."""

        async def made() -> str:
            office = self.office
            return invite(office.store, NCT, CENTRE, office.exchange.today)

        return self.running.run(made())

    def called(self, chat: Chat, person: Person, command: str, *, anonymous: bool = False) -> str:
        """Somebody writes a command in a group; gives what the bot said to that."""
        chat.say(person, command, anonymous=anonymous)
        self.settle()
        return chat.last.text


@pytest.fixture
def service(
    telegram: FakeTelegram, chat_desk: Desk, clock: Clock, tmp_path: Path
) -> Iterator[tuple[Running, list[Office]]]:
    """The service with an office of its own; it must report no error."""
    offices: list[Office] = []

    def opening(running: Running) -> Office:
        folder = tmp_path / "office"
        folder.mkdir(mode=0o700)
        notify = running._notify
        offices.append(office_at(folder, running.desk, clock, running.errors.append, notify))
        return offices[0]

    with Running(telegram, chat_desk, opening=opening) as running:
        yield running, offices

    assert [] == running.errors


@pytest.fixture
def unbound(telegram: FakeTelegram, service: tuple[Running, list[Office]]) -> Team:
    """A group with the bot in it that serves no centre yet; the lead is an administrator."""
    running, offices = service
    lead, other, patient = (telegram.person(language="en") for _ in range(3))
    group = telegram.group("Study team")
    group.add_bot(lead)
    group.say(other, "hello")
    group.appoint(lead)
    patient.say("/start")
    telegram.settle()
    speech = running.desk.catalogue.speeches["en"]
    return Team(telegram, running, offices[0], group, lead, other, patient, speech)


@pytest.fixture
def team(unbound: Team) -> Team:
    """The same, bound to the centre."""
    told = unbound.called(unbound.group, unbound.lead, f"/centre {unbound.invited()}")

    assert "Gustave Roussy" in told

    return unbound


def test_an_administrator_binds_the_group(unbound: Team) -> None:
    """The answer names the centre, the number of members, who can read, and what to do next."""
    command = f"/centre@passerelle_test_bot {unbound.invited()}"
    told = unbound.called(unbound.group, unbound.lead, command)
    say = unbound.said.say

    assert say("staff.group.members", count=3) in told
    assert say("staff.group.how") in told
    assert "Gustave Roussy (Villejuif)" in told
    assert [Channel(NCT, CENTRE, Kind.GROUP, str(unbound.group.id))] == unbound.channels()


def test_the_creator_binds_the_group(unbound: Team) -> None:
    """Who made the group may do what its administrators may."""
    unbound.group.appoint(unbound.other, "creator")
    unbound.called(unbound.group, unbound.other, f"/centre {unbound.invited()}")

    assert 1 == len(unbound.channels())


def test_a_member_cannot_bind_the_group(unbound: Team) -> None:
    """And the code stays good for an administrator."""
    code = unbound.invited()
    told = unbound.called(unbound.group, unbound.other, f"/centre {code}")

    assert unbound.said.say("staff.group.admin") == told
    assert [] == unbound.channels()

    unbound.called(unbound.group, unbound.lead, f"/centre {code}")

    assert 1 == len(unbound.channels())


def test_an_anonymous_administrator_cannot_bind_the_group(unbound: Team) -> None:
    """Nobody can tell who it is; the answer says what to turn off."""
    command = f"/centre {unbound.invited()}"
    told = unbound.called(unbound.group, unbound.lead, command, anonymous=True)

    assert unbound.said.say("staff.group.anonymous") == told
    assert [] == unbound.channels()


@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "?", "x" * 500])
def test_a_wrong_code_binds_nothing(unbound: Team, code: str) -> None:
    """One answer for whatever is wrong."""
    told = unbound.called(unbound.group, unbound.lead, f"/centre {code}")

    assert unbound.said.say("staff.group.unknown") == told
    assert [] == unbound.channels()


def test_a_code_works_once(unbound: Team) -> None:
    """A second group cannot use it."""
    code = unbound.invited()
    unbound.called(unbound.group, unbound.lead, f"/centre {code}")
    second = unbound.telegram.group("Elsewhere")
    second.add_bot(unbound.lead)
    second.appoint(unbound.lead)
    told = unbound.called(second, unbound.lead, f"/centre {code}")

    assert unbound.said.say("staff.group.unknown") == told
    assert [str(unbound.group.id)] == [one.address for one in unbound.channels()]


@pytest.mark.parametrize("command", ["/centre", "/centre@passerelle_test_bot {}", "/CENTRE {}"])
def test_a_private_chat_is_told_where_the_code_belongs(unbound: Team, command: str) -> None:
    """It binds nothing, and the code still works in the group."""
    code = unbound.invited()
    unbound.lead.say(command.format(code))
    unbound.settle()

    assert unbound.said.say("staff.group.private") == unbound.lead.last.text
    assert [] == unbound.channels()

    unbound.called(unbound.group, unbound.lead, f"/centre {code}")

    assert 1 == len(unbound.channels())


def test_guessing_is_stopped(unbound: Team) -> None:
    """Nobody tries codes for long; it says so, and a right code waits too."""
    told = [unbound.called(unbound.group, unbound.lead, "/centre X") for _ in range(31)]

    assert unbound.said.say("staff.group.unknown") == told[0]
    assert unbound.said.say("staff.group.slow") == told[-1]


def test_who_is_no_administrator_is_not_guessed(unbound: Team) -> None:
    """A group with hidden members tells a simple bot nothing: the answer says how to go on."""
    unbound.telegram.faults.hidden_members = True
    told = unbound.called(unbound.group, unbound.lead, f"/centre {unbound.invited()}")

    assert unbound.said.say("staff.group.hidden") == told
    assert [] == unbound.channels()


def test_a_binding_is_confirmed_although_telegram_was_busy(unbound: Team) -> None:
    """The code is used up by then: what comes again must not say that it is wrong."""
    unbound.telegram.faults.flood("getChatMemberCount", times=1, retry_after=30)
    told = unbound.called(unbound.group, unbound.lead, f"/centre {unbound.invited()}")

    assert "Gustave Roussy" in told

    unbound.telegram.faults.flood("sendMessage", times=1, retry_after=30)
    told = unbound.called(unbound.group, unbound.lead, f"/centre {unbound.invited()}")

    assert "Gustave Roussy" in told


def test_other_talk_in_a_staff_group_is_left_alone(team: Team) -> None:
    """Colleagues talk among themselves."""
    before = len(team.group.messages)
    team.telegram.privacy_mode = False
    mine = team.group.say(team.lead, "Who calls back?")
    team.group.say(team.other, "I do", reply_to=mine)
    team.settle()

    assert before + 2 == len(team.group.messages)


def test_a_card_says_who_asks_about_what(team: Team) -> None:
    """Its buttons answer, take and close; no number of the patient is anywhere on it."""
    card = team.asks()
    say = team.said.say

    assert [[say(f"staff.{name}")] for name in ("open", "reply", "take", "close")] == card.labels
    assert str(team.patient.id) not in repr(card)
    assert State.SENT is team.row().state
    assert card.id == team.row().card


def test_a_reply_to_the_card_reaches_the_patient(team: Team) -> None:
    """Word for word, in her chat; the group is told, and its card shows that it was answered."""
    card = team.asks()
    told = team.replies(card)

    assert team.said.say("staff.told.answered") == told
    assert 1 == len(team.answers())
    assert State.ANSWERED is team.row().state
    assert team.said.say("staff.state.answered") in team.card(card).text


def test_a_reply_with_a_photo_is_refused(team: Team) -> None:
    """Only words go to the patient, not even those under the photo."""
    team.group.send(team.lead, "photo", caption=ANSWER, reply_to=team.asks())
    team.settle()

    assert team.said.say("staff.told.empty") == team.group.last.text
    assert [] == team.answers()


@pytest.mark.parametrize(("length", "sent"), [(1000, True), (1001, False)])
def test_a_reply_has_a_limit(team: Team, length: int, sent: bool) -> None:
    """What is too long is not cut: the group is told how long it is."""
    told = team.replies(team.asks(), "a" * length)
    say = team.said.say

    assert (
        say("staff.told.answered") if sent else say("staff.told.long.count", count=length)
    ) == told
    assert sent == any("a" * length in one.text for one in team.patient.messages)


def test_an_anonymous_reply_is_refused(team: Team) -> None:
    """Who writes for the group cannot be told from anybody else."""
    card = team.asks()
    team.group.say(team.lead, ANSWER, reply_to=card, anonymous=True)
    team.settle()

    assert team.said.say("staff.group.anonymous") == team.group.last.text
    assert [] == team.answers()
    assert State.SENT is team.row().state


def test_a_changed_reply_is_not_sent_again(team: Team) -> None:
    """The first words went; whoever mends them hears that the person has those."""
    card = team.asks()
    reply = team.group.say(team.lead, ANSWER, reply_to=card)
    team.settle()
    team.lead.edit(reply, f"{ANSWER} !")
    team.settle()

    assert 1 == len(team.answers())
    assert team.said.say("staff.told.edited") == team.group.last.text


def test_a_mistyped_command_can_be_mended(unbound: Team) -> None:
    """Whoever changes it means the command, and is not left waiting."""
    code = unbound.invited()
    said = unbound.group.say(unbound.lead, "/centre 0000-0000-0000-0000")
    unbound.settle()
    unbound.lead.edit(said, f"/centre {code}")
    unbound.settle()

    assert 1 == len(unbound.channels())


def test_a_changed_word_that_is_no_reply_to_a_card_is_nobodys_business(team: Team) -> None:
    """A group may talk, and think again."""
    card = team.asks()
    said = team.group.say(team.lead, "Who takes it?")
    team.lead.edit(said, "Who takes this one?")
    team.settle()

    assert card.id == [one for one in team.group.messages if one.from_bot][-1].id


def test_a_refusal_that_nobody_foresaw_is_told_to_the_team(
    team: Team, service: tuple[Running, list[Office]]
) -> None:
    """Else they would believe that she has their words; the log names the call."""
    card = team.asks()
    team.telegram.faults.answer("sendMessage", 400, "Bad Request: SOMETHING_NEW")

    assert team.said.say("staff.told.later") == team.replies(card)
    assert [] == team.answers()

    errors = service[0].errors

    assert ["sendMessage: 400"] == [str(error) for error in errors]

    errors.clear()


def test_a_reply_that_arrives_twice_is_sent_once(team: Team) -> None:
    """Telegram delivers an update again when it did not hear us."""
    team.telegram.faults.redeliver(2)
    team.replies(team.asks())

    assert 1 == len(team.answers())


def test_a_reply_is_sent_once_although_the_group_is_busy(team: Team) -> None:
    """When the group cannot be told for now it is told later; the patient is not told again."""
    card = team.asks()
    busy(team)
    team.group.say(team.lead, ANSWER, reply_to=card)
    refused(team, "sendMessage")
    team.telegram.pass_time(61)
    team.settle()

    assert 1 == len(team.answers())
    assert team.said.say("staff.told.answered") == team.group.last.text


def test_a_reply_to_her_later_words_reaches_the_patient(team: Team) -> None:
    """A message without the card's buttons, but with a link to the same request."""
    team.asks()
    way, source = Way(chat=team.patient.id), b"chat:%d" % team.patient.id
    session = replace(team.session, sent=team.office.exchange.today.toordinal() % 32)
    day = team.office.exchange.today
    told = team.running.run(
        team.office.requests.write_of(session, way, day, "Which day, please?", source)
    )

    assert Told.DONE is told

    words = team.group.last

    assert "Which day" not in words.text
    assert team.said.say("staff.told.answered") == team.replies(words)
    assert 1 == len(team.answers())


def test_a_reply_to_another_message_of_the_bot_is_told_so(team: Team) -> None:
    """Such as its own confirmation: nothing says which request is meant."""
    card = team.asks()
    team.replies(card)

    assert team.said.say("staff.group.nocard") == team.replies(team.group.last)
    assert 1 == len(team.answers())


def test_a_reply_to_a_patient_who_blocked_the_bot_is_told_so(team: Team) -> None:
    """The group knows that its words did not arrive."""
    card = team.asks()
    team.patient.block()
    team.settle()

    assert team.said.say("staff.told.blocked") == team.replies(card)
    assert State.SENT is team.row().state


def test_a_reply_while_telegram_is_away_can_be_tried_again(team: Team) -> None:
    """It was certainly not sent; the same text goes the next time."""
    card = team.asks()
    team.telegram.faults.flood("sendMessage", retry_after=60)

    assert team.said.say("staff.told.later") == team.replies(card)
    assert team.said.say("staff.told.answered") == team.replies(card)
    assert 1 == len(team.answers())


def test_an_unsure_reply_is_told_so(team: Team) -> None:
    """The connection broke in the middle: it may be there, and is not sent again by itself."""
    card = team.asks()
    team.telegram.faults.drop("sendMessage", after_effect=True)

    assert team.said.say("staff.told.unsure") == team.replies(card)
    assert 1 == len(team.answers())


def test_taken_tells_the_patient_once(team: Team) -> None:
    """Two coordinators at once: one effect, both see it, and the card has no such button more."""
    card = team.asks()
    say = team.said.say
    before = len(team.patient.messages)
    team.lead.tap(card, say("staff.take"))
    team.other.tap(card, say("staff.take"))
    team.settle()
    shown = {team.lead.toasts[-1][0], team.other.toasts[-1][0]}

    assert {say("staff.told.done"), say("staff.told.already")} == shown
    assert before + 1 == len(team.patient.messages)
    assert State.TAKEN is team.row().state
    assert [[say("staff.reply")], [say("staff.close")]] == team.card(card).labels[1:]


def test_close_ends_the_request(team: Team) -> None:
    """The card loses its buttons; what somebody still sees of them does nothing."""
    card = team.asks()
    say = team.said.say

    assert say("staff.told.done") == team.taps(team.lead, card, "staff.close")
    assert [] == team.card(card).labels
    assert say("staff.state.closed") in team.card(card).text

    team.other.tap_old(card, say("staff.take"))
    team.settle()

    assert (say("staff.told.over"), True) == team.other.toasts[-1][:2]
    assert State.CLOSED is team.row().state


def test_what_she_ended_cannot_be_answered(team: Team) -> None:
    """Neither by a reply nor by a button that somebody still sees."""
    card = team.asks()
    day = team.office.exchange.today
    way = Way(chat=team.patient.id)
    team.running.run(team.office.requests.end_of(replace(team.session), way, day))
    team.settle()
    say = team.said.say

    assert [] == team.card(card).labels
    assert say("staff.group.nocard") == team.replies(card)

    team.other.tap_old(card, say("staff.close"))
    team.settle()

    assert say("staff.told.over") == team.other.toasts[-1][0]
    assert State.ENDED is team.row().state
    assert [] == team.answers()


def test_ending_it_again_changes_the_card_that_was_left(team: Team) -> None:
    """The first time the process died, or Telegram was away, before the card could be changed."""
    card = team.asks()
    way, day = Way(chat=team.patient.id), team.office.exchange.today

    async def ended() -> None:
        states = frozenset({State.SENT})
        team.office.store.change(team.code, State.ENDED, states, due_on=None)

    team.running.run(ended())

    assert [] != team.card(card).labels

    kind = team.running.run(team.office.requests.end_of(team.session, way, day))
    team.settle()

    assert Settled.DONE is kind
    assert [] == team.card(card).labels


def test_the_reply_button_says_how_to_reply(team: Team) -> None:
    """Telegram lets nobody type into a button."""
    card = team.asks()

    assert team.said.say("staff.group.reply") == team.taps(team.other, card, "staff.reply")
    assert team.lead.toasts == []
    assert State.SENT is team.row().state


def test_the_points_stay_on_the_card(team: Team) -> None:
    """What she added rides in the card's link only: each new look of the card keeps it."""
    team.session = replace(team.session, details=True, answers=Answers().replaced({1: 1}))
    card = team.asks()
    link = card.button(team.said.say("staff.open")).url
    team.taps(team.lead, card, "staff.take")
    after = team.card(card).button(team.said.say("staff.open")).url

    assert "." in link.partition("#")[2]
    assert link.partition("#")[2].partition(".")[2] == after.partition("#")[2].partition(".")[2]


def test_another_group_can_do_nothing(team: Team) -> None:
    """Not with the card's buttons, and not by a reply to a copy of the card."""
    card = team.asks()
    say = team.said.say
    outsider = team.telegram.person(language="en")
    away = team.telegram.group("Elsewhere")
    away.add_bot(outsider)
    team.settle()
    copy = copied(team, away, card)
    for phrase in ("staff.take", "staff.close", "staff.reply"):
        assert say("staff.group.elsewhere") == team.taps(outsider, copy, phrase)
    away.say(outsider, ANSWER, reply_to=copy)
    team.settle()

    assert say("staff.told.elsewhere") == away.last.text
    assert [] == team.answers()
    assert State.SENT is team.row().state


def test_a_group_that_serves_no_more_can_do_nothing(team: Team) -> None:
    """The centre was bound to another place since."""
    card = team.asks()

    async def rebind() -> None:
        team.office.store.bind(NCT, CENTRE, Kind.GROUP, "-1")

    team.running.run(rebind())

    assert team.said.say("staff.group.elsewhere") == team.taps(team.lead, card, "staff.take")
    assert team.said.say("staff.told.elsewhere") == team.replies(card)
    assert State.SENT is team.row().state


def test_a_forged_button_is_dead(team: Team) -> None:
    """Data that is no handle does nothing and says so; elsewhere it is no matter of a centre."""
    card = team.asks()
    team.lead.tap(card, forged="A" * 64)
    team.settle()

    assert team.said.say("staff.told.dead") == team.lead.toasts[-1][0]
    assert State.SENT is team.row().state


def test_a_group_that_grew_stays_bound(team: Team) -> None:
    """As a supergroup it has another number: requests go there, and replies come from there."""
    grown = team.group.upgrade(team.lead)
    team.settle()

    assert [str(grown.id)] == [one.address for one in team.channels()]

    team.group = grown
    card = team.asks()

    assert team.said.say("staff.told.answered") == team.replies(card)
    assert 1 == len(team.answers())


def test_a_group_that_grew_unheard_stays_bound(team: Team) -> None:
    """When the note about it was lost, the first request finds the way and mends the binding."""
    grown = team.group.upgrade(team.lead)
    team.settle()

    async def undo() -> None:
        team.office.store.moved(Kind.GROUP, str(grown.id), str(team.group.id))

    team.running.run(undo())
    team.group = grown
    team.asks()

    assert [str(grown.id)] == [one.address for one in team.channels()]


def test_put_out_of_its_group_the_bot_tells_the_operator(team: Team) -> None:
    """The centre cannot be asked until it is taken in again; the binding stays."""
    team.group.remove_bot(team.lead)
    team.settle()

    assert (Notice.CENTRE_AWAY, f"{NCT}/{CENTRE}") in team.running.notices
    assert [True] == [one.away for one in team.channels()]

    team.group.add_bot(team.lead)
    team.settle()

    assert [False] == [one.away for one in team.channels()]


def copied(team: Team, chat: Chat, card: Message) -> Message:
    """A message of the bot in `chat` with the buttons of `card`."""
    rows = [
        [
            {"text": one.text, "url": one.url}
            if one.url
            else {"text": one.text, "callback_data": one.data}
            for one in row
        ]
        for row in card.keyboard
    ]
    with Caller(team.telegram.url, team.telegram.token) as bot:
        bot.call(
            "sendMessage", chat_id=chat.id, text="copy", reply_markup={"inline_keyboard": rows}
        )
    return chat.last


def busy(team: Team) -> None:
    """The group has had as many messages as a minute allows."""
    team.telegram.faults.limits = True
    with Caller(team.telegram.url, team.telegram.token) as bot:
        for _ in range(20):
            bot.call("sendMessage", chat_id=team.group.id, text="x")
    team.telegram.pass_time(2)


def refused(team: Team, method: str) -> None:
    """Waits until a call of `method` was too many."""
    end = monotonic() + PATIENCE
    while not any(call.status == 429 for call in team.telegram.called(method)):
        assert monotonic() < end, "no call was refused"

        sleep(0.01)
