"""The gates that every text of the service passes before a patient reads it.

A gate looks at one message (facts: sentence length, hard words, banned words ...) or at all
messages of one kind and language together (a readability score). What a gate finds can be
waived, in a file that says why and who read the text. Passing proves nothing about people:
understanding is shown only by readers.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.authoring import readability
from bot.authoring.syllables import LANGUAGES
from bot.authoring.wording import Hit, plain, wording

__all__ = ["GATES", "KINDS", "Finding", "Message", "Waiver", "check", "read_waivers"]

GATES: Final = (
    *("sentence", "hard-words", "length", "sentences", "button"),
    *("banned", "gloss", "question", "score", "unused-waiver"),
)
"""Names of the gates, as findings and waivers write them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a message of one kind may measure: words, words, characters, sentences, scores."""

    sentence: int
    hard_words: int
    characters: int
    sentences: int | None
    kandel_moles: float
    grade: float


KINDS: Final[dict[str, Limits | None]] = {
    "question": Limits(18, 1, 350, 3, 75, 6),
    "why": Limits(20, 3, 600, None, 65, 8),
    "notice": Limits(18, 3, 700, None, 65, 7),
    "result": Limits(18, 2, 500, None, 70, 7),
    "button": None,
    "heading": None,
    "letter": None,
    "label": None,
}
"""Kinds of message: questions; explanations; consent and privacy; results, errors and ordinary
screens; then the short ones and ready-made letters, which have no limits of this sort."""

BUTTON_WORDS: Final = 4
BUTTON_CHARACTERS: Final = 24


@dataclass(frozen=True, slots=True)
class Message:
    """One text in one language; an unknown kind or language raises ValueError."""

    id: str
    kind: str
    language: str
    text: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.language not in LANGUAGES:
            raise ValueError(f"{self.id}: no gates for {self.kind!r} in {self.language!r}")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """What a gate found in one message, or in the group "kind/*" of all of one kind."""

    id: str
    language: str
    gate: str
    detail: str

    def __str__(self) -> str:
        return f"{self.id} [{self.language}] {self.gate}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Waiver:
    """Leave to fail one gate; ``reason`` and ``reader`` (who read the text) are never empty."""

    id: str
    language: str
    gate: str
    reason: str
    reader: str


def check(messages: Iterable[Message], waivers: Iterable[Waiver] = ()) -> list[Finding]:
    """Return, sorted, what no waiver covers, and each waiver that covers nothing.

    There is at most one finding for each message and gate.
    """
    messages = list(messages)
    found = [finding for message in messages for finding in _facts(message)]
    found += _scores(messages)
    given = {(waiver.id, waiver.language, waiver.gate): waiver for waiver in waivers}
    used = {(finding.id, finding.language, finding.gate) for finding in found}
    left = [f for f in found if (f.id, f.language, f.gate) not in given]
    left += [
        Finding(w.id, w.language, "unused-waiver", f"nothing to waive at gate {w.gate!r}")
        for key, w in given.items()
        if key not in used
    ]
    return sorted(left)


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """Return the ``[[waiver]]`` tables of a TOML file.

    Raises ValueError for a missing, empty or unknown field, an unknown gate and a second waiver
    of the same gate and message; OSError when the file cannot be read.
    """
    waivers: dict[tuple[str, str, str], Waiver] = {}
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for entry in data.get("waiver", ()):
        fields = {name: str(entry.get(name, "")).strip() for name in Waiver.__slots__}
        if empty := sorted(name for name, value in fields.items() if not value):
            raise ValueError(f"{path.name}: waiver of {fields['id']!r} lacks {', '.join(empty)}")
        if unknown := sorted(entry.keys() - fields.keys()):
            raise ValueError(f"{path.name}: waiver of {fields['id']!r} has unknown {unknown}")
        waiver = Waiver(**fields)
        key = (waiver.id, waiver.language, waiver.gate)
        if waiver.gate not in GATES[:-1] or key in waivers:
            raise ValueError(f"{path.name}: unknown gate or second waiver: {key}")
        waivers[key] = waiver
    return tuple(waivers.values())


def _facts(message: Message) -> Iterator[Finding]:
    def found(gate: str, detail: str) -> Finding:
        return Finding(message.id, message.language, gate, detail)

    text, language = message.text, message.language
    if hits := wording().banned_in(text, language, message.kind):
        yield found("banned", _listed(hits))
    if message.kind == "button" and (details := _button(text, language)):
        yield found("button", details)
    limits = KINDS[message.kind]
    if limits is None:
        return
    if unglossed := wording().unglossed(text, language):
        yield found("gloss", f"not explained in the same message: {', '.join(unglossed)}")
    length, sentence = readability.longest_sentence(text, language)
    if length > limits.sentence:
        yield found("sentence", f"{length} words, limit {limits.sentence}: {sentence!r}")
    hard = readability.hard_words(plain(text), language, wording().allowed[language])
    if len(hard) > limits.hard_words:
        words = ", ".join(hard)
        yield found("hard-words", f"hard words {len(hard)}, limit {limits.hard_words}: {words}")
    if len(text) > limits.characters:
        yield found("length", f"{len(text)} characters, limit {limits.characters}")
    sentences = readability.sentences(text)
    if limits.sentences is not None and len(sentences) > limits.sentences:
        yield found("sentences", f"{len(sentences)} sentences, limit {limits.sentences}")
    if message.kind == "question":
        asked = [one for one in sentences if re.search(r"\?[\s»”\"’')]*$", one)]
        hits = [hit for one in asked for hit in wording().tricks_in(one, language)]
        if len(asked) > 1:
            hits.append(Hit(f"{len(asked)} sentences end with '?'", "limit 1 question"))
        if hits:
            yield found("question", _listed(hits))


def _button(text: str, language: str) -> str:
    # A button is looked at rather than read aloud: "9 %" is one word, a lone sign is none.
    words = [chunk for chunk in text.split() if re.search(r"\w", chunk)]
    hard = readability.hard_words(text, language, wording().allowed[language])
    details = []
    if not 1 <= len(words) <= BUTTON_WORDS:
        details.append(f"{len(words)} words, limit 1 to {BUTTON_WORDS}")
    if len(text) > BUTTON_CHARACTERS:
        details.append(f"{len(text)} characters, limit {BUTTON_CHARACTERS}")
    if hard:
        details.append(f"hard words {len(hard)}, limit 0: {', '.join(hard)}")
    return "; ".join(details)


def _listed(hits: Iterable[Hit]) -> str:
    return "; ".join(dict.fromkeys(f"{hit.words!r} ({hit.reason})" for hit in hits))


def _scores(messages: Iterable[Message]) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[str]] = {}
    for message in messages:
        if KINDS[message.kind] is not None:
            text = wording().without_technical(message.text, message.language)
            groups.setdefault((message.kind, message.language), []).append(text)
    for (kind, language), texts in groups.items():
        limits = KINDS[kind]
        size = sum(len(readability.words(text, language)) for text in texts)
        if limits is None or size < readability.MINIMUM_WORDS:
            continue
        if language == "fr":
            score = readability.kandel_moles(texts)
            failed, limit = score < limits.kandel_moles, f"at least {limits.kandel_moles}"
        else:
            score = readability.flesch_kincaid_grade(texts)
            failed, limit = score > limits.grade, f"at most {limits.grade}"
        if failed:
            hard = readability.hard_words(" ".join(texts), language)
            detail = f"{score:.1f} over {size} words, limit {limit}; long words: {', '.join(hard)}"
            yield Finding(f"{kind}/*", language, "score", detail)
