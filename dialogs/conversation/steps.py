"""The steps of a conversation, and what its buttons ask for.

Their numbers are permanent, because tokens carry them.
"""

from enum import IntEnum

__all__ = ["SIDES", "SIDE_STEPS", "Action", "Step"]


class Step(IntEnum):
    """Where a conversation stands; at most 63."""

    WELCOME = 1
    WHOM = 2
    AGREEMENT = 3
    INFORMATION = 4
    QUESTION = 5
    WHY = 6
    WHERE = 7
    RULED = 8
    RECAP = 9
    RESULT = 10
    REGIONS = 11
    CENTRES = 12
    CONTACT = 13
    SUMMARY = 14
    NEXT_STEPS = 15
    ELSEWHERE = 16
    ABOUT = 17
    PRIVACY = 18
    URGENT = 19
    STOPPED = 20
    ERASE = 21
    ERASED = 22
    POINTS = 23
    HELP = 24
    PREVIEW = 25
    SENDING = 26
    SENT = 27
    UNSENT = 28
    FULL = 29
    OVER = 30
    WAITING = 31
    MESSAGE = 32
    WRITE = 33
    DRAFT = 34
    PASSED = 35
    ENDING = 36
    ENDED = 37
    UNSURE = 38
    MATCHES = 39
    UNFIT = 40
    STUDIES = 41
    NEWS = 42


class Action(IntEnum):
    """What a button asks for; at most 63. Some take an argument of 0 to 127."""

    SHOW = 1
    START = 2
    WHOM = 3  # argument: a value of `Whom`
    AGREED = 4  # argument: 1 yes, 0 no
    ANSWER = 5  # argument: number of the choice, 6 not sure, 7 rather not
    WHY = 6
    WHERE = 7
    BACK = 8
    CHANGE = 9  # argument: key slot of the question
    GO_ON = 10
    RECAP = 11
    RESULT = 12
    CONTACT = 13
    REGION = 14  # argument: INSEE code of the region
    CENTRE = 15  # argument: number of the centre
    SUMMARY = 16
    NEXT_STEPS = 17
    ELSEWHERE = 18
    ABOUT = 19
    PRIVACY = 20
    URGENT = 21
    STOP = 22
    ERASE = 23
    ERASE_NOW = 24
    RESTART = 25
    LANGUAGE = 26  # argument: number of the language
    CLEAR = 27
    POINTS = 28  # argument: number of the page, from 0
    HELP = 29
    MODE = 30  # argument: 1 a new message for each screen, 0 one message that changes
    ASK = 31
    DETAILS = 32  # argument: 1 with the points to check, 0 without
    CONFIRM = 33
    WAITING = 34
    WRITE = 35
    SEND = 36
    END = 37
    END_NOW = 38
    AGAIN = 39
    OUTCOME = 40  # argument: a value of `Settled`, and the day sent; on no button, see `desk`
    MATCHES = 41  # argument: number of the page, from 0
    PICK = 42  # the button's own session has the study in focus
    UNFIT = 43  # argument: number of the page, from 0
    STUDIES = 44  # argument: number of the page, from 0
    OTHERS = 45
    NEWS = 46
    PAPER = 47
    UNNOTE = 48


#: Trigger and step of what can be reached from anywhere.
SIDES: dict[str, Step] = {
    "summary": Step.SUMMARY,
    "next_steps": Step.NEXT_STEPS,
    "elsewhere": Step.ELSEWHERE,
    "about": Step.ABOUT,
    "privacy": Step.PRIVACY,
    "urgent": Step.URGENT,
    "stop": Step.STOPPED,
    "erase": Step.ERASE,
    "help": Step.HELP,
    "news": Step.NEWS,
}
#: Steps reached from anywhere that lead back to where she was.
SIDE_STEPS = frozenset(SIDES.values())
