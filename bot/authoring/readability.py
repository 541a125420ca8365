"""Sentences, words and readability scores of French and English texts.

A score of one short message means nothing, so the two formulas take a group of texts and
refuse fewer than 100 words. A score is a smoke alarm, not a proof that people understand.

Kandel-Moles (French): 207 - 1.015 * words/sentences - 73.6 * syllables/words; higher is
easier, the bands are those of Flesch reading ease (60-70 plain, 80-90 easy).
Flesch-Kincaid (English): 0.39 * words/sentences + 11.8 * syllables/words - 15.59, a school
grade; lower is easier.
"""

import re
from collections.abc import Iterable
from typing import Final

from bot.authoring import syllables

__all__ = [
    "HARD_SYLLABLES",
    "MINIMUM_WORDS",
    "flesch_kincaid_grade",
    "hard_words",
    "kandel_moles",
    "longest_sentence",
    "sentences",
    "words",
]

MINIMUM_WORDS: Final = 100
"""The smallest group, in words, whose score is worth reading."""

HARD_SYLLABLES: Final = 4
"""A word of this many syllables, or more, is a hard word."""

_PLACEHOLDER: Final = r"\{[^{}\s]*\}"
_ADDRESS: Final = r"(?:https?://|mailto:|tel:|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.-]*\w"
# French and English both leave a space in "10 000"; English may write "10,000".
# The parts of a telephone number, "0 805 123 124", are numbers of their own.
_GAP: Final = "[ \u00a0\u202f]"
_NUMBER: Final = rf"(?<!\d{_GAP})[1-9]\d{{0,2}}{_GAP}\d{{3}}(?!\d|{_GAP}\d{{3}})|\d+(?:[.,]\d+)*"
_LETTERS: Final = r"[^\W\d_]"
_TOKEN: Final = re.compile(
    rf"(?P<address>{_ADDRESS})|{_PLACEHOLDER}"
    rf"|(?:\d+(?:st|nd|rd|th|er|re|e|ère|ème)\b)|(?>{_NUMBER})(?!{_LETTERS})|[%€+&°=]"
    rf"|{_LETTERS}+(?:['’]{_PLACEHOLDER}|[-‑'’]?[^\W_]+)*['’]?|[^\W_]+"
)
_SHORT_FORMS: Final = {
    "fr": {
        "n°": "numéro",
        "p. ex.": "par exemple",
        "etc.": "et cetera",
        "dr": "docteur",
        "mme": "madame",
        "env.": "environ",
        "max.": "maximum",
    },
    "en": {
        "e.g.": "for example",
        "i.e.": "that is",
        "etc.": "et cetera",
        "dr": "doctor",
        "vs": "versus",
    },
}
# A full stop after one of these does not end a sentence.
_ABBREVIATION: Final = re.compile(
    r"(?<!\w)(?:e\.g|i\.e|p\. ?ex|ex|dr|pr|mr|mrs|ms|m|mme|env|max|tél|vs|cf)\.$",
    re.IGNORECASE,
)
_LINE_MARK: Final = re.compile(r"^\s*(?:[-–—•*·]|\d{1,2}[.)])\s+")
_STOP: Final = re.compile(r"[.!?…]+[\s»”\"’')\]]*(?=\s|$)")
# "avez-vous", "a-t-il", "dites-le": the pronoun is a word of its own.
_INVERSION: Final = re.compile(
    r"(?<=\w)-(?:t-)?(?=(?:je|tu|ils?|elles?|on|nous|vous|ce|l[ea]s?|lui|leur|moi|toi|y|en)$)",
    re.IGNORECASE,
)
_ONE_WORD: Final = re.compile(r"(?:.*['’])?rendez-vous", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``, stripped, without list marks; none of them is empty.

    A line break ends a sentence, so each list item is one. A stop inside quotes or before a
    small letter, after an abbreviation such as "e.g." or inside a number does not end one.
    """
    found = []
    for line in text.splitlines():
        rest = _LINE_MARK.sub("", line)
        start = 0
        for stop in _STOP.finditer(rest):
            following = rest[stop.end() :].lstrip(" \u00a0\u202f\"'«“‘([")
            marks = rest[: stop.end()].rstrip()
            if following[:1].islower() or (following and _ABBREVIATION.search(marks)):
                continue
            found.append(rest[start : stop.end()])
            start = stop.end()
        found.append(rest[start:])
    return [sentence.strip() for sentence in found if re.search(r"[\w%]", sentence)]


def words(text: str, language: str) -> list[str]:
    """Return the words of ``text`` as a reader says them, in order.

    "avez-vous" is two words, "l'hôpital" one, "10 %" three ("dix", "pour", "cent"); a
    {placeholder} is one. Web and e-mail addresses are not words.
    """
    return [said for token in _tokens(text, language) for said in syllables.spoken(token, language)]


def kandel_moles(texts: Iterable[str]) -> float:
    """Return the Kandel-Moles score of French ``texts`` together; higher is easier.

    Raises ValueError under MINIMUM_WORDS words.
    """
    per_sentence, per_word = _ratios(texts, "fr")
    return 207 - 1.015 * per_sentence - 73.6 * per_word


def flesch_kincaid_grade(texts: Iterable[str]) -> float:
    """Return the Flesch-Kincaid school grade of English ``texts`` together; lower is easier.

    Raises ValueError under MINIMUM_WORDS words.
    """
    per_sentence, per_word = _ratios(texts, "en")
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def longest_sentence(text: str, language: str) -> tuple[int, str]:
    """Return the length in words of the longest sentence and the sentence: (0, "") if none."""
    lengths = [(len(words(sentence, language)), sentence) for sentence in sentences(text)]
    return max(lengths, key=lambda pair: pair[0], default=(0, ""))


def hard_words(text: str, language: str, allowed: re.Pattern[str] | None = None) -> list[str]:
    """Return the words of HARD_SYLLABLES syllables or more, each once, as first written.

    What ``allowed`` matches is left out, as are numbers and codes with a digit. A hyphenated
    word is as hard as its hardest part, and an elided article weighs nothing.
    """
    if allowed is not None:
        text = allowed.sub(" ", text)
    found: dict[str, str] = {}
    for token in _tokens(text, language):
        if re.search(r"\d", token):
            continue
        parts = re.split(r"[-‑]", token)
        if max(syllables.count(part, language) for part in parts) >= HARD_SYLLABLES:
            found.setdefault(token.casefold(), token)
    return list(found.values())


def _tokens(text: str, language: str) -> list[str]:
    for short, full in _SHORT_FORMS[language].items():
        written = rf"(?<!\w){re.escape(short)}(?!{_LETTERS})"
        text = re.sub(written, f"{full} ", text, flags=re.IGNORECASE)
    tokens = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match["address"]:
            continue
        if language == "fr" and not _ONE_WORD.fullmatch(token):
            tokens.extend(_INVERSION.split(token))
        else:
            tokens.append(token)
    return tokens


def _ratios(texts: Iterable[str], language: str) -> tuple[float, float]:
    found = [sentence for text in texts for sentence in sentences(text)]
    said = [word for sentence in found for word in words(sentence, language)]
    if len(said) < MINIMUM_WORDS:
        raise ValueError(f"a score needs {MINIMUM_WORDS} words, these texts have {len(said)}")
    sounds = sum(syllables.count(word, language) for word in said)
    return len(said) / len(found), sounds / len(said)
