"""The contact service in tests: an office with a store of its own, and requests of patients."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.contact.office import Office, open_office
from bot.desk import Desk
from bot.events import Notice
from bot.settings import Settings
from bot.store.sqlite import open_store
from tests.mail_fixtures import Mail

__all__ = ["CENTRE", "NCT", "WEB", "Locking", "office_at"]

NCT = "NCT03870919"
#: The number of a centre of that trial.
CENTRE = 1
WEB = "https://passerelle.example.org"


class Locking(list[Mail]):
    """Mails of a server, at each of which another program takes hold of the database."""

    def __init__(self, mails: list[Mail], other: sqlite3.Connection) -> None:
        super().__init__(mails)
        self._other = other

    def append(self, mail: Mail) -> None:
        """Takes a mail, and then the database."""
        super().append(mail)
        if not self._other.in_transaction:
            self._other.execute("BEGIN IMMEDIATE")


def office_at(
    folder: Path,
    desk: Desk,
    clock: Callable[[], date],
    report: Callable[[BaseException], None],
    notify: Callable[[Notice, str], None],
    language: str = "en",
) -> Office:
    """The demonstration's office over `desk`; all that it keeps is in `folder`.

    To be used on the thread that made it. `language` is that of the staff.
    """
    settings = Settings(
        live=False,
        web_host="127.0.0.1",
        web_port=8080,
        web_url=WEB,
        keys_dir=folder / "keys",
        operator=None,
        telegram=None,
        db_file=folder / "passerelle.db",
        staff_language=language,
    )
    return open_office(settings, open_store(settings.db_file), [desk], report, notify, clock)
