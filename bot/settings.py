"""The operator's settings: read once from the environment, checked as a whole, then frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from bot import values
from dialogs.catalogue import Operator

__all__ = [
    "SETTINGS",
    "Setting",
    "Settings",
    "SettingsError",
    "TelegramSettings",
    "WebhookSettings",
    "read_settings",
]

T = TypeVar("T")


class SettingsError(Exception):
    """One or more settings are missing or wrong; each line names one and its mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where Telegram delivers: the public `url`, and the host, port and path that we listen on."""

    url: str
    host: str
    port: int
    path: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """The Telegram channel; the token is never shown.

    `api_url` is the Bot API server without a slash at the end; `webhook` is None for polling;
    `chats` are the only chats that are answered (None: all); `unread` are the seconds in which a
    press is half of a double tap.
    """

    token: str = field(repr=False)
    api_url: str
    webhook: WebhookSettings | None
    chats: frozenset[int] | None
    unread: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `live` when there is a bot token and no `DEMO`; `web_url` is public."""

    live: bool
    web_host: str
    web_port: int
    web_url: str | None
    keys_dir: Path
    operator: Operator | None
    telegram: TelegramSettings | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its default, what it is for, and whether a live start needs it."""

    name: str
    default: str
    meaning: str
    live: bool = False


#: Every variable that is read; the README's table is tested against this.
SETTINGS: tuple[Setting, ...] = (
    Setting(
        "BOT_TOKEN", "",
        "Telegram's token for the bot. Without it the service is the demonstration.",
    ),
    Setting("DEMO", "", "`1`: the demonstration, even with a token."),
    Setting(
        "DEMO_CHATS", "",
        "Chats that may talk to the demonstration on Telegram: numbers with commas between them, "
        "or `*` for all. The bot tells others their number.",
    ),
    Setting("BOT_API_URL", "https://api.telegram.org", "Bot API server to talk to."),
    Setting(
        "WEBHOOK_URL", "",
        "Public https address that Telegram delivers to. Without it the bot asks by itself "
        "(polling).",
    ),
    Setting("WEBHOOK_LISTEN", "127.0.0.1:8081", "Host and port that the webhook listens on."),
    Setting("WEBHOOK_SECRET", "", "Secret of the webhook: 16 to 256 letters, digits, `_` or `-`."),
    Setting(
        "DOUBLE_TAP_SECONDS", "0.4",
        "For so long after a screen came on Telegram, a press is taken for half of a double tap.",
    ),
    Setting("WEB_HOST", "127.0.0.1", "Address the web page listens on."),
    Setting("WEB_PORT", "8080", "Port the web page listens on."),
    Setting(
        "WEB_URL", "",
        "Public address of the web page; Telegram shows it as the more private way.", live=True,
    ),
    Setting("KEYS_DIR", "keys", "Folder of the key files; keep it out of every backup."),
    Setting("OPERATOR_NAME", "", "Who runs the service; shown to patients.", live=True),
    Setting("OPERATOR_CONTACT", "", "How to reach the operator; shown to patients.", live=True),
    Setting(
        "DPO_CONTACT", "", "How to reach the data protection officer; shown to patients.", live=True
    ),
)  # fmt: skip


class _Reading:
    """Values of the environment, and what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.values = {s.name: environment.get(s.name, "").strip() or s.default for s in SETTINGS}
        self.problems: list[str] = []

    def cast(
        self, name: str, cast: Callable[[str], T], mend: str, secret: bool = False
    ) -> T | None:
        """The value of `name`; None, and one problem more, when it is wrong."""
        try:
            return cast(self.values[name])
        except ValueError:
            shown = name if secret else f"{name}={self.values[name]!r}"
            self.problems.append(f"{shown} {mend}")
            return None

    def optional(self, name: str, cast: Callable[[str], T], mend: str) -> T | None:
        """The same for a value that may be left out."""
        return self.cast(name, cast, mend) if self.values[name] else None


def _telegram(read: _Reading, live: bool) -> TelegramSettings | None:
    if not read.values["BOT_TOKEN"]:
        return None
    token = read.cast(
        "BOT_TOKEN", values.bot_token, "is no bot token: copy it whole from BotFather", secret=True
    )
    api = read.cast("BOT_API_URL", values.address, "is no address: write one such as https://host")
    chats = None
    if not live:
        chats = read.cast(
            "DEMO_CHATS", values.chats, secret=True,
            mend="is no list: write numbers with commas between, or *",
        )  # fmt: skip
    webhook = _webhook(read) if read.values["WEBHOOK_URL"] else None
    unread = read.cast(
        "DOUBLE_TAP_SECONDS", values.seconds, "is no time: write seconds from 0 to 5, such as 0.4"
    )
    return TelegramSettings(token or "", api or "", webhook, chats, unread or 0.0)


def _webhook(read: _Reading) -> WebhookSettings:
    url = read.cast(
        "WEBHOOK_URL", values.address, "is no address: write one such as https://host/path"
    )
    listen = read.cast(
        "WEBHOOK_LISTEN", values.host_and_port, "is no host:port: write one such as 127.0.0.1:8081"
    )
    secret = read.cast(
        "WEBHOOK_SECRET", values.secret, secret=True,
        mend="is missing or wrong: with WEBHOOK_URL it needs 16 to 256 letters, digits, _ or -",
    )  # fmt: skip
    host, port = listen or ("", 0)
    path = unquote(urlsplit(url or "").path) or "/"
    return WebhookSettings(url or "", host, port, path, secret or "")


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of `environment`.

    Raises `SettingsError` that lists every missing or wrong variable with its mend.
    """
    read = _Reading(environment)
    demo = read.cast("DEMO", values.flag, "is neither 1 nor 0")
    live = bool(read.values["BOT_TOKEN"]) and not demo
    read.problems += [
        f"{setting.name} is missing: a live start needs it. {setting.meaning}"
        for setting in SETTINGS
        if live and setting.live and not read.values[setting.name]
    ]
    port = read.cast(
        "WEB_PORT", values.port, "is no port: set a number from 1 to 65535, such as 8080"
    )
    web_url = read.optional(
        "WEB_URL", values.address, "is no address: write one such as https://host/"
    )
    for name in ("OPERATOR_NAME", "OPERATOR_CONTACT", "DPO_CONTACT"):
        read.cast(
            name, values.one_line, "is too long or not one line: keep it under 200 plain characters"
        )
    telegram = _telegram(read, live)
    if telegram is not None and not live and telegram.chats == frozenset():
        read.problems.append(
            "DEMO_CHATS is missing: with DEMO=1 it says who may talk, or * for all"
        )
    if read.problems:
        raise SettingsError(read.problems)
    operator = None
    if read.values["OPERATOR_NAME"]:
        operator = Operator(
            read.values["OPERATOR_NAME"],
            read.values["OPERATOR_CONTACT"] or "—",
            read.values["DPO_CONTACT"] or "—",
        )
    return Settings(
        live=live,
        web_host=read.values["WEB_HOST"],
        web_port=port or 0,
        web_url=web_url,
        keys_dir=Path(read.values["KEYS_DIR"]).expanduser(),
        operator=operator,
        telegram=telegram,
    )
