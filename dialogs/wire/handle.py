"""The reply handle: how a study centre's answer finds the patient, as 31 bytes to be sealed.

The table, from the first bit on (`docs/token.md` is tested against it):

    tag 40, trial 14, centre 7, attempt 2, language 2, relative 1, web 1, address 80, sent 5,
    deed 3, campaign 12, matching 1
                                   168 bits
    nothing                        80 bits, all zero

It rides in the buttons of the centre's card, or behind the `#` of its link, and is kept nowhere.
"""

from dataclasses import dataclass
from enum import IntEnum

from dialogs.conversation.session import LANGUAGE_OF, LANGUAGES, TAG_BITS
from dialogs.errors import DeadToken

__all__ = ["ADDRESS_BITS", "HANDLE_FIELDS", "HANDLE_PAYLOAD", "Deed", "Handle", "pack", "unpack"]

HANDLE_PAYLOAD = 31
ADDRESS_BITS = 80
HANDLE_FIELDS: tuple[tuple[str, int], ...] = (
    ("tag", TAG_BITS),
    ("trial", 14),
    ("centre", 7),
    ("attempt", 2),
    ("language", 2),
    ("relative", 1),
    ("web", 1),
    ("address", ADDRESS_BITS),
    ("sent", 5),
    ("deed", 3),
    ("campaign", 12),
    ("matching", 1),
)
_FREE = 8 * HANDLE_PAYLOAD - sum(width for _, width in HANDLE_FIELDS)


class Deed(IntEnum):
    """What a button of the card is for."""

    OPEN = 0
    TAKEN = 1
    CLOSE = 2


_DEEDS = {int(deed): deed for deed in Deed}


@dataclass(frozen=True, slots=True, repr=False)
class Handle:
    """A request and the way back.

    `address` is the number of a private Telegram chat, or with `web` that of a letter box; `sent`
    is the ordinal of the request's day modulo 32. `campaign` and `matching` are those of the
    conversation, for what is counted when the centre answers.
    """

    tag: int
    trial: int
    centre: int
    attempt: int
    language: str
    relative: bool
    web: bool
    address: int
    sent: int
    campaign: int = 0
    matching: bool = False


def pack(handle: Handle, deed: Deed) -> bytes:
    """`HANDLE_PAYLOAD` bytes; `ValueError` when a number does not fit its bits."""
    number = 0
    for name, width in HANDLE_FIELDS:
        if name == "deed":
            value = int(deed)
        elif name == "language":
            value = LANGUAGES[handle.language]
        else:
            value = int(getattr(handle, name))
        if value >> width:
            # Without the number, which may lead to somebody.
            raise ValueError(f"{name} does not fit {width} bits")
        number = number << width | value
    return (number << _FREE).to_bytes(HANDLE_PAYLOAD, "big")


def unpack(payload: bytes) -> tuple[Handle, Deed]:
    """The reverse; `DeadToken` when `payload` says something impossible."""
    number = int.from_bytes(payload, "big")
    if len(payload) != HANDLE_PAYLOAD or number & (1 << _FREE) - 1:
        raise DeadToken
    number >>= _FREE
    said = {}
    for name, width in reversed(HANDLE_FIELDS):
        said[name] = number & (1 << width) - 1
        number >>= width
    try:
        deed = _DEEDS[said.pop("deed")]
        language = LANGUAGE_OF[said.pop("language")]
    except KeyError:
        raise DeadToken from None
    relative, web, matching = (bool(said.pop(one)) for one in ("relative", "web", "matching"))
    handle = Handle(language=language, relative=relative, web=web, matching=matching, **said)
    return handle, deed
