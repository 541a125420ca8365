"""Rows of tables over answers, judged with one AND."""

from hypothesis import given
from hypothesis import strategies as st

from dialogs.eligibility.answers import NOT_SURE, SLOTS, Answers
from dialogs.eligibility.rows import holds, row_of

CODES = st.dictionaries(st.integers(1, SLOTS - 1), st.integers(0, 7))
MASKS = st.dictionaries(st.integers(1, SLOTS - 1), st.integers(0, 255), max_size=6)


def test_an_empty_row_always_holds() -> None:
    """Nothing breaks it."""
    assert holds(row_of({}), Answers().state)
    assert holds(row_of({}), Answers().replaced({1: 5, 63: NOT_SURE}).state)


def test_a_row_holds_when_each_slot_has_one_of_its_codes() -> None:
    """Two slots, several codes; the last slot as well as the first."""
    row = row_of({1: 1 << 1 | 1 << 2, 63: 1 << NOT_SURE})

    assert holds(row, Answers().replaced({1: 1, 63: NOT_SURE}).state)
    assert holds(row, Answers().replaced({1: 2, 63: NOT_SURE, 5: 5}).state)
    assert not holds(row, Answers().replaced({1: 3, 63: NOT_SURE}).state)
    assert not holds(row, Answers().replaced({1: 1}).state)
    assert not holds(row, Answers().state)


@given(codes=CODES, masks=MASKS)
def test_one_and_says_the_same_as_looking_at_each_slot(
    codes: dict[int, int], masks: dict[int, int]
) -> None:
    """For any answers and any row."""
    answers = Answers().replaced(codes)
    one_by_one = all(mask >> answers[slot] & 1 for slot, mask in masks.items())

    assert one_by_one is holds(row_of(masks), answers.state)


@given(codes=CODES)
def test_a_state_has_one_bit_in_each_byte(codes: dict[int, int]) -> None:
    """The bit of the slot's code, so that nothing runs over into the next slot."""
    answers = Answers().replaced(codes)

    assert [1 << answers[slot] for slot in range(SLOTS)] == list(
        answers.state.to_bytes(SLOTS, "little")
    )
