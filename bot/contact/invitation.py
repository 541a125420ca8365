"""How a study centre's staff bind a channel: a one-time code for a group, a link for a mail box."""

import json
import secrets
from datetime import date, timedelta
from hashlib import blake2b

from bot.contact.letter import Letter
from bot.store.records import Kind
from bot.store.store import Store
from dialogs.conversation.speech import Speech
from dialogs.eligibility.criteria import Trial
from dialogs.errors import DeadToken
from dialogs.trialfile import CentreEntry
from dialogs.wire.code import grouped, normal, spelled
from dialogs.wire.keyring import Keyring

__all__ = [
    "accept",
    "confirm",
    "confirmation",
    "confirmed",
    "invitation_letter",
    "invite",
    "pending",
    "trial_letter",
]

#: Characters of a code: 80 bits.
_CODE = 16
_LIFE = timedelta(days=2)
#: What the enclosed address of a confirmation is bound to.
_BINDING = b"mail"


def _digest(code: str) -> str:
    return blake2b(code.encode(), digest_size=16).hexdigest()


def invite(store: Store, trial: str, centre: int, today: date) -> str:
    """A new code for a centre, in groups of four; it works once, until tomorrow's end."""
    code = spelled(secrets.randbits(5 * _CODE), _CODE)
    store.invite(trial, centre, _digest(code), today + _LIFE)
    return grouped(code, 4)


def accept(
    store: Store, code: str, kind: Kind, address: str, today: date
) -> tuple[str, int] | None:
    """Binds `address` to the centre that `code` invites; None when it invites nobody today."""
    known = normal(code, _CODE)
    place = None if known is None else store.invited(_digest(known), today)
    if place is None:
        return None
    store.bind(*place, kind, address)
    return place


def confirmation(
    store: Store, keyring: Keyring, trial: str, centre: int, address: str, today: date
) -> str:
    """What the link to confirm a mail box holds: the address is kept nowhere until then."""
    code = invite(store, trial, centre, today)
    held = json.dumps([code, address, trial, centre])
    return keyring.enclose(held.encode(), _BINDING)


def _disclosed(keyring: Keyring, token: str) -> tuple[str, str, str, int] | None:
    """Code, address, trial and centre of a confirmation; None for what is none of ours."""
    try:
        code, address, trial, centre = json.loads(keyring.disclose(token, _BINDING))
    except (DeadToken, ValueError):
        return None
    return code, address, trial, centre


def pending(keyring: Keyring, store: Store, token: str, today: date) -> tuple[str, int, str] | None:
    """Trial, centre and address that a confirmation is about; None when it is used or too old."""
    held = _disclosed(keyring, token)
    place = None if held is None else store.invited(_digest(normal(held[0], _CODE) or ""), today)
    return None if held is None or place is None else (*place, held[1])


def confirmed(keyring: Keyring, store: Store, token: str) -> bool:
    """Whether the centre of a confirmation is bound to its address already."""
    held = _disclosed(keyring, token)
    if held is None:
        return False
    _, address, trial, centre = held
    channel = store.channel(trial, centre)
    return channel is not None and (channel.kind, channel.address) == (Kind.EMAIL, address)


def confirm(keyring: Keyring, store: Store, token: str, today: date) -> tuple[str, int, str] | None:
    """Binds the mail box of a confirmation; None when it is used or too old."""
    found = pending(keyring, store, token, today)
    if found is not None:
        trial, centre, address = found
        store.bind(trial, centre, Kind.EMAIL, address)
    return found


def invitation_letter(
    speech: Speech, trial: Trial, centre: CentreEntry, web: str, token: str
) -> Letter:
    """The mail that asks a mail box to confirm."""
    return Letter(
        f"{trial.id}-{centre.number}",
        speech.say("staff.confirm.title"),
        (
            speech.say("staff.confirm.text", centre=centre.name, city=centre.city, name=trial.name),
            speech.say("staff.confirm.who"),
        ),
        link=f"{web}/confirm?lang={speech.language}#{token}",
        label=speech.say("staff.confirm.label"),
        handle=token,
        serial=secrets.randbits(32),
    )


def trial_letter(speech: Speech, trial: Trial, centre: CentreEntry) -> Letter:
    """A test: nobody asks for anything."""
    return Letter(
        f"{trial.id}-{centre.number}",
        speech.say("staff.test.title"),
        (speech.say("staff.test.text", centre=centre.name, city=centre.city, name=trial.name),),
        serial=secrets.randbits(32),
    )
