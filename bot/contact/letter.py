"""What a study centre gets: words for its staff, in its own language, the same by any channel.

A letter never holds an answer, a verdict or a text of a patient: those ride sealed in `link`,
behind its `#`, where no server log and no mail filter sees them.
"""

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Courier", "Letter", "Undelivered"]


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


class Undelivered(Exception):
    """A letter was not accepted.

    `sure`: the centre certainly did not get it. `lasting`: trying again will not help, the channel
    itself must be mended. `after`: seconds to wait before trying again (0: not said). Holds no
    address and no word of the letter.
    """

    def __init__(self, *, sure: bool, lasting: bool = False, after: float = 0.0) -> None:
        super().__init__("a letter to a centre was not accepted")
        self.sure = sure
        self.lasting = lasting
        self.after = after


class Courier(Protocol):
    """Brings letters to the staff address of one kind of channel."""

    async def deliver(self, address: str, letter: Letter, seconds: float) -> int | None:
        """Returns once the channel accepted the letter: the number of the card, if it has one.

        Gives up after `seconds`; nothing is delivered after that. Raises `Undelivered`.
        """

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """Makes a card that was delivered say what `letter` says; raises `Undelivered`."""
