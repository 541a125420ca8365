"""Links for groups to share, with all they need to do so: `run_bot.py link`."""

import argparse
import asyncio
import re
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from bot.app import StartError
from bot.channels.telegram.api import Api, Passing
from bot.channels.telegram.transport import Transport
from bot.cli.places import CommandError, say, settings, store, telegram, trial_of, trials
from bot.contact.snapshot import entries
from bot.outreach.kit import Kit
from bot.outreach.logo import BadLogo, logo_svg
from bot.outreach.slugs import BadSlug, slug_of
from bot.settings import Settings
from bot.store.records import Campaign, Check
from bot.store.store import Store
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from dialogs.eligibility.status import with_checks

__all__ = ["add", "link"]

#: Characters of a group's name: two lines of a flyer.
_LABEL = 80
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
#: Seconds that Telegram may take to tell the bot's name.
_PATIENCE = 10.0


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    command = commands.add_parser(
        "link", help="make a link for a group to share, with QR codes and flyers; or list them all"
    )
    command.add_argument(
        "slug", nargs="?", metavar="SLUG", help="the link's own word, such as la-rose"
    )
    command.add_argument("--trial", metavar="NCT…", help="the study it is about (without it: all)")
    command.add_argument("--lang", choices=list(LANGUAGES), help="language of the first screen")
    command.add_argument("--label", metavar="NAME", help="the group's name, for the flyers")
    command.add_argument("--logo", type=Path, metavar="FILE", help="the group's logo: PNG or JPEG")
    command.add_argument("--out", type=Path, metavar="DIR", help="folder to write to: links/SLUG")
    command.add_argument(
        "--bot", metavar="NAME", help="the bot's name; otherwise Telegram is asked"
    )
    deeds = command.add_mutually_exclusive_group()
    deeds.add_argument("--list", action="store_true", help="list all links")
    deeds.add_argument("--end", action="store_true", help="end the link, for good")
    command.set_defaults(run=link)


def link(options: argparse.Namespace) -> int:
    """Makes a link, writes its files again, ends it, or lists all."""
    given = (options.trial, options.lang, options.label, options.logo, options.out, options.end)
    if options.slug is None and any(given):
        raise CommandError("which link? Give its word first: `link SLUG …`; `link` alone lists all")
    if options.end:
        return _ended(options.slug)
    if options.slug is None or options.list:
        return _listed(options.bot)
    known, chosen = trials(), settings()
    catalogue = _served(known, chosen)
    try:
        slug = slug_of(options.slug, [trial.name for trial in known.trials.values()])
    except BadSlug as error:
        raise CommandError(str(error)) from None
    wanted = _wanted(options, slug, catalogue)
    drawn = _logo(options.logo)
    # Whatever can fail or take long comes before the secret, which nobody could be shown again.
    name, note = _bot(options.bot)
    with store() as held:
        campaign, secret = _campaign(held, wanted)
        checks = held.checks()
    shown = _shown(catalogue, chosen, checks)
    kit = Kit(campaign, chosen.own_url, name)
    _tell(kit, chosen, secret)
    for line in (*([note] if note else []), *_warnings(shown, campaign, chosen)):
        say(f"note: {line}")
    folder = options.out or Path("links") / slug
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in kit.files(shown, drawn, date.today()):
        (folder / file).write_bytes(content)
        say(f"  {folder / file}")
    return 0


def _listed(bot: str | None) -> int:
    chosen = settings()
    with store() as held:
        known = held.campaigns()
    if not known:
        say("There is no link yet: `link SLUG` makes one.")
        return 0
    name, note = _bot(bot)
    for one in known:
        kit = Kit(one, chosen.own_url, name)
        about, language = one.trial or "all studies", one.language or "any language"
        say(f"{one.slug} ({one.number}): {one.label or 'no name'}; {about}; {language}")
        say(f"  {kit.web()}")
        if kit.chat:
            say(f"  {kit.chat}")
    if note:
        say(f"note: {note}")
    return 0


def _ended(slug: str) -> int:
    with store() as held:
        if not held.end_campaign(slug.lower()):
            raise CommandError(f"there is no link {slug!r}: `link` alone lists all")
    say(f"{slug}: ended. Whoever opens it begins a conversation as without a link; its figures")
    say("stay with the service, and its key opens them no more.")
    return 0


def _served(known: Catalogue, chosen: Settings) -> Catalogue:
    """What this service speaks of: a link to another study would begin with all."""
    if not chosen.trials:
        return known
    kept = {n: trial for n, trial in known.trials.items() if trial.id in chosen.trials}
    return replace(known, trials=kept)


def _shown(catalogue: Catalogue, chosen: Settings, checks: list[Check]) -> Catalogue:
    """The studies as the service shows them today."""
    seen = {n: with_checks(t, entries(t.id, checks)) for n, t in catalogue.trials.items()}
    return replace(catalogue, demonstration=not chosen.live, trials=seen)


def _wanted(options: argparse.Namespace, slug: str, catalogue: Catalogue) -> Campaign:
    """The link as it is asked for."""
    label = " ".join((options.label or "").split())
    if len(label) > _LABEL:
        raise CommandError(
            f"--label has {len(label)} characters, and {_LABEL} fit a flyer: shorten the name"
        )
    if not label.isprintable():
        raise CommandError("--label holds characters that cannot be printed: type the name anew")
    trial = trial_of(catalogue, options.trial).id if options.trial else ""
    return Campaign(slug, 0, trial, options.lang or "", label, "")


def _logo(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return logo_svg(path)
    except BadLogo as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}: name the file of the logo") from None


def _campaign(held: Store, wanted: Campaign) -> tuple[Campaign, str | None]:
    """The link as it is kept, and the secret of a new one."""
    there = next((one for one in held.campaigns() if one.slug == wanted.slug), None)
    if there is None:
        secret = secrets.token_urlsafe(24)
        digest = sha256(secret.encode()).hexdigest()
        made = held.begin_campaign(replace(wanted, secret_hash=digest))
        if made is not None:
            return made, secret
        raise CommandError(f"{wanted.slug}: somebody else made it just now: look with `link`")
    asked = {"--trial": (wanted.trial, there.trial), "--lang": (wanted.language, there.language),
             "--label": (wanted.label, there.label)}  # fmt: skip
    wrong = [name for name, (new, old) in asked.items() if new and new != old]
    if wrong:
        raise CommandError(
            f"{wanted.slug} is there already, and {', '.join(wrong)} cannot be changed, as people "
            "have its link: take another word, or end it with --end"
        )
    return there, None


def _bot(given: str | None) -> tuple[str, str]:
    """The bot's name, as it was given or as Telegram knows it; or none, and why."""
    name = (given or "").removeprefix("@")
    if name and not _NAME.fullmatch(name):
        raise CommandError(f"--bot {name!r} is no bot's name: write one such as passerelle_bot")
    if name:
        return name, ""
    try:
        found = asyncio.run(_asked())
    except StartError:
        return "", "no BOT_TOKEN and no --bot, so there is no Telegram link"
    if not found:
        return "", "Telegram does not tell the bot's name now: give it with --bot for its link"
    return found, ""


async def _asked() -> str:
    bot = telegram()
    transport = Transport(_PATIENCE)
    try:
        with suppress(Passing):
            return await Api(transport, f"{bot.api_url}/bot{bot.token}").name()
        return ""
    finally:
        await transport.shutdown()


def _tell(kit: Kit, chosen: Settings, secret: str | None) -> None:
    say(f"Web:      {kit.web()}")
    if kit.chat:
        say(f"Telegram: {kit.chat}")
    if secret is not None:
        say(f"Figures:  {chosen.own_url}/stats#{secret}")
        say("  This link to the figures is shown once, and is for the group alone. Lost, it cannot")
        say("  be had again: end the link and make another.")


def _warnings(catalogue: Catalogue, campaign: Campaign, chosen: Settings) -> list[str]:
    """What the operator has to know before the files go out."""
    found, today = [], date.today()
    about = [t for t in catalogue.trials.values() if campaign.trial in ("", t.id)]
    if chosen.web_url is None:
        found.append("WEB_URL is not set, so the web link works on this computer only")
    if catalogue.demonstration:
        found.append("this is the demonstration, and the flyers say not to hand them out")
    if campaign.trial and not about:
        found.append(f"this service does not speak of {campaign.trial}: the flyers are about all")
    elif not any(catalogue.status(trial, today).routes for trial in about):
        which = campaign.trial or "no study"
        takes = "takes no new patients" if campaign.trial else "takes new patients"
        found.append(f"{which} {takes} as far as is known")
    return found
