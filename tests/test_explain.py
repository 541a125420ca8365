"""What answers mean, criterion by criterion, for those who check the rules."""

import json
from typing import Any

import pytest

from bot.authoring.explain import (
    AnswersError,
    explanation,
    printed,
    read_answers,
    template,
)
from dialogs.catalogue import Catalogue
from dialogs.eligibility.answers import Answers
from tests.builders import BEST, told


def explained(catalogue: Catalogue, **answers: str) -> dict[str, Any]:
    """The explanation of an answers file."""
    given = read_answers("a.json", json.dumps({"answers": answers}), catalogue.bank)
    return explanation(catalogue, catalogue.trials[1], given)


def criterion(result: dict[str, Any], identity: str) -> dict[str, str]:
    """The entry of one criterion."""
    found: dict[str, str] = next(e for e in result["criteria"] if e["id"] == identity)
    return found


def test_the_template_feeds_back(catalogue: Catalogue) -> None:
    """As printed it is an answers file, with everything unanswered."""
    printed_template = json.dumps(template(catalogue, catalogue.trials[1]))
    given = read_answers("a.json", printed_template, catalogue.bank)

    assert Answers() == given.answers
    assert () == given.ignored


def test_the_template_has_every_fact_with_its_values(catalogue: Catalogue) -> None:
    """What it means, what is allowed, when it counts, how it is asked."""
    found = template(catalogue, catalogue.trials[1])

    assert "NCT03870919" == found["trial"]
    asked = {f.id: f for question in catalogue.trials[1].order for f in question.facts}

    assert set(asked) == set(found["answers"]) == set(found["facts"])
    for fact in asked.values():
        entry = found["facts"][fact.id]

        assert set(fact.values) <= set(entry["allowed"])
        assert {"unanswered", "not_sure"} <= set(entry["allowed"])
        assert fact.prefer_not is ("prefer_not" in entry["allowed"])
        assert entry["meaning"]
        assert entry["asked as"]
    assert (
        "could_become_pregnant is yes or not_sure" == found["facts"]["pregnant"]["counts only if"]
    )
    assert "counts only if" not in found["facts"]["her2"]


def test_every_allowed_value_of_the_template_is_accepted(catalogue: Catalogue) -> None:
    """Nothing is offered that is then refused."""
    for identity, entry in template(catalogue, catalogue.trials[1])["facts"].items():
        for name in entry["allowed"]:
            content = json.dumps({"answers": {identity: name}})
            given = read_answers("a.json", content, catalogue.bank)

            assert given.answers in (told(catalogue.bank, **{identity: name}), Answers())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"answers": {"moon": "full"}}', "answers.moon: there is no such fact"),
        (
            '{"answers": {"her2": "huge"}}',
            "answers.her2 = 'huge': allowed are negative, low, positive, pending, unanswered,",
        ),
        ('{"answers": {"her2": 1}}', "answers.her2 = 1: allowed are negative"),
        ('{"answers": {"her2": null}}', "answers.her2 = None: allowed are"),
        ('{"answers": {"her2": "prefer_not"}}', "answers.her2 = 'prefer_not': allowed are"),
        ('{"answers": []}', 'needs an object "answers": see --template'),
        ("{}", 'needs an object "answers"'),
        ("[]", 'needs an object "answers"'),
        ("{", "not readable as JSON"),
        ("", "not readable as JSON"),
    ],
)
def test_a_wrong_answers_file_is_named(catalogue: Catalogue, content: str, says: str) -> None:
    """The file, the key, the reason and what is allowed."""
    with pytest.raises(AnswersError) as caught:
        read_answers("a.json", content, catalogue.bank)

    assert str(caught.value).startswith("a.json: ")
    assert says in str(caught.value)


def test_a_verdict_is_explained(catalogue: Catalogue) -> None:
    """Each criterion with its standing and the answers that led to it."""
    result = explained(catalogue, **{**BEST, "her2": "positive"})
    her2 = criterion(result, "I2b")

    assert "does not seem to fit" == result["verdict"]
    assert "her2" == result["rests on one fact often misremembered"]
    assert ("fails", "her2 is positive") == (her2["standing"], her2["reason"])
    assert "meets" == criterion(result, "I2a")["standing"]
    assert "not a criterion" == criterion(result, "E11")["standing"]
    assert len(catalogue.trials[1].criteria) == len(result["criteria"])


def test_an_open_reading_is_named(catalogue: Catalogue) -> None:
    """With its number, so that it can be put to the sponsor."""
    e10 = criterion(explained(catalogue, **{**BEST, "treatment": "hormones_begun"}), "E10")

    assert "not known" == e10["standing"]
    assert "(open reading 4)" in e10["reason"]
    assert "treatment is hormones_begun" in e10["reason"]


def test_what_the_centre_checks_is_said_not_to_count(catalogue: Catalogue) -> None:
    """I6 is never asked."""
    i6 = criterion(explained(catalogue, **BEST), "I6")

    assert "not known" == i6["standing"]
    assert i6["reason"].startswith("for the centre to check, does not count:")


def test_what_is_ignored_is_said(catalogue: Catalogue) -> None:
    """An answer behind a gate that is not open, with the verdict it would have had without."""
    result = explained(
        catalogue, **{**BEST, "other_breast_cancer": "none", "earlier_kind": "invasive"}
    )

    assert ["earlier_kind"] == result["ignored because not asked"]
    assert "worth asking about" == result["verdict"]


def test_only_for_now_is_said(catalogue: Catalogue) -> None:
    """And only then."""
    assert explained(catalogue, **{**BEST, "infection": "yes"})["only for now"]
    assert not explained(catalogue, **{**BEST, "hiv": "yes"})["only for now"]
    assert not explained(catalogue, **BEST)["only for now"]


def test_an_explanation_can_be_printed_and_written_as_json(catalogue: Catalogue) -> None:
    """The text has all that the JSON has."""
    answers = {
        **BEST,
        "her2": "positive",
        "other_breast_cancer": "none",
        "earlier_kind": "invasive",
    }
    result = explained(catalogue, **answers)
    text = printed(catalogue.trials[1], result)

    assert result == json.loads(json.dumps(result))
    assert text.startswith("PALATINE NCT03870919\n")
    assert "Verdict: does not seem to fit" in text
    assert "Rests on one fact that is often misremembered: her2." in text
    assert "Ignored, because not asked: earlier_kind." in text
    assert all(f"\n{entry['id']:<5} {entry['standing']}" in text for entry in result["criteria"])
    assert "Only for now" in printed(
        catalogue.trials[1], explained(catalogue, **{**BEST, "infection": "yes"})
    )
