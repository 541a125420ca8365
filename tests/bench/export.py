"""The script of the bench, taken from the project itself: PALATINE's straight path in French."""

from pathlib import Path

from bot.app import demonstration_desk
from bot.channels.plain import lines
from bot.desk import Page
from dialogs.conversation.steps import Action
from dialogs.conversation.view import Button
from tests.bench.script import Screen, Script
from tests.builders import STRAIGHT

__all__ = ["export"]

_PLACE = b"bench"
#: The taps of the straight path besides the answers.
_BEFORE = ((Action.START, None), (Action.WHOM, None))
_AFTER = ((Action.RESULT, None), (Action.CONTACT, None), (Action.REGION, None))


def _button(page: Page, action: Action, arg: int | None) -> Button:
    return next(
        button
        for button in page.view.buttons()
        if button.action is action and arg in (None, button.arg)
    )


def _rows(page: Page) -> tuple[tuple[Button, ...], ...]:
    return (*page.view.rows, page.view.tools)


def _screen(page: Page, number: int, onward: Button | None) -> Screen:
    """The screen as every bot shows it; choices lead on, *back* leads back, the rest stays."""
    title, *rest = lines(page.view)
    name = title.removeprefix("=== ")
    buttons = [button for row in _rows(page) for button in row]
    leads = {Action.BACK: max(number - 1, 0)}
    if onward is not None:
        leads[onward.action] = number + 1
    return Screen(
        title=name,
        text="\n".join([name, *rest]),
        rows=tuple(tuple(button.label for button in row) for row in _rows(page) if row),
        goes=tuple(leads.get(button.action, number) for button in buttons),
        onward=buttons.index(onward) if onward is not None else 0,
    )


def export(folder: Path, language: str = "fr") -> Script:
    """The screens from the welcome to the choice of a centre, as a desk of our own shows them.

    `folder` is where the desk may keep its keys.
    """
    desk = demonstration_desk(folder, trials=["NCT03870919"])
    taps = [*_BEFORE, *((Action.ANSWER, arg) for arg in STRAIGHT.values()), *_AFTER]
    page = desk.welcome(_PLACE, language)
    screens = []
    for number, (action, arg) in enumerate(taps):
        onward = _button(page, action, arg)
        screens.append(_screen(page, number, onward))
        page = desk.press(_PLACE, page.tokens[onward], language)
    screens.append(_screen(page, len(taps), None))
    return Script(tuple(screens))
