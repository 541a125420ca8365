"""What any channel can show."""

from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Button, View

A, B, C, D = (Button(label, Action.ANSWER, n) for n, label in enumerate("abcd"))


def test_buttons_come_in_reading_order() -> None:
    """Row by row, the tools last."""
    view = View(Step.QUESTION, "en", "?", (), ((A, B), (), (C,)), (D,))

    assert (A, B, C, D) == view.buttons()


def test_equal_screens_are_equal() -> None:
    """A screen drawn twice can be compared and its buttons looked up."""
    one = View(Step.QUESTION, "en", "?", (), ((A,),), ())
    other = View(Step.QUESTION, "en", "?", (), ((Button("a", Action.ANSWER, 0),),), ())

    assert one == other
    assert 1 == len({one, other})
