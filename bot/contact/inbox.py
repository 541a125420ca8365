"""The demonstration's study centre: a post box in memory that everybody may look into."""

from collections import deque

from bot.contact.letter import Letter

__all__ = ["Inbox"]

_MOST = 20


class Inbox:
    """See `Courier`; keeps the newest letters, for as long as the process lives."""

    def __init__(self) -> None:
        self._letters: deque[tuple[int, Letter]] = deque(maxlen=_MOST)
        self._count = 0

    @property
    def letters(self) -> tuple[Letter, ...]:
        """The newest letter first."""
        return tuple(letter for _, letter in reversed(self._letters))

    async def deliver(self, address: str, letter: Letter, seconds: float) -> int:
        """Takes any letter at once."""
        self._count += 1
        self._letters.append((self._count, letter))
        return self._count

    async def change(self, address: str, card: int, letter: Letter) -> None:
        """Replaces a letter that is still there."""
        for place, (number, _) in enumerate(self._letters):
            if number == card:
                self._letters[place] = card, letter
