"""The operator's settings: read once from the environment, checked as a whole, then frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot import values
from bot.reading import Reading, SettingsError
from bot.values import Network
from bot.variables import SETTINGS
from dialogs.catalogue import Operator

__all__ = [
    "MailSettings",
    "Settings",
    "TelegramSettings",
    "WebhookSettings",
    "read_settings",
]


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
    press is half of a double tap; `operator_chat` is told when a centre stays silent.
    """

    token: str = field(repr=False)
    api_url: str
    webhook: WebhookSettings | None
    chats: frozenset[int] | None
    unread: float = 0.0
    operator_chat: int | None = None


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server; `tls` from the first byte, otherwise by STARTTLS unless it is `plain`."""

    host: str
    port: int
    tls: bool
    plain: bool
    sender: str
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings.

    `live` when there is a bot token and no `DEMO`; `web_url` is public. `mail` is None without a
    mail server; the operator is reached by `operator_email`, by a Telegram chat, or by both.
    `trials` are the only ones that the service speaks of, by their registry's number; none: all.
    `channels` are those that tell news of studies, by language.
    """

    live: bool
    web_host: str
    web_port: int
    web_url: str | None
    keys_dir: Path
    operator: Operator | None
    telegram: TelegramSettings | None
    db_file: Path = Path("passerelle.db")
    mail: MailSettings | None = None
    operator_email: str | None = field(default=None, repr=False)
    staff_language: str = "fr"
    proxies: tuple[Network, ...] = ()
    trials: tuple[str, ...] = ()
    compiled: Path | None = None
    channels: Mapping[str, str] = field(default_factory=dict)

    @property
    def own_url(self) -> str:
        """Where the web page is reached: its public address, or where it listens."""
        host = f"[{self.web_host}]" if ":" in self.web_host else self.web_host
        return self.web_url or f"http://{host}:{self.web_port}"


def _telegram(read: Reading, live: bool) -> TelegramSettings | None:
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
    operator = read.optional(
        "OPERATOR_CHAT", int, "is no chat: write its number, such as 123456789"
    )
    return TelegramSettings(token or "", api or "", webhook, chats, unread or 0.0, operator)


def _webhook(read: Reading) -> WebhookSettings:
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


def _mail(read: Reading) -> MailSettings | None:
    if not read.values["SMTP_URL"]:
        if read.values["OPERATOR_EMAIL"]:
            read.problems.append("SMTP_URL is missing: OPERATOR_EMAIL needs a mail server")
        return None
    server = read.cast(
        "SMTP_URL", values.mail_server, secret=True,
        mend="is no mail server: write smtps://user:password@host, or smtp:// for STARTTLS",
    )  # fmt: skip
    sender = read.cast(
        "SMTP_FROM", values.mail_address,
        "is no e-mail address: SMTP_URL needs one that mail comes from",
    )  # fmt: skip
    if server is None or sender is None:
        return None
    return MailSettings(
        server.host, server.port, server.tls, server.plain, sender, server.user, server.password
    )


def _web_url(read: Reading, live: bool) -> str | None:
    """The pages' public address: of a host alone, as their forms post to the paths below it."""
    if live:
        return read.optional(
            "WEB_URL", values.secure_site,
            "will not do: a live start needs https and a host without a path, as https://host",
        )  # fmt: skip
    return read.optional(
        "WEB_URL", values.site, "is no address of a host alone: write one such as https://host"
    )


def _proxies(read: Reading, live: bool) -> tuple[Network, ...]:
    found = read.cast(
        "TRUSTED_PROXY", values.networks,
        "is no list of networks: write some such as 10.0.0.1, 192.168.0.0/16",
    )  # fmt: skip
    if live and found == () and values.loopback(read.values["WEB_HOST"]):
        read.problems.append(
            "TRUSTED_PROXY is missing: at WEB_HOST={} a proxy has to stand in front, and without "
            "this all patients count as one network and share its limits: set "
            "TRUSTED_PROXY=127.0.0.1,::1, or to that proxy's own address".format(
                read.values["WEB_HOST"]
            )
        )
    return found or ()


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of `environment`.

    Raises `SettingsError` that lists every missing or wrong variable with its mend.
    """
    read = Reading(environment)
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
    web_url = _web_url(read, live)
    for name in ("OPERATOR_NAME", "OPERATOR_CONTACT", "DPO_CONTACT"):
        read.cast(
            name, values.one_line, "is too long or not one line: keep it under 200 plain characters"
        )
    telegram = _telegram(read, live)
    if telegram is not None and not live and telegram.chats == frozenset():
        read.problems.append(
            "DEMO_CHATS is missing: with DEMO=1 it says who may talk, or * for all"
        )
    mail = _mail(read)
    operator_email = read.optional(
        "OPERATOR_EMAIL", values.mail_address, "is no e-mail address: write one such as a@b.org"
    )
    if live and not (read.values["OPERATOR_CHAT"] or read.values["OPERATOR_EMAIL"]):
        read.problems.append(
            "OPERATOR_CHAT and OPERATOR_EMAIL are missing: a live start needs one of them, to tell "
            "when a study centre stays silent"
        )
    language = read.cast("STAFF_LANGUAGE", values.language, "is neither fr nor en")
    proxies = _proxies(read, live)
    channels = read.by_language(
        "CHANNEL", values.channel, "is no public channel: write its name such as @passerelle_essais"
    )
    trials = read.cast("TRIALS", values.trials, "is no list: write numbers such as NCT03870919")
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
        db_file=Path(read.values["DB_FILE"]).expanduser(),
        mail=mail,
        operator_email=operator_email,
        staff_language=language or "fr",
        proxies=proxies,
        trials=trials or (),
        compiled=Path(read.values["COMPILED_FILE"]).expanduser(),
        channels=channels,
    )
