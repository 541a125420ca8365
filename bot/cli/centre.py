"""Study centres and their channels: `run_bot.py centre …`."""

import argparse
import asyncio
from datetime import date, timedelta

from bot.app import StartError
from bot.channels.telegram.api import Api
from bot.channels.telegram.group import GroupCourier
from bot.channels.telegram.transport import Transport
from bot.cli.places import (
    CommandError,
    bot_settings,
    centre_of,
    keys_dir,
    say,
    settings,
    store,
    trial_of,
    trials,
)
from bot.contact import invitation
from bot.contact.exchange import HANDLE_DAYS
from bot.contact.letter import Cause, Courier, Letter, Undelivered
from bot.contact.post import Post
from bot.settings import Settings, TelegramSettings
from bot.store.endings import Endings
from bot.store.keyfiles import KeyFiles
from bot.store.records import Channel, Kind, Row, State
from bot.store.store import OPEN, Store
from bot.values import mail_address
from dialogs.catalogue import Catalogue

__all__ = ["add", "email", "invite", "listed", "test", "unbind"]

#: Seconds that a letter may take.
_PATIENCE = 20.0


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command and what it can do."""
    centre = commands.add_parser("centre", help="bind study centres to a staff group or a mail box")
    deeds = centre.add_subparsers(title="deeds", metavar="DEED", required=True)
    for name, run, text in (
        ("list", listed, "list all centres and how they are reached"),
        ("invite", invite, "print a one-time code for the centre's Telegram group"),
        ("email", email, "send a link that binds a mail box"),
        ("unbind", unbind, "forget how a centre is reached"),
        ("test", test, "send a test message to a centre"),
    ):
        deed = deeds.add_parser(name, help=text)
        if name != "list":
            deed.add_argument("trial", metavar="NCT…", help="number of the trial in the registry")
            deed.add_argument("centre", metavar="CENTRE", help="number of the centre in the trial")
        if name == "unbind":
            deed.add_argument(
                "--close",
                action="store_true",
                help="close its open requests too, so that nobody can answer them any more",
            )
        if name == "email":
            deed.add_argument("address", metavar="ADDRESS", help="the centre's mail box")
        deed.set_defaults(run=run)


def listed(options: argparse.Namespace) -> int:
    """Each centre, how it is reached, and open invitations."""
    with store() as held:
        bound = {(one.trial, one.centre): one for one in held.channels()}
        invited = {(one.trial, one.centre): one.until for one in held.invites(date.today())}
    for trial in trials().trials.values():
        say(f"{trial.id} {trial.name}")
        for centre in trial.centres:
            place = (trial.id, centre.number)
            sample = ", sample contacts" if centre.sample else ""
            say(
                f"  {centre.number}. {centre.name}, {centre.city}{sample}: {_how(bound.get(place))}"
            )
            if place in invited:
                say(f"     an invitation is open until {invited[place]}")
    return 0


def _how(channel: Channel | None) -> str:
    if channel is None:
        return "not bound"
    away = " - DOES NOT WORK: bind it again, or send a test" if channel.away else ""
    kind = "Telegram group" if channel.kind is Kind.GROUP else "mail"
    return f"{kind} {channel.address}{away}"


def invite(options: argparse.Namespace) -> int:
    """Prints a code that an administrator of the group sends."""
    trial = trial_of(trials(), options.trial)
    centre = centre_of(trial, options.centre)
    with store() as held:
        code = invitation.invite(held, trial.id, centre.number, date.today())
    say(f"{centre.name}, {centre.city}: add the bot to the staff group, and let an administrator")
    say("of the group send there, within two days:")
    say(f"/centre {code}")
    return 0


def email(options: argparse.Namespace) -> int:
    """Sends the link that binds a mail box once it is confirmed."""
    catalogue, chosen = trials(), settings()
    trial = trial_of(catalogue, options.trial)
    centre = centre_of(trial, options.centre)
    try:
        address = mail_address(options.address)
    except ValueError:
        raise CommandError(
            f"{options.address!r} is no e-mail address: write one such as a@b.org"
        ) from None
    post = _post(chosen, catalogue)
    today = date.today()
    keyring = KeyFiles(chosen.keys_dir, "handle", HANDLE_DAYS).keyring(today)
    with store() as held:
        token = invitation.confirmation(held, keyring, trial.id, centre.number, address, today)
    speech = catalogue.speeches[chosen.staff_language]
    letter = invitation.invitation_letter(speech, trial, centre, chosen.own_url, token)
    _deliver(post, address, letter)
    say(f"{centre.name}, {centre.city}: a link went to {address}; it binds the mail box when it is")
    say("confirmed within two days. Until then nothing changes.")
    if chosen.web_url is None:
        say("WEB_URL is not set: the link opens on this computer only.")
    return 0


def unbind(options: argparse.Namespace) -> int:
    """Forgets the channel of a centre; its open requests go on, unless they are closed too."""
    trial = trial_of(trials(), options.trial)
    centre = centre_of(trial, options.centre)
    with store() as held:
        had = held.unbind(trial.id, centre.number)
        still = held.open_requests(trial.id, centre.number)
        if options.close:
            _close(held, still)
    say(f"{centre.name}, {centre.city}: {'unbound' if had else 'was not bound'}")
    if still and options.close:
        say(f"open requests that were closed: {len(still)}. Nobody can tell the people who asked:")
        say("they see it when they look.")
    elif still:
        say(f"open requests: {len(still)}. Whoever has their cards or mails can still answer them")
        say("on the page. If somebody must not, run it again with --close.")
    return 0


def _close(held: Store, requests: list[Row]) -> None:
    """Closes requests, for good."""
    folder = keys_dir()
    keyring = KeyFiles(folder, "handle", HANDLE_DAYS).keyring(date.today())
    for row in requests:
        Endings(folder).note(keyring, row.code, row.until - timedelta(days=HANDLE_DAYS))
        held.change(row.code, State.CLOSED, OPEN, due_on=None)


def test(options: argparse.Namespace) -> int:
    """Sends a test message; a channel that takes it works again."""
    catalogue, chosen = trials(), settings()
    trial = trial_of(catalogue, options.trial)
    centre = centre_of(trial, options.centre)
    with store() as held:
        channel = held.channel(trial.id, centre.number)
        if channel is None:
            raise CommandError(
                f"{centre.name}, {centre.city} is not bound: run `centre invite` or `centre email`"
            )
        letter = invitation.trial_letter(catalogue.speeches[chosen.staff_language], trial, centre)
        if channel.kind is Kind.EMAIL:
            _deliver(_post(chosen, catalogue), channel.address, letter)
        else:
            asyncio.run(_to_group(_telegram(), channel.address, letter))
        held.mark(channel.kind, channel.address, away=False)
    say(f"{centre.name}, {centre.city}: the test message was accepted by {_how(channel)}")
    return 0


def _post(chosen: Settings, catalogue: Catalogue) -> Post:
    if chosen.mail is None:
        raise CommandError("SMTP_URL is missing: a mail needs a mail server")
    return Post(chosen.mail, lambda: catalogue.speeches[chosen.staff_language])


def _telegram() -> TelegramSettings:
    """The bot, whether or not all else for a live start is there."""
    telegram = bot_settings().telegram
    if telegram is None:
        raise StartError("BOT_TOKEN is missing: a group is reached through the bot")
    return telegram


async def _to_group(telegram: TelegramSettings, address: str, letter: Letter) -> None:
    transport = Transport(_PATIENCE)
    api = Api(transport, f"{telegram.api_url}/bot{telegram.token}")
    try:
        await _delivered(GroupCourier(api, lambda _old, _new: None), address, letter)
    finally:
        await transport.shutdown()


def _deliver(courier: Courier, address: str, letter: Letter) -> None:
    asyncio.run(_delivered(courier, address, letter))


async def _delivered(courier: Courier, address: str, letter: Letter) -> None:
    try:
        await courier.deliver(address, letter, _PATIENCE)
    except Undelivered as failure:
        raise CommandError(f"the message was {_fate(failure)}") from None


def _fate(failure: Undelivered) -> str:
    """What became of a message, and what to do about it."""
    cause = failure.cause.value
    if failure.cause is Cause.RECIPIENT:
        return f"refused for good ({cause}): look at the address"
    if failure.lasting:
        return "refused for good: look at the address, or the bot's place in the group"
    if not failure.sure:
        return "lost on its way, and may have arrived: ask the centre before you try again"
    if failure.cause is Cause.UNKNOWN:
        return "not accepted now: look at SMTP_URL or BOT_API_URL, and try again in 10 minutes"
    if failure.cause is Cause.BUSY:
        return f"not accepted now ({cause}): try again in 10 minutes"
    return f"not accepted by the mail server of SMTP_URL ({cause}): look at that setting"
