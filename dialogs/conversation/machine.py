"""The one machine that moves between the steps of a conversation.

It is shared and keeps no model: a small cursor that holds only the state is fired through it and
thrown away, so nothing about a person stays registered.
"""

from dataclasses import dataclass
from typing import Any

from transitions import Machine, MachineError

from dialogs.conversation.steps import SIDE_STEPS, SIDES, Step
from dialogs.errors import StaleTap

__all__ = ["TRANSITIONS", "diagram", "move"]

#: trigger, sources, destination: the drawn part of the machine
TRANSITIONS: tuple[tuple[str, tuple[Step, ...], Step], ...] = (
    ("start", (Step.WELCOME,), Step.WHOM),
    ("for_me", (Step.WHOM,), Step.QUESTION),
    ("for_someone", (Step.WHOM,), Step.AGREEMENT),
    ("agreed", (Step.AGREEMENT,), Step.QUESTION),
    ("not_agreed", (Step.AGREEMENT,), Step.INFORMATION),
    ("ask", (Step.QUESTION, Step.RULED, Step.RECAP, Step.RESULT, Step.MATCHES), Step.QUESTION),
    ("ruled", (Step.QUESTION,), Step.RULED),
    ("all_asked", (Step.QUESTION, Step.RULED), Step.RECAP),
    ("why", (Step.QUESTION,), Step.WHY),
    ("where", (Step.QUESTION, Step.WHY), Step.WHERE),
    ("recap", (Step.QUESTION, Step.RULED, Step.RESULT), Step.RECAP),
    ("result", (Step.RECAP, Step.RULED), Step.RESULT),
    ("points", (Step.RESULT, Step.POINTS), Step.POINTS),
    ("matches", (Step.RECAP, Step.QUESTION, Step.MATCHES), Step.MATCHES),
    ("pick", (Step.MATCHES, Step.UNFIT), Step.RESULT),
    ("unfit", (Step.MATCHES, Step.UNFIT), Step.UNFIT),
    ("studies", (Step.WELCOME, Step.INFORMATION, Step.MATCHES, Step.STUDIES), Step.STUDIES),
    ("others", (Step.WELCOME, Step.STUDIES), Step.WELCOME),
    ("others", (Step.RULED, Step.RECAP, Step.RESULT), Step.RECAP),
    ("others", (Step.INFORMATION,), Step.INFORMATION),
    ("contact", (Step.RESULT, Step.INFORMATION), Step.REGIONS),
    ("region", (Step.REGIONS,), Step.CENTRES),
    ("centre", (Step.CENTRES,), Step.CONTACT),
    ("clear", (Step.RECAP,), Step.QUESTION),
    ("back_to_welcome", (Step.WHOM, Step.STUDIES), Step.WELCOME),
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
    ("back_to_recap", (Step.RESULT, Step.MATCHES), Step.RECAP),
    ("back_to_matches", (Step.RESULT, Step.UNFIT, Step.STUDIES), Step.MATCHES),
    ("back_to_result", (Step.REGIONS, Step.POINTS), Step.RESULT),
    ("back_to_information", (Step.REGIONS, Step.STUDIES), Step.INFORMATION),
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
        {"trigger": trigger, "source": list(Step), "dest": dest} for trigger, dest in SIDES.items()
    ]
    returning = [
        {"trigger": f"return_to_{step.name.lower()}", "source": list(SIDE_STEPS), "dest": step}
        for step in Step
        if step not in SIDE_STEPS
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
