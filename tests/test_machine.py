"""The machine of the steps: what moves where, and what cannot."""

import re

import pytest

from dialogs.conversation import machine
from dialogs.conversation.machine import TRANSITIONS, diagram, move
from dialogs.conversation.steps import SIDE_STEPS, Step
from dialogs.errors import StaleTap

MAIN_STEPS = [step for step in Step if step not in SIDE_STEPS]
DRAWN = {(trigger, source): dest for trigger, sources, dest in TRANSITIONS for source in sources}
ASIDE = {
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
TRIGGERS = sorted(
    {trigger for trigger, _, _ in TRANSITIONS}
    | set(ASIDE)
    | {f"return_to_{step.name.lower()}" for step in MAIN_STEPS}
)


def destination(step: Step, trigger: str) -> Step | None:
    """Where `trigger` leads by the table; None where it is impossible."""
    if trigger in ASIDE:
        return ASIDE[trigger]
    if trigger.startswith("return_to_"):
        return Step[trigger.removeprefix("return_to_").upper()] if step in SIDE_STEPS else None
    return DRAWN.get((trigger, step))


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_trigger_leads_as_drawn_or_is_stale(trigger: str) -> None:
    """From every step: to the step of the table, or `StaleTap` where the table has none."""
    impossible = 0
    for step in Step:
        wanted = destination(step, trigger)
        if wanted is None:
            impossible += 1
            with pytest.raises(StaleTap):
                move(step, trigger)
        else:
            assert wanted is move(step, trigger)

    everywhere = trigger in ASIDE or trigger == "restart"

    assert everywhere is (impossible == 0)


@pytest.mark.parametrize(
    "trigger", ["", "nonsense", "to_WELCOME", "to_Step.WELCOME", "to_1", "__class__"]
)
def test_an_unknown_trigger_is_stale(trigger: str) -> None:
    """Nothing but the table moves, not even the triggers that machines often add by themselves."""
    with pytest.raises(StaleTap):
        move(Step.WELCOME, trigger)


def test_the_machine_has_the_triggers_of_the_table_only() -> None:
    """No automatic transition from any step to any other."""
    assert TRIGGERS == sorted(machine._MACHINE.events)


def test_nothing_stays_registered() -> None:
    """After many moves, possible and impossible, the shared machine holds no model."""
    for _ in range(50):
        move(Step.WELCOME, "start")
        with pytest.raises(StaleTap):
            move(Step.WELCOME, "agreed")

    assert [] == machine._MACHINE.models


def test_every_step_can_be_reached() -> None:
    """From the welcome, by the triggers of the machine."""
    reached = {Step.WELCOME}
    waiting = [Step.WELCOME]
    while waiting:
        here = waiting.pop()
        for trigger in TRIGGERS:
            there = destination(here, trigger)
            if there is not None and there not in reached:
                reached.add(there)
                waiting.append(move(here, trigger))

    assert set(Step) == reached


@pytest.mark.parametrize("side", sorted(SIDE_STEPS))
def test_side_steps_lead_back(side: Step) -> None:
    """From each side step there is a way back to every step that can have led to it."""
    assert MAIN_STEPS == [move(side, f"return_to_{step.name.lower()}") for step in MAIN_STEPS]


def test_side_steps_are_open_from_everywhere() -> None:
    """Urgent help, privacy, stop and the others can be reached from every step."""
    for trigger, dest in ASIDE.items():
        assert {dest} == {move(step, trigger) for step in Step}

    assert set(ASIDE.values()) == SIDE_STEPS


def test_the_way_to_an_ended_conversation_is_asked_once() -> None:
    """Erasing is possible from its own question only."""
    assert [Step.ERASE] == [step for step in Step if destination(step, "erase_now")]


def test_the_diagram_has_every_drawn_transition() -> None:
    """One arrow for each source of each transition, and *restart* once, from the erased screen."""
    arrows = [
        (match[1], match[2], match[3])
        for match in re.finditer(r"^    (\w+) --> (\w+): (\w+)$", diagram(), re.MULTILINE)
    ]
    drawn = [
        (source.name.lower(), dest.name.lower(), trigger)
        for (trigger, source), dest in DRAWN.items()
        if trigger != "restart"
    ]

    assert sorted([*drawn, ("erased", "welcome", "restart")]) == sorted(arrows)
    assert diagram().startswith("stateDiagram-v2\n    [*] --> welcome\n")
    assert len(arrows) + 2 == len(diagram().splitlines())
