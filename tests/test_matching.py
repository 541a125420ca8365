"""What answers mean: people as sentences, and what PALATINE says to each of them."""

from dataclasses import dataclass, field

import pytest

from dialogs.catalogue import Catalogue
from dialogs.eligibility.criteria import Criterion, Unclear
from dialogs.eligibility.matching import Assessment, Standing, Verdict, assess, judge
from dialogs.eligibility.rows import row_of
from tests.builders import BEST, told

WORTH, CHECK, NO = Verdict.WORTH_ASKING, Verdict.POINTS_TO_CHECK, Verdict.NOT_A_FIT


@dataclass(frozen=True)
class Person:
    """A sentence, what differs from the straight case, and what comes of it."""

    sentence: str
    facts: dict[str, str]
    verdict: Verdict
    failing: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    readings: set[int] = field(default_factory=set)
    fragile: str | None = None
    temporary: bool = False


PEOPLE = (
    Person("De novo, ER 90 %, HER2 0, nothing begun, after the menopause.", {}, WORTH),
    Person("HER2-low counts as negative here.", {"her2": "low"}, WORTH),
    Person("The second HER2 test has no result yet.", {"her2": "pending"}, CHECK, open=("I2b",)),
    Person(
        "HER2 3+, as far as she remembers.",
        {"her2": "positive"},
        NO,
        failing=("I2b",),
        fragile="her2",
    ),
    Person(
        "Hormone-receptor negative, and nothing else against it.",
        {"hormone_receptors": "negative"},
        NO,
        failing=("I2a",),
        fragile="hormone_receptors",
    ),
    Person(
        "ER 5 %: below the limit of this study.",
        {"hormone_receptors": "from_1_to_9"},
        NO,
        failing=("I2a",),
        fragile="hormone_receptors",
    ),
    Person(
        "Hormone-positive, but nobody told her the figure.",
        {"hormone_receptors": "positive"},
        CHECK,
        open=("I2a",),
    ),
    Person(
        "Receptor negative and HER2 positive: two fragile facts, so none stands alone.",
        {"hormone_receptors": "negative", "her2": "positive"},
        NO,
        failing=("I2a", "I2b"),
    ),
    Person(
        "HER2 positive, and chemotherapy begun: the fragile fact is not alone.",
        {"her2": "positive", "treatment": "other"},
        NO,
        failing=("I2b", "E10"),
    ),
    Person(
        "It came back three years after the first treatment.",
        {"spread": "later"},
        NO,
        failing=("I1c",),
        fragile="spread",
    ),
    Person(
        "It has not spread: two criteria fail, by one fact that is often misremembered.",
        {"spread": "none"},
        NO,
        failing=("I1c", "I1d"),
        open=("I1e1",),
        fragile="spread",
    ),
    Person(
        "Only the bones, none of them irradiated, one of them lytic.",
        {"spread_sites": "bones_only", "bone_rays": "none", "bone_type": "lytic"},
        WORTH,
    ),
    Person(
        "Only the bones, and she does not know the word lytic.",
        {"spread_sites": "bones_only", "bone_rays": "none", "bone_type": "not_sure"},
        WORTH,
    ),
    Person(
        "Only the bones, and every place has had rays.",
        {"spread_sites": "bones_only", "bone_rays": "all", "bone_type": "lytic"},
        NO,
        failing=("I1e1",),
        open=("E10",),
        readings={3},
    ),
    Person(
        "Only the bones, some irradiated, some not.",
        {"spread_sites": "bones_only", "bone_rays": "some", "bone_type": "lytic"},
        CHECK,
        open=("E10",),
        readings={3},
    ),
    Person(
        "Only the bones, and only blastic.",
        {"spread_sites": "bones_only", "bone_rays": "none", "bone_type": "blastic"},
        NO,
        failing=("I1e2",),
    ),
    Person(
        "DCIS of the same breast eleven years ago.",
        {"other_breast_cancer": "same_before", "earlier_kind": "in_situ"},
        CHECK,
        open=("E2",),
        readings={6},
    ),
    Person(
        "DCIS of the other breast, treated and cured.",
        {"other_breast_cancer": "other_before", "earlier_kind": "in_situ"},
        WORTH,
    ),
    Person(
        "An invasive cancer of the same breast in 2009.",
        {"other_breast_cancer": "same_before", "earlier_kind": "invasive"},
        NO,
        failing=("E2",),
        fragile="earlier_kind",
    ),
    Person(
        "An invasive cancer of the other breast in 2009.",
        {"other_breast_cancer": "other_before", "earlier_kind": "invasive"},
        NO,
        failing=("E3",),
        fragile="earlier_kind",
    ),
    Person(
        "Cancer in both breasts now, both sides alike.",
        {"other_breast_cancer": "both_now", "both_alike": "alike"},
        CHECK,
        open=("E3",),
        readings={2},
    ),
    Person(
        "Cancer in both breasts now, and the sides differ.",
        {"other_breast_cancer": "both_now", "both_alike": "different"},
        NO,
        failing=("I1f",),
        open=("E3",),
    ),
    Person(
        "Cancer in one breast, and in situ in the other.",
        {"other_breast_cancer": "both_now", "both_alike": "one_in_situ"},
        CHECK,
        open=("I1f", "E3"),
        readings={2},
    ),
    Person(
        "Several other breast cancers: too much for a button, so the team looks at it.",
        {"other_breast_cancer": "several"},
        CHECK,
        open=("I1f", "E2", "E3"),
    ),
    Person(
        "Letrozole begun two weeks ago.",
        {"treatment": "hormones_begun"},
        CHECK,
        open=("E10",),
        readings={4},
    ),
    Person(
        "Denosumab for the bones, nothing else.",
        {"treatment": "for_bones"},
        CHECK,
        open=("E10",),
        readings={4},
    ),
    Person(
        "The breast was operated before anyone saw the spread.",
        {"treatment": "breast_surgery"},
        CHECK,
        open=("E10",),
        readings={4},
    ),
    Person("Six cycles of chemotherapy.", {"treatment": "other"}, NO, failing=("E10",)),
    Person(
        "Her oncologist has not spoken of a treatment yet.",
        {"planned_treatment": "undecided"},
        WORTH,
    ),
    Person(
        "Chemotherapy is planned at once.",
        {"planned_treatment": "another"},
        NO,
        failing=("I5",),
        fragile="planned_treatment",
    ),
    Person(
        "Hepatitis C, cured years ago.",
        {"hepatitis": "cured"},
        CHECK,
        open=("E8",),
        readings={5},
    ),
    Person("Hepatitis B.", {"hepatitis": "yes"}, NO, failing=("E8",)),
    Person(
        "HIV, under control with treatment.",
        {"hiv": "controlled"},
        CHECK,
        open=("E8",),
        readings={5},
    ),
    Person(
        "HIV beside a cured hepatitis: what is open does not soften what is not.",
        {"hiv": "yes", "hepatitis": "cured"},
        NO,
        failing=("E8",),
    ),
    Person(
        "One of infection, HIV and hepatitis, and she does not say which.",
        {"infection": "one_or_more", "hiv": "one_or_more", "hepatitis": "one_or_more"},
        CHECK,
        open=("E8", "E9"),
    ),
    Person(
        "A cold sore today: a no for now.",
        {"infection": "yes"},
        NO,
        failing=("E9",),
        temporary=True,
    ),
    Person(
        "Under curatelle.",
        {"legal_protection": "lighter"},
        CHECK,
        open=("E12",),
        readings={8},
    ),
    Person("Under tutelle.", {"legal_protection": "guardianship"}, NO, failing=("E12",)),
    Person("In prison.", {"detention": "yes"}, NO, failing=("E12",)),
    Person(
        "Prefers not to speak of her legal situation.",
        {
            "legal_protection": "prefer_not",
            "detention": "prefer_not",
            "consent_capacity": "prefer_not",
        },
        CHECK,
        open=("E12",),
    ),
    Person(
        "Covered by AME.",
        {"social_security": "other_scheme"},
        CHECK,
        open=("I10",),
        readings={9},
    ),
    Person("No social security at all.", {"social_security": "none"}, NO, failing=("I10",)),
    Person("A trans person.", {"sex": "another"}, CHECK, open=("I1a",), readings={11}),
    Person("A man with breast cancer.", {"sex": "man"}, NO, failing=("I1a",)),
    Person("Seventeen years old.", {"age": "under_18"}, NO, failing=("I3",)),
    Person(
        "Pregnant: a no for now.",
        {"could_become_pregnant": "yes", "pregnant": "yes", "contraception": "ready"},
        NO,
        failing=("E6",),
        temporary=True,
    ),
    Person(
        "Pregnant, and will not use contraception: that is not only for now.",
        {"could_become_pregnant": "yes", "pregnant": "yes", "contraception": "not_ready"},
        NO,
        failing=("I8", "E6"),
    ),
    Person(
        "Thirty-four, not pregnant, ready for contraception.",
        {"could_become_pregnant": "yes", "pregnant": "no", "contraception": "ready"},
        WORTH,
    ),
    Person(
        "Not sure whether she could still become pregnant, and not ready for contraception.",
        {"could_become_pregnant": "not_sure", "pregnant": "no", "contraception": "not_ready"},
        CHECK,
        open=("I8",),
    ),
    Person(
        "A trial medicine three weeks ago: a no for now.",
        {"study_drug": "yes"},
        NO,
        failing=("E5",),
        temporary=True,
    ),
    Person(
        "A trial medicine and an infection: still only for now.",
        {"study_drug": "yes", "infection": "yes"},
        NO,
        failing=("E5", "E9"),
        temporary=True,
    ),
    Person("In an observational study: it does not count as one.", {"study_drug": "no"}, WORTH),
    Person(
        "A small basal cell cancer of the skin now.",
        {"other_cancer": "yes", "other_cancer_kind": "skin_or_cervix"},
        CHECK,
        open=("E4",),
        readings={7},
    ),
    Person(
        "Cancer of the colon now.",
        {"other_cancer": "yes", "other_cancer_kind": "another"},
        NO,
        failing=("E4",),
    ),
    Person(
        "Another cancer now, and she does not know the kind.",
        {"other_cancer": "yes", "other_cancer_kind": "not_sure"},
        CHECK,
        open=("E4",),
    ),
    Person(
        "Does not want to swallow tablets.",
        {"tablets": "unwilling"},
        CHECK,
        open=("E7",),
        readings={1},
    ),
    Person("Cannot swallow tablets.", {"tablets": "cannot"}, NO, failing=("E7",)),
    Person("In bed or a chair most of the day.", {"activity": "resting"}, NO, failing=("I4",)),
    Person("Up most of the day, but no work.", {"activity": "up_most"}, WORTH),
    Person(
        "No biopsy yet, and no receptors known.",
        {"biopsy": "not_yet", "hormone_receptors": "not_sure", "her2": "not_sure"},
        CHECK,
        open=("I1b", "I2a", "I2b"),
    ),
    Person("A lymphoma of the breast.", {"biopsy": "other_type"}, NO, failing=("I1b",)),
    Person("A doctor said: no operation.", {"local_treatment_ruled_out": "yes"}, NO, ("I9b",)),
    Person("The visits are clearly too far.", {"visits": "too_hard"}, NO, failing=("I9a",)),
)


def assessed(catalogue: Catalogue, **facts: str) -> Assessment:
    """What PALATINE says to these facts alone."""
    return assess(catalogue.trials[1], catalogue.bank, told(catalogue.bank, **facts))


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.sentence)
def test_people(catalogue: Catalogue, person: Person) -> None:
    """Verdict, what fails, what stays open and why, what is fragile, what is only for now."""
    found = assessed(catalogue, **{**BEST, **person.facts})
    readings = {
        outcome.unclear.reading
        for outcome in found.open
        if outcome.unclear is not None and outcome.unclear.reading is not None
    }

    assert person.verdict is found.verdict
    assert person.failing == tuple(criterion.id for criterion in found.failing)
    assert person.open == tuple(outcome.criterion.id for outcome in found.open)
    assert person.readings == readings
    assert person.fragile == (found.fragile.id if found.fragile else None)
    assert person.temporary is found.temporary


def test_nothing_known_is_points_to_check(catalogue: Catalogue) -> None:
    """All unknown: nothing fails, everything that could be known is a point to check."""
    found = assessed(catalogue)
    unsure = assessed(catalogue, **dict.fromkeys(catalogue.bank.facts, "not_sure"))
    decided = {c.id for c in catalogue.trials[1].criteria if not (c.centre or c.definition)}

    assert CHECK is found.verdict is unsure.verdict
    assert () == found.failing == unsure.failing
    assert decided == {outcome.criterion.id for outcome in found.open}


def test_the_centres_points_never_count(catalogue: Catalogue) -> None:
    """On the straight way they stay open, are listed apart, and change nothing."""
    found = assessed(catalogue, **BEST)

    assert () == found.open
    assert {"I5", "I6", "I11", "E1"} >= {o.criterion.id for o in found.for_centre}
    assert found.for_centre


def test_a_definition_is_no_criterion(catalogue: Catalogue) -> None:
    """E11 explains E1; it has no standing of its own."""
    found = assessed(catalogue, **BEST)

    assert "E11" not in {outcome.criterion.id for outcome in found.outcomes}
    assert len(catalogue.trials[1].criteria) - 1 == len(found.outcomes)


def test_outcomes_keep_the_registrys_order(catalogue: Catalogue) -> None:
    """A clinician reads them beside the registry's text."""
    order = [c.id for c in catalogue.trials[1].criteria if not c.definition]

    assert order == [outcome.criterion.id for outcome in assessed(catalogue).outcomes]


def test_answers_that_do_not_count_decide_nothing(catalogue: Catalogue) -> None:
    """An invasive cancer before, told of by mistake and then taken back, rules nobody out."""
    facts = {**BEST, "other_breast_cancer": "none", "earlier_kind": "invasive"}

    assert WORTH is assessed(catalogue, **facts).verdict


def test_failing_beats_meeting_and_unclear() -> None:
    """Three-valued: fails, else meets, else not known; an unclear row only gives the reason."""
    criterion = Criterion(
        id="X",
        meets=(row_of({1: 1 << 1}),),
        fails=(row_of({1: 1 << 2}), row_of({2: 1 << 2})),
        unclear=(Unclear(row_of({1: 1 << 3}), 1, None),),
        centre=False,
        definition=False,
        temporary=False,
        slots=frozenset({1, 2}),
    )

    def standing(*pairs: int) -> Standing:
        codes = bytes([0, *pairs, *bytes(61)])
        return judge(criterion, int.from_bytes(bytes(1 << code for code in codes), "little"))

    assert Standing.MEETS is standing(1, 0)
    assert Standing.FAILS is standing(2, 0)
    assert Standing.FAILS is standing(1, 2)
    assert Standing.NOT_KNOWN is standing(3, 0)
    assert Standing.NOT_KNOWN is standing(0, 0)
    assert Standing.NOT_KNOWN is standing(6, 6)
    assert Standing.FAILS is standing(6, 2)


def test_a_fragile_fact_is_named_only_if_it_alone_decides(catalogue: Catalogue) -> None:
    """Every fragile value of every fact, alone and with a second reason that is not fragile."""
    fragile = 0
    for fact in catalogue.bank.facts.values():
        for name, code in fact.values.items():
            asked = any(fact.slot in one.slots for one in catalogue.trials[1].criteria)
            if not (asked and fact.fragile >> code & 1):
                continue
            fragile += 1
            gate = {"earlier_kind": {"other_breast_cancer": "same_before"}}.get(fact.id, {})
            alone = assessed(catalogue, **{**BEST, **gate, fact.id: name})
            together = assessed(catalogue, **{**BEST, **gate, fact.id: name, "detention": "yes"})

            assert alone.fragile is not None, (fact.id, name)
            assert fact.id == alone.fragile.id
            assert together.fragile is None
            assert NO is alone.verdict is together.verdict

    assert fragile >= 6
