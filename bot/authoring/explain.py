"""What answers mean for a trial, criterion by criterion, for those who check the rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.catalogue import Catalogue
from dialogs.eligibility.answers import Answers
from dialogs.eligibility.criteria import Criterion, Trial
from dialogs.eligibility.matching import Outcome, Standing, assess
from dialogs.eligibility.questions import Bank
from dialogs.eligibility.rows import Row

__all__ = ["AnswersError", "explanation", "printed", "read_answers", "template"]

_ALWAYS = ("unanswered", "not_sure")


class AnswersError(Exception):
    """An answers file is not usable; the message names file, key, reason and what is allowed."""


@dataclass(frozen=True, slots=True)
class Given:
    """Answers read from a file, and the facts whose `ask_if` does not hold, so do not count."""

    answers: Answers
    ignored: tuple[str, ...]


def template(catalogue: Catalogue, trial: Trial) -> dict[str, Any]:
    """The answers file of `trial`, all unanswered, with every fact's allowed values and meaning."""
    facts = {fact.id: fact for question in trial.order for fact in question.facts}
    explained = {}
    for fact in facts.values():
        special = [*_ALWAYS, *(["prefer_not"] if fact.prefer_not else [])]
        entry: dict[str, Any] = {"meaning": fact.meaning, "allowed": [*fact.values, *special]}
        if fact.ask_if.pairs:
            entry["counts only if"] = _in_words(catalogue.bank, fact.ask_if)
        entry["asked as"] = [
            catalogue.speeches["en"].say(f"question.{question.id}.text")
            for question in trial.order
            if fact in question.facts
        ]
        explained[fact.id] = entry
    return {"trial": trial.id, "answers": dict.fromkeys(facts, "unanswered"), "facts": explained}


def _in_words(bank: Bank, row: Row) -> str:
    facts = {fact.slot: fact for fact in bank.facts.values()}
    parts = []
    for slot, mask in row.pairs:
        names = [facts[slot].name(code) for code in range(8) if mask >> code & 1]
        parts.append(f"{facts[slot].id} is {' or '.join(names)}")
    return " and ".join(parts)


def read_answers(file: str, content: str, bank: Bank) -> Given:
    """The answers of a JSON file; `AnswersError` for an unknown fact or value."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise AnswersError(f"{file}: not readable as JSON: {error}") from error
    answers = data.get("answers") if isinstance(data, dict) else None
    if not isinstance(answers, Mapping):
        raise AnswersError(f'{file}: needs an object "answers": see --template')
    codes = {}
    for identity, name in answers.items():
        fact = bank.facts.get(identity)
        if fact is None:
            raise AnswersError(f"{file}: answers.{identity}: there is no such fact: see --template")
        code = fact.code(name) if isinstance(name, str) else None
        if code is None or (name == "prefer_not" and not fact.prefer_not):
            special = [*_ALWAYS, *(["prefer_not"] if fact.prefer_not else [])]
            allowed = ", ".join([*fact.values, *special])
            raise AnswersError(f"{file}: answers.{identity} = {name!r}: allowed are {allowed}")
        codes[fact.slot] = code
    given = Answers().replaced(codes)
    counted = bank.counted(given)
    ignored = [f.id for f in bank.facts.values() if given[f.slot] != counted[f.slot]]
    return Given(counted, tuple(ignored))


def _reason(catalogue: Catalogue, trial: Trial, outcome: Outcome, answers: Answers) -> str:
    criterion = outcome.criterion
    speech = catalogue.speeches["en"]
    told = [
        f"{fact.id} is {fact.name(answers[fact.slot])}"
        for fact in catalogue.bank.facts.values()
        if fact.slot in criterion.slots
    ]
    facts = "; ".join(told)
    if outcome.standing is not Standing.NOT_KNOWN:
        return facts
    parts = [f"[{facts}]"] if facts else []
    if outcome.unclear is not None:
        parts.insert(0, speech.say(trial.phrase(f"{criterion.id}.unclear.{outcome.unclear.place}")))
        if outcome.unclear.reading is not None:
            parts.append(f"(open reading {outcome.unclear.reading})")
    if criterion.centre:
        parts.insert(0, "for the centre to check, does not count:")
        parts.append(speech.say(trial.phrase(f"{criterion.id}.point")))
    return " ".join(parts)


def explanation(catalogue: Catalogue, trial: Trial, given: Given) -> dict[str, Any]:
    """Each criterion with its standing and reason, and the verdict, ready for JSON."""
    found = assess(trial, catalogue.bank, given.answers)
    outcomes = {outcome.criterion.id: outcome for outcome in found.outcomes}
    speech = catalogue.speeches["en"]

    def told(criterion: Criterion) -> dict[str, Any]:
        plain = speech.say(trial.phrase(f"{criterion.id}.plain"))
        outcome = outcomes.get(criterion.id)
        if outcome is None:
            return {"id": criterion.id, "standing": "not a criterion", "plain": plain, "reason": ""}
        reason = _reason(catalogue, trial, outcome, given.answers)
        entry = {"id": criterion.id, "standing": outcome.standing.value}
        return entry | {"plain": plain, "reason": reason}

    return {
        "trial": trial.id,
        "verdict": found.verdict.value,
        "only for now": found.temporary,
        "rests on one fact often misremembered": found.fragile.id if found.fragile else None,
        "ignored because not asked": list(given.ignored),
        "criteria": [told(criterion) for criterion in trial.criteria],
    }


def printed(trial: Trial, result: Mapping[str, Any]) -> str:
    """An explanation as text for a person."""
    out = [f"{trial.name} {trial.id}", ""]
    for entry in result["criteria"]:
        out.append(f"{entry['id']:<5} {entry['standing']:<15} {entry['plain']}")
        if entry["reason"]:
            out.append(f"{'':<22}{entry['reason']}")
    out += ["", f"Verdict: {result['verdict']}"]
    if result["only for now"]:
        out.append("Only for now: everything that fails can change later.")
    if result["rests on one fact often misremembered"]:
        fact = result["rests on one fact often misremembered"]
        out.append(f"Rests on one fact that is often misremembered: {fact}.")
    if result["ignored because not asked"]:
        out.append(f"Ignored, because not asked: {', '.join(result['ignored because not asked'])}.")
    return "\n".join(out)
