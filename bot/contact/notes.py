"""What rides sealed behind the `#` of a link beside the handle: points to check, or her words."""

from dialogs.eligibility.matching import Verdict
from dialogs.errors import DeadToken

__all__ = ["Note", "points_note", "read_note", "words_note"]

_KINDS = {Verdict.WORTH_ASKING: "worth", Verdict.POINTS_TO_CHECK: "check", Verdict.NOT_A_FIT: "no"}
_POINTS, _WORDS = b"p", b"t"

#: Her text, or None; the kind of her result as phrases name it, or None; the ids of open criteria.
Note = tuple[str | None, str | None, tuple[str, ...]]


def points_note(verdict: Verdict, criteria: tuple[str, ...]) -> bytes:
    """Her result and the criteria that are open, none of which is private."""
    return _POINTS + ",".join((_KINDS[verdict], *criteria)).encode()


def words_note(text: str) -> bytes:
    """Her text."""
    return _WORDS + text.encode()


def read_note(note: bytes) -> Note:
    """What a note says; `DeadToken` when it says nothing known."""
    try:
        said = note[1:].decode()
    except UnicodeDecodeError:
        raise DeadToken from None
    if note[:1] == _WORDS:
        return said, None, ()
    if note[:1] != _POINTS:
        raise DeadToken
    kind, *criteria = said.split(",")
    if kind not in _KINDS.values():
        raise DeadToken
    return None, kind, tuple(criteria)
