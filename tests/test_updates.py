"""Updates are reduced to what is used, and poison is known as such."""

import json
from typing import Any

import msgspec
import pytest

from bot.channels.telegram.parts import Bubble, Chat, Entity
from bot.channels.telegram.updates import ALLOWED, Poison, Update, decode, decode_batch

ANA = {
    "id": 7_261_000_001,
    "is_bot": False,
    "first_name": "Canary-Ana",
    "last_name": "Canary-Bird",
    "username": "canary_ana",
    "language_code": "fr-CA",
    "is_premium": True,
}
CHAT = {
    "id": 7_261_000_001,
    "type": "private",
    "first_name": "Canary-Ana",
    "username": "canary_ana",
}
KEYS = {
    "inline_keyboard": [
        [{"text": "Site", "url": "https://x"}],
        [{"text": "A", "callback_data": "t"}],
    ]
}
TAP = {
    "update_id": 5,
    "callback_query": {
        "id": "77",
        "from": ANA,
        "chat_instance": "canary-instance",
        "data": "token",
        "message": {
            "message_id": 3,
            "date": 9,
            "chat": CHAT,
            "text": "Question?",
            "caption": "canary",
            "reply_markup": KEYS,
        },
    },
}
WORDS: dict[str, Any] = {
    "update_id": 6,
    "message": {
        "message_id": 4,
        "date": 10,
        "chat": CHAT,
        "from": ANA,
        "text": "bonjour",
        "reply_to_message": {
            "message_id": 3,
            "date": 9,
            "edit_date": 8,
            "chat": CHAT,
            "reply_markup": KEYS,
        },
    },
}


def decoded(update: dict[str, Any]) -> Update:
    """The update as the channel sees it."""
    return decode(json.dumps(update).encode())


@pytest.mark.parametrize(("update", "numbers"), [(TAP, 1), (WORDS, 2)])
def test_nothing_that_names_her_is_held(update: dict[str, Any], numbers: int) -> None:
    """Names and user names: only the chat to answer and her language.

    Of who presses not even the number of the account is known beside the chat's. That of who
    writes is, for the commands of a group's administrator; in her private chat both are the same.
    """
    held = msgspec.json.encode(decoded(update)).lower()

    assert b"canary" not in held
    assert b"fr-ca" in held
    assert numbers == held.count(b"7261000001")


def test_a_press_is_read() -> None:
    """What it says, and under which message."""
    query = decoded(TAP).callback_query

    assert query is not None
    assert query.message is not None
    assert ("77", "token", 3, 9) == (
        query.id,
        query.data,
        query.message.message_id,
        query.message.date,
    )


def test_a_reply_carries_the_token_of_its_keyboard() -> None:
    """Each button that has one; a link has none."""
    message = decoded(WORDS).message

    assert message is not None
    assert message.reply_to_message is not None
    assert ["t"] == message.reply_to_message.tokens()
    assert 8 == message.reply_to_message.edit_date


@pytest.mark.parametrize("kind", ["sticker", "voice", "contact", "location", "poll", "video_note"])
def test_media_are_only_known_to_be_there(kind: str) -> None:
    """Nothing of them is decoded."""
    message = {"message_id": 1, "chat": CHAT, kind: {"file_id": "canary", "phone_number": "canary"}}
    held = decoded({"update_id": 1, "message": message}).message

    assert held is not None
    assert held.media
    assert b"canary" not in msgspec.json.encode(held).replace(b"Canary", b"")


def test_a_note_of_telegram_is_no_media() -> None:
    """A pinned message, a timer: neither words nor media."""
    message = {"message_id": 1, "chat": CHAT, "message_auto_delete_timer_changed": {"time": 1}}
    held = decoded({"update_id": 1, "message": message}).message

    assert held is not None
    assert not held.media
    assert "" == held.words


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b"", None),
        (b"null", None),
        (b"[1]", None),
        (b'{"update_id": "5"}', None),
        (b'{"update_id": 5, "message": 7}', 5),
        (b'{"update_id": 5, "message": {"message_id": 1, "chat": {"id": "canary"}}}', 5),
        (b'{"update_id": 5, "callback_query": {"id": 1}}', 5),
        (
            b'{"update_id": 5, "message": {"message_id": 1, "chat": {"id": 1}, "text": "\xff"}}',
            5,
        ),
        (b"[" * 100_000, None),
    ],
)
def test_poison_is_named_without_its_content(body: bytes, number: int | None) -> None:
    """Its number, if there is one; no cause that would quote it."""
    with pytest.raises(Poison) as caught:
        decode(body)

    assert number == caught.value.update_id
    assert "canary" not in f"{caught.value!s} {caught.value!r}"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_a_batch_is_read_one_by_one() -> None:
    """A bad update stands between good ones."""
    body = json.dumps({"ok": True, "result": [TAP, {"update_id": 8, "message": 1}, WORDS]}).encode()
    first, second, third = decode_batch(body)

    assert isinstance(first, Update)
    assert isinstance(second, Poison)
    assert isinstance(third, Update)
    assert (5, 8, 6) == (first.update_id, second.update_id, third.update_id)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"result": 1}', b'{"result": {"a": 1}}', b"<html>"])
def test_what_is_no_batch_is_poison(body: bytes) -> None:
    """A proxy's page, for example."""
    with pytest.raises(Poison):
        list(decode_batch(body))


def test_updates_of_a_chat_are_one_queue() -> None:
    """Words of one chat are handled in their order, presses too; words do not wait for presses."""
    assert decoded({**TAP, "update_id": 9}).person() == decoded(TAP).person()
    assert decoded(TAP).person() != decoded(WORDS).person()
    assert decoded({"update_id": 1}).person() != decoded({"update_id": 2}).person()
    assert ("message", "edited_message", "callback_query", "my_chat_member") == ALLOWED


def test_a_group_that_grew_is_told_from_both_sides() -> None:
    """Its old number names the new one, and the new one the old; neither is anybody's words."""
    there = {"message_id": 1, "chat": {"id": -4, "type": "group"}, "migrate_to_chat_id": -1004}
    here = {"message_id": 1, "chat": {"id": -1004, "type": "supergroup"}}
    old = decoded({"update_id": 1, "message": there}).message
    new = decoded({"update_id": 2, "message": {**here, "migrate_from_chat_id": -4}}).message

    assert old is not None
    assert new is not None
    assert (-1004, -4) == (old.migrate_to_chat_id, new.migrate_from_chat_id)
    assert not old.media
    assert not new.media


def test_a_hidden_sender_is_only_known_to_be_there() -> None:
    """An anonymous administrator, or a channel: nothing of it is decoded."""
    message = {"message_id": 1, "chat": {"id": -4, "type": "group"}, "text": "x"}
    plain = decoded({"update_id": 1, "message": message}).message
    shown = {"id": -4, "title": "canary", "type": "group"}
    hidden = decoded({"update_id": 1, "message": {**message, "sender_chat": shown}}).message

    assert plain is not None
    assert hidden is not None
    assert plain.sender_chat is None
    assert hidden.sender_chat is not None
    assert b"canary" not in msgspec.json.encode(hidden)
    assert not hidden.media


BEFORE = "🙂 Your words\n"
WROTE = "Ω 👩‍⚕️ call me"


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        (["expandable_blockquote"], WROTE),
        (["bold", "expandable_blockquote"], WROTE),
        (["blockquote"], None),
        ([], None),
        (["expandable_blockquote", "expandable_blockquote"], None),
    ],
)
def test_her_own_words_are_read_back(kinds: list[str], found: str | None) -> None:
    """From the one expandable quotation of our message, whose place counts UTF-16 units."""
    start, length = (len(part.encode("utf-16-le")) // 2 for part in (BEFORE, WROTE))
    entities = [Entity(kind, start, length) for kind in kinds]
    bubble = Bubble(1, Chat(2), text=f"{BEFORE}{WROTE}\nSend this?", entities=entities)

    assert found == bubble.quoted()


HANDLE = "H" * 64


@pytest.mark.parametrize(
    ("url", "handles", "note"),
    [
        (f"https://x/reply#{HANDLE}", ["t", HANDLE], ""),
        (f"https://x/reply#{HANDLE}.NOTE", ["t", HANDLE], ".NOTE"),
        ("https://x/reply", ["t"], ""),
        ("https://x/reply#", ["t"], ""),
    ],
)
def test_a_card_carries_handles(url: str, handles: list[str], note: str) -> None:
    """In its buttons, then behind the `#` of its link, with what she added to her request."""
    keys = [[{"text": "Open", "url": url}], [{"text": "Close", "callback_data": "t"}]]
    card = {**WORDS["message"]["reply_to_message"], "reply_markup": {"inline_keyboard": keys}}
    message = {**WORDS["message"], "reply_to_message": card}
    reply = decoded({"update_id": 1, "message": message}).message

    assert reply is not None
    assert reply.reply_to_message is not None
    assert handles == reply.reply_to_message.handles()
    assert note == reply.reply_to_message.note()
    assert ["t"] == reply.reply_to_message.tokens()


def test_a_message_without_buttons_carries_no_handle() -> None:
    """Such as a confirmation of ours."""
    plain = {"message_id": 3, "date": 9, "chat": CHAT}
    message = {**WORDS["message"], "reply_to_message": plain}
    reply = decoded({"update_id": 1, "message": message}).message

    assert reply is not None
    assert reply.reply_to_message is not None
    assert [] == reply.reply_to_message.handles()
    assert "" == reply.reply_to_message.note()
