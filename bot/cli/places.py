"""What the commands of operators share: the trials, the store, and errors that name the mend."""

import os
import sys
from collections.abc import Collection
from pathlib import Path

from bot.app import StartError
from bot.data import read_sources
from bot.reading import SettingsError
from bot.settings import Settings, TelegramSettings, read_settings
from bot.store.sqlite import SqliteStore, open_store
from dialogs.catalogue import Catalogue, read_catalogue
from dialogs.eligibility.criteria import Trial
from dialogs.errors import DialogError
from dialogs.trialfile import CentreEntry

__all__ = [
    "CommandError",
    "bot_settings",
    "centre_of",
    "db_file",
    "keys_dir",
    "say",
    "settings",
    "store",
    "telegram",
    "trial_of",
    "trials",
]


class CommandError(DialogError):
    """A command cannot do what is asked; the message names the cause and the mend."""


def say(text: str) -> None:
    """A line for the operator."""
    sys.stdout.write(f"{text}\n")


def trials(only: Collection[str] = ()) -> Catalogue:
    """All that the data files say, or of those trials only."""
    return read_catalogue(read_sources(trials=only))


def trial_of(catalogue: Catalogue, identity: str) -> Trial:
    """The trial with a registry number."""
    for trial in catalogue.trials.values():
        if trial.id == identity.upper():
            return trial
    known = ", ".join(trial.id for trial in catalogue.trials.values())
    raise CommandError(f"there is no trial {identity!r}: known are {known}")


def centre_of(trial: Trial, number: str) -> CentreEntry:
    """The centre of a trial with a number."""
    centre = trial.centre(int(number)) if number.isdecimal() else None
    if centre is None:
        known = ", ".join(f"{one.number} ({one.name}, {one.city})" for one in trial.centres)
        raise CommandError(f"{trial.id} has no centre {number!r}: known are {known}")
    return centre


def settings() -> Settings:
    """The settings, as the service would read them here; a command needs no live ones.

    Raises `SettingsError` for what is wrong, not for what only a live start needs.
    """
    try:
        return read_settings(os.environ)
    except SettingsError as error:
        wrong = [line for line in error.problems if " missing" not in line]
        if wrong:
            raise SettingsError(wrong) from None
    # Something is missing that the service needs; a command can do without.
    return read_settings({**os.environ, "BOT_TOKEN": ""})


def bot_settings() -> Settings:
    """The settings with the bot, whether or not all else for a live start is there."""
    demo = {"DEMO": "1", "DEMO_CHATS": os.environ.get("DEMO_CHATS") or "*"}
    return read_settings({**os.environ, **demo})


def telegram() -> TelegramSettings:
    """The same of the bot alone; `StartError` without a token."""
    found = bot_settings().telegram
    if found is None:
        raise StartError("BOT_TOKEN is missing: what is asked for goes through the bot")
    return found


def db_file() -> Path:
    """The file of the store that the service uses, by `DB_FILE` alone."""
    return Path(os.environ.get("DB_FILE", "").strip() or "passerelle.db").expanduser()


def store(*, reading: bool = False) -> SqliteStore:
    """The store in `db_file`; only for `reading` it has to be there. To be closed."""
    return open_store(db_file(), reading=reading)


def keys_dir() -> Path:
    """The folder of the keys, as the service would find it."""
    return Path(os.environ.get("KEYS_DIR", "").strip() or "keys").expanduser()
