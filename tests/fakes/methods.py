"""The methods about messages and taps."""

import re

from tests.fakes.api import Api, Table, find_note, find_room, required
from tests.fakes.html import units
from tests.fakes.keyboard import inline_keyboard
from tests.fakes.model import Json, Note, Room
from tests.fakes.params import Refused, bad
from tests.fakes.text import formatted
from tests.fakes.world import DAY, TAP_SECONDS

__all__ = ["METHODS"]

METHODS = Table()

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup"
    " are exactly the same as a current content and reply markup of the message"
)
_LATE = "query is too old and response timeout expired or query ID is invalid"
_LONGEST_TOAST = 200
_LONGEST_CAPTION = 1024
#: Bytes of a file that a bot may send.
_HEAVIEST = 50_000_000
_MOST_DELETED = 100
_ACTIONS = frozenset({"typing", "upload_photo", "upload_document", "find_location"})
_PREVIEW = frozenset(
    {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
)


def _content(api: Api, values: Json) -> tuple[str, list[Json]]:
    preview = values.get("link_preview_options", {})
    unknown = preview.keys() - _PREVIEW
    if unknown:
        api.world.problems.append(f"link_preview_options: unknown {sorted(unknown)}")
    if not isinstance(preview.get("is_disabled", False), bool):
        raise bad('field "is_disabled" must be of type Boolean')
    return formatted(
        values.get("text", ""),
        values.get("parse_mode", ""),
        values.get("entities", []),
        api.world.problems,
    )


@METHODS.enter(
    "sendMessage",
    "chat_id",
    "text",
    "parse_mode",
    "entities",
    "link_preview_options",
    "disable_notification",
    "protect_content",
    "reply_parameters",
    "reply_markup",
    "message_thread_id",
    "allow_paid_broadcast",
    "message_effect_id",
)
def send_message(api: Api, values: Json) -> Json:
    """A new message of the bot."""
    text, entities = _content(api, values)
    markup = values.get("reply_markup", {})
    keyboard = inline_keyboard(markup, api.world.problems)
    room = find_room(api, values)
    if values.get("message_thread_id"):
        raise bad("message thread not found")
    options: Json = {
        name: values[name]
        for name in ("link_preview_options", "protect_content", "disable_notification")
        if name in values
    }
    if markup and not keyboard and "inline_keyboard" not in markup:
        options["reply_markup"] = markup
    channel = room.kind == "channel"
    note = api.world.note(
        room,
        sender=None if channel else api.world.bot,
        sender_room=room if channel else None,
        text=text,
        entities=entities,
        keyboard=keyboard,
        reply_to=_replied(room, values.get("reply_parameters", {})),
        options=options,
        from_bot=True,
    )
    return note.json()


@METHODS.enter(
    "sendDocument",
    "chat_id",
    "document",
    "caption",
    "parse_mode",
    "disable_notification",
    "protect_content",
    "reply_markup",
)
def send_document(api: Api, values: Json) -> Json:
    """A new message of the bot with a file, which stays in the message's options."""
    file = values.get("document")
    if not isinstance(file, dict):
        raise bad("there is no document in the request")
    content, name = file["content"], file["file"]
    if not content:
        raise bad("file must be non-empty")
    if len(content) > _HEAVIEST:
        raise Refused(413, "Request Entity Too Large")
    caption, entities = values.get("caption", ""), list[Json]()
    if caption:
        mode = values.get("parse_mode", "")
        caption, entities = formatted(caption, mode, [], api.world.problems)
    if units(caption) > _LONGEST_CAPTION:
        raise bad("message caption is too long")
    keyboard = inline_keyboard(values.get("reply_markup", {}), api.world.problems)
    extra: Json = {
        "document": {
            "file_id": "BQACAgQAAxkDAAIB", "file_unique_id": "AgADGbcxG0x", "file_name": name,
            "mime_type": file["kind"], "file_size": len(content),
        }
    }  # fmt: skip
    if caption:
        extra |= {"caption": caption}
    if entities:
        extra |= {"caption_entities": entities}
    note = api.world.note(
        find_room(api, values),
        sender=api.world.bot,
        text="",
        entities=[],
        keyboard=keyboard,
        options={"content": content},
        extra=extra,
        from_bot=True,
    )
    return note.json()


def _replied(room: Room, wanted: Json) -> Note | None:
    if not wanted:
        return None
    number = wanted.get("message_id")
    if type(number) is not int:
        raise bad('field "message_id" must be of type Number')
    if not isinstance(wanted.get("allow_sending_without_reply", False), bool):
        raise bad('field "allow_sending_without_reply" must be of type Boolean')
    note = room.notes.get(number)
    if wanted.get("chat_id", room.id) not in {room.id, str(room.id)}:
        note = None
    if note is None and not wanted.get("allow_sending_without_reply"):
        raise bad("message to be replied not found")
    return note


def _own(api: Api, values: Json) -> Note:
    """The bot's own message that is to be edited; it may be of any age."""
    note = find_note(find_room(api, values), values, "message to edit")
    if not note.from_bot or "reply_markup" in note.options:
        raise bad("message can't be edited")
    return note


@METHODS.enter(
    "editMessageText",
    "chat_id",
    "message_id",
    "inline_message_id",
    "text",
    "parse_mode",
    "entities",
    "link_preview_options",
    "reply_markup",
)
def edit_message_text(api: Api, values: Json) -> Json:
    """New text and keyboard; without a keyboard the old one goes."""
    text, entities = _content(api, values)
    keyboard = inline_keyboard(values.get("reply_markup", {}), api.world.problems, edit=True)
    note = _own(api, values)
    if (text, entities, keyboard) == (note.text, note.entities, note.keyboard):
        raise bad(_NOT_MODIFIED)
    note.history.append(note.text)
    note.text, note.entities, note.keyboard = text, entities, keyboard
    note.edit_date = int(api.world.now())
    note.options.pop("link_preview_options", None)
    if "link_preview_options" in values:
        note.options["link_preview_options"] = values["link_preview_options"]
    return note.json()


@METHODS.enter(
    "editMessageReplyMarkup", "chat_id", "message_id", "inline_message_id", "reply_markup"
)
def edit_message_reply_markup(api: Api, values: Json) -> Json:
    """A new keyboard, or none."""
    keyboard = inline_keyboard(values.get("reply_markup", {}), api.world.problems, edit=True)
    note = _own(api, values)
    if keyboard == note.keyboard:
        raise bad(_NOT_MODIFIED)
    note.keyboard = keyboard
    note.edit_date = int(api.world.now())
    return note.json()


def _check_deletable(api: Api, room: Room, note: Note) -> None:
    if room.kind != "private" and not note.from_bot and room.status != "administrator":
        raise bad("message can't be deleted")
    limited = room.kind in {"private", "group"}
    if limited and api.world.now() - note.date > 2 * DAY:
        raise bad("message can't be deleted for everyone")


@METHODS.enter("deleteMessage", "chat_id", "message_id")
def delete_message(api: Api, values: Json) -> bool:
    """Gone for everyone."""
    # a person who blocked the bot does not keep it from taking its words back
    room = find_room(api, values, write=False)
    note = find_note(room, values, "message to delete")
    _check_deletable(api, room, note)
    del room.notes[note.id]
    return True


@METHODS.enter("deleteMessages", "chat_id", "message_ids")
def delete_messages(api: Api, values: Json) -> bool:
    """Several gone; those that are gone already are skipped."""
    numbers = required(values, "message_ids")
    if not numbers:
        raise bad("message identifiers are not specified")
    if len(numbers) > _MOST_DELETED:
        raise bad("too many message identifiers specified")
    if not all(type(number) is int for number in numbers):
        raise bad("message identifier must be a Number")
    room = find_room(api, values, write=False)
    notes = [room.notes[number] for number in dict.fromkeys(numbers) if number in room.notes]
    for note in notes:
        _check_deletable(api, room, note)
    for note in notes:
        del room.notes[note.id]
    return True


@METHODS.enter(
    "answerCallbackQuery", "callback_query_id", "text", "show_alert", "url", "cache_time"
)
def answer_callback_query(api: Api, values: Json) -> bool:
    """The spinner of the button ends; once, and in time."""
    number = values.get("callback_query_id", "")
    text, url = values.get("text", ""), values.get("url", "")
    tap = api.world.taps.get(number)
    if tap is None:
        api.world.problems.append(f"answerCallbackQuery: no such query {number!r}")
        raise bad(_LATE)
    if tap.answered or api.world.now() - tap.born > TAP_SECONDS:
        raise bad(_LATE)
    if units(text) > _LONGEST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    name = re.escape(api.world.bot.username)
    if url and not re.fullmatch(rf"(?i)https?://t\.me/{name}\?start=[A-Za-z0-9_-]{{1,64}}", url):
        raise bad("URL_INVALID")
    tap.text, tap.url, tap.show_alert = text, url, values.get("show_alert", False)
    tap.answered = True
    return True


@METHODS.enter("sendChatAction", "chat_id", "action", "message_thread_id")
def send_chat_action(api: Api, values: Json) -> bool:
    """A passing sign; nothing is kept."""
    find_room(api, values)
    if values.get("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    return True
