"""Puts the parts together: settings, data, keys, store, desks, contact, web page and Telegram."""

import asyncio
import gc
import importlib
import resource
import socket
import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT, SIGTERM

from bot.channels.telegram.service import TelegramService, TokenRefused
from bot.channels.web import web_app
from bot.contact.office import open_office
from bot.data import ROOT, read_compiled, read_sources
from bot.desk import Desk
from bot.events import notify, report, silence
from bot.gate import is_sample, obstacles
from bot.outreach.books import Books
from bot.server import server_of
from bot.settings import Settings
from bot.store.keyfiles import KeyFiles
from bot.store.sqlite import SqliteStore, open_store
from dialogs.catalogue import Carrier, Catalogue, read_catalogue, read_phrases

__all__ = ["REVIEWS", "StartError", "demonstration_desk", "desks_for", "serve"]

#: Where the approvals of texts and rules are, below the folder of the data files.
REVIEWS = Path("dialogs") / "trials" / "reviews"
#: Seconds between two looks at whether a day has passed and keys are to be destroyed.
_KEY_ROUND = 600
#: Objects made between two looks of the garbage collector: some dozens of taps.
_COLLECT = 20_000


class StartError(Exception):
    """The service cannot start; each line names a cause and its mend."""


def demonstration_desk(key_dir: Path, root: Path = ROOT, trials: Collection[str] = ()) -> Desk:
    """The demonstration: trials as on their demonstration day, sample contacts, a banner.

    It is of all trials, or of those named only.
    """
    catalogue = replace(read_catalogue(read_sources(root, trials)), demonstration=True)
    _only_samples(catalogue)
    return Desk(catalogue, KeyFiles(key_dir))


def _only_samples(catalogue: Catalogue) -> None:
    """A demonstration shows a closed study as open, so nobody real may stand in it.

    Were it not so, a live service that lost its token at a restart would send patients to hospitals
    with texts that nobody approved.
    """
    real = [
        f"{trial.id}: centre {centre.number} ({centre.name}) has real contact details, but without "
        "BOT_TOKEN this is the demonstration: set BOT_TOKEN, or use sample details"
        for trial in catalogue.trials.values()
        for centre in trial.centres
        if not is_sample(centre)
    ]
    if real:
        raise StartError("\n".join(real))


def desks_for(settings: Settings, root: Path = ROOT) -> list[Desk]:
    """The desks that `settings` ask for: the web page's, and Telegram's if there is a token.

    Raises `StartError` when it is live and something stands against it, `DataError` for a wrong
    data file, `ClockBehind` or `KeyFileError` for the keys.
    """
    sources = read_sources(root, settings.trials)
    compiled = read_compiled(settings.compiled, sources)
    if compiled is None and settings.compiled is not None and settings.compiled.exists():
        sys.stderr.write(
            f"{settings.compiled} was made of other files, so it is not used: run "
            "`python run_bot.py compile` for a quick start\n"
        )
    catalogue = replace(
        read_catalogue(sources, compiled),
        demonstration=not settings.live,
        operator=settings.operator,
        channels=settings.channels,
    )
    if settings.live:
        against = obstacles(catalogue, read_phrases(sources), root / REVIEWS, date.today())
        if against:
            raise StartError("\n".join(against))
    else:
        _only_samples(catalogue)
    keys = KeyFiles(settings.keys_dir)
    desks = [Desk(catalogue, keys)]
    if settings.telegram is not None:
        carrier = Carrier("Telegram", settings.web_url)
        desks.append(Desk(replace(catalogue, carrier=carrier), keys))
    return desks


def _listen(host: str, port: int, place: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        raise StartError(
            f"cannot listen on {place}: {error.strerror}: stop what uses it, or set another port"
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


async def _serve(
    settings: Settings, desks: list[Desk], store: SqliteStore, web: socket.socket
) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal in (SIGINT, SIGTERM):
        loop.add_signal_handler(signal, stopping.set)
    desk, *others = desks
    office = open_office(settings, store, desks, report, notify)
    office.snapshot.refresh()
    servers = [(server_of(web_app(desk, report, office, settings.proxies)), web)]
    telegram = None
    if settings.telegram is not None:
        telegram = TelegramService(settings.telegram, others[0], report, notify, office=office)
        # What is reached through chats is reached from here on.
        office.snapshot.forget()
        office.snapshot.refresh()
        if telegram.webhook is not None and settings.telegram.webhook is not None:
            place = settings.telegram.webhook
            hook = _listen(place.host, place.port, f"WEBHOOK_LISTEN={place.host}:{place.port}")
            servers.append((server_of(telegram.webhook), hook))
    tasks = [asyncio.create_task(server.serve(sockets=[place])) for server, place in servers]
    watches = [asyncio.create_task(_watch_keys(one)) for one in desks]
    books = Books(store, office.exchange.tally, report)
    watches += [
        asyncio.create_task(office.snapshot.run()),
        asyncio.create_task(office.rounds.run()),
        asyncio.create_task(books.run()),
    ]
    # What was loaded at the start stays, and a tap leaves no cycles behind: the collector need look
    # neither there nor often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT)
    try:
        if telegram is None:
            await stopping.wait()
        else:
            await telegram.run(stopping)
    finally:
        for server, _ in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)
        for watch in watches:
            watch.cancel()
        await asyncio.gather(*watches, return_exceptions=True)
        # Cards that are being changed still need Telegram.
        await office.exchange.close()
        books.once()
        if telegram is not None:
            await telegram.close()


def serve(settings: Settings, root: Path = ROOT) -> None:
    """Runs the service until it is told to stop; says where it is in one line.

    Raises `StartError` for what stops the start, a refused bot token included.
    """
    # A crash must not write memory, and with it somebody's answers, to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    silence()
    desks = desks_for(settings, root)
    with open_store(settings.db_file) as store:
        listening = _listen(
            settings.web_host,
            settings.web_port,
            f"WEB_HOST={settings.web_host} WEB_PORT={settings.web_port}",
        )
        host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
        kind = "live" if settings.live else "demonstration"
        if settings.telegram is None:
            kind += ", no BOT_TOKEN"
        sys.stdout.write(f"Passerelle ({kind}): http://{host}:{settings.web_port}\n")
        sys.stdout.flush()
        try:
            with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                runner.run(_serve(settings, desks, store, listening))
        except TokenRefused:
            raise StartError(
                "Telegram refuses BOT_TOKEN: copy it again from BotFather, or look at BOT_API_URL"
            ) from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop where there is one."""
    return importlib.import_module("uvloop").new_event_loop if find_spec("uvloop") else None
