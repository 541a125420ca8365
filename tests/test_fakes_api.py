"""The methods of the fake Bot API, over HTTP: each rule of Telegram's has a call that breaks it."""

import asyncio
import http.client
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, RetryAfter

from tests.fakes.caller import Caller, CallFailed
from tests.fakes.telegram import FakeTelegram, Message, Person

DAY = 86_400
ONE = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
OTHER = {"inline_keyboard": [[{"text": "A", "callback_data": "b"}]]}
NOT_MODIFIED = "message is not modified: specified new message content and reply markup"
LATE = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """A fresh Telegram."""
    with FakeTelegram() as running:
        yield running


@pytest.fixture
def bot(telegram: FakeTelegram) -> Iterator[Caller]:
    """Its bot."""
    with Caller(telegram.url, telegram.token) as caller:
        yield caller


@pytest.fixture
def anna(telegram: FakeTelegram) -> Person:
    """Somebody who has written to the bot."""
    person = telegram.person(first_name="Anna", username="anna_m", last_name="Martin")
    person.say("/start")
    return person


def sent(bot: Caller, person: Person, text: str = "Hello", **params: Any) -> Message:
    """A message of the bot."""
    bot.call("sendMessage", chat_id=person.id, text=text, **params)
    return person.last


def failure(bot: Caller, method: str, **params: Any) -> CallFailed:
    """The error that a call must end in."""
    with pytest.raises(CallFailed) as caught:
        bot.call(method, **params)
    return caught.value


def test_only_the_token_opens_the_bot(telegram: FakeTelegram, bot: Caller) -> None:
    """Another token, half a token, no bot, no method."""
    other = telegram.token[:-1] + "X"
    for path, status, description in (
        (f"/bot{other}/getMe", 401, "Unauthorized"),
        ("/bot123/getMe", 404, "Not Found"),
        ("/getMe", 404, "Not Found"),
        (f"/bot{telegram.token}/sendMesage", 404, "Not Found: method not found"),
        (f"/bot{telegram.token}/", 404, "Not Found: method not found"),
    ):
        with pytest.raises(CallFailed) as caught:
            bot.post(path, b"")
        assert (status, description) == (caught.value.status, caught.value.description)
    assert "passerelle_test_bot" == bot.call("GETME")["username"]
    assert ["sendMesage", "", "getMe"] == [call.method for call in telegram.calls]
    assert ["no method 'sendMesage' in this fake", "no method '' in this fake"] == telegram.problems


def test_every_call_is_recorded_decoded(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """Forms and JSON strings become values, and an error is kept with the call."""
    path = f"/bot{telegram.token}/sendMessage"
    form = f"chat_id={anna.id}&text=&reply_markup=%7B%22inline_keyboard%22%3A%5B%5D%7D"
    with pytest.raises(CallFailed):
        bot.post(path, form.encode(), "application/x-www-form-urlencoded")

    call = telegram.calls[-1]
    wanted = {"chat_id": anna.id, "text": "", "reply_markup": {"inline_keyboard": []}}
    assert ("sendMessage", wanted, "http") == (call.method, call.params, call.via)
    assert "Bad Request: message text is empty" == call.error
    bot.call("getMe", colour="red")
    assert telegram.calls[-1].error is None
    assert ["getMe: unknown parameters ['colour']"] == telegram.problems


def test_a_body_that_telegram_does_not_read_is_no_parameters(
    telegram: FakeTelegram, bot: Caller
) -> None:
    """Plain text, or JSON that is none."""
    path = f"/bot{telegram.token}/sendMessage"
    for kind, body, description in (
        ("text/plain", b'{"text": "x"}', "message text is empty"),
        ("application/json", b"{", "can't parse request: not a JSON object in UTF-8"),
    ):
        with pytest.raises(CallFailed) as caught:
            bot.post(path, body, kind)
        assert f"Bad Request: {description}" == caught.value.description


def test_wrong_types_are_refused(bot: Caller, anna: Person) -> None:
    """Before anything happens."""
    assert "text must be a String" == bot.refused("sendMessage", chat_id=anna.id, text=5)
    assert [] == [message for message in anna.messages if message.from_bot]


def test_what_is_sent_is_seen(bot: Caller, anna: Person) -> None:
    """Text, entities, keyboard and options."""
    message = sent(
        bot,
        anna,
        "<b>Hello</b> Anna",
        parse_mode="HTML",
        reply_markup=ONE,
        protect_content=True,
        disable_notification=True,
        link_preview_options={"is_disabled": True},
    )
    assert ("Hello Anna", ["bold"]) == (
        message.text,
        [entity["type"] for entity in message.entities],
    )
    assert ([["A"]], "a") == (message.labels, message.button("A").data)
    assert {
        "protect_content": True,
        "disable_notification": True,
        "link_preview_options": {"is_disabled": True},
    } == message.options
    with pytest.raises(LookupError):
        message.button("B")


def test_chats_must_be_there(bot: Caller, telegram: FakeTelegram) -> None:
    """Unknown chats, none, and people who never wrote."""
    silent = telegram.person()
    assert "chat_id is empty" == bot.refused("sendMessage", text="x")
    assert "chat not found" == bot.refused("sendMessage", chat_id=5, text="x")
    assert "chat not found" == bot.refused("sendMessage", chat_id="@nobody", text="x")
    error = failure(bot, "sendMessage", chat_id=silent.id, text="x")
    assert (403, "Forbidden: bot can't initiate conversation with a user") == (
        error.status,
        error.description,
    )


def test_people_who_left_cannot_be_written_to(bot: Caller, anna: Person) -> None:
    """Blocked, blocked no longer, account deleted."""
    message = sent(bot, anna)
    anna.block()
    for method, params in (("sendMessage", {}), ("editMessageText", {"message_id": message.id})):
        error = failure(bot, method, chat_id=anna.id, text="x", **params)
        assert (403, "Forbidden: bot was blocked by the user") == (error.status, error.description)
    with pytest.raises(ValueError, match="blocked"):
        anna.say("x")
    anna.unblock()
    sent(bot, anna, "again")
    anna.deactivate()
    error = failure(bot, "sendMessage", chat_id=anna.id, text="x")
    assert (403, "Forbidden: user is deactivated") == (error.status, error.description)


def test_replies_need_their_message(bot: Caller, anna: Person) -> None:
    """Unless the bot says that it does not matter."""
    said = anna.say("x")
    assert said.id == sent(bot, anna, reply_parameters={"message_id": said.id}).reply_to
    anna.delete(said)
    gone = {"message_id": said.id}
    assert "message to be replied not found" == bot.refused(
        "sendMessage", chat_id=anna.id, text="x", reply_parameters=gone
    )
    assert 'field "message_id" must be of type Number' == bot.refused(
        "sendMessage", chat_id=anna.id, text="x", reply_parameters={"message_id": "x"}
    )
    gone["allow_sending_without_reply"] = True
    assert 0 == sent(bot, anna, reply_parameters=gone).reply_to


def test_what_a_message_asks_for_is_checked(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Threads that are not there, misspelt options, replies to another chat."""
    send = {"chat_id": anna.id, "text": "x"}
    said, yes = anna.messages[0].id, {"allow_sending_without_reply": "yes"}
    for params, reason in (
        ({"message_thread_id": 5}, "message thread not found"),
        ({"link_preview_options": {"is_disabled": 1}}, 'field "is_disabled" must be of type'),
        ({"reply_parameters": {"message_id": said} | yes}, 'field "allow_sending_without_reply"'),
        ({"reply_parameters": {"message_id": said, "chat_id": 5}}, "message to be replied not"),
    ):
        assert bot.refused("sendMessage", **send, **params).startswith(reason)
    bot.call("sendMessage", **send, link_preview_options={"is_disable": True})
    assert ["link_preview_options: unknown ['is_disable']"] == telegram.problems


def test_bots_do_not_talk_to_bots(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """Not even when they have written."""
    anna.user.is_bot = True
    assert "the bot can't send messages to the bot" == bot.refused(
        "sendMessage", chat_id=anna.id, text="x"
    )


def test_an_edit_changes_text_and_keyboard(bot: Caller, anna: Person) -> None:
    """The earlier texts are kept for the test; without a keyboard the old one goes."""
    where = {"chat_id": anna.id, "message_id": sent(bot, anna, "1", reply_markup=ONE).id}
    bot.call("editMessageText", text="2", reply_markup=OTHER, **where)
    assert ("2", ("1",), True, "b") == (
        anna.last.text,
        anna.last.history,
        anna.last.edited,
        anna.last.button("A").data,
    )
    preview = {"is_disabled": True}
    bot.call("editMessageText", text="3", link_preview_options=preview, **where)
    assert ("3", [], {"link_preview_options": preview}) == (
        anna.last.text,
        anna.last.labels,
        anna.last.options,
    )
    bot.call("editMessageReplyMarkup", reply_markup=ONE, **where)
    assert ("3", [["A"]]) == (anna.last.text, anna.last.labels)


def test_an_edit_that_changes_nothing_is_refused(bot: Caller, anna: Person) -> None:
    """After parsing and trimming, not before."""
    where = {"chat_id": anna.id, "message_id": sent(bot, anna, "Hello", reply_markup=ONE).id}
    same = {"text": " Hello ", "reply_markup": ONE} | where
    assert bot.refused("editMessageText", **same).startswith(NOT_MODIFIED)
    assert bot.refused("editMessageReplyMarkup", reply_markup=ONE, **where).startswith(NOT_MODIFIED)
    bot.call("editMessageText", **same | {"text": "<b>Hello</b>", "parse_mode": "HTML"})
    bot.call("editMessageText", **same)
    bot.call("editMessageReplyMarkup", **where)
    assert bot.refused("editMessageReplyMarkup", **where).startswith(NOT_MODIFIED)


def test_only_own_messages_that_are_there_can_be_edited(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Of any age."""
    message, hers = sent(bot, anna), anna.say("x")
    asked = sent(bot, anna, "?", reply_markup={"force_reply": True})
    for number, reason in (
        (hers.id, "message can't be edited"),
        (asked.id, "message can't be edited"),
        (10**6, "message to edit not found"),
        (0, "message identifier is not specified"),
    ):
        where = {"chat_id": anna.id, "message_id": number}
        assert reason == bot.refused("editMessageText", text="y", **where)
        assert reason == bot.refused("editMessageReplyMarkup", **where)
    telegram.pass_time(100 * DAY)
    bot.call("editMessageText", chat_id=anna.id, message_id=message.id, text="y")
    anna.delete(message)
    assert "message to edit not found" == bot.refused(
        "editMessageText", chat_id=anna.id, message_id=message.id, text="z"
    )


def test_deleting_is_for_the_young(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """Own and incoming messages of a private chat, for 48 hours."""
    hers, own, old = anna.say("x"), sent(bot, anna), sent(bot, anna, "old")
    for message in (hers, own):
        where = {"chat_id": anna.id, "message_id": message.id}
        assert bot.call("deleteMessage", **where) is True
        assert "message to delete not found" == bot.refused("deleteMessage", **where)
    where = {"chat_id": anna.id, "message_id": old.id}
    telegram.pass_time(2 * DAY + 10)
    assert "message can't be deleted for everyone" == bot.refused("deleteMessage", **where)
    assert old.id == anna.last.id
    anna.clear()
    assert [] == anna.messages


def test_a_public_channel_is_for_its_administrators(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """It is found by its name in any case; a bot posts there as an administrator with the right."""
    channel = telegram.channel("passerelle_news")

    def post() -> object:
        return bot.call("sendMessage", chat_id="@Passerelle_News", text="x")

    for says, change in (
        ("Forbidden: bot is not a member of the channel chat", None),
        ("Bad Request: need administrator rights in the channel chat", {}),
        (
            "Bad Request: need administrator rights in the channel chat",
            {"administrator": True, "may_post": False},
        ),
    ):
        if change is not None:
            channel.add_bot(anna, **change)
        with pytest.raises(CallFailed, match=says):
            post()
    channel.add_bot(anna, administrator=True)
    sent = bot.call("sendMessage", chat_id="@passerelle_news", text="x")

    assert ("channel", "passerelle_news") == (sent["chat"]["type"], sent["chat"]["username"])
    assert "from" not in sent
    assert ["x"] == [message.text for message in channel.messages]
    for name in ("@passerelle_other", "passerelle_news", "@"):
        assert "chat not found" == bot.refused("sendMessage", chat_id=name, text="x")
    channel.remove_bot(anna)
    with pytest.raises(CallFailed, match="Forbidden: bot was kicked from the channel chat"):
        post()
    with pytest.raises(ValueError, match="already"):
        telegram.channel("Passerelle_News")


def test_a_channel_has_the_limits_of_a_group(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Twenty a minute, by whichever name it is called."""
    telegram.channel("passerelle_news").add_bot(anna, administrator=True)
    telegram.faults.limits = True
    for _ in range(20):
        bot.call("sendMessage", chat_id="@passerelle_news", text="x")

    assert "retry after" in bot.refused("sendMessage", chat_id="@passerelle_news", text="x")


def test_many_are_deleted_at_once(bot: Caller, anna: Person) -> None:
    """At most a hundred; those that are gone are skipped."""
    first, second = sent(bot, anna), sent(bot, anna)
    numbers = [first.id, 10**6, second.id]
    assert bot.call("deleteMessages", chat_id=anna.id, message_ids=numbers) is True
    assert ["/start"] == [message.text for message in anna.messages]
    for given, reason in (
        ([], "message identifiers are not specified"),
        ([1] * 101, "too many message identifiers specified"),
        (["1"], "message identifier must be a Number"),
    ):
        assert reason == bot.refused("deleteMessages", chat_id=anna.id, message_ids=given)


def test_a_bot_in_a_group_deletes_its_own_only(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Unless it is an administrator."""
    group = telegram.group("Centre")
    said = group.say(anna, "x")
    where = {"chat_id": group.id, "message_id": said.id}
    assert "message can't be deleted" == bot.refused("deleteMessage", **where)
    group.add_bot(anna, administrator=True)
    assert bot.call("deleteMessage", **where) is True


def test_a_tap_is_answered_once_and_in_time(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Within 150 seconds; an unknown id is a problem of its own."""
    message = sent(bot, anna, reply_markup=ONE)
    first, second = anna.tap(message, "A"), anna.tap(message, "A")
    bot.call("answerCallbackQuery", callback_query_id=first.id, text="x" * 200, show_alert=True)
    assert [("x" * 200, True, "")] == anna.toasts
    assert [second] == anna.spinning
    assert LATE == bot.refused("answerCallbackQuery", callback_query_id=first.id)
    telegram.pass_time(151)
    assert LATE == bot.refused("answerCallbackQuery", callback_query_id=second.id)
    assert [] == telegram.problems
    assert LATE == bot.refused("answerCallbackQuery", callback_query_id="5")
    assert ["answerCallbackQuery: no such query '5'"] == telegram.problems


def test_a_toast_has_limits(bot: Caller, anna: Person) -> None:
    """200 characters, and a link to the bot itself only."""
    tap = anna.tap(sent(bot, anna, reply_markup=ONE), "A")
    which = {"callback_query_id": tap.id}
    assert "MESSAGE_TOO_LONG" == bot.refused("answerCallbackQuery", text="x" * 201, **which)
    for url in ("https://example.org", "https://t.me/another_bot?start=x"):
        assert "URL_INVALID" == bot.refused("answerCallbackQuery", url=url, **which)
    url = "https://t.me/passerelle_test_bot?start=x"
    bot.call("answerCallbackQuery", url=url, **which)
    assert [("", False, url)] == anna.toasts


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([{"command": "/aide", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "Aide", "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
        ([{"command": "a", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "a"}], "can't parse BotCommand: expected an Object with command and"),
        ([{"command": "a", "description": "x"}] * 101, "BOT_COMMANDS_TOO_MUCH"),
    ],
)
def test_bad_commands_are_refused(bot: Caller, commands: Any, reason: str) -> None:
    """Name, text and number."""
    assert bot.refused("setMyCommands", commands=commands).startswith(reason)


def test_the_bot_says_who_it_is_in_each_language(telegram: FakeTelegram, bot: Caller) -> None:
    """Commands by language and scope; texts fall back to the one without a language."""
    commands = [{"command": "a" * 32, "description": "x" * 256}] * 100
    bot.call("setMyCommands", commands=commands, language_code="fr")
    assert commands == bot.call("getMyCommands", language_code="fr")
    assert [] == bot.call("getMyCommands")
    bot.call("setMyDescription", description="x" * 512)
    bot.call("setMyShortDescription", short_description="y" * 120, language_code="fr")
    bot.call("setMyName", name="z" * 64)
    assert {"description": "x" * 512} == bot.call("getMyDescription", language_code="fr")
    assert "y" * 120 == telegram.texts["short_description", "fr", "default"]
    bot.call("deleteMyCommands", language_code="fr")
    assert [] == bot.call("getMyCommands", language_code="fr")
    for method, params in (
        ("setMyDescription", {"description": "x" * 513}),
        ("setMyShortDescription", {"short_description": "x" * 121}),
        ("setMyName", {"name": "x" * 65}),
        ("setMyDescription", {"description": "x", "language_code": "fra"}),
        ("setMyCommands", {"commands": commands, "scope": {"type": "everywhere"}}),
        ("setMyCommands", {}),
    ):
        assert 400 == failure(bot, method, **params).status


def test_a_chat_tells_who_leads_it(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """Its creator and its administrators while they are; to some bots it tells nothing."""
    group = telegram.group("Centre", kind="supergroup")
    group.say(anna, "x")

    def status() -> object:
        return bot.call("getChatMember", chat_id=group.id, user_id=anna.id)["status"]

    seen = []
    for role in ("creator", "administrator", "member"):
        group.appoint(anna, role)
        seen.append(status())

    assert ["creator", "administrator", "member"] == seen

    telegram.faults.hidden_members = True

    assert "CHAT_ADMIN_REQUIRED" == bot.refused("getChatMember", chat_id=group.id, user_id=anna.id)

    group.add_bot(anna, administrator=True)

    assert "member" == status()


def test_leaders_stay_leaders_when_a_group_grows(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """The supergroup has the members and the administrators of the group."""
    group = telegram.group("Centre")
    group.say(anna, "x")
    group.appoint(anna)
    grown = group.upgrade(anna)
    found = bot.call("getChatMember", chat_id=grown.id, user_id=anna.id)

    assert "administrator" == found["status"]


def test_chats_tell_who_is_in_them(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """Members, their number, and leaving."""
    group = telegram.group("Centre")
    group.say(anna, "x")
    stranger, me = telegram.person(), bot.call("getMe")["id"]
    assert ["member", "left", "member"] == [
        bot.call("getChatMember", chat_id=group.id, user_id=user)["status"]
        for user in (anna.id, stranger.id, me)
    ]
    assert 2 == bot.call("getChatMemberCount", chat_id=group.id)
    assert "Centre" == bot.call("getChat", chat_id=group.id)["title"]
    assert "PARTICIPANT_ID_INVALID" == bot.refused("getChatMember", chat_id=group.id, user_id=9)
    assert bot.call("leaveChat", chat_id=group.id) is True
    error = failure(bot, "sendMessage", chat_id=group.id, text="x")
    assert (403, "Forbidden: bot is not a member of the group chat") == (
        error.status,
        error.description,
    )
    assert 400 == failure(bot, "leaveChat", chat_id=anna.id).status
    assert "wrong parameter action in request" == bot.refused(
        "sendChatAction", chat_id=anna.id, action="dance"
    )


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "https://example.org/x"}, "invalid webhook URL specified"),
        ({"url": "nonsense"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1:1/", "secret_token": "a b"}, "secret token contains unallowed"),
        ({"url": "http://127.0.0.1:1/", "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "http://127.0.0.1:1/", "allowed_updates": [5]}, "expected an Array of String"),
        ({"url": "http://127.0.0.1:1/", "max_connections": "x"}, "max_connections must be an"),
    ],
)
def test_bad_webhooks_are_refused(bot: Caller, params: Any, reason: str) -> None:
    """Address, secret and kinds."""
    assert bot.refused("setWebhook", **params).startswith(reason)
    assert "" == bot.call("getWebhookInfo")["url"]


def test_values_out_of_range_are_noted(telegram: FakeTelegram, bot: Caller) -> None:
    """The real server takes the nearest and says nothing."""
    bot.call("getUpdates", limit=1000)
    bot.call("setWebhook", url="http://127.0.0.1:1/", max_connections=500)
    assert 100 == bot.call("getWebhookInfo")["max_connections"]
    assert ["limit: 1000 is not in 1..100", "max_connections: 500 is not in 1..100"] == (
        telegram.problems
    )


def test_faults_come_as_often_as_planned(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """With or without the effect, and for one method or for all."""
    faults, send = telegram.faults, {"chat_id": anna.id, "text": "x"}
    faults.answer("sendMessage", 429, retry_after=7, times=2)
    for _ in range(2):
        error = failure(bot, "sendMessage", **send)
        assert (429, {"retry_after": 7}) == (error.status, error.parameters)
        assert "Too Many Requests: retry after 7" == error.description
    bot.call("sendMessage", **send)
    faults.answer("sendMessage", 500, after_effect=True)
    assert 500 == failure(bot, "sendMessage", **send).status
    faults.answer(None, 502)
    assert 502 == failure(bot, "getMe").status
    faults.flood("getMe")
    assert 429 == failure(bot, "getMe").status
    assert 2 == sum(message.from_bot for message in anna.messages)


@pytest.mark.parametrize("after_effect", [False, True])
def test_dropped_connections(
    telegram: FakeTelegram, bot: Caller, anna: Person, *, after_effect: bool
) -> None:
    """Before or after the effect, no answer comes."""
    telegram.faults.drop("sendMessage", after_effect=after_effect)
    with pytest.raises((OSError, http.client.HTTPException)):
        bot.call("sendMessage", chat_id=anna.id, text="x")
    assert after_effect == any(message.from_bot for message in anna.messages)
    assert ("connection dropped", 0) == (telegram.calls[-1].error, telegram.calls[-1].status)


def test_random_faults_come_from_the_seed(telegram: FakeTelegram, bot: Caller) -> None:
    """The same seed gives the same row, with the shares that were asked for."""

    def row() -> list[int]:
        telegram.faults.rate(seed=3, share_429=0.2, share_500=0.2, share_drop=0.2)
        found = []
        for _ in range(200):
            try:
                bot.call("getMe")
                found.append(200)
            except CallFailed as error:
                found.append(error.status)
            except (OSError, http.client.HTTPException):
                found.append(0)
        return found

    first = row()
    assert first == row()
    assert all(20 < first.count(status) < 60 for status in (429, 500, 0))
    telegram.faults.rate(seed=3)
    assert 0 < len(bot.call("getMe"))


def test_a_method_can_become_unknown(telegram: FakeTelegram, bot: Caller) -> None:
    """As on an older server."""
    telegram.faults.unknown("setMyName")
    assert 404 == failure(bot, "setMyName", name="x").status
    assert [] == telegram.problems


@pytest.mark.parametrize("after_effect", [False, True])
def test_a_method_can_become_slow(
    telegram: FakeTelegram, anna: Person, *, after_effect: bool
) -> None:
    """Before or after its effect."""
    telegram.faults.delay(None, 0)
    telegram.faults.delay("sendMessage", 60, after_effect=after_effect)
    slow = http.client.HTTPConnection(telegram.url.removeprefix("http://"), timeout=0.05)
    slow.request("POST", f"/bot{telegram.token}/sendMessage?chat_id={anna.id}&text=x")
    while not telegram.called("sendMessage"):
        time.sleep(0.001)
    assert after_effect == any(message.from_bot for message in anna.messages)
    with pytest.raises(TimeoutError):
        slow.getresponse()
    slow.close()


def test_the_usual_limits_can_hold(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """Three in three seconds to one person, twenty a minute to a group; time heals."""
    telegram.faults.limits = True
    group = telegram.group("Centre")
    group.say(anna, "x")
    for place, most, seconds in ((anna.id, 3, 3), (group.id, 20, 60)):
        for _ in range(most):
            bot.call("sendMessage", chat_id=place, text="x")
        error = failure(bot, "sendMessage", chat_id=place, text="x")
        assert 429 == error.status
        assert 0 < error.parameters["retry_after"] <= seconds
        telegram.pass_time(error.parameters["retry_after"])
        bot.call("sendMessage", chat_id=place, text="x")


def test_python_telegram_bot_finds_its_way(
    telegram: FakeTelegram, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real library can read all answers, and sees errors as its own."""
    # without it the library warns of its own future whenever it is told to wait
    monkeypatch.setenv("PTB_TIMEDELTA", "1")

    async def work() -> None:
        bot = Bot(telegram.token, base_url=f"{telegram.url}/bot")
        async with bot:
            keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
            message = await bot.send_message(
                anna.id, "<b>x</b>", parse_mode="HTML", reply_markup=keyboard
            )
            assert ("x", "bold") == (message.text, message.entities[0].type)
            with pytest.raises(BadRequest, match="is not modified"):
                await message.edit_text("<b>x</b>", parse_mode="HTML", reply_markup=keyboard)
            anna.tap(anna.last, "A")
            update = (await bot.get_updates(offset=-1))[0]
            assert update.callback_query is not None
            assert "a" == update.callback_query.data
            assert await update.callback_query.answer("done")
            telegram.faults.answer("deleteMessage", 429, retry_after=3)
            with pytest.raises(RetryAfter):
                await message.delete()

    asyncio.run(work())
    assert [("done", False, "")] == anna.toasts
    assert [] == telegram.problems


def test_answers_have_the_form_of_telegram(telegram: FakeTelegram) -> None:
    """JSON with a type, and `Retry-After` for who is too quick."""
    telegram.faults.flood("getMe", retry_after=4)
    connection = http.client.HTTPConnection(telegram.url.removeprefix("http://"), timeout=10)
    connection.request("GET", f"/bot{telegram.token}/getMe")
    answer = connection.getresponse()
    form = json.loads(answer.read())
    connection.close()
    assert ("application/json", "4") == (
        answer.headers["Content-Type"],
        answer.headers["Retry-After"],
    )
    assert {"ok", "error_code", "description", "parameters"} == form.keys()
