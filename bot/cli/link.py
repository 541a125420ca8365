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
from bot.outreach.codes import code_png, code_svg
from bot.outreach.flyer import FORMS, Flyer
from bot.outreach.logo import BadLogo, logo_svg
from bot.outreach.slugs import BadSlug, slug_of
from bot.settings import Settings
from bot.store.records import Campaign
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
    command.add_argument("--end", action="store_true", help="end the link, for good")
    command.set_defaults(run=link)


def link(options: argparse.Namespace) -> int:
    """Makes a link, writes its files again, ends it, or lists all."""
    if options.slug is None:
        return _listed()
    if options.end:
        return _ended(options.slug)
    catalogue, chosen = trials(), settings()
    names = [trial.name for trial in catalogue.trials.values()]
    try:
        slug = slug_of(options.slug, names)
    except BadSlug as error:
        raise CommandError(str(error)) from None
    drawn = _logo(options.logo)
    given = (options.bot or "").removeprefix("@")
    if given and not _NAME.fullmatch(given):
        raise CommandError(f"--bot {given!r} is no bot's name: write one such as passerelle_bot")
    with store() as held:
        campaign, secret = _campaign(held, options, slug, catalogue)
        checks = held.checks()
    shown = replace(
        catalogue,
        demonstration=not chosen.live,
        trials={
            number: with_checks(trial, entries(trial.id, checks))
            for number, trial in catalogue.trials.items()
        },
    )
    name = given or _bot()
    _say_links(campaign, chosen, name, secret)
    _write(options.out or Path("links") / slug, campaign, shown, chosen, name, drawn)
    return 0


def _listed() -> int:
    chosen = settings()
    with store() as held:
        known = held.campaigns()
    for one in known:
        about = one.trial or "all studies"
        say(f"{one.slug}: {one.label or 'no name'}; {about}; {one.language or 'any language'}")
        say(f"  {_web(one, chosen)}")
    if not known:
        say("There is no link yet: `link SLUG` makes one.")
    return 0


def _ended(slug: str) -> int:
    with store() as held:
        if not held.end_campaign(slug.lower()):
            raise CommandError(f"there is no link {slug!r}: `link` alone lists all")
    say(f"{slug}: ended. Whoever opens it begins a conversation as without a link; its figures")
    say("stay with the service, and its key opens them no more.")
    return 0


def _logo(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return logo_svg(path)
    except BadLogo as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}: name the file of the logo") from None


def _campaign(
    held: Store, options: argparse.Namespace, slug: str, catalogue: Catalogue
) -> tuple[Campaign, str | None]:
    """The campaign, and the secret of a new one."""
    label = " ".join((options.label or "").split())
    if len(label) > _LABEL or not label.isprintable():
        raise CommandError(f"--label is too long: {_LABEL} characters fit a flyer")
    trial = trial_of(catalogue, options.trial).id if options.trial else ""
    there = next((one for one in held.campaigns() if one.slug == slug), None)
    if there is None:
        secret = secrets.token_urlsafe(24)
        digest = sha256(secret.encode()).hexdigest()
        made = held.begin_campaign(Campaign(slug, 0, trial, options.lang or "", label, digest))
        if made is not None:
            return made, secret
        raise CommandError(f"{slug}: somebody else made it just now: look with `link`")
    asked = {"--trial": (trial, there.trial), "--lang": (options.lang, there.language),
             "--label": (label, there.label)}  # fmt: skip
    wrong = [name for name, (new, old) in asked.items() if new and new != old]
    if wrong:
        raise CommandError(
            f"{slug} is there already, and {', '.join(wrong)} cannot be changed, as people have "
            "its link: take another word, or end it with --end"
        )
    return there, None


def _bot() -> str | None:
    """The bot's name as Telegram knows it; says why when there is none."""
    try:
        found = asyncio.run(_asked())
    except StartError:
        say("note: no BOT_TOKEN and no --bot, so there is no Telegram link")
        return None
    if not found:
        say("note: Telegram does not tell the bot's name now: give it with --bot for its link")
    return found or None


async def _asked() -> str:
    bot = telegram()
    transport = Transport(_PATIENCE)
    try:
        with suppress(Passing):
            return await Api(transport, f"{bot.api_url}/bot{bot.token}").name()
        return ""
    finally:
        await transport.shutdown()


def _web(campaign: Campaign, chosen: Settings, language: str = "") -> str:
    other = f"&lang={language}" if language and language != campaign.language else ""
    return f"{chosen.own_url}/?c={campaign.slug}{other}"


def _say_links(campaign: Campaign, chosen: Settings, name: str | None, secret: str | None) -> None:
    say(f"Web:      {_web(campaign, chosen)}")
    if name is not None:
        say(f"Telegram: https://t.me/{name}?start={campaign.slug}")
    if chosen.web_url is None:
        say("note: WEB_URL is not set, so the web link works on this computer only")
    if secret is not None:
        say(f"Figures:  {chosen.own_url}/stats#{secret}")
        say("  This link to the figures is shown once, and is for the group alone. Lost, it cannot")
        say("  be had again: end the link and make another.")


def _write(
    folder: Path,
    campaign: Campaign,
    catalogue: Catalogue,
    chosen: Settings,
    name: str | None,
    logo: str | None,
) -> None:
    """Codes and flyers; says each file as it is there."""
    today = date.today()
    trial = next((t for t in catalogue.trials.values() if t.id == campaign.trial), None)
    if trial is not None and not catalogue.status(trial, today).routes:
        say(f"note: {trial.id} takes no new patients as far as is known: the flyers say so")
    folder.mkdir(parents=True, exist_ok=True)
    codes = {"web": _web(campaign, chosen)}
    if name is not None:
        codes["telegram"] = f"https://t.me/{name}?start={campaign.slug}"
    for kind, target in codes.items():
        _file(folder / f"qr-{kind}.svg", code_svg(target).encode())
        _file(folder / f"qr-{kind}.png", code_png(target))
    for language in LANGUAGES:
        address = _web(campaign, chosen, language)
        flyer = Flyer(catalogue, trial, address, campaign.label, logo, today)
        for form in FORMS:
            _file(folder / f"flyer-{form}.{language}.pdf", flyer.pdf(form, language))
            _file(folder / f"flyer-{form}.{language}.png", flyer.png(form, language))


def _file(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    say(f"  {path}")
