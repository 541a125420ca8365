"""People in words, and what each study says to them.

Each file of `vignettes` is of one trial and was written from the registry's text: who she is, what
she answers, and the verdict with the very criteria that fail or stay open. `usual` is somebody for
whom all that a patient can answer is met; the answers of a vignette stand over hers.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dialogs.catalogue import Catalogue
from dialogs.eligibility.criteria import Trial
from dialogs.eligibility.matching import Verdict, assess
from tests.builders import told

FOLDER = Path(__file__).parent / "vignettes"
FILES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*")}
NUMBER = 12


def people() -> Iterator[Any]:
    """Each vignette, and the usual person of each trial."""
    for nct, file in sorted(FILES.items()):
        usual = {"who": "usual", "verdict": Verdict.WORTH_ASKING.value}
        for place, person in enumerate([usual, *file["vignette"]]):
            answers = {**file["usual"], **person.get("answers", {})}
            yield pytest.param(nct, answers, person, id=f"{nct}-{place}-{person['who'][:40]}")


def trial_of(catalogue: Catalogue, nct: str) -> Trial:
    """The trial with this registry number."""
    return next(trial for trial in catalogue.trials.values() if trial.id == nct)


@pytest.mark.parametrize(("nct", "answers", "person"), list(people()))
def test_a_vignette(
    everything: Catalogue, nct: str, answers: dict[str, str], person: dict[str, Any]
) -> None:
    """Verdict, failing criteria and open ones are as somebody read them in the registry's text."""
    found = assess(trial_of(everything, nct), everything.bank, told(everything.bank, **answers))

    assert person["verdict"] == found.verdict.value
    assert person.get("fails", []) == [criterion.id for criterion in found.failing]
    assert person.get("open", []) == [outcome.criterion.id for outcome in found.open]


def test_every_trial_has_its_vignettes(everything: Catalogue) -> None:
    """At least twelve, with each verdict among them, and no file for a trial that is not there."""
    assert {trial.id for trial in everything.trials.values()} == set(FILES)
    for nct, file in FILES.items():
        assert len(file["vignette"]) >= NUMBER, nct
        assert {verdict.value for verdict in Verdict} == {
            person["verdict"] for person in file["vignette"]
        }, nct


@pytest.mark.parametrize("nct", sorted(FILES))
def test_every_rule_is_met_by_somebody(everything: Catalogue, nct: str) -> None:
    """Each criterion that can fail fails somebody, and each unclear row leaves somebody open."""
    trial = trial_of(everything, nct)
    failed, left = set(), set()
    for person in FILES[nct]["vignette"]:
        answers = {**FILES[nct]["usual"], **person.get("answers", {})}
        found = assess(trial, everything.bank, told(everything.bank, **answers))
        failed |= {criterion.id for criterion in found.failing}
        left |= {(o.criterion.id, o.unclear.place) for o in found.outcomes if o.unclear}

    assert {criterion.id for criterion in trial.criteria if criterion.fails} == failed
    assert {(c.id, row.place) for c in trial.criteria for row in c.unclear} == left


@pytest.mark.parametrize("nct", sorted(FILES))
def test_nobody_is_ruled_out_who_knows_nothing(everything: Catalogue, nct: str) -> None:
    """Somebody who answers *I don't know* to everything has points to check, and no more."""
    bank = everything.bank
    unsure = told(bank, **dict.fromkeys(bank.facts, "not_sure"))
    found = assess(trial_of(everything, nct), bank, unsure)

    assert Verdict.POINTS_TO_CHECK is found.verdict
    assert () == found.failing
