"""The people of the fake: what they do reaches the bot with all that real updates carry."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.caller import Caller, CallFailed
from tests.fakes.telegram import FakeTelegram, Message, Person

ONE = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
OTHER = {"inline_keyboard": [[{"text": "A", "callback_data": "b"}]]}


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
    """Somebody whose every field is filled."""
    return telegram.person(
        language="fr", first_name="Anna", last_name="Martin", username="anna_m", is_premium=True
    )


def updates(bot: Caller) -> list[dict[str, Any]]:
    """All updates that have not been taken, without their ids; they are confirmed."""
    batch = bot.call("getUpdates")
    if batch:
        bot.call("getUpdates", offset=batch[-1]["update_id"] + 1)
    return [
        {name: value for name, value in update.items() if name != "update_id"} for update in batch
    ]


def one(bot: Caller, kind: str) -> dict[str, Any]:
    """The content of the only update there is."""
    (update,) = updates(bot)
    assert {kind} == update.keys()
    content = update[kind]
    assert isinstance(content, dict)
    return content


def asked(bot: Caller, anna: Person) -> Message:
    """A question with one button; nothing is pending."""
    anna.say("/start")
    bot.call("sendMessage", chat_id=anna.id, text="Question?", reply_markup=ONE)
    updates(bot)
    return anna.last


def test_a_message_carries_who_she_is(bot: Caller, anna: Person) -> None:
    """All that a careless bot could keep."""
    said = anna.say("/start@passerelle_test_bot x@example.org")
    message = one(bot, "message")

    assert {
        "id": anna.id,
        "is_bot": False,
        "first_name": "Anna",
        "last_name": "Martin",
        "username": "anna_m",
        "language_code": "fr",
        "is_premium": True,
    } == message["from"]
    assert {
        "id": anna.id,
        "type": "private",
        "first_name": "Anna",
        "last_name": "Martin",
        "username": "anna_m",
    } == message["chat"]
    assert [("bot_command", 0, 26), ("email", 27, 13)] == [
        (item["type"], item["offset"], item["length"]) for item in message["entities"]
    ]
    assert (said.id, said.date) == (message["message_id"], message["date"])


def test_a_reply_carries_the_message_with_its_keyboard(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Except for clients that leave it out, and messages that are gone."""
    question = asked(bot, anna)
    anna.say("yes", reply_to=question)
    answered = one(bot, "message")["reply_to_message"]
    assert ("Question?", ONE) == (answered["text"], answered["reply_markup"])
    telegram.faults.no_markup_in_reply = True
    anna.say("yes", reply_to=question)
    assert "reply_markup" not in one(bot, "message")["reply_to_message"]
    anna.delete(question)
    anna.say("yes", reply_to=question)
    assert "reply_to_message" not in one(bot, "message")


@pytest.mark.parametrize(
    "kind",
    [
        "sticker",
        "photo",
        "document",
        "voice",
        "audio",
        "video",
        "video_note",
        "animation",
        "location",
        "venue",
        "contact",
        "dice",
        "poll",
    ],
)
def test_people_send_more_than_text(bot: Caller, anna: Person, kind: str) -> None:
    """With the field of its kind, and no text."""
    anna.send(kind)
    message = one(bot, "message")

    assert message[kind]
    assert "text" not in message


def test_a_caption_and_fields_can_be_chosen(bot: Caller, anna: Person) -> None:
    """So that a test can mark them."""
    anna.send("photo", caption="my report")
    assert "my report" == one(bot, "message")["caption"]
    anna.send("contact", phone_number="+33 1 99 00 56 78")
    assert "+33 1 99 00 56 78" == one(bot, "message")["contact"]["phone_number"]
    with pytest.raises(KeyError):
        anna.send("thought")


def test_she_edits_her_own_messages(bot: Caller, anna: Person) -> None:
    """The bot hears of it; its own messages are not hers."""
    question, said = asked(bot, anna), anna.say("no")
    updates(bot)
    edited = anna.edit(said, "yes")
    update = one(bot, "edited_message")
    assert ("yes", said.id) == (update["text"], update["message_id"])
    assert update["edit_date"] >= update["date"]
    assert ("yes", ("no",), True) == (edited.text, edited.history, edited.edited)
    with pytest.raises(ValueError, match="their own"):
        anna.edit(question, "x")


def test_a_tap_carries_the_message_as_it_is_now(bot: Caller, anna: Person) -> None:
    """With the new text even when the label was seen before; a label must be there."""
    question = asked(bot, anna)
    bot.call(
        "editMessageText",
        chat_id=anna.id,
        message_id=question.id,
        text="New?",
        reply_markup=OTHER,
    )
    tap = anna.tap(question, "A")
    query = one(bot, "callback_query")
    assert (tap.id, "b", anna.id) == (query["id"], query["data"], query["from"]["id"])
    assert ("New?", OTHER) == (query["message"]["text"], query["message"]["reply_markup"])
    assert query["chat_instance"].lstrip("-").isdecimal()
    with pytest.raises(LookupError):
        anna.tap(question, "B")


def test_an_old_button_sends_its_old_data(bot: Caller, anna: Person) -> None:
    """About the message as it is now."""
    question = asked(bot, anna)
    bot.call(
        "editMessageText",
        chat_id=anna.id,
        message_id=question.id,
        text="New?",
        reply_markup=OTHER,
    )
    anna.tap_old(question, "A")
    query = one(bot, "callback_query")
    assert ("a", "New?") == (query["data"], query["message"]["text"])
    anna.tap_old(question, forged="c")
    assert "c" == one(bot, "callback_query")["data"]


def test_forged_data_arrives_unless_the_server_checks(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Anything at all; bytes that are not UTF-8 as a word."""
    question = asked(bot, anna)
    for forged, data in (("x" * 70, "x" * 70), (b"\xc3\xa9", "é"), (b"\xff", "INVALID"), ("", "")):
        anna.tap(question, forged=forged)
        assert data == one(bot, "callback_query")["data"]
    telegram.faults.lax = False
    with pytest.raises(LookupError):
        anna.tap(question, forged="b")
    anna.tap(question, "A")
    assert 1 == len(updates(bot))


def test_buttons_that_open_something_tell_the_bot_nothing(bot: Caller, anna: Person) -> None:
    """Links and texts to copy."""
    anna.say("/start")
    row = [
        {"text": "L", "url": "https://example.org"},
        {"text": "C", "copy_text": {"text": "x"}},
    ]
    bot.call("sendMessage", chat_id=anna.id, text="?", reply_markup={"inline_keyboard": [row]})
    for label in ("L", "C"):
        with pytest.raises(ValueError, match="the bot is not told"):
            anna.tap(anna.last, label)


def test_old_and_deleted_messages_are_inaccessible(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Date 0, and nothing but where it was."""
    question = asked(bot, anna)
    telegram.faults.inaccessible_after(60)
    anna.tap(question, "A")
    assert "text" in one(bot, "callback_query")["message"]
    telegram.pass_time(61)
    anna.tap(question, "A")
    anna.delete(question)
    anna.tap_old(question, "A")
    for update in updates(bot):
        message = update["callback_query"]["message"]
        assert {"message_id", "chat", "date"} == message.keys()
        assert (question.id, 0) == (message["message_id"], message["date"])
    with pytest.raises(LookupError, match="tap_old"):
        anna.tap(question, "A")


def test_blocking_is_told(bot: Caller, anna: Person) -> None:
    """And unblocking."""
    asked(bot, anna)
    anna.block()
    update = one(bot, "my_chat_member")
    assert ("member", "kicked") == (
        update["old_chat_member"]["status"],
        update["new_chat_member"]["status"],
    )
    assert (anna.id, "passerelle_test_bot") == (
        update["from"]["id"],
        update["new_chat_member"]["user"]["username"],
    )
    anna.unblock()
    assert "member" == one(bot, "my_chat_member")["new_chat_member"]["status"]


def test_the_bot_is_brought_into_a_group_and_out(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """With what it is told, and what it may do."""
    group = telegram.group("Centre")
    with pytest.raises(CallFailed, match="bot is not a member of the group chat"):
        bot.call("sendMessage", chat_id=group.id, text="x")
    group.add_bot(anna)
    first, second = updates(bot)
    assert "member" == first["my_chat_member"]["new_chat_member"]["status"]
    assert "passerelle_test_bot" == second["message"]["new_chat_members"][0]["username"]
    assert {"id": group.id, "type": "group", "title": "Centre"} == second["message"]["chat"]
    bot.call("sendMessage", chat_id=group.id, text="Hello")
    assert "Hello" == group.last.text
    group.remove_bot(anna)
    assert "kicked" == one(bot, "my_chat_member")["new_chat_member"]["status"]
    group.say(anna, "/start")
    assert [] == updates(bot)
    with pytest.raises(CallFailed, match="bot was kicked from the group chat"):
        bot.call("sendMessage", chat_id=group.id, text="x")


def test_in_groups_the_bot_hears_what_is_meant_for_it(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Commands to it or to nobody, and replies to it; everything without privacy mode."""
    group = telegram.group("Centre")
    group.say(anna, "/start@passerelle_test_bot")
    group.say(anna, "/start")
    bot.call("sendMessage", chat_id=group.id, text="Hello")
    group.say(anna, "yes", reply_to=group.last)
    group.say(anna, "/start@another_bot")
    mine = group.say(anna, "secret")
    group.say(anna, "me too", reply_to=mine)
    heard = [update["message"]["text"] for update in updates(bot)]
    assert ["/start@passerelle_test_bot", "/start", "yes"] == heard
    telegram.privacy_mode = False
    group.say(anna, "secret")
    assert "secret" == one(bot, "message")["text"]


def test_an_anonymous_administrator_is_the_group(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Her own name does not come."""
    group = telegram.group("Centre", kind="supergroup")
    group.say(anna, "/start", anonymous=True)
    message = one(bot, "message")
    assert ("GroupAnonymousBot", group.id) == (
        message["from"]["username"],
        message["sender_chat"]["id"],
    )
    assert "Anna" not in str(message)


def test_a_button_in_a_group_can_be_pressed_by_anyone(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """The update names the person and the group."""
    group, paul = telegram.group("Centre"), telegram.person(first_name="Paul")
    group.say(anna, "/start")
    bot.call("sendMessage", chat_id=group.id, text="?", reply_markup=ONE)
    updates(bot)
    paul.tap(group.last, "A")
    query = one(bot, "callback_query")
    assert (paul.id, group.id) == (query["from"]["id"], query["message"]["chat"]["id"])


def test_a_group_that_is_upgraded_has_another_id(
    telegram: FakeTelegram, bot: Caller, anna: Person
) -> None:
    """Both ids are told, and the old one is dead."""
    group = telegram.group("Centre")
    group.say(anna, "/start")
    updates(bot)
    new = group.upgrade(anna)
    first, second = (update["message"] for update in updates(bot))
    assert (group.id, new.id) == (first["chat"]["id"], first["migrate_to_chat_id"])
    assert (new.id, group.id) == (second["chat"]["id"], second["migrate_from_chat_id"])
    assert "supergroup" == new.kind
    with pytest.raises(CallFailed) as caught:
        bot.call("sendMessage", chat_id=group.id, text="x")
    assert (400, {"migrate_to_chat_id": new.id}) == (
        caught.value.status,
        caught.value.parameters,
    )
    assert caught.value.description.endswith("group chat was upgraded to a supergroup chat")
    bot.call("sendMessage", chat_id=new.id, text="x")
    assert "x" == new.last.text


def test_a_channel_posts(telegram: FakeTelegram, bot: Caller) -> None:
    """In its own name, and so does the bot there."""
    channel = telegram.group("News", kind="channel")
    channel.post("Hello")
    post = one(bot, "channel_post")
    assert ("Hello", channel.id) == (post["text"], post["sender_chat"]["id"])
    assert "from" not in post
    assert "from" not in bot.call("sendMessage", chat_id=channel.id, text="x")


def test_ids_are_as_telegram_gives_them(telegram: FakeTelegram, bot: Caller) -> None:
    """One row for private chats and groups, another for each supergroup; users are unique."""
    anna, paul = telegram.person(), telegram.person(user_id=4_611_686_018_427)
    wide = telegram.group("Wide", kind="supergroup")
    numbers = [anna.say("1").id, paul.say("2").id, wide.say(anna, "/3").id, anna.say("4").id]
    assert [1, 2, 1, 3] == numbers
    with pytest.raises(ValueError, match="already"):
        telegram.person(user_id=paul.id)
    assert [1, 2, 1, 3] == [update["message"]["message_id"] for update in updates(bot)]
    with pytest.raises(LookupError):
        _ = anna.last


def test_her_data_stay_hers(telegram: FakeTelegram, bot: Caller, anna: Person) -> None:
    """Another person's chat shows nothing of it, and snapshots do not change."""
    paul = telegram.person(first_name="Paul")
    question = asked(bot, anna)
    tap = anna.tap(question, "A")
    bot.call("answerCallbackQuery", callback_query_id=tap.id, text="ok")
    bot.call("editMessageText", chat_id=anna.id, message_id=question.id, text="New?")
    assert ([], [], []) == (paul.messages, paul.toasts, paul.spinning)
    assert ("Question?", "New?") == (question.text, anna.last.text)
    assert anna.chat.messages == anna.messages
