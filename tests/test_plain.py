"""A view as plain lines."""

from bot.channels.plain import lines, numbered
from dialogs.catalogue import Catalogue
from dialogs.conversation.steps import Action, Step
from dialogs.conversation.view import Block, BlockKind, Button, View
from tests.builders import everywhere

A, B, C = (Button(label, Action.ANSWER, n) for n, label in enumerate(("One", "Two", "Three")))


def shown(
    *blocks: Block,
    banner: str | None = None,
    notice: str | None = None,
    progress: str | None = None,
) -> list[str]:
    """The lines of a view with these blocks."""
    return lines(View(Step.RESULT, "en", "Title", blocks, ((A,),), (), banner, notice, progress))


def test_every_kind_of_block_has_its_own_look() -> None:
    """Told apart without colour."""
    found = shown(
        Block(BlockKind.TEXT, "text"),
        Block(BlockKind.HEADING, "heading"),
        Block(BlockKind.ITEM, "item"),
        Block(BlockKind.ITEM, "item", detail="detail"),
        Block(BlockKind.NOTE, "note"),
        Block(BlockKind.ANSWER, "label", detail="answer"),
        Block(BlockKind.LINK, "link", "tel:15"),
        Block(BlockKind.QR, "code", "https://example.org/a"),
        Block(BlockKind.COPY, "copy"),
        Block(BlockKind.QUOTE, "two\nlines"),
        Block(BlockKind.RECEIPT, "receipt", detail="code"),
    )

    assert [
        "=== Title",
        "text",
        "",
        "-- heading",
        "  * item",
        "  * item",
        "    detail",
        "! note",
        "  label = answer",
        "link <tel:15>",
        "code <https://example.org/a>",
        "| copy",
        "| two",
        "| lines",
        "| receipt",
    ] == found
    assert len(BlockKind) == 10


def test_what_stands_above_comes_first() -> None:
    """Banner, progress, what just happened."""
    assert ["=== Title", "[b]", "(p)", "! n"] == shown(banner="b", progress="p", notice="n")


def test_a_ready_made_mail_is_not_spelled_out() -> None:
    """The address is enough; the message stands on the screen anyway."""
    assert ["=== Title", "Write <mailto:a@example.org>"] == shown(
        Block(BlockKind.LINK, "Write", "mailto:a@example.org?subject=x&body=y")
    )


def test_buttons_are_numbered_through() -> None:
    """Row by row, the tools on the last line."""
    view = View(Step.RESULT, "en", "Title", (), ((A, B),), (C,))

    assert ["[1] One   [2] Two", "[3] Three"] == numbered(view)


def test_every_screen_can_be_shown(catalogue: Catalogue) -> None:
    """Each button once, under its number in reading order."""
    for talk in everywhere(catalogue, "fr", relative=True):
        text = "\n".join(numbered(talk.view))
        for number, button in enumerate(talk.view.buttons(), 1):
            assert f"[{number}] {button.label}" in text
        assert talk.view.title in lines(talk.view)[0]
