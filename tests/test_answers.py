"""Answers as codes in permanent slots."""

from dialogs.eligibility.answers import (
    MAX_VALUE,
    NOT_SURE,
    PREFER_NOT,
    SLOTS,
    UNANSWERED,
    Answers,
)


def test_nothing_is_answered_at_first() -> None:
    """Fresh answers are false and every slot is unanswered."""
    fresh = Answers()

    assert not fresh
    assert {UNANSWERED} == {fresh[slot] for slot in range(SLOTS)}


def test_codes_are_the_permanent_ones() -> None:
    """The codes that tokens carry: 0, 1 to 5, 6 and 7, all of them different and in 3 bits."""
    assert (0, 5, 6, 7) == (UNANSWERED, MAX_VALUE, NOT_SURE, PREFER_NOT)
    assert SLOTS == len(Answers().codes)


def test_replaced_changes_the_named_slots_only() -> None:
    """Other slots keep their codes."""
    before = Answers().replaced({3: 1, 4: 2})
    after = before.replaced({4: NOT_SURE, 63: 5})

    assert after
    assert (1, NOT_SURE, 5) == (after[3], after[4], after[63])
    assert 3 == sum(1 for code in after.codes if code)


def test_answers_are_never_changed_in_place() -> None:
    """The old answers stay as they were."""
    before = Answers().replaced({3: 1})
    before.replaced({3: 2})
    before.without([3])

    assert 1 == before[3]


def test_without_takes_answers_back() -> None:
    """Slots are unanswered again, also those that already were."""
    answers = Answers().replaced({3: 1, 4: 2})

    assert Answers().replaced({4: 2}) == answers.without([3, 9])
    assert Answers() == answers.without([3, 4])


def test_equal_answers_are_equal_and_hash_alike() -> None:
    """Answers can be compared and kept in sets."""
    one = Answers().replaced({7: 1})
    other = Answers().replaced({7: 2}).replaced({7: 1})

    assert one == other
    assert 1 == len({one, other})
