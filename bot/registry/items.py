"""Lines of an eligibility text, put together to items under their headings.

A line is the heading of a kind, the mark of an item, a line of the item before it, or a note. What
is nested belongs to its item: it is indented deeper, or marked in another way than the items are.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.registry.headings import heading
from bot.registry.text import lines

__all__ = ["MARK", "Block", "Item", "blocks"]

#: What marks an item at the start of its line: a bullet, "1.", "(1)", "8.-10.", "1.1" or "a)".
MARK = re.compile(
    r"(?:(?P<bullet>[*•●◦▪·‣–—-]{1,2}|o)"
    r"|\(?(?P<number>\d{1,3}(?:\.? ?[-–] ?\d{1,3})?)[.)]"
    r"|(?P<part>\d{1,2}(?:\.\d{1,2})+)[.)]?"
    r"|\(?(?P<letter>[A-Za-z]|[ivx]{2,4})[.)])\s+(?=\S)"
)
_DIGITS = re.compile(r"\d+")
#: A number inside a line that may begin the next item, unless it ends a phrase such as "grade 6".
_INSIDE = re.compile(
    r"(?<=[\w)\];,.])(?<!grade)(?<!stage)(?<!score)(?<!than)(?<!least)(?<!to)(?<!or)(?<!and)(?<!of)"
    r"(?<!version) (?=(\d{1,3})\. +[A-Z])"
)
#: Markdown nests from two columns on.
_LEEWAY = 1


@dataclass(slots=True)
class Item:
    """One item: its lines, indented as they were against its own mark.

    `first` to `last` are the numbers that the text gives it, 0 without any; `cut` says that it
    stood in one line with the item before.
    """

    lines: list[str]
    first: int = 0
    last: int = 0
    cut: bool = False


@dataclass(slots=True)
class Block:
    """Items below one heading of `kind` (`I`, `E`, or "" before the first) and after some notes."""

    kind: str = ""
    title: str = ""
    notes: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """The blocks of `text`, in order; of a kind without any mark each line is an item."""
    reader = _Reader()
    raw = [line for line in lines(text) if line]
    margin = min((_indent(line) for line in raw), default=0)
    for line in lines(text):
        reader.read(line[margin:])
    found = reader.found
    marked = {block.kind for block in found if block.items}
    for block in found:
        if block.kind not in marked:
            block.items = [Item([note]) for note in block.notes if not note.endswith(":")]
            block.notes = [note for note in block.notes if note.endswith(":")]
        block.items = list(_apart(block.items))
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class _Reader:
    """The blocks so far, and where the items of the last one stand and how they are marked."""

    def __init__(self) -> None:
        self.found = [Block()]
        self.column: int | None = None
        self.style: str | None = None
        self.gap = True

    def read(self, line: str) -> None:
        """Takes one line; an empty one parts paragraphs."""
        text = line.strip()
        if not text:
            self.gap = True
            return
        column = _indent(line)
        outer = self.column is None or column <= self.column + _LEEWAY
        mark = MARK.match(text)
        head = heading(text[mark.end() :] if mark else text, marked=mark is not None)
        if head and outer:
            kind, title, text = head
            self.found.append(Block(kind, title))
            self.column = self.style = None
            mark = MARK.match(text)
        if text:
            self._put(column, text, mark, outer)
        self.gap = False

    def _put(self, column: int, text: str, mark: re.Match[str] | None, outer: bool) -> None:
        block = self.found[-1]
        shallower = self.column is None or column < self.column - _LEEWAY
        if mark and outer and (shallower or self.style in {None, mark.lastgroup}):
            numbers = [int(number) for number in _DIGITS.findall(mark["number"] or "0")]
            block.items.append(Item([text], numbers[0], numbers[-1]))
            self.style = mark.lastgroup
            self.column = column if shallower else self.column
        elif block.items and (mark or not outer or not self.gap):
            lines_ = block.items[-1].lines
            if mark or self.gap:
                depth = max(column - (self.column or 0), 2)
                lines_.append(" " * depth + text)
            else:
                lines_[-1] += f" {text}"
        elif block.items:
            self.found.append(Block(block.kind, notes=[text]))
            self.style = None
        else:
            block.notes.append(text)


def _apart(items: list[Item]) -> Iterable[Item]:
    """`items`, with those that stand in one line ("8. … 9. …") each on its own."""
    numbers = {item.first for item in items}
    for item in items:
        rest = item
        while cut := _next(rest, numbers):
            head, tail = rest.lines[0][: cut.start()], rest.lines[0][cut.end() :]
            yield Item([head.rstrip()], rest.first, rest.last, rest.cut)
            rest = Item([tail, *rest.lines[1:]], int(cut[1]), int(cut[1]), cut=True)
        yield rest


def _next(item: Item, numbers: set[int]) -> re.Match[str] | None:
    """Where the next number stands inside the first line, when no item of its own has it."""
    wanted = item.last + 1
    if not item.last or wanted in numbers:
        return None
    found = _INSIDE.finditer(item.lines[0])
    return next((match for match in found if int(match[1]) == wanted), None)
