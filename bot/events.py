"""The only lines this service writes about its own work: from a closed list, without any content.

An exception is reduced to its type and the place in our code: its message could quote what a
patient sent. Only those whose words are all our own, and say what an operator can mend, are told.
"""

import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from traceback import walk_tb

__all__ = ["Notice", "hushed", "notify", "report", "silence"]


class Notice(Enum):
    """What an operator is told; `{}` stands for a method, the bot, a centre, or a known cause."""

    TELEGRAM_AWAY = "Telegram cannot be reached; trying again until it can"
    TELEGRAM_BACK = "Telegram answers again"
    CALL_REFUSED = "Telegram refused {} at the start; the service goes on without it"
    CONFLICT = "another program takes this bot's updates, or a webhook is set: stop the other one"
    POLLING = "Telegram: https://t.me/{}, polling"
    WEBHOOK = "Telegram: https://t.me/{}, webhook"
    CENTRE_AWAY = "centre {} cannot be reached through its channel: look at it, or bind another"
    RESTORED = "DB_FILE held {} requests as open that are over: a backup was put back"
    MAIL_AWAY = "no mail goes out through SMTP_URL ({}): look at it, and try `centre test`"
    CENTRE_SILENT = "centre {} has left a request unanswered for 5 working days: call it"


def report(error: BaseException) -> None:
    """One line on standard error: the type of `error` and the file and line that raised it.

    Its words follow when its class says that it `quotes_nothing`.
    """
    place = "unknown place"
    for frame, line in walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        place = f"{file.parent.name}/{file.name}:{line}"
    words = f": {error}" if getattr(type(error), "quotes_nothing", False) else ""
    sys.stderr.write(f"passerelle: error {type(error).__name__} at {place}{words}\n")


def notify(notice: Notice, name: str = "") -> None:
    """One line on standard error; `name` is as in `Notice`."""
    sys.stderr.write(f"passerelle: {notice.value.format(name)}\n")


def silence() -> None:
    """Ends all logging of all libraries in this process, whatever level they ask for.

    At its finest level python-telegram-bot logs chats and texts, and httpx the bot token. An error
    that ends the process is told as `report` tells it, not as Python would.
    """
    logging.disable(logging.CRITICAL)
    sys.excepthook = lambda _kind, error, _trace: report(error)
    sys.unraisablehook = lambda met: report(met.exc_value or RuntimeError())


@contextmanager
def hushed() -> Iterator[None]:
    """What a library would warn of inside is not told: it quotes the file that it reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
