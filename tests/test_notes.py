"""What rides sealed beside a handle."""

import pytest

from bot.contact.notes import points_note, read_note, words_note
from dialogs.eligibility.matching import Verdict
from dialogs.errors import DeadToken


def test_points_come_back() -> None:
    """The kind of result, and the open criteria."""
    note = points_note(Verdict.POINTS_TO_CHECK, ("her2", "spread"))

    assert (None, "check", ("her2", "spread")) == read_note(note)
    assert (None, "worth", ()) == read_note(points_note(Verdict.WORTH_ASKING, ()))


def test_words_come_back() -> None:
    """To the last sign."""
    assert ("a,b\n🙂 p", None, ()) == read_note(words_note("a,b\n🙂 p"))


@pytest.mark.parametrize("note", [b"", b"p", b"x", b"pmaybe", b"p\xff", b"t\xff", b"pworth2,a"])
def test_anything_else_is_dead(note: bytes) -> None:
    """Nothing is guessed."""
    with pytest.raises(DeadToken):
        read_note(note)
