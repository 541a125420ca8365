"""The conversation that every bot of the bench plays: its screens, their buttons, where they lead.

Standard library only, so that bots in any environment can read the file.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Screen", "Script", "read_script", "write_script"]


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: its words, its rows of labels, and what each button does.

    `goes` has for each button, in reading order, the number of the screen that it leads to;
    `onward` is the number of the button that the patients press. `title` is a line of `text`.
    """

    title: str
    text: str
    rows: tuple[tuple[str, ...], ...]
    goes: tuple[int, ...]
    onward: int

    def labels(self) -> list[str]:
        """All labels in reading order."""
        return [label for row in self.rows for label in row]


@dataclass(frozen=True, slots=True)
class Script:
    """The screens in the order in which the patients see them; the last ends a conversation."""

    screens: tuple[Screen, ...]

    @property
    def last(self) -> int:
        """The number of the last screen."""
        return len(self.screens) - 1

    def after(self, screen: int, button: int) -> int:
        """The screen that a button leads to; a number that is no button leads nowhere."""
        goes = self.screens[screen].goes
        return goes[button] if 0 <= button < len(goes) else screen


def write_script(script: Script, path: Path) -> None:
    """Write the script down as JSON."""
    path.write_text(json.dumps(asdict(script)), encoding="utf-8")


def read_script(path: Path) -> Script:
    """The script that `write_script` wrote."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Script(
        tuple(
            Screen(
                title=screen["title"],
                text=screen["text"],
                rows=tuple(tuple(row) for row in screen["rows"]),
                goes=tuple(screen["goes"]),
                onward=screen["onward"],
            )
            for screen in found["screens"]
        )
    )
