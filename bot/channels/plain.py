"""A view as plain lines: what the terminal shows and what a transcript holds."""

from dialogs.conversation.view import Block, BlockKind, View

__all__ = ["lines", "numbered"]


def _block(block: Block) -> list[str]:
    match block.kind:
        case BlockKind.HEADING:
            return ["", f"-- {block.text}"]
        case BlockKind.ITEM:
            return [f"  * {block.text}", *([f"    {block.detail}"] if block.detail else [])]
        case BlockKind.ANSWER:
            return [f"  {block.text} = {block.detail}"]
        case BlockKind.NOTE:
            return [f"! {block.text}"]
        case BlockKind.COPY | BlockKind.RECEIPT:
            return [f"| {block.text}"]
        case BlockKind.QUOTE:
            return [f"| {line}" for line in block.text.splitlines()]
        case BlockKind.LINK | BlockKind.QR:
            href = (block.href or "").partition("?")[0]
            return [f"{block.text} <{href}>"]
        case BlockKind.TEXT:
            return [block.text]


def lines(view: View) -> list[str]:
    """The words of a view, one paragraph a line, without its buttons."""
    out = [f"=== {view.title}"]
    if view.banner:
        out.append(f"[{view.banner}]")
    if view.progress:
        out.append(f"({view.progress})")
    if view.notice:
        out.append(f"! {view.notice}")
    for block in view.blocks:
        out += _block(block)
    return out


def numbered(view: View) -> list[str]:
    """The buttons of a view, numbered in reading order, one row a line, the tools on the last."""
    out = []
    number = 0
    for row in (*view.rows, view.tools):
        cells = []
        for button in row:
            number += 1
            cells.append(f"[{number}] {button.label}")
        out.append("   ".join(cells))
    return out
