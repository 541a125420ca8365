"""Every variable of the environment that is read, as the README lists it."""

from dataclasses import dataclass

__all__ = ["SETTINGS", "Setting"]


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
        "Public address of the web page, without a path, by https when live; Telegram shows it as "
        "the more private way.", live=True,
    ),
    Setting(
        "TRIALS", "",
        "The only studies that this service speaks of: numbers such as `NCT03870919` with commas "
        "between them. Without it, all of `dialogs/trials`.",
    ),
    Setting(
        "COMPILED_FILE", "passerelle.compiled",
        "Where `compile` keeps what it read from the trial files, for a quick start with many.",
    ),
    Setting("KEYS_DIR", "keys", "Folder of the key files; keep it out of every backup."),
    Setting(
        "DB_FILE", "passerelle.db",
        "The database: centres, open requests, letter boxes and checks of trials.",
    ),
    Setting(
        "SMTP_URL", "",
        "Mail server: `smtps://user:password@host` or `smtp://user:password@host` (STARTTLS). "
        "Without TLS only on this computer.",
    ),
    Setting("SMTP_FROM", "", "Address that mail comes from; bounces go there."),
    Setting("STAFF_LANGUAGE", "fr", "Language of cards and mails to study centres: `fr` or `en`."),
    Setting(
        "TRUSTED_PROXY", "",
        "Addresses or networks, with commas between them, whose `X-Forwarded-For` is believed. A "
        "live start on a loopback `WEB_HOST` needs it.",
    ),
    Setting("OPERATOR_NAME", "", "Who runs the service; shown to patients.", live=True),
    Setting("OPERATOR_CONTACT", "", "How to reach the operator; shown to patients.", live=True),
    Setting(
        "OPERATOR_CHAT", "",
        "Telegram chat that is told when a centre stays silent: a number. A live start needs this "
        "or `OPERATOR_EMAIL`.",
    ),
    Setting(
        "OPERATOR_EMAIL", "", "The same as an e-mail address; needs `SMTP_URL`.",
    ),
    Setting(
        "CHANNEL_FR", "",
        "Public Telegram channel where `announce` posts news of studies in French, such as "
        "`@passerelle_essais`; the bot has to be its administrator.",
    ),
    Setting("CHANNEL_EN", "", "The same in English."),
    Setting(
        "DPO_CONTACT", "", "How to reach the data protection officer; shown to patients.", live=True
    ),
)  # fmt: skip
