"""PALATINE criterion by criterion: the registry's text of 7 October 2022 is there, all of it."""

import re

import pytest

from dialogs.catalogue import Catalogue
from dialogs.eligibility.criteria import Criterion, Trial
from dialogs.eligibility.matching import Standing, assess
from tests.builders import BEST, told

MEETS, FAILS, OPEN = Standing.MEETS, Standing.FAILS, Standing.NOT_KNOWN

#: The registry's own order numbers its criteria; some are asked in parts.
REGISTRY = [f"I{n}" for n in range(1, 12)] + [f"E{n}" for n in range(1, 13)]
CENTRE = {"I1e2", "I5", "I6", "I7", "I11", "E1"}
DEFINITIONS = {"E11"}

#: For each criterion that answers decide, one set of answers per standing.
CASES: dict[str, dict[Standing, dict[str, str]]] = {
    "I1a": {MEETS: {"sex": "woman"}, FAILS: {"sex": "man"}, OPEN: {"sex": "another"}},
    "I1b": {
        MEETS: {"biopsy": "breast"},
        FAILS: {"biopsy": "other_type"},
        OPEN: {"biopsy": "not_yet"},
    },
    "I1c": {
        MEETS: {"spread": "at_diagnosis"},
        FAILS: {"spread": "later"},
        OPEN: {"spread": "not_sure"},
    },
    "I1d": {
        MEETS: {"spread": "later"},
        FAILS: {"spread": "none"},
        OPEN: {"spread": "not_sure"},
    },
    "I1e1": {
        MEETS: {"spread": "at_diagnosis", "spread_sites": "bones_only", "bone_rays": "some"},
        FAILS: {"spread": "at_diagnosis", "spread_sites": "bones_only", "bone_rays": "all"},
        OPEN: {"spread": "at_diagnosis", "spread_sites": "bones_only", "bone_rays": "not_sure"},
    },
    "I1e2": {
        MEETS: {
            "spread": "at_diagnosis",
            "spread_sites": "bones_only",
            "bone_rays": "none",
            "bone_type": "lytic",
        },
        FAILS: {"spread": "at_diagnosis", "spread_sites": "bones_only", "bone_type": "blastic"},
        OPEN: {"spread": "at_diagnosis", "spread_sites": "bones_only", "bone_type": "not_sure"},
    },
    "I1f": {
        MEETS: {"other_breast_cancer": "both_now", "both_alike": "alike"},
        FAILS: {"other_breast_cancer": "both_now", "both_alike": "different"},
        OPEN: {"other_breast_cancer": "both_now", "both_alike": "not_sure"},
    },
    "I2a": {
        MEETS: {"hormone_receptors": "from_10"},
        FAILS: {"hormone_receptors": "from_1_to_9"},
        OPEN: {"hormone_receptors": "positive"},
    },
    "I2b": {MEETS: {"her2": "low"}, FAILS: {"her2": "positive"}, OPEN: {"her2": "pending"}},
    "I3": {MEETS: {"age": "from_18"}, FAILS: {"age": "under_18"}, OPEN: {"age": "prefer_not"}},
    "I4": {
        MEETS: {"activity": "up_most"},
        FAILS: {"activity": "resting"},
        OPEN: {"activity": "not_sure"},
    },
    "I5": {
        MEETS: {"planned_treatment": "letrozole_palbociclib"},
        FAILS: {"planned_treatment": "another"},
        OPEN: {"planned_treatment": "undecided"},
    },
    "I7": {
        MEETS: {"could_become_pregnant": "no"},
        OPEN: {"could_become_pregnant": "yes"},
    },
    "I8": {
        MEETS: {"could_become_pregnant": "yes", "contraception": "ready"},
        FAILS: {"could_become_pregnant": "yes", "contraception": "not_ready"},
        OPEN: {"could_become_pregnant": "not_sure", "contraception": "not_ready"},
    },
    "I9a": {
        MEETS: {"visits": "possible"},
        FAILS: {"visits": "too_hard"},
        OPEN: {"visits": "one_or_more"},
    },
    "I9b": {
        MEETS: {"local_treatment_ruled_out": "no"},
        FAILS: {"local_treatment_ruled_out": "yes"},
        OPEN: {"local_treatment_ruled_out": "not_sure"},
    },
    "I10": {
        MEETS: {"social_security": "covered"},
        FAILS: {"social_security": "none"},
        OPEN: {"social_security": "other_scheme"},
    },
    "E1": {
        MEETS: {"spread": "at_diagnosis", "spread_sites": "bones_only"},
        OPEN: {"spread": "at_diagnosis", "spread_sites": "elsewhere"},
    },
    "E2": {
        MEETS: {"other_breast_cancer": "none"},
        FAILS: {"other_breast_cancer": "same_before", "earlier_kind": "invasive"},
        OPEN: {"other_breast_cancer": "same_before", "earlier_kind": "in_situ"},
    },
    "E3": {
        MEETS: {"other_breast_cancer": "other_before", "earlier_kind": "in_situ"},
        FAILS: {"other_breast_cancer": "other_before", "earlier_kind": "invasive"},
        OPEN: {"other_breast_cancer": "both_now", "both_alike": "alike"},
    },
    "E4": {
        MEETS: {"other_cancer": "no"},
        FAILS: {"other_cancer": "yes", "other_cancer_kind": "another"},
        OPEN: {"other_cancer": "yes", "other_cancer_kind": "skin_or_cervix"},
    },
    "E5": {
        MEETS: {"study_drug": "no"},
        FAILS: {"study_drug": "yes"},
        OPEN: {"study_drug": "one_or_more"},
    },
    "E6": {
        MEETS: {"could_become_pregnant": "no"},
        FAILS: {"could_become_pregnant": "not_sure", "pregnant": "yes"},
        OPEN: {"could_become_pregnant": "prefer_not"},
    },
    "E7": {
        MEETS: {"tablets": "willing"},
        FAILS: {"tablets": "cannot"},
        OPEN: {"tablets": "unwilling"},
    },
    "E8": {
        MEETS: {"hiv": "no", "hepatitis": "no"},
        FAILS: {"hiv": "no", "hepatitis": "yes"},
        OPEN: {"hiv": "no", "hepatitis": "cured"},
    },
    "E9": {
        MEETS: {"infection": "no"},
        FAILS: {"infection": "yes"},
        OPEN: {"infection": "prefer_not"},
    },
    "E10": {
        MEETS: {"spread": "at_diagnosis", "spread_sites": "elsewhere", "treatment": "none"},
        FAILS: {"treatment": "other"},
        OPEN: {"treatment": "hormones_begun"},
    },
    "E12": {
        MEETS: {"legal_protection": "none", "detention": "no", "consent_capacity": "able"},
        FAILS: {"legal_protection": "none", "detention": "no", "consent_capacity": "unable"},
        OPEN: {"legal_protection": "lighter", "detention": "no", "consent_capacity": "able"},
    },
}

#: Answers that meet each open reading of the registry's text, and the criterion they leave open.
READINGS: dict[int, tuple[str, dict[str, str]]] = {
    1: ("E7", {"tablets": "unwilling"}),
    2: ("E3", {"other_breast_cancer": "both_now", "both_alike": "alike"}),
    3: ("E10", {"spread_sites": "bones_only", "bone_rays": "some", "bone_type": "lytic"}),
    4: ("E10", {"treatment": "hormones_begun"}),
    5: ("E8", {"hepatitis": "cured"}),
    6: ("E2", {"other_breast_cancer": "same_before", "earlier_kind": "in_situ"}),
    7: ("E4", {"other_cancer": "yes", "other_cancer_kind": "skin_or_cervix"}),
    8: ("E12", {"legal_protection": "lighter"}),
    9: ("I10", {"social_security": "other_scheme"}),
    10: ("E1", {"spread_sites": "elsewhere"}),
    11: ("I1a", {"sex": "another"}),
}

#: Ranges that the French regulator keeps for fiction: nobody is ever reached there.
FICTION = re.compile(r"\+33 (?:1 99 00|2 61 91|3 53 01|4 65 71|5 36 49|6 39 98) \d\d \d\d")


def by_id(trial: Trial) -> dict[str, Criterion]:
    """The criteria by their number."""
    return {criterion.id: criterion for criterion in trial.criteria}


def standing(catalogue: Catalogue, criterion: str, facts: dict[str, str]) -> Standing:
    """How one criterion stands."""
    found = assess(catalogue.trials[1], catalogue.bank, told(catalogue.bank, **facts))
    return next(o.standing for o in found.outcomes if o.criterion.id == criterion)


def test_every_criterion_of_the_registry_is_there(palatine: Trial) -> None:
    """I1 to I11 and E1 to E12, in the registry's order; parts have letters."""
    parts = [re.match(r"[IE]\d+", criterion.id) for criterion in palatine.criteria]
    numbers = [part[0] for part in parts if part]

    assert REGISTRY == list(dict.fromkeys(numbers))
    assert len(numbers) == len(palatine.criteria)
    assert {"I1a", "I1b", "I1c", "I1d", "I1e1", "I1e2", "I1f"} <= set(by_id(palatine))
    assert {"I2a", "I2b", "I9a", "I9b"} <= set(by_id(palatine))


def test_every_criterion_is_asked_checked_or_a_definition(palatine: Trial) -> None:
    """Nothing is left out: answers decide it, the centre checks it, or it explains another."""
    asked = {c.id for c in palatine.criteria if c.meets and c.fails and not c.centre}

    assert {c.id for c in palatine.criteria if c.centre} == CENTRE
    assert {c.id for c in palatine.criteria if c.definition} == DEFINITIONS
    assert set(by_id(palatine)) == asked | CENTRE | DEFINITIONS
    assert {c.id for c in palatine.criteria if c.slots} == set(CASES)


@pytest.mark.parametrize("criterion", CASES)
def test_every_standing_has_its_answers(catalogue: Catalogue, criterion: str) -> None:
    """Met, failed and not known, each by a set of answers that a person can give."""
    for wanted, facts in CASES[criterion].items():
        assert wanted is standing(catalogue, criterion, facts), facts
        assert OPEN is standing(catalogue, criterion, {})


@pytest.mark.parametrize("criterion", CASES)
def test_no_standing_is_left_out(palatine: Trial, criterion: str) -> None:
    """The cases above cover every kind of row that the criterion has."""
    rule = by_id(palatine)[criterion]
    kinds = {MEETS: bool(rule.meets), FAILS: bool(rule.fails), OPEN: True}

    assert {kind for kind, there in kinds.items() if there} == set(CASES[criterion])


@pytest.mark.parametrize("criterion", CASES)
def test_not_sure_about_everything_leaves_it_open(catalogue: Catalogue, criterion: str) -> None:
    """Not knowing neither meets nor fails anything."""
    facts = dict.fromkeys(catalogue.bank.facts, "not_sure")

    assert OPEN is standing(catalogue, criterion, facts)


def test_a_no_for_now_is_told_apart(palatine: Trial) -> None:
    """A study medicine, a pregnancy and an infection pass."""
    assert {"E5", "E6", "E9"} == {c.id for c in palatine.criteria if c.temporary}


@pytest.mark.parametrize("reading", READINGS)
def test_every_open_reading_is_not_known_with_a_reason(catalogue: Catalogue, reading: int) -> None:
    """Where the registry's text is open the criterion is not known, and both languages say why."""
    criterion, facts = READINGS[reading]
    trial = catalogue.trials[1]
    found = assess(trial, catalogue.bank, told(catalogue.bank, **{**BEST, **facts}))
    outcome = next(o for o in found.outcomes if o.criterion.id == criterion)

    assert OPEN is outcome.standing
    assert outcome.unclear is not None
    assert reading == outcome.unclear.reading
    for speech in catalogue.speeches.values():
        for relative in (False, True):
            phrase = trial.phrase(f"{criterion}.unclear.{outcome.unclear.place}")

            assert len(speech.say(phrase, relative)) > 20


def test_the_readings_are_the_eleven_known_ones(palatine: Trial) -> None:
    """No number is used that is not explained, and none is missing."""
    used = {item.reading for criterion in palatine.criteria for item in criterion.unclear}

    assert set(READINGS) == used - {None}
    assert set(range(1, 12)) == set(READINGS)


def test_every_criterion_speaks_in_both_languages_and_forms(catalogue: Catalogue) -> None:
    """What it means, what is said when it fails, what there is to ask or check."""
    trial = catalogue.trials[1]
    for criterion in trial.criteria:
        parts = ["plain", *([] if criterion.definition else ["point"])]
        parts += ["no"] if criterion.fails else []
        for speech in catalogue.speeches.values():
            for part in parts:
                assert speech.say(trial.phrase(f"{criterion.id}.{part}"))
                assert speech.say(trial.phrase(f"{criterion.id}.{part}"), relative=True)


def test_sample_contacts_reach_nobody(palatine: Trial) -> None:
    """Numbers from the ranges kept for fiction, addresses at example.org."""
    samples = [centre for centre in palatine.centres if centre.sample]

    assert samples
    for centre in samples:
        assert FICTION.fullmatch(centre.phone), centre.name
        assert centre.email.endswith("@example.org")


def test_every_contact_that_reaches_nobody_says_so(palatine: Trial) -> None:
    """No invented contact is without its mark, which stops a live start."""
    for centre in palatine.centres:
        invented = FICTION.fullmatch(centre.phone) or "example" in centre.email

        assert bool(invented) is centre.sample


def test_the_registrys_record_is_linked(palatine: Trial) -> None:
    """The number is the registry's, and so is the address."""
    assert "NCT03870919" == palatine.id
    assert f"https://clinicaltrials.gov/study/{palatine.id}" == palatine.registry
    assert all(entry.source for entry in palatine.status)
    assert all(entry.day <= entry.checked for entry in palatine.status)
