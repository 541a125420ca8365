"""Inline keyboards: what Telegram lets a bot hang below a message."""

import re
from typing import Any

from tests.fakes.links import checked
from tests.fakes.model import Json
from tests.fakes.params import Refused, bad

__all__ = ["inline_keyboard"]

_MOST_BUTTONS = 100
_MOST_IN_A_ROW = 8
_LONGEST_DATA = 64
_LONGEST_COPY = 256
_STYLES = ("primary", "success", "danger")
_ACTIONS = frozenset(
    [
        "callback_data",
        "url",
        "copy_text",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "callback_game",
        "pay",
    ]
)
_OTHERS = frozenset({"text", "style", "icon_custom_emoji_id"})
_OTHER_MARKUPS = frozenset({"keyboard", "remove_keyboard", "force_reply"})


def inline_keyboard(markup: Json, notes: list[str], *, edit: bool = False) -> list[list[Json]]:
    """The rows of `markup`; raises `Refused`. None at all when there is another kind of markup.

    `notes` gets a line for what Telegram would pass over in silence.
    """
    if "inline_keyboard" not in markup:
        if edit and markup:
            raise bad("inline keyboard expected")
        if markup and not markup.keys() & _OTHER_MARKUPS:
            notes.append(f"reply_markup: no known kind in {sorted(markup)}")
        return []
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    if sum(map(len, rows)) > _MOST_BUTTONS or any(len(row) > _MOST_IN_A_ROW for row in rows):
        raise bad("reply markup is too long")
    return [[_button(button, notes) for button in row] for row in rows if row]


def _button(button: Any, notes: list[str]) -> Json:
    if not isinstance(button, dict):
        raise _unread("InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise _unread('field "text" must be of type String')
    if not button["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    if "style" in button and button["style"] not in _STYLES:
        raise _unread("invalid button style specified")
    actions = [name for name in button if name in _ACTIONS]
    if not actions:
        raise _unread("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad("BUTTON_TYPE_INVALID")
    unknown = [name for name in button if name not in _ACTIONS and name not in _OTHERS]
    if unknown:
        notes.append(f"button {button['text']!r}: unknown {unknown}")
    _check(actions[0], button[actions[0]])
    return dict(button)


def _check(action: str, value: Any) -> None:
    if action == "callback_data":
        if not isinstance(value, str):
            raise _unread('field "callback_data" must be of type String')
        if not value:
            raise _unread("text buttons are unallowed in the inline keyboard")
        if len(value.encode()) > _LONGEST_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif action == "url":
        _check_url(value)
    elif action == "copy_text":
        copied = value.get("text") if isinstance(value, dict) else None
        if not isinstance(copied, str):
            raise _unread('field "copy_text" must be an Object with a text')
        if not 1 <= len(copied) <= _LONGEST_COPY:
            raise bad("BUTTON_COPY_TEXT_INVALID")
    elif action in {"web_app", "login_url"}:
        url = value.get("url") if isinstance(value, dict) else None
        if not isinstance(url, str) or not url.startswith("https://") or checked(url):
            raise bad(
                f"inline keyboard button URL {url!r} is invalid: only HTTPS links are allowed"
            )
    elif action.startswith("switch_inline_query") and not isinstance(value, str | dict):
        raise _unread(f'field "{action}" must be of type String')
    elif action in {"callback_game", "pay"}:
        raise bad("BUTTON_TYPE_INVALID")


def _check_url(value: Any) -> None:
    if not isinstance(value, str):
        raise _unread('field "url" must be of type String')
    if not re.match(r"(?i)(?:https?://|tg:)", value):
        raise bad("BUTTON_URL_INVALID")
    reason = checked(value)
    if reason:
        raise bad(f"inline keyboard button URL '{value}' is invalid: {reason}")


def _unread(reason: str) -> Refused:
    return bad(f"can't parse inline keyboard button: {reason}")
