"""Puts the parts together: settings, data, keys, desk and the web page."""

import asyncio
import contextlib
import resource
import socket
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import uvicorn

from bot.channels.web import web_app
from bot.data import ROOT, read_sources
from bot.desk import Desk
from bot.events import report
from bot.gate import is_sample, obstacles
from bot.settings import Settings
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Catalogue, read_catalogue, read_phrases

__all__ = ["REVIEWS", "StartError", "demonstration_desk", "desk_for", "serve"]

#: Where the approvals of texts and rules are, below the folder of the data files.
REVIEWS = Path("dialogs") / "trials" / "reviews"
#: Seconds between two looks at whether a day has passed and keys are to be destroyed.
_KEY_ROUND = 600


class StartError(Exception):
    """The service cannot start; each line names a cause and its mend."""


def demonstration_desk(key_dir: Path, root: Path = ROOT) -> Desk:
    """The demonstration: trials as on their demonstration day, sample contacts, a banner."""
    catalogue = replace(read_catalogue(read_sources(root)), demonstration=True)
    _only_samples(catalogue)
    return Desk(catalogue, KeyFiles(key_dir))


def _only_samples(catalogue: Catalogue) -> None:
    """A demonstration shows a closed study as open, so nobody real may stand in it.

    Were it not so, a live service that lost its token at a restart would send patients to hospitals
    with texts that nobody approved.
    """
    real = [
        f"{trial.id}: centre {centre.number} ({centre.name}) has real contact details, and without "
        "BOT_TOKEN this is the demonstration: set BOT_TOKEN, or use sample details"
        for trial in catalogue.trials.values()
        for centre in trial.centres
        if not is_sample(centre)
    ]
    if real:
        raise StartError("\n".join(real))


def desk_for(settings: Settings, root: Path = ROOT) -> Desk:
    """The desk that `settings` ask for.

    Raises `StartError` when it is live and something stands against it, `DataError` for a wrong
    data file, `ClockBehind` or `KeyFileError` for the keys.
    """
    sources = read_sources(root)
    catalogue = replace(
        read_catalogue(sources), demonstration=not settings.live, operator=settings.operator
    )
    if settings.live:
        against = obstacles(catalogue, read_phrases(sources), root / REVIEWS, date.today())
        if against:
            raise StartError("\n".join(against))
    else:
        _only_samples(catalogue)
    return Desk(catalogue, KeyFiles(settings.keys_dir))


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.web_host, settings.web_port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise StartError(
            f"cannot listen on WEB_HOST={settings.web_host} WEB_PORT={settings.web_port}: "
            f"{error.strerror}: stop what uses it, or set another port"
        ) from error
    return listening


async def _watch_keys(desk: Desk) -> None:
    """Destroys keys on their day even when nobody taps."""
    while True:
        await asyncio.sleep(_KEY_ROUND)
        try:
            desk.keyring()
        except Exception as error:  # noqa: BLE001 - the watch must outlive any failure of a round
            report(error)


async def _serve(desk: Desk, listening: socket.socket) -> None:
    config = uvicorn.Config(
        web_app(desk, report),
        access_log=False,
        log_config=None,
        log_level="critical",
        ws="none",
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    watch = asyncio.create_task(_watch_keys(desk))
    try:
        await uvicorn.Server(config).serve(sockets=[listening])
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch


def serve(settings: Settings, root: Path = ROOT) -> None:
    """Runs the service until it is told to stop; says where it is in one line."""
    # A crash must not write memory, and with it somebody's answers, to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    desk = desk_for(settings, root)
    listening = _listen(settings)
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    kind = "live" if settings.live else "demonstration, no BOT_TOKEN"
    sys.stdout.write(f"Passerelle ({kind}): http://{host}:{settings.web_port}\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(desk, listening))
