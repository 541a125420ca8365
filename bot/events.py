"""The only lines this service writes about its own work: from a closed list, without any content.

An exception is reduced to its type and the place in our code: its message could quote what a
patient sent.
"""

import sys
from pathlib import Path
from traceback import walk_tb

__all__ = ["report"]


def report(error: BaseException) -> None:
    """One line on standard error: the type of `error` and the file and line that raised it."""
    place = "unknown place"
    for frame, line in walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        place = f"{file.parent.name}/{file.name}:{line}"
    sys.stderr.write(f"passerelle: error {type(error).__name__} at {place}\n")
