"""A bot as a process of its own on a core of its own: start, cost, memory, disk, end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["BotProcess", "busy", "on_core", "yardstick"]

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")
_PATIENCE = 5


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """This process, and whatever it starts meanwhile, runs on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def yardstick(core: int) -> float:
    """How quick a core is just now: thousands of times a second that it parses a small JSON."""
    program = (
        'import json,time;t=\'{"a":[1,2,3],"b":{"c":"d"}}\';n=0;e=time.perf_counter()+.1\n'
        "while time.perf_counter()<e:\n"
        " for _ in range(100):json.loads(t)\n"
        " n+=1\n"
        "print(n)"
    )
    with on_core(core):
        done = subprocess.run(
            [sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True
        )
    return int(done.stdout)


def busy(used: tuple[int, int]) -> float:
    """Seconds of processor time that anybody has spent on these cores."""
    names = {f"cpu{core}" for core in used}
    total = 0
    with (_PROC / "stat").open(encoding="ascii") as lines:
        for line in lines:
            name, *fields = line.split()
            if name in names:
                user, nice, system, _idle, _wait, irq, soft, steal = map(int, fields[:8])
                total += user + nice + system + irq + soft + steal
    return total / _TICKS


class BotProcess:
    """A started bot; what it says goes to the file `said` beside its folder."""

    def __init__(
        self, command: list[str], folder: Path, environment: dict[str, str], core: int
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.said = folder.with_suffix(".said")
        with on_core(core), self.said.open("ab") as said:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **environment},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def family(self) -> list[int]:
        """The process and all that came from it."""
        found = [self._process.pid]
        for number in found:
            for task in (_PROC / str(number)).glob("task/*/children"):
                try:
                    found += map(int, task.read_text().split())
                except OSError:
                    continue
        return found

    def cpu(self) -> float:
        """Seconds of processor time so far, user and system, ended children included."""
        ticks = 0
        for number in self.family():
            try:
                stat = (_PROC / str(number) / "stat").read_text()
            except OSError:
                continue
            fields = stat.rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
        return ticks / _TICKS

    def memory(self) -> int:
        """Bytes of memory in use (resident set)."""
        pages = 0
        for number in self.family():
            try:
                pages += int((_PROC / str(number) / "statm").read_text().split()[1])
            except OSError:
                continue
        return pages * _PAGE

    def disk(self) -> int:
        """Bytes of all files below the bot's folder."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    @property
    def running(self) -> bool:
        """Whether it is still there."""
        return self._process.poll() is None

    def words(self) -> str:
        """The last of what it said."""
        return self.said.read_text(encoding="utf-8", errors="replace")[-2000:]

    def tell(self, how: signal.Signals) -> None:
        """Send a signal to the process itself."""
        self._process.send_signal(how)

    def kill(self) -> None:
        """End it at once, as a crash of the machine would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and make it end."""
        if not self._end(signal.SIGTERM):
            self.kill()

    def _end(self, how: signal.Signals) -> bool:
        if not self.running:
            return True
        try:
            os.killpg(self._process.pid, how)
            self._process.wait(_PATIENCE)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            time.sleep(0)
            return not self.running
        return True
