"""What any channel can show: one screen, in words and buttons.

A view knows no channel. Buttons carry an action, which the channel seals together with the
session; blocks are plain text, never markup.
"""

from dataclasses import dataclass
from enum import Enum

from dialogs.conversation.steps import Action, Step

__all__ = ["Block", "BlockKind", "Button", "Style", "View"]


class BlockKind(Enum):
    """What a block of text is for."""

    TEXT = "text"  # a paragraph
    HEADING = "heading"  # opens a part of the screen
    ITEM = "item"  # one entry of a list
    NOTE = "note"  # a paragraph set apart: what must not be missed
    ANSWER = "answer"  # what she answered: `text` the question, `detail` her answer
    LINK = "link"  # `text` is the label, `href` the target (https, tel, sms or mailto)
    COPY = "copy"  # a text made to be copied or read aloud
    QUOTE = "quote"  # somebody's own words
    RECEIPT = "receipt"  # her receipt, drawn by the page that alone can know it; `detail`: the code
    QR = "qr"  # `href` as a QR picture, `text` says where it leads


class Style(Enum):
    """A hint only: no meaning is carried by it alone."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of text of a screen."""

    kind: BlockKind
    text: str
    href: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """One way on: its label, and the action that its token seals with the session.

    `trial` is the number of the study that it brings into focus; None leaves that as it is.
    """

    label: str
    action: Action
    arg: int = 0
    style: Style = Style.PLAIN
    trial: int | None = None

    def __hash__(self) -> int:
        # The label tells the buttons of a screen apart, and text remembers its own hash.
        return hash(self.label)


@dataclass(frozen=True, slots=True)
class View:
    """One screen.

    `banner` stands above everything (demonstration), `notice` says what just happened, `progress`
    is "Question 3 of 11" and `bar` its two numbers, where an end is in sight. `rows` are the
    buttons of this screen, `tools` those of every screen (urgent help, language, privacy, erase).
    `printable` screens are made to be kept on paper. `discreet` ones name no illness in their first
    60 characters, which a locked phone may show.
    """

    step: Step
    language: str
    title: str
    blocks: tuple[Block, ...]
    rows: tuple[tuple[Button, ...], ...]
    tools: tuple[Button, ...]
    banner: str | None = None
    notice: str | None = None
    progress: str | None = None
    printable: bool = False
    discreet: bool = False
    bar: tuple[int, int] | None = None

    def buttons(self) -> tuple[Button, ...]:
        """All buttons in reading order, the tools last."""
        return tuple(button for row in self.rows for button in row) + self.tools
