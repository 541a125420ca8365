"""What a study centre gets: words for its staff, in its own language, the same by any channel.

A letter never holds an answer, a verdict or a text of a patient: those ride sealed in `link`,
behind its `#`, where no server log and no mail filter sees them.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

__all__ = ["Cause", "Courier", "Letter", "Undelivered"]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to a centre.

    `code` names the request; `title` names no study and no illness, as it is the subject of a mail;
    `lines` are paragraphs. `link` opens the reply page, `label` is what its button says; `handle`
    is the same for pasting, as hospital filters rewrite links. `buttons` are label and token of
    what a staff group may press, in rows. `serial` tells the letters about one request apart: the
    same letter sent again has the same one.
    """

    code: str
    title: str
    lines: tuple[str, ...]
    link: str | None = None
    label: str | None = None
    handle: str | None = None
    buttons: tuple[tuple[tuple[str, str], ...], ...] = ()
    serial: int = 0


class Cause(Enum):
    """Why a mail was not accepted, in words for the operator; none of them is the server's own."""

    CERTIFICATE = "its certificate is not trusted"
    LOGIN = "user or password refused"
    NO_TLS = "it offers no TLS"
    UNREACHABLE = "it cannot be reached"
    SENDER = "it refuses SMTP_FROM as the sender"
    RULE = "refused by a rule, perhaps as an advertisement"
    BUSY = "put off, or the mail box is full"
    RECIPIENT = "there is no such mail box"
    REFUSED = "refused without a known reason: look at SMTP_URL and at the centre's address"
    UNKNOWN = "for no known cause"


class Undelivered(Exception):
    """A letter was not accepted.

    `sure`: the centre certainly did not get it. `lasting`: trying again will not help, the channel
    itself must be mended. `after`: seconds to wait before trying again (0: not said). Holds no
    address and no word of the letter; `cause` is one of a closed list.
    """

    def __init__(
        self,
        *,
        sure: bool,
        lasting: bool = False,
        after: float = 0.0,
        cause: Cause = Cause.UNKNOWN,
    ) -> None:
        super().__init__("a letter to a centre was not accepted")
        self.sure = sure
        self.lasting = lasting
        self.after = after
        self.cause = cause


class Courier(Protocol):
    """Brings letters to the staff address of one kind of channel."""

    async def deliver(self, address: str, letter: Letter, seconds: float) -> int | None:
        """Returns once the channel accepted the letter: the number of the card, if it has one.

        Gives up after `seconds`; nothing is delivered after that. Raises `Undelivered`.
        """

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """Makes a card that was delivered say what `letter` says; raises `Undelivered`."""
