"""Steps and actions: numbers that tokens carry."""

from dialogs.conversation.steps import SIDE_STEPS, SIDES, Action, Step


def test_numbers_fit_a_token() -> None:
    """Steps and actions have six bits each, and 0 is none of them."""
    assert all(1 <= step <= 63 for step in Step)
    assert all(1 <= action <= 63 for action in Action)


def test_each_side_step_has_one_trigger() -> None:
    """By which it is reached from anywhere."""
    assert len(SIDES) == len(SIDE_STEPS)
    assert set(SIDES.values()) == SIDE_STEPS
