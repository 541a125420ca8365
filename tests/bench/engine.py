"""Prints what one turn of the engine costs, by part, in microseconds and as a share of the turn.

Best of several rounds of a tight loop on one core; the machine's speed drifts, so trust the shares
and the ratio to the yardstick (sealing one token) more than the single figures.
"""

import sys
import timeit
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.data import read_sources
from dialogs.catalogue import read_catalogue
from dialogs.conversation.dialog import turn
from dialogs.conversation.moves import MOVES
from dialogs.conversation.screens import draw
from dialogs.conversation.session import Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import NOT_SURE, Answers
from dialogs.eligibility.ordering import Look, next_question, path
from dialogs.wire.keyring import Keyring
from dialogs.wire.pack import Tap
from dialogs.wire.seal import KEY_BYTES

DAY = date(2022, 10, 7)
ROUNDS = 7
LOOPS = 2000


def microseconds(work: Callable[[], object]) -> float:
    """The best time of one call."""
    return min(timeit.repeat(work, number=LOOPS, repeat=ROUNDS)) / LOOPS * 1e6


def main() -> None:
    """Measures an answer in the middle of the questions, and the result screen."""
    catalogue = replace(read_catalogue(read_sources(trials=["NCT03870919"])), demonstration=True)
    bank, trial, layout = catalogue.bank, catalogue.trials[1], catalogue.layout
    keyring = Keyring("state", {DAY: bytes(range(KEY_BYTES))}, DAY, 7)
    slots = {fact.id: fact.slot for fact in bank.facts.values()}
    answers = Answers().replaced(
        dict.fromkeys((slots[f] for f in ("spread", "spread_sites", "hormone_receptors")), 1)
    )
    asking = Session(step=Step.QUESTION, focus=slots["her2"], whom=Whom.SELF, answers=answers)
    tap = Tap(Action.ANSWER, 1)
    token = keyring.seal(layout.with_tap(layout.pack(asking), tap), b"place")
    done = turn(asking, tap, DAY, catalogue)
    buttons = done.view.buttons()
    unsure = Answers().replaced(dict.fromkeys(slots.values(), NOT_SURE))
    result = Session(step=Step.RESULT, whom=Whom.SELF, answers=unsure)

    def opened() -> tuple[Session, Tap]:
        return layout.unpack(keyring.open(token, b"place"))

    def sealed() -> list[str]:
        packed = layout.pack(done.session)
        return [
            keyring.seal(layout.with_tap(packed, Tap(b.action, b.arg)), b"place") for b in buttons
        ]

    def whole() -> list[str]:
        session, pressed = opened()
        after = turn(session, pressed, DAY, catalogue)
        packed = layout.pack(after.session)
        return [
            keyring.seal(layout.with_tap(packed, Tap(b.action, b.arg)), b"place")
            for b in after.view.buttons()
        ]

    payload = layout.with_tap(layout.pack(asking), tap)
    yardstick = microseconds(lambda: keyring.seal(payload, b"place"))
    total = microseconds(whole)
    parts: list[tuple[str, Callable[[], object]]] = [
        ("open and unpack the token", opened),
        ("move the session", lambda: MOVES[Action.ANSWER](asking, 1, catalogue, DAY)),
        ("  of which: one look at all criteria", lambda: Look(trial, bank, answers)),
        ("  of which: next question", lambda: next_question(trial, Look(trial, bank, answers))),
        ("draw the screen", lambda: draw(done.session, DAY, catalogue)),
        ("  of which: path for the progress line", lambda: path(trial, bank, answers)),
        (f"pack and seal {len(buttons)} buttons", sealed),
    ]
    out = sys.stdout.write
    out(f"one answer, {len(buttons)} buttons on the next screen\n")
    for name, work in parts:
        cost = microseconds(work)
        out(f"{name:<42}{cost:8.1f} µs {cost / total:6.0%}\n")
    out(f"{'the whole turn':<42}{total:8.1f} µs {total / yardstick:6.1f} x sealing one token\n")
    cost = microseconds(lambda: draw(result, DAY, catalogue))
    out(f"{'draw the result, all unknown':<42}{cost:8.1f} µs {cost / yardstick:6.1f} x\n")
    out(f"{'sealing one token (the yardstick)':<42}{yardstick:8.1f} µs\n")


if __name__ == "__main__":
    main()
