"""Runs a bot while sampling where its processor time goes; writes the samples when it ends.

`python -m tests.bench.sampled FILE PROGRAM`. A timer of processor time interrupts the program; what
C code has used is found under the Python code that called it or was called next, so reading from a
socket counts for whoever gets the bytes. Several hundred interrupts a second cost next to nothing.
"""

import json
import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

__all__ = ["part_of"]

_EVERY = 0.001
#: The first of these that the file of a frame contains names its part; the innermost frame decides.
_PARTS = (
    ("/dialogs/wire/", "open and seal the buttons"),
    ("/dialogs/", "the turn: move and draw"),
    ("/bot/desk.py", "the turn: move and draw"),
    ("/bot/store/", "open and seal the buttons"),
    ("/channels/telegram/updates.py", "decode the update"),
    ("/channels/telegram/bubble.py", "lay out the message"),
    ("/channels/telegram/transport.py", "HTTP out"),
    ("/channels/telegram/connections.py", "HTTP out"),
    ("/channels/telegram/api.py", "encode the call, read its answer"),
    ("/channels/telegram/webhook.py", "HTTP in"),
    ("/channels/telegram/", "the channel's own way"),
    ("/telegram/", "dispatch (python-telegram-bot)"),
    ("/uvicorn/", "HTTP in"),
)
_REST = "event loop and the rest"


def part_of(files: list[str]) -> str:
    """The part that a stack belongs to; `files` are those of its frames, the innermost first."""
    for file in files:
        for mark, part in _PARTS:
            if mark in file:
                return part
    return _REST


def _main() -> None:
    out, program = Path(sys.argv[1]), sys.argv[2]
    stacks: Counter[tuple[str, ...]] = Counter()

    def sample(_number: int, frame: FrameType | None) -> None:
        files = []
        while frame is not None:
            files.append(frame.f_code.co_filename)
            frame = frame.f_back
        stacks[tuple(files)] += 1

    def write() -> None:
        parts: Counter[str] = Counter()
        for files, count in stacks.items():
            parts[part_of(list(files))] += count
        out.write_text(json.dumps(parts), encoding="utf-8")

    def begin(_number: int, _frame: FrameType | None) -> None:
        stacks.clear()
        signal.setitimer(signal.ITIMER_PROF, _EVERY, _EVERY)

    def end(_number: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        write()

    signal.signal(signal.SIGPROF, sample)
    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    sys.argv = [program]
    sys.path.insert(0, str(Path(program).parent))
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    _main()
