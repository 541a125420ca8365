"""Writes the generated parts of README and docs: `make docs`. A test fails when they are old.

A part stands between two marks in a Markdown file, `<!-- begin NAME -->` and `<!-- end NAME -->`.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.data import ROOT, read_sources
from bot.variables import SETTINGS
from dialogs.catalogue import Catalogue, read_catalogue
from dialogs.conversation.machine import diagram
from dialogs.eligibility.criteria import Trial
from dialogs.wire.handle import HANDLE_FIELDS, HANDLE_PAYLOAD
from dialogs.wire.pack import ANSWER_BITS, FIELDS, TAP_FIELDS

__all__ = ["FILES", "PARTS", "renewed", "update"]

#: The files that have generated parts.
FILES = ("README.md", "docs/token.md", "docs/palatine.md", "docs/trials.md")


def _settings(catalogue: Catalogue) -> str:
    rows = ["| Variable | Default | Meaning |", "| --- | --- | --- |"]
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else "none"
        needed = " Required for a live start." if setting.live else ""
        rows.append(f"| `{setting.name}` | {default} | {setting.meaning}{needed} |")
    return "\n".join(rows)


def _diagram(catalogue: Catalogue) -> str:
    return f"```mermaid\n{diagram()}\n```"


def _bits(catalogue: Catalogue) -> str:
    rows = ["| Field | Bits |", "| --- | --- |"]
    rows += [f"| {name} | {width} |" for name, width in FIELDS]
    rows.append(f"| answers, slot by slot | {ANSWER_BITS} |")
    rows += [f"| {name} | {width} |" for name, width in TAP_FIELDS]
    total = sum(width for _, width in (*FIELDS, *TAP_FIELDS)) + ANSWER_BITS
    return "\n".join([*rows, f"| **in all** | **{total}** |"])


def _slots(catalogue: Catalogue) -> str:
    rows = ["| Slot | Bits | Fact | Values |", "| --- | --- | --- | --- |"]
    for fact in sorted(catalogue.bank.facts.values(), key=lambda fact: fact.slot):
        values = ", ".join(f"{code} {name}" for name, code in fact.values.items())
        rows.append(f"| {fact.slot} | {fact.width} | {fact.id} | {values} |")
    used = sum(catalogue.bank.widths.values())
    return "\n".join([*rows, "", f"{used} of {ANSWER_BITS} bits are in use."])


def _handle(catalogue: Catalogue) -> str:
    rows = ["| Field | Bits |", "| --- | --- |"]
    rows += [f"| {name} | {width} |" for name, width in HANDLE_FIELDS]
    total = 8 * HANDLE_PAYLOAD
    rows.append(f"| nothing, all zero | {total - sum(width for _, width in HANDLE_FIELDS)} |")
    return "\n".join([*rows, f"| **in all** | **{total}** |"])


def _criteria(catalogue: Catalogue) -> str:
    return _table(catalogue, min(catalogue.trials.values(), key=lambda trial: trial.number))


def _trials(catalogue: Catalogue) -> str:
    _, *others = sorted(catalogue.trials.values(), key=lambda trial: trial.number)
    parts = []
    for trial in others:
        title = catalogue.speeches["en"].say(trial.phrase("title"))
        last = trial.status[-1]
        parts += [
            f"## {trial.name}, {trial.id} ({trial.sponsor})", "",
            f"For patients: {title}. Last known: {last.status} ({last.source}).", "",
            _table(catalogue, trial), "",
        ]  # fmt: skip
    return "\n".join(parts).rstrip()


def _table(catalogue: Catalogue, trial: Trial) -> str:
    speech = catalogue.speeches["en"]
    facts = {fact.slot: fact.id for fact in catalogue.bank.facts.values()}
    rows = ["| No. | In plain words | Decided by | Open readings |", "| --- | --- | --- | --- |"]
    for criterion in trial.criteria:
        asked = ", ".join(facts[slot] for slot in sorted(criterion.slots))
        if criterion.definition:
            how = "not a criterion"
        elif criterion.centre:
            how = f"{asked}; else the centre" if asked else "the centre"
        else:
            how = asked
        readings = sorted({item.reading for item in criterion.unclear if item.reading})
        plain = speech.say(trial.phrase(f"{criterion.id}.plain"))
        numbers = ", ".join(map(str, readings))
        rows.append(f"| {criterion.id} | {plain} | {how} | {numbers} |")
    return "\n".join(rows)


PARTS: Mapping[str, Callable[[Catalogue], str]] = {
    "settings": _settings,
    "diagram": _diagram,
    "bits": _bits,
    "slots": _slots,
    "handle": _handle,
    "criteria": _criteria,
    "trials": _trials,
}


def renewed(text: str, catalogue: Catalogue) -> str:
    """`text` with every generated part as it should be now; `KeyError` for an unknown part."""

    def part(match: re.Match[str]) -> str:
        name = match[1]
        return f"<!-- begin {name} -->\n{PARTS[name](catalogue)}\n<!-- end {name} -->"

    return re.sub(r"<!-- begin (\w+) -->.*?<!-- end \1 -->", part, text, flags=re.DOTALL)


def update(root: Path = ROOT) -> None:
    """Writes all generated parts below `root`."""
    catalogue = read_catalogue(read_sources(root))
    for name in FILES:
        path = root / name
        path.write_text(renewed(path.read_text(encoding="utf-8"), catalogue), encoding="utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    update()
