"""A session and a tap as 31 bytes, and back.

The table, from the first bit on (248 bits in all; `docs/token.md` is tested against it):

    step 6, origin 6, focus 7, language 2, whom 2, trial 14, campaign 12, tag 40, go_on 1,
    channel 2, furthest 4          96 bits of the session
    answers                        139 bits: the slots in their order, each 2 or 3 bits wide
    action 6, argument 7           13 bits of the tap

A slot of 2 bits holds unanswered, two values and *I don't know* (written as 3). Widths and numbers
are permanent, so a token made by an older release still says what it said; a bank that needs more
than 139 bits is an error at the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.conversation.session import LANGUAGE_OF, LANGUAGES, TAG_BITS, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import NOT_SURE, SLOTS, Answers
from dialogs.errors import DataError, DeadToken

__all__ = ["ANSWER_BITS", "FIELDS", "PAYLOAD", "TAP_FIELDS", "Layout", "Tap"]

#: Bytes of a packed session and tap.
PAYLOAD = 31
ANSWER_BITS = 139
FIELDS: tuple[tuple[str, int], ...] = (
    ("step", 6),
    ("origin", 6),
    ("focus", 7),
    ("language", 2),
    ("whom", 2),
    ("trial", 14),
    ("campaign", 12),
    ("tag", TAG_BITS),
    ("go_on", 1),
    ("channel", 2),
    ("furthest", 4),
)
TAP_FIELDS: tuple[tuple[str, int], ...] = (("action", 6), ("argument", 7))
_ACTION_BITS = TAP_FIELDS[0][1]
_ARG_BITS = TAP_FIELDS[1][1]
_TAP_BITS = _ACTION_BITS + _ARG_BITS
_NARROW_NOT_SURE = 3

#: Name, shift and mask of each field, counted from the last bit of the session's part.
_PLACES = tuple(
    (name, sum(width for _, width in FIELDS[place + 1 :]), (1 << width) - 1)
    for place, (name, width) in enumerate(FIELDS)
)
_STEPS = {int(step): step for step in Step}
_ACTIONS = {int(action): action for action in Action}


@dataclass(frozen=True, slots=True)
class Tap:
    """A press of a button: what it asks for."""

    action: Action
    arg: int = 0


class Layout:
    """Where each slot of the bank lies among the answer bits."""

    __slots__ = ("_places",)

    def __init__(self, widths: Mapping[int, int]) -> None:
        """`widths` has the bits (2 or 3) of each slot; `DataError` when they do not fit."""
        total = sum(widths.values())
        if total > ANSWER_BITS:
            raise DataError(
                "questions", "slots", f"need {total} bits and a token carries {ANSWER_BITS}"
            )
        places = []
        free = ANSWER_BITS
        for slot in sorted(widths):
            free -= widths[slot]
            places.append((slot, free, (1 << widths[slot]) - 1))
        self._places = tuple(places)

    def pack(self, session: Session) -> int:
        """The session as a number of 235 bits."""
        number = session.step << 6 | session.origin
        number = number << 7 | session.focus
        number = (number << 2 | LANGUAGES[session.language]) << 2 | session.whom
        number = (number << 14 | session.trial) << 12 | session.campaign
        number = (number << TAG_BITS | session.tag) << 1 | session.go_on
        number = (number << 2 | session.channel) << 4 | session.furthest
        answers = 0
        codes = session.answers.codes
        for slot, shift, mask in self._places:
            code = codes[slot]
            if code:
                answers |= (_NARROW_NOT_SURE if code > mask else code) << shift
        return number << ANSWER_BITS | answers

    @staticmethod
    def with_tap(packed: int, tap: Tap) -> bytes:
        """A packed session and a tap as `PAYLOAD` bytes."""
        number = (packed << _ACTION_BITS | tap.action) << _ARG_BITS | tap.arg
        return number.to_bytes(PAYLOAD, "big")

    def unpack(self, payload: bytes) -> tuple[Session, Tap]:
        """The session and tap of `payload`; `DeadToken` when it says something impossible."""
        number = int.from_bytes(payload, "big")
        arg = number & (1 << _ARG_BITS) - 1
        action = number >> _ARG_BITS & (1 << _ACTION_BITS) - 1
        number >>= _TAP_BITS
        answers = number & (1 << ANSWER_BITS) - 1
        number >>= ANSWER_BITS
        values = {name: number >> shift & mask for name, shift, mask in _PLACES}
        codes = bytearray(SLOTS)
        if answers:
            for slot, shift, mask in self._places:
                code = answers >> shift & mask
                if code:
                    codes[slot] = NOT_SURE if mask == 3 and code == _NARROW_NOT_SURE else code
        try:
            session = Session(
                language=LANGUAGE_OF[values["language"]],
                step=_STEPS[values["step"]],
                origin=_STEPS[values["origin"]],
                focus=values["focus"],
                whom=Whom(values["whom"]),
                trial=values["trial"],
                campaign=values["campaign"],
                tag=values["tag"],
                go_on=bool(values["go_on"]),
                channel=values["channel"],
                furthest=values["furthest"],
                answers=Answers(bytes(codes)),
            )
            return session, Tap(_ACTIONS[action], arg)
        except KeyError as error:
            raise DeadToken from error
