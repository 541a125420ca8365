"""Typed words and what they may stand for: folded, stretched, run together, misspelt, as heard.

A word is squeezed when no letter follows itself, so that "mourirrr" and "mourir" are one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from unicodedata import category

from dialogs.conversation.typed import folded

__all__ = ["LONG", "STOP", "Book", "Word", "joined", "plain", "sound_of", "squeezed", "words"]

#: Words from this length on are known with one letter too many, missing, wrong or swapped.
LONG = 5
#: The word that ends or begins a sentence.
STOP = "."

_SPELLED = re.compile(r"(?<![a-z0-9])[a-z](?:[^a-z0-9]{1,4}[a-z](?![a-z0-9])){3,}")
_WORDS = re.compile(r"\d\d+|(?:[a-z*]+|\d(?!\d))+|[^\w\s'-]+|\n+")
_TWICE = re.compile(r"(.)\1+")
_LETTER = re.compile(r"[a-z0-9*]")
#: Scripts without any Latin letter, some of whose signs unfold into many.
_SCRIPTS = re.compile(r"[\u0370-\u1cff\u2e80-\ud7ff\uf900-\ufaff\ufb13-\ufdff\ufe70-\ufefc]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_BANG = re.compile(r"(?<=[a-z])[!|](?=[a-z])")
_SIGNS = str.maketrans(
    {"@": "a", "$": "s", "€": "e", "œ": "oe", "æ": "ae", "`": "'", "´": "'", "‘": "'"}
)
_DIGITS = str.maketrans("013457", "oieast")
#: Spellings of one French sound, the longer ones first.
_SOUNDS = [
    ("eau", "o"), ("au", "o"), ("qu", "k"), ("ph", "f"), ("oeu", "e"), ("oe", "e"), ("ai", "e"),
    ("ei", "e"), ("y", "i"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("ge", "je"), ("gi", "ji"),
    ("en", "an"), ("em", "an"), ("z", "s"), ("h", ""),
]  # fmt: skip
#: Follows a squeezed number, which without it would be another number, and before its length.
_HELD = "+"
#: Digits of the shortest number with two of the same in a row.
_SHORTEST = 2
#: Letters at the start of a French word that are always heard.
_HEARD = 4


def squeezed(word: str) -> str:
    """`word` with each run of a letter as one."""
    return _TWICE.sub(r"\1", word)


def joined(one: str, other: str) -> str:
    """Two squeezed words as a squeezed one."""
    return one + (other[1:] if one[-1:] == other[:1] else other)


def sound_of(word: str) -> str:
    """What is left of a French word when it is written as it is heard."""
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    end = word[_HEARD:]
    if end.endswith(("er", "es")):
        end = end[:-2]
    else:
        end = end[:-1] if end.endswith("e") else end.rstrip("stdxp")
    return squeezed(word[:_HEARD] + end)


def plain(text: str) -> str:
    """`text` folded, without marks and invisible signs, with letters where signs stand for them."""
    if not text.isascii():
        latin = _SCRIPTS.sub(STOP, text)
        text = "".join(sign for sign in latin if category(sign) not in {"Mn", "Cf"})
    return _BANG.sub("i", _FOREIGN.sub(STOP, folded(text).translate(_SIGNS)))


def words(text: str) -> Iterator[str]:
    """The words of `text`, with a stop where a sentence ends or another script begins."""
    spelled = _SPELLED.sub(lambda found: re.sub(r"[^a-z0-9]", "", found[0]), plain(text))
    for stop, found in groupby(_WORDS.findall(spelled), lambda word: not _LETTER.match(word)):
        if stop:
            yield STOP
        else:
            yield from (word if word.isdecimal() else word.translate(_DIGITS) for word in found)


def _without_a_letter(word: str) -> Iterator[str]:
    """`word`, and `word` without each of its letters."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _alike(one: str, other: str) -> bool:
    """Whether one letter more, less, different or swapped makes two words the same."""
    if one == other:
        return True
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    a, b = one[at:], other[at:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]


@dataclass(frozen=True, slots=True, repr=False)
class Word:
    """A word as typed: squeezed, as heard, the places it may have, and the words in it.

    `inside` is (where, length, places) of each; length 0 stands for all the rest of the word.
    """

    short: str
    sound: str
    places: int
    inside: tuple[tuple[int, int, int], ...]


@dataclass(slots=True, repr=False)
class Book:
    """The spellings of all words of all lines, with the bits of the places where they stand.

    `whole` finds them as they are spelt, `sound` as French ones are heard, `near` by what is left
    without a letter, `inside` within other words, where `lengths` says how long they are by their
    first 3 letters. `spare` are never taken for a misspelt word.
    """

    whole: dict[str, int] = field(default_factory=dict)
    sound: dict[str, int] = field(default_factory=dict)
    near: dict[str, set[str]] = field(default_factory=dict)
    inside: dict[str, int] = field(default_factory=dict)
    lengths: dict[str, set[int]] = field(default_factory=dict)
    spare: set[str] = field(default_factory=set)
    longest: int = 0

    def add(self, word: str, bit: int, *, alone: bool, french: bool) -> None:
        """Note that `word` stands at `bit`; `alone` when it is a line by itself."""
        together = word.replace("_", "")
        short = squeezed(together)
        sound = squeezed("".join(map(sound_of, word.split("_")))) if french else short
        if together.isdigit() and short != together:
            # 112 is still heard when a key was held too long, but 12 is another number.
            short += f"{_HELD}{len(together)}"
        for spelling in {short, together}:
            if len(spelling) >= LONG and spelling.isalpha() and spelling not in self.whole:
                for probe in _without_a_letter(spelling):
                    self.near.setdefault(probe, set()).add(spelling)
            self.whole[spelling] = self.whole.get(spelling, 0) | bit
        self.longest = max(self.longest, len(short) + 1)
        if french and not together.isdigit():
            self.sound[sound] = self.sound.get(sound, 0) | bit
        for form in {short, sound}:
            if form.isalpha() and len(form) >= (LONG if alone else 2):
                self.inside[form] = self.inside.get(form, 0) | bit
                self.lengths.setdefault(form[:3], set()).add(len(form))

    def read(self, typed: str) -> Word:
        """A typed word with all that it may be."""
        short = squeezed(typed)
        inside = () if typed in self.spare else tuple(self._within(short))
        return Word(short, sound_of(short), self.meant(typed), inside)

    def meant(self, typed: str) -> int:
        """The places of all words that `typed` may be."""
        short = squeezed(typed)
        places = self.whole.get(short, 0) | self.whole.get(typed, 0)
        for size in range(_SHORTEST, len(typed) if typed.isdigit() else 0):
            places |= self.whole.get(f"{short}{_HELD}{size}", 0)
        if typed in self.spare or len(short) > self.longest:
            return places
        places |= self.sound.get(sound_of(short), 0)
        for form in {typed, short} if len(typed) >= LONG - 1 else ():
            for probe in _without_a_letter(form):
                for spelling in self.near.get(probe, ()):
                    if _alike(form, spelling):
                        places |= self.whole[spelling]
        return places

    def _within(self, word: str) -> Iterator[tuple[int, int, int]]:
        size = len(word)
        for at in range(size - 1):
            if at and LONG <= size - at < self.longest:
                yield at, 0, 0
            for length in {2, *self.lengths.get(word[at : at + 3], ())}:
                places = self.inside.get(word[at : at + length], 0)
                if places and at + length <= size:
                    yield at, length, places
