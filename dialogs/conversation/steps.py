"""The steps of a conversation and the one machine that moves between them.

The machine is shared and keeps no model: a small cursor that holds only the state is fired through
it and thrown away, so nothing about a person stays registered. Numbers of steps and actions are
permanent, because tokens carry them.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from transitions import Machine, MachineError

from dialogs.errors import StaleTap

__all__ = ["SIDE_STEPS", "TRANSITIONS", "Action", "Step", "diagram", "move"]


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


_SIDE: dict[str, Step] = {
    "summary": Step.SUMMARY,
    "next_steps": Step.NEXT_STEPS,
    "elsewhere": Step.ELSEWHERE,
    "about": Step.ABOUT,
    "privacy": Step.PRIVACY,
    "urgent": Step.URGENT,
    "stop": Step.STOPPED,
    "erase": Step.ERASE,
    "help": Step.HELP,
}
#: Steps reached from anywhere that lead back to where she was.
SIDE_STEPS = frozenset(_SIDE.values())
_MAIN_STEPS = tuple(step for step in Step if step not in SIDE_STEPS)


#: trigger, sources, destination: the drawn part of the machine
TRANSITIONS: tuple[tuple[str, tuple[Step, ...], Step], ...] = (
    ("start", (Step.WELCOME,), Step.WHOM),
    ("for_me", (Step.WHOM,), Step.QUESTION),
    ("for_someone", (Step.WHOM,), Step.AGREEMENT),
    ("agreed", (Step.AGREEMENT,), Step.QUESTION),
    ("not_agreed", (Step.AGREEMENT,), Step.INFORMATION),
    ("ask", (Step.QUESTION, Step.RULED, Step.RECAP, Step.RESULT), Step.QUESTION),
    ("ruled", (Step.QUESTION,), Step.RULED),
    ("all_asked", (Step.QUESTION, Step.RULED), Step.RECAP),
    ("why", (Step.QUESTION,), Step.WHY),
    ("where", (Step.QUESTION, Step.WHY), Step.WHERE),
    ("recap", (Step.QUESTION, Step.RULED, Step.RESULT), Step.RECAP),
    ("result", (Step.RECAP, Step.RULED), Step.RESULT),
    ("points", (Step.RESULT, Step.POINTS), Step.POINTS),
    ("contact", (Step.RESULT, Step.INFORMATION), Step.REGIONS),
    ("region", (Step.REGIONS,), Step.CENTRES),
    ("centre", (Step.CENTRES,), Step.CONTACT),
    ("clear", (Step.RECAP,), Step.QUESTION),
    ("back_to_welcome", (Step.WHOM,), Step.WELCOME),
    ("request", (Step.CONTACT,), Step.PREVIEW),
    ("details", (Step.PREVIEW,), Step.PREVIEW),
    ("confirm", (Step.PREVIEW, Step.SENDING, Step.UNSENT, Step.UNSURE), Step.SENDING),
    ("done", (Step.SENDING,), Step.SENT),
    ("done", (Step.DRAFT,), Step.PASSED),
    ("done", (Step.ENDING,), Step.ENDED),
    ("unsent", (Step.SENDING,), Step.UNSENT),
    ("unsure", (Step.SENDING,), Step.UNSURE),
    ("full", (Step.SENDING,), Step.FULL),
    ("over", (Step.SENDING, Step.DRAFT), Step.OVER),
    ("waiting", (Step.SENT,), Step.WAITING),
    ("other", (Step.WAITING,), Step.REGIONS),
    ("write", (Step.SENT, Step.MESSAGE, Step.DRAFT, Step.PASSED), Step.WRITE),
    ("draft", (Step.WRITE, Step.MESSAGE, Step.DRAFT), Step.DRAFT),
    ("end", (Step.SENT, Step.MESSAGE, Step.WAITING, Step.PASSED), Step.ENDING),
    ("again", (Step.OVER, Step.ENDED), Step.PREVIEW),
    ("back_to_contact", (Step.PREVIEW, Step.SENT, Step.FULL, Step.OVER, Step.ENDED), Step.CONTACT),
    ("back_to_preview", (Step.UNSENT, Step.UNSURE), Step.PREVIEW),
    (
        "back_to_sent",
        (Step.WAITING, Step.MESSAGE, Step.WRITE, Step.DRAFT, Step.PASSED, Step.ENDING),
        Step.SENT,
    ),
    ("back_to_whom", (Step.AGREEMENT, Step.QUESTION, Step.REGIONS), Step.WHOM),
    ("back_to_agreement", (Step.INFORMATION,), Step.AGREEMENT),
    (
        "back_to_question",
        (Step.QUESTION, Step.WHY, Step.WHERE, Step.RULED, Step.RECAP),
        Step.QUESTION,
    ),
    ("back_to_recap", (Step.RESULT,), Step.RECAP),
    ("back_to_result", (Step.REGIONS, Step.POINTS), Step.RESULT),
    ("back_to_information", (Step.REGIONS,), Step.INFORMATION),
    ("back_to_regions", (Step.CENTRES,), Step.REGIONS),
    ("back_to_centres", (Step.CONTACT,), Step.CENTRES),
    ("erase_now", (Step.ERASE,), Step.ERASED),
    ("restart", tuple(Step), Step.WELCOME),
)


def _table() -> list[dict[str, Any]]:
    drawn = [
        {"trigger": trigger, "source": list(sources), "dest": dest}
        for trigger, sources, dest in TRANSITIONS
    ]
    aside = [
        {"trigger": trigger, "source": list(Step), "dest": dest} for trigger, dest in _SIDE.items()
    ]
    returning = [
        {"trigger": f"return_to_{step.name.lower()}", "source": list(SIDE_STEPS), "dest": step}
        for step in _MAIN_STEPS
    ]
    return drawn + aside + returning


_MACHINE = Machine(
    model=None,
    states=list(Step),
    initial=Step.WELCOME,
    transitions=_table(),
    auto_transitions=False,
)


@dataclass(slots=True)
class _Cursor:
    state: Step


def move(step: Step, trigger: str) -> Step:
    """The step that `trigger` leads to from `step`.

    Raises `StaleTap` when `trigger` is unknown or not possible there.
    """
    event = _MACHINE.events.get(trigger)
    if event is None:
        raise StaleTap(trigger)
    cursor = _Cursor(step)
    try:
        event.trigger(cursor)
    except MachineError as error:
        raise StaleTap(trigger) from error
    return cursor.state


def diagram() -> str:
    """The drawn part of the machine as Mermaid text, one arrow a line.

    Urgent help, privacy, *about the study* and the other side steps are left out: they can be
    reached from anywhere and lead back to where she was.
    """
    lines = ["stateDiagram-v2", "    [*] --> welcome"]
    lines += [
        f"    {source.name.lower()} --> {dest.name.lower()}: {trigger}"
        for trigger, sources, dest in TRANSITIONS
        if trigger != "restart"
        for source in sources
    ]
    lines.append("    erased --> welcome: restart")
    return "\n".join(lines)
