"""`python -m tests.bench`: sets this bot beside a floor and other libraries, and shows a table.

`python -m tests.bench engine` times one turn of the engine by part, `python -m tests.bench
matching` what many trials cost, and how many questions are asked.
"""

import argparse
import platform
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path

import uvloop

from bot.data import ROOT
from tests.bench import engine, matching
from tests.bench.contestants import CONTESTANTS, Contestant, missing, versions
from tests.bench.export import export
from tests.bench.load import cores, script_file
from tests.bench.measures import FULL, QUICK, NotStarted, Plan, Workplace
from tests.bench.report import page, tables
from tests.bench.results import Result, Results, keep, kept
from tests.bench.script import write_script
from tests.bench.svg import drawing

__all__: list[str] = []

_PAGE = ROOT / "docs" / "performance.md"
_PICTURE = ROOT / "docs" / "performance.svg"
#: What a quick run measures: this bot, the floor, and the library as shipped.
_QUICK = ("passerelle", "floor-webhook", "ptb-webhook")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _machine() -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = (line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line)
    bot, load = cores()
    used = "one core for both" if bot == load else "one core for the bot, one for the load"
    return f"{next(models, platform.machine())}, {used}"


def _chosen(only: list[str], quick: bool, results: Results) -> list[Contestant]:
    wanted = only or (_QUICK if quick else ())
    chosen = []
    for contestant in CONTESTANTS:
        if wanted and not any(name in contestant.id for name in wanted):
            continue
        reason = missing(contestant)
        if reason:
            results.skipped[contestant.id] = reason
            _say(f"{contestant.id}: left out, {reason}")
        else:
            chosen.append(contestant)
            results.bots[contestant.id] = Result(
                contestant.title, contestant.webhook, contestant.role
            )
    return chosen


async def _measure(place: Workplace, chosen: list[Contestant], results: Results) -> None:
    """All rounds of speed, the bots taking turns; then the rest, bot by bot."""
    for number in range(place.plan.rounds):
        for contestant in chosen:
            try:
                one = await place.speed(contestant)
            except NotStarted as error:
                _failed(contestant, error, results)
                continue
            results.bots[contestant.id].rounds.append(one)
            _say(
                f"round {number + 1} {contestant.id:<20}{one.rate:8.0f} taps/s"
                f"{one.cpu:8.3f} ms CPU/tap{one.slow_rate:8.0f} taps/s at 30 ms"
            )
    for contestant in chosen:
        result = results.bots[contestant.id]
        try:
            if contestant.role == "ours" and contestant.webhook:
                results.parts = await place.parts(contestant)
            result.doubled = await place.doubled(contestant)
            result.faulty = await place.faulty(contestant)
            result.conversations = await place.conversations(contestant)
        except NotStarted as error:
            _failed(contestant, error, results)
            continue
        _say(
            f"{contestant.id}: {result.faulty.lost} of {result.faulty.presses} taps lost, "
            f"{result.conversations.went_on} of {result.conversations.asked} go on after SIGKILL"
        )


def _failed(contestant: Contestant, error: NotStarted, results: Results) -> None:
    results.skipped[contestant.id] = "it did not always start"
    _say(f"{contestant.id}: did not start: {error}")


def _run(plan: Plan, only: list[str], quick: bool) -> Results:
    results = Results(
        date.today().isoformat(),
        _machine(),
        {"Python": platform.python_version(), "uvloop": version("uvloop"), **versions()},
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = export(folder / "script-keys")
        write_script(script, script_file(folder))
        place = Workplace(script, folder, plan)
        chosen = _chosen(only, quick, results)
        uvloop.run(_measure(place, chosen, results))
    return results


def main() -> None:
    """Reads the command line and does what it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("peers", "engine", "matching"), default="peers")
    parser.add_argument("--quick", action="store_true", help="about two minutes, fewer bots")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="may be repeated"
    )
    parser.add_argument(
        "--write",
        action="store_true",
        help="write the page in docs, and its picture",
    )
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep the figures in a file")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="show kept figures, measure none")
    given = parser.parse_args()
    if given.what == "engine":
        engine.main()
        return
    if given.what == "matching":
        matching.measure(write=given.write)
        return
    if given.kept:
        results = kept(given.kept)
    else:
        results = _run(QUICK if given.quick else FULL, given.only, given.quick)
    if given.keep:
        keep(results, given.keep)
    _say("\n" + tables(results))
    if given.write:
        _PAGE.write_text(page(results), encoding="utf-8")
        _PICTURE.write_text(drawing(results), encoding="utf-8")


if __name__ == "__main__":
    main()
