"""A session and a tap as 31 bytes, and back.

The table, from the first bit on (248 bits in all; `docs/token.md` is tested against it):

    step 6, origin 6, focus 7, language 2, whom 2, trial 14, campaign 12, tag 40, go_on 1,
    matching 1, channel 1, furthest 4, details 1, sent 5, attempt 2
                                   104 bits of the session
    answers                        131 bits: the slots in their order, each 2 or 3 bits wide
    action 6, argument 7           13 bits of the tap

A slot of 2 bits holds unanswered, two values and *I don't know* (written as 3). Widths and numbers
are permanent, so a token made by an older release still says what it said; a bank that needs more
than 131 bits is an error at the start.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from operator import getitem

from dialogs.conversation.session import LANGUAGE_OF, LANGUAGES, TAG_BITS, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import NOT_SURE, PREFER_NOT, SLOTS, UNANSWERED, Answers
from dialogs.errors import DataError, DeadToken

__all__ = ["ANSWER_BITS", "FIELDS", "PAYLOAD", "TAP_FIELDS", "Layout", "Tap"]

#: Bytes of a packed session and tap.
PAYLOAD = 31
ANSWER_BITS = 131
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
    ("matching", 1),
    ("channel", 1),
    ("furthest", 4),
    ("details", 1),
    ("sent", 5),
    ("attempt", 2),
)
TAP_FIELDS: tuple[tuple[str, int], ...] = (("action", 6), ("argument", 7))
_ACTION_BITS = TAP_FIELDS[0][1]
_ARG_BITS = TAP_FIELDS[1][1]
_TAP_BITS = _ACTION_BITS + _ARG_BITS
_CODES = PREFER_NOT + 1
#: The codes that a slot of this many bits says with 0, 1, 2 and so on.
_READABLE = {2: (UNANSWERED, 1, 2, NOT_SURE), 3: tuple(range(_CODES))}

#: Shift and mask of each field, counted from the last bit of the session's part.
_PLACES = tuple(
    (sum(width for _, width in FIELDS[place + 1 :]), (1 << width) - 1)
    for place, (_, width) in enumerate(FIELDS)
)
#: Where the trial stands in the whole payload.
_TRIAL_SHIFT = _PLACES[[name for name, _ in FIELDS].index("trial")][0] + ANSWER_BITS + _TAP_BITS
_TRIAL_MASK = (1 << dict(FIELDS)["trial"]) - 1 << _TRIAL_SHIFT
_STEPS = {int(step): step for step in Step}
_ACTIONS = {int(action): action for action in Action}
_WHOM = {int(whom): whom for whom in Whom}


@dataclass(frozen=True, slots=True)
class Tap:
    """A press of a button: what it asks for."""

    action: Action
    arg: int = 0


class Layout:
    """Where each slot of the bank lies among the answer bits.

    `_bits[slot][code]` is a code in its place. `_pairs` reads two slots at a time: where their bits
    begin, the mask of them, and for each of their values the codes from the pair before to here.
    """

    __slots__ = ("_bits", "_pairs")

    def __init__(self, widths: Mapping[int, int]) -> None:
        """`widths` has the bits (2 or 3) of each slot; `DataError` when they do not fit."""
        total = sum(widths.values())
        if total > ANSWER_BITS:
            raise DataError(
                "questions", "slots", f"need {total} bits and a token carries {ANSWER_BITS}"
            )
        bits = [(0,) * _CODES] * SLOTS
        pairs = []
        slots = sorted(widths)
        free, start = ANSWER_BITS, 0
        for pair in (slots[place : place + 2] for place in range(0, len(slots), 2)):
            for slot in pair:
                free -= widths[slot]
                top = (1 << widths[slot]) - 1
                bits[slot] = tuple(min(code, top) << free for code in range(_CODES))
            end = pair[-1] + 1
            # The codes of a slot rise with its bits, so this is the order of the values.
            told = [
                dict(zip(pair, codes, strict=True))
                for codes in product(*(_READABLE[widths[slot]] for slot in pair))
            ]
            read = tuple(bytes(one.get(slot, 0) for slot in range(start, end)) for one in told)
            pairs.append((free, len(read) - 1, read))
            start = end
        self._bits = tuple(bits[:start])
        self._pairs = tuple(pairs)

    def pack(self, session: Session) -> int:
        """The session as a number of 235 bits."""
        number = session.step << 6 | session.origin
        number = number << 7 | session.focus
        number = (number << 2 | LANGUAGES[session.language]) << 2 | session.whom
        number = (number << 14 | session.trial) << 12 | session.campaign
        number = (number << TAG_BITS | session.tag) << 1 | session.go_on
        number = (number << 1 | session.matching) << 1 | session.channel
        number = number << 4 | session.furthest
        number = ((number << 1 | session.details) << 5 | session.sent) << 2 | session.attempt
        answers = sum(map(getitem, self._bits, session.answers.codes))
        return number << ANSWER_BITS | answers

    @staticmethod
    def with_tap(packed: int, tap: Tap) -> bytes:
        """A packed session and a tap as `PAYLOAD` bytes."""
        number = (packed << _ACTION_BITS | tap.action) << _ARG_BITS | tap.arg
        return number.to_bytes(PAYLOAD, "big")

    @staticmethod
    def with_taps(packed: int, taps: Iterable[tuple[int, int, int | None]]) -> list[bytes]:
        """The same for each (action, argument, trial) of one page, in their order.

        A trial other than None takes the place of the one that the session has in focus.
        """
        packed <<= _TAP_BITS
        return [
            (
                (packed if trial is None else packed & ~_TRIAL_MASK | trial << _TRIAL_SHIFT)
                | action << _ARG_BITS
                | arg
            ).to_bytes(PAYLOAD, "big")
            for action, arg, trial in taps
        ]

    def unpack(self, payload: bytes) -> tuple[Session, Tap]:
        """The session and tap of `payload`; `DeadToken` when it says something impossible."""
        number = int.from_bytes(payload, "big")
        arg = number & (1 << _ARG_BITS) - 1
        action = number >> _ARG_BITS & (1 << _ACTION_BITS) - 1
        number >>= _TAP_BITS
        answers = number & (1 << ANSWER_BITS) - 1
        number >>= ANSWER_BITS
        (
            step, origin, focus, language, whom, trial, campaign, tag, go_on, matching, channel,
            furthest, details, sent, attempt,
        ) = [number >> shift & mask for shift, mask in _PLACES]  # fmt: skip
        codes = b"".join([read[answers >> shift & mask] for shift, mask, read in self._pairs])
        try:
            # By place, not by name: the names would cost half as much again.
            session = Session(
                LANGUAGE_OF[language], _STEPS[step], _STEPS[origin], focus, _WHOM[whom], trial,
                campaign, tag, bool(go_on), bool(matching), channel, furthest, bool(details),
                sent, attempt, Answers(codes.ljust(SLOTS, b"\0")),
            )  # fmt: skip
            return session, Tap(_ACTIONS[action], arg)
        except KeyError as error:
            raise DeadToken from error
