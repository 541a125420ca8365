"""Hearing a cry for help in typed words, in French and English at once, however they are spelt.

A line of `alarm.toml` is heard when its words come in order, with at most `GAP` others between two
of them. All lines are followed together, one bit for each word of each line: a message is read
once, and what is done for a letter does not grow with the message.

Nothing here keeps, shows or quotes what was typed.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from itertools import chain

from dialogs.conversation.session import LANGUAGES
from dialogs.conversation.spelling import (
    LONG,
    STOP,
    Book,
    Word,
    joined,
    plain,
    words,
)
from dialogs.datafile import decode_each
from dialogs.errors import DataError

__all__ = ["GAP", "Alarm", "Alarms", "read_alarms"]

#: Words that may stand between two words of a line.
GAP = 3
#: Letters that may stand between two words of a line that are written as one.
_LETTERS = 6
#: Letters from which on a word is taken for a sentence without spaces.
_SENTENCE = 12
#: Words of a text that are also read as one, so that "go_on" is known however it is spaced.
_JOINED = 4
#: Small words that are often stuck to the next one, as in "jveux".
_STUCK = {
    "", "a", "ai", "c", "ca", "ce", "d", "de", "du", "en", "g", "i", "im", "ive", "j", "jai",
    "je", "jen", "k", "ke", "ki", "l", "la", "le", "m", "me", "n", "ne", "on", "qu", "que", "s",
    "sa", "se", "t", "te", "tu", "u", "un", "y",
}  # fmt: skip
_STUCK_LONGEST = max(map(len, _STUCK))
#: A word of a line, and two that are read as one.
_SPELLING = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


class Alarm(Enum):
    """What a message may be crying about."""

    DISTRESS = "distress"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lines of one language, its sets of words, and words that only look like misspelt ones."""

    distress: list[str]
    body: list[str]
    sets: dict[str, str] = field(default_factory=dict)
    spare: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Alarms:
    """All lines of all languages. A bit is a word of a line; words of a line follow each other.

    `_first` has the first word of each line, `_loose` the words after which others may stand,
    `_last` what is heard with the last word of each line.
    """

    _book: Book
    _first: int
    _loose: int
    _last: Mapping[Alarm, int]

    def heard(self, text: str) -> Alarm | None:
        """What `text` cries about, distress before body; None when it does not cry.

        Raises nothing, whatever `text` is; the time grows with its length and no faster.
        """
        ends = deque([0] * (GAP + _JOINED), maxlen=GAP + _JOINED)
        before: deque[Word] = deque(maxlen=_JOINED - 1)
        seen = 0
        met: dict[str, Word] = {}
        for typed in chain([STOP], words(text), [STOP]):
            word = met.get(typed) or met.setdefault(typed, self._book.read(typed))
            may = self._next(ends, 1)
            if typed == STOP:
                ends[-1] |= word.places & may
                seen |= ends[-1]
                continue
            passed = word.places & may
            short, sound = word.short, word.sound
            for back, other in enumerate(reversed(before), 2):
                short, sound = joined(other.short, short), joined(other.sound, sound)
                if len(short) > self._book.longest:
                    break
                places = self._book.whole.get(short, 0) | self._book.sound.get(sound, 0)
                if places:
                    passed |= places & self._next(ends, back)
            inner, through = self._within(word, may)
            ends.append(passed | through)
            seen |= passed | inner
            if seen & self._last[Alarm.DISTRESS]:
                break
            before.append(word)
        return next((alarm for alarm, last in self._last.items() if seen & last), None)

    def _next(self, ends: deque[int], back: int) -> int:
        """The places that may come after the words which ended `back` words ago, or before."""
        ended = ends[-back]
        for far in range(back + 1, back + GAP + 1):
            ended |= ends[-far] & self._loose
        return ended << 1 | self._first

    def _within(self, word: Word, may: int) -> tuple[int, int]:
        """The places reached in a word that is several in one, and those that reach its end."""
        letters, size, seen = word.short, len(word.short), 0
        sentence = size >= _SENTENCE
        reach: dict[int, int] = {}
        for at, length, meant in word.inside:
            places, end = 0, at + length
            if reach or at <= _STUCK_LONGEST:
                near, far = reach.get(at, 0), 0
                for back in range(max(0, at - _LETTERS), at):
                    far |= reach.get(back, 0) & self._loose
                begun = may if at <= _STUCK_LONGEST and letters[:at] in _STUCK else 0
                free = ((near | far if sentence or length > 2 else near) << 1) | begun
                places = meant & free
                if not length:
                    places, end = self._book.meant(letters[at:]) & free if free else 0, size
            if length and (sentence or length >= LONG - 1):
                places |= meant & self._first
            if places:
                reach[end] = reach.get(end, 0) | places
                known = length >= LONG - 1 if sentence else at and length >= LONG
                seen |= places if known else 0
        through = reach.get(size, 0)
        return seen | through, through


def _places(line: str, sets: Mapping[str, str]) -> Iterator[tuple[list[str], bool]]:
    """(words, whether others may follow) for each place; `ValueError` says what is wrong."""
    for group in line.split() or [line]:
        tied = group.split("+")
        for place, choice in enumerate(tied, 1):
            found: list[str] = []
            for name in choice.split("|"):
                if name.isupper() and name not in sets:
                    raise ValueError(f"there is no set {name}")
                found += plain(sets[name]).split() if name.isupper() else [plain(name)]
            if not all(word == STOP or _SPELLING.fullmatch(word) for word in found):
                raise ValueError(f"{choice}: a word is made of letters or digits")
            yield found, place == len(tied)


def read_alarms(file: str, content: str) -> Alarms:
    """The alarms of a file; `DataError` names the language that is missing, or the wrong line."""
    entries = decode_each(file, content, _Lists)
    wrong = entries.keys() ^ LANGUAGES.keys()
    if wrong:
        raise DataError(file, min(wrong), "needs one table for each language, and no other")
    known = {each.name for each in fields(_Lists)}
    for language, table in decode_each(file, content, dict[str, object]).items():
        if table.keys() - known:
            raise DataError(file, language, f"unknown key {min(table.keys() - known)!r}")
    book, bit, first, loose = Book(), 1, 0, 0
    last = dict.fromkeys(Alarm, 0)
    lines = [
        (language, alarm, line, entry)
        for language, entry in entries.items()
        for alarm, told in ((Alarm.DISTRESS, entry.distress), (Alarm.BODY, entry.body))
        for line in told
    ]
    for language, alarm, line, entry in lines:
        try:
            places = list(_places(line, entry.sets))
        except ValueError as error:
            raise DataError(file, f"{language}.{alarm.value}", f"{line!r}: {error}") from error
        first |= bit
        for spellings, others in places:
            loose |= bit if others else 0
            for word in set(spellings):
                book.add(word, bit, alone=len(places) == 1, french=language == "fr")
            bit <<= 1
        last[alarm] |= bit >> 1
    for entry in entries.values():
        book.spare.update(plain(entry.spare).split())
    return Alarms(book, first, loose, last)
