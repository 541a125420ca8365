"""The words of the service: banned words, trick questions and the glossary.

They are data, `wording.toml` beside this module, read once by `wording()`. Whoever edits the
data gets a ValueError that names the entry when a rule is incomplete or a pattern malformed.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.authoring.syllables import LANGUAGES

__all__ = ["Hit", "Rule", "Term", "Wording", "load", "plain", "wording"]

_DATA: Final = Path(__file__).with_name("wording.toml")
_NEVER: Final = r"(?!)"


@dataclass(frozen=True, slots=True)
class Hit:
    """Words found in a text that a rule speaks against, and why."""

    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns of one language that a text must not match.

    ``kinds`` are the kinds of message the rule holds for; empty means all.
    """

    language: str
    pattern: re.Pattern[str]
    reason: str
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Term:
    """A long or technical word that texts may use, by language.

    A ``known`` term needs no gloss and has a ``reason``; any other must be explained in the
    message that uses it, by words that one of the ``glosses`` matches.
    """

    id: str
    known: bool
    reason: str
    forms: Mapping[str, re.Pattern[str]]
    glosses: Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Wording:
    """All rules and terms. ``language`` is "fr" or "en" in every method."""

    banned: tuple[Rule, ...]
    tricks: tuple[Rule, ...]
    terms: tuple[Term, ...]
    allowed: Mapping[str, re.Pattern[str]]
    """By language, what matches any term: such words are never counted as hard."""
    technical: Mapping[str, re.Pattern[str]]
    """By language, what matches any term that needs a gloss, with its elided article."""

    def banned_in(self, text: str, language: str, kind: str) -> list[Hit]:
        """Return the banned words that a message of this kind contains."""
        return _hits(self.banned, plain(text), language, kind)

    def tricks_in(self, question: str, language: str) -> list[Hit]:
        """Return what makes one interrogative sentence negative or double."""
        return _hits(self.tricks, plain(question), language, "question")

    def unglossed(self, text: str, language: str) -> list[str]:
        """Return the technical words, as written, that ``text`` uses and does not explain."""
        text = plain(text)
        found = []
        for term in self.terms:
            use = term.forms[language].search(text)
            # The name of a term never explains it: only what stands beside it may.
            beside = term.forms[language].sub(" ", text)
            if use and not term.known and not term.glosses[language].search(beside):
                found.append(use.group())
        return found

    def without_technical(self, text: str, language: str) -> str:
        """Return ``text`` without its technical words, as readability scores read it.

        Line breaks stay, since they end sentences. Known words stay: they count.
        """
        lines = [plain(line) for line in text.splitlines()]
        return self.technical[language].sub(" ", "\n".join(lines))


def plain(text: str) -> str:
    """Return ``text`` as the patterns read it.

    Apostrophes are straight, each run of spaces is one plain space, and a {placeholder} has no
    name, which patients never see.
    """
    return re.sub(r"\s+", " ", re.sub(r"\{[^{}]*\}", "{}", text.replace("’", "'")))


@cache
def wording() -> Wording:
    """Return the wording of this service, read from its file once."""
    return load(_DATA)


def load(path: Path) -> Wording:
    """Return the wording in the TOML file at ``path``.

    Raises ValueError for an entry that lacks a language, a reason or a gloss, for an id used
    twice and for a malformed pattern; OSError when the file cannot be read.
    """
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    terms = tuple(_term(entry) for entry in data.get("term", ()))
    ids = [term.id for term in terms]
    if len(set(ids)) < len(ids):
        raise ValueError(f"{path.name}: a term id is used twice: {sorted(ids)}")
    glossed = [term for term in terms if not term.known]
    return Wording(
        banned=_rules(data.get("banned", ())),
        tricks=_rules(data.get("trick", ())),
        terms=terms,
        allowed={language: _compiled(_any(terms, language)) for language in LANGUAGES},
        technical={
            language: _compiled(rf"(?:(?<!\w)(?:[dln]|qu)')?(?:{_any(glossed, language)})")
            for language in LANGUAGES
        },
    )


def _rules(entries: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    rules = []
    for entry in entries:
        name = f"rule {entry.get('reason', '')!r}"
        if unknown := entry.keys() - {"reason", "kinds", *LANGUAGES}:
            raise ValueError(f"{name} has unknown keys: {sorted(unknown)}")
        if not entry.get("reason"):
            raise ValueError(f"{name} has no reason: {entry}")
        kinds = frozenset(entry.get("kinds", ()))
        for language in LANGUAGES:
            pattern = _pattern(entry, language, name)
            rules.append(Rule(language, pattern, entry["reason"], kinds))
    return tuple(rules)


def _term(entry: Mapping[str, Any]) -> Term:
    name = f"term {entry.get('id', '')!r}"
    known, reason = entry.get("known", False), entry.get("reason", "")
    if unknown := entry.keys() - {"id", "known", "reason", "forms", "glosses"}:
        raise ValueError(f"{name} has unknown keys: {sorted(unknown)}")
    if not entry.get("id") or known != bool(reason) or known == ("glosses" in entry):
        raise ValueError(f"{name} needs an id, and either a reason if known or glosses if not")
    forms = entry.get("forms", {})
    glosses = {k: [_NEVER] for k in LANGUAGES} if known else entry["glosses"]
    return Term(
        id=entry["id"],
        known=known,
        reason=reason,
        forms={language: _pattern(forms, language, name) for language in LANGUAGES},
        glosses={language: _pattern(glosses, language, name) for language in LANGUAGES},
    )


def _pattern(entry: Mapping[str, Any], language: str, name: str) -> re.Pattern[str]:
    patterns = entry.get(language)
    if not patterns:
        raise ValueError(f"{name} says nothing for language {language!r}")
    try:
        return _compiled(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")
    except re.error as error:
        raise ValueError(f"{name} has a malformed pattern for {language!r}: {error}") from error


def _any(terms: Iterable[Term], language: str) -> str:
    return "|".join(term.forms[language].pattern for term in terms) or _NEVER


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _hits(rules: Iterable[Rule], text: str, language: str, kind: str) -> list[Hit]:
    return [
        Hit(match.group().strip(), rule.reason)
        for rule in rules
        if rule.language == language and (not rule.kinds or kind in rule.kinds)
        for match in rule.pattern.finditer(text)
    ]
