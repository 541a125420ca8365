"""The operator's settings: read once from the environment, checked as a whole, then frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dialogs.catalogue import Operator

__all__ = ["SETTINGS", "Setting", "Settings", "SettingsError", "read_settings"]


class SettingsError(Exception):
    """One or more settings are missing or wrong; each line names one and its mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `live` follows from a bot token being there; the token is never shown."""

    live: bool
    web_host: str
    web_port: int
    keys_dir: Path
    operator: Operator | None
    bot_token: str = field(repr=False, default="")


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
    Setting("WEB_HOST", "127.0.0.1", "Address the web page listens on."),
    Setting("WEB_PORT", "8080", "Port the web page listens on."),
    Setting("KEYS_DIR", "keys", "Folder of the key files; keep it out of every backup."),
    Setting("OPERATOR_NAME", "", "Who runs the service; shown to patients.", live=True),
    Setting("OPERATOR_CONTACT", "", "How to reach the operator; shown to patients.", live=True),
    Setting(
        "DPO_CONTACT", "", "How to reach the data protection officer; shown to patients.", live=True
    ),
)  # fmt: skip


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number


def _one_line(text: str) -> str:
    if len(text) > 200 or not text.isprintable():
        raise ValueError(text)
    return text


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of `environment`.

    Raises `SettingsError` that lists every missing or wrong variable with its mend.
    """
    values = {s.name: environment.get(s.name, "").strip() or s.default for s in SETTINGS}
    live = bool(values["BOT_TOKEN"])
    problems = [
        f"{setting.name} is missing: a live start needs it. {setting.meaning}"
        for setting in SETTINGS
        if live and setting.live and not values[setting.name]
    ]

    def checked(name: str, cast: Callable[[str], object], mend: str) -> object:
        try:
            return cast(values[name])
        except ValueError:
            problems.append(f"{name}={values[name]!r} {mend}")
            return None

    port = checked("WEB_PORT", _port, "is no port: set a number from 1 to 65535, such as 8080")
    for name in ("OPERATOR_NAME", "OPERATOR_CONTACT", "DPO_CONTACT"):
        checked(name, _one_line, "is too long or not one line: keep it under 200 plain characters")
    if problems:
        raise SettingsError(problems)
    operator = None
    if values["OPERATOR_NAME"]:
        operator = Operator(
            values["OPERATOR_NAME"],
            values["OPERATOR_CONTACT"] or "—",
            values["DPO_CONTACT"] or "—",
        )
    return Settings(
        live=live,
        web_host=values["WEB_HOST"],
        web_port=port if isinstance(port, int) else 0,
        keys_dir=Path(values["KEYS_DIR"]).expanduser(),
        operator=operator,
        bot_token=values["BOT_TOKEN"],
    )
