"""The methods about the bot itself, its memberships, and how updates reach it."""

import asyncio
import re
from typing import Any

import msgspec

from tests.fakes.api import Api, Table, find_room, required
from tests.fakes.delivery import Hook
from tests.fakes.model import Json
from tests.fakes.params import bad

__all__ = ["METHODS"]

METHODS = Table()

_SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)
_MOST_COMMANDS = 100
_LONGEST_POLL = 50


@METHODS.enter("getMe")
def get_me(api: Api, _values: Json) -> Json:
    """The bot."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": not api.world.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return api.world.bot.json() | abilities


def _language(values: Json) -> str:
    code = values.get("language_code", "")
    if not re.fullmatch(r"|[a-z]{2}", code):
        raise bad("invalid language code specified")
    return str(code)


def _scope(values: Json) -> str:
    scope = values.get("scope", {})
    kind = scope.get("type", "default")
    if kind not in _SCOPES:
        raise bad("can't parse BotCommandScope: unsupported type specified")
    return str(kind)


@METHODS.enter("setMyCommands", "commands", "scope", "language_code")
def set_my_commands(api: Api, values: Json) -> bool:
    """The menu of commands in one language."""
    commands = required(values, "commands")
    if len(commands) > _MOST_COMMANDS:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for item in commands:
        if not isinstance(item, dict) or not all(
            isinstance(item.get(name), str) for name in ("command", "description")
        ):
            raise bad("can't parse BotCommand: expected an Object with command and description")
        if not re.fullmatch(r"[a-z0-9_]{1,32}", item["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(item["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    api.texts["commands", _language(values), _scope(values)] = commands
    return True


@METHODS.enter("deleteMyCommands", "scope", "language_code")
def delete_my_commands(api: Api, values: Json) -> bool:
    """No menu in this language."""
    api.texts.pop(("commands", _language(values), _scope(values)), None)
    return True


@METHODS.enter("getMyCommands", "scope", "language_code")
def get_my_commands(api: Api, values: Json) -> Any:
    """The menu in exactly this language."""
    return api.texts.get(("commands", _language(values), _scope(values)), [])


def _text_pair(title: str, field: str, longest: int, error: str) -> None:
    """Enter `setMy…` and `getMy…` for a text of at most `longest` characters."""

    @METHODS.enter(f"setMy{title}", field, "language_code")
    def set_text(api: Api, values: Json) -> bool:
        text = values.get(field, "")
        if len(text) > longest:
            raise bad(error)
        api.texts[field, _language(values), "default"] = text
        return True

    @METHODS.enter(f"getMy{title}", "language_code")
    def get_text(api: Api, values: Json) -> Json:
        own = api.texts.get((field, _language(values), "default"))
        return {field: own or api.texts.get((field, "", "default"), "")}


_text_pair("Description", "description", 512, "BOT_DESCRIPTION_TOO_LONG")
_text_pair("ShortDescription", "short_description", 120, "BOT_SHORT_DESCRIPTION_TOO_LONG")
_text_pair("Name", "name", 64, "BOT_TITLE_INVALID")


@METHODS.enter("getChat", "chat_id")
def get_chat(api: Api, values: Json) -> Json:
    """The chat."""
    return find_room(api, values, write=False).json()


@METHODS.enter("getChatMember", "chat_id", "user_id")
def get_chat_member(api: Api, values: Json) -> Json:
    """Who somebody is in a chat."""
    room = find_room(api, values, write=False)
    user = api.world.users.get(required(values, "user_id"))
    if user is None:
        raise bad("PARTICIPANT_ID_INVALID")
    if user is api.world.bot:
        return api.world.member(room.status)
    if api.world.faults.hidden_members and room.status != "administrator":
        raise bad("CHAT_ADMIN_REQUIRED")
    present = user.id in room.members or user is room.user
    role = room.roles.get(user.id, "member") if present else "left"
    form: Json = {"user": user.json(), "status": role}
    return form | {"is_anonymous": False} if role in {"creator", "administrator"} else form


@METHODS.enter("getChatMemberCount", "chat_id")
def get_chat_member_count(api: Api, values: Json) -> int:
    """How many they are, the bot among them."""
    room = find_room(api, values, write=False)
    return 2 if room.user is not None else len(room.members) + 1


@METHODS.enter("leaveChat", "chat_id")
def leave_chat(api: Api, values: Json) -> bool:
    """The bot goes."""
    room = find_room(api, values, write=False)
    if room.user is not None:
        raise bad("chat member status can't be changed in private chats")
    api.world.set_status(room, api.world.bot, "left")
    return True


def _clamped(api: Api, values: Json, name: str, usual: int, low: int, high: int) -> int:
    """As the server does it: out of range becomes the nearest; that is worth a line."""
    value = int(values.get(name, usual))
    if not low <= value <= high:
        api.world.problems.append(f"{name}: {value} is not in {low}..{high}")
    return min(max(value, low), high)


def _allow(api: Api, values: Json) -> None:
    if "allowed_updates" not in values:
        return
    kinds = values["allowed_updates"]
    if not all(isinstance(kind, str) for kind in kinds):
        raise bad("expected an Array of String as allowed updates")
    api.delivery.allowed = kinds


@METHODS.enter(
    "setWebhook",
    "url",
    "certificate",
    "ip_address",
    "max_connections",
    "allowed_updates",
    "drop_pending_updates",
    "secret_token",
)
def set_webhook(api: Api, values: Json) -> bool:
    """Where updates are sent. Plain http is taken, because all this is on one machine."""
    url, secret = values.get("url", ""), values.get("secret_token", "")
    if url and not re.fullmatch(r"http://[^/\s:]+:\d{1,5}(?:/\S*)?", url):
        raise bad("invalid webhook URL specified")
    if len(secret) > 256:
        raise bad("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad("secret token contains unallowed characters")
    connections = _clamped(api, values, "max_connections", 40, 1, 100)
    _allow(api, values)
    _drop(api, values)
    api.delivery.polling.end("Conflict: terminated by setWebhook request")
    api.delivery.set_hook(Hook(url, secret, connections) if url else None)
    return True


@METHODS.enter("deleteWebhook", "drop_pending_updates")
def delete_webhook(api: Api, values: Json) -> bool:
    """Keep updates for polling."""
    _drop(api, values)
    api.delivery.set_hook(None)
    return True


def _drop(api: Api, values: Json) -> None:
    if values.get("drop_pending_updates", False):
        for update in tuple(api.delivery.pending.values()):
            api.delivery.forget(update)


@METHODS.enter("getWebhookInfo")
def get_webhook_info(api: Api, _values: Json) -> Json:
    """What is set, and what went wrong last."""
    hook = api.delivery.hook
    info: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(api.delivery.pending),
    }
    if hook is not None:
        info["max_connections"] = hook.max_connections
        if hook.error:
            info |= {"last_error_date": hook.error_date, "last_error_message": hook.error}
    if api.delivery.allowed:
        info["allowed_updates"] = api.delivery.allowed
    return info


@METHODS.enter("getUpdates", "offset", "limit", "timeout", "allowed_updates")
def get_updates(api: Api, values: Json) -> "asyncio.Future[list[msgspec.Raw]]":
    """What is pending, or what comes within the time."""
    limit = _clamped(api, values, "limit", 100, 1, 100)
    seconds = _clamped(api, values, "timeout", 0, 0, _LONGEST_POLL)
    if api.delivery.hook is None:
        _allow(api, values)
    return api.delivery.polling.get(values.get("offset", 0), limit, seconds)


@METHODS.enter("close")
@METHODS.enter("logOut")
def log_out(_api: Api, _values: Json) -> bool:
    """Nothing that matters here."""
    return True
