"""The page about speed: tables of what was measured, what was aimed at, and how to repeat it."""

import math
import statistics
from collections.abc import Callable, Iterable

from tests.bench.results import Doubled, Faulty, Result, Results, Round
from tests.bench.targets import targets

__all__ = ["page", "tables"]

_HEAD = """# Speed, and what it costs

One conversation, PALATINE's straight path in French as this project shows it (19 screens, up to 20
buttons), played by simulated patients with several bots: this one, a floor written by hand (uvloop
and httptools, her answers unsealed in the buttons, no retries), and the well-known libraries, each
as its own documentation shows it. The bot has one core; the patients and a strict stand-in for
Telegram's server have the other. A *tap* is a press, or a /start, until the next screen has reached
the server.

![CPU time a tap, bot by bot](performance.svg)
"""

_FOOT = """
## How it is measured

- *taps/s*: 64 patients, each pressing 5 ms after her screen has come and her press was answered.
  *CPU*: user and system time of the bot's processes over all taps of that stretch. Medians of
  rounds in which the bots take turns, with the lowest and the highest. † the load's core was over
  90 % busy: the bot could do more; its CPU figure holds.
- *50/s, 200/s*: presses at a steady rate; waits count from when a press was due. *30 ms*: every
  call of the API takes 30 ms, 128 patients.
- *lost*: 2 % of calls get 429 (retry after 1 s), 2 % get 500, 1 % lose the connection, half of them
  after the effect. A tap is lost when its screen has not come after 20 s. A /start is no tap: one
  without an answer is said again, and is counted by itself. The stand-in refuses a second answer to
  the same press.
- *memory*, *disk*: conversations left open at the fourth question. Memory is the growth over the
  second half of them, because the first fills what has a fixed size. The libraries get as many
  as the time of the run allows.
- *after SIGKILL*: of the patients asked, how many go on where they were when the bot is killed and
  started again.
- This bot ran with `DOUBLE_TAP_SECONDS=0`: a press 5 ms after a screen is no double tap here.
- *doubled*: of 20 patients, how many were moved on by two questions of which they had read one.
- The stand-in checks what Telegram checks: 64 bytes a button, known chats and messages, text
  lengths, HTML, presses answered once and in time; on a webhook one update in flight per person,
  and again what was not answered 2xx.

To repeat it on two idle cores (about half an hour; `--quick` takes three minutes, and shows less):

```sh
python3 -m venv .venv-bench
.venv-bench/bin/pip install --require-hashes -r requirements-bench.txt
mkdir -p .venv-bench/node
cp tests/bench/bots/package*.json .venv-bench/node/
npm ci --prefix .venv-bench/node
.venv/bin/python -m tests.bench --write
```

Without the second environment only this bot and the floor are measured. Machines differ and drift:
trust the ratios of one run.
"""

_LOAD_LIMIT = 0.9


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _spread(rounds: Iterable[Round], of: Callable[[Round], float]) -> str:
    values = [of(one) for one in rounds]
    middle = _number(statistics.median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({_number(min(values))}–{_number(max(values))})"


def _middle(rounds: Iterable[Round], of: Callable[[Round], float]) -> str:
    return _number(statistics.median([of(one) for one in rounds]))


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _mode(result: Result) -> str:
    return "webhook" if result.webhook else "polling"


def _requests(result: Result) -> str:
    calls = f"{_middle(result.rounds, lambda one: one.calls)}"
    replies = statistics.median(one.replies for one in result.rounds)
    polls = statistics.median(one.polls for one in result.rounds)
    more = [f"{_number(replies)} in the reply"] if replies else []
    more += [f"{_number(polls)} polls"] if polls else []
    return " + ".join([calls, *more])


def _speed(results: Results) -> str:
    rows = []
    floors = {
        bot.webhook: statistics.median(one.cpu for one in bot.rounds)
        for bot in results.bots.values()
        if bot.role == "floor" and bot.rounds
    }
    measured = [bot for bot in results.bots.values() if bot.rounds]
    for bot in sorted(measured, key=lambda bot: statistics.median(r.cpu for r in bot.rounds)):
        cpu = statistics.median(one.cpu for one in bot.rounds)
        limited = statistics.median(one.load_busy for one in bot.rounds) > _LOAD_LIMIT
        floor = floors.get(bot.webhook)
        rows.append(
            [
                bot.title,
                _mode(bot),
                _spread(bot.rounds, lambda one: one.cpu),
                f"{cpu / floor:.1f}" if floor else "–",
                _spread(bot.rounds, lambda one: one.rate) + (" †" if limited else ""),
                *(_waits(bot, rate) for rate in (50, 200)),
                _spread(bot.rounds, lambda one: one.slow_rate),
                _requests(bot),
            ]
        )
    head = ["bot", "by", "CPU ms/tap", "× floor", "taps/s", "p50/p99 ms at 50/s",
            "p50/p99 ms at 200/s", "taps/s, 30 ms API", "requests/tap"]  # fmt: skip
    return _table(head, rows)


def _faulty(found: Faulty) -> str:
    wrong = f", {found.astray} answered by another screen" if found.astray else ""
    unheard = f", {found.unheard} /start unanswered" if found.unheard else ""
    return f"{found.lost} of {found.presses}{wrong}{unheard}"


def _moved(found: Doubled) -> str:
    return f"{found.twice} (+{found.other} otherwise)" if found.other else f"{found.twice}"


def _waits(bot: Result, rate: int) -> str:
    middles = [one.waits[rate][0] for one in bot.rounds]
    longs = [one.waits[rate][1] for one in bot.rounds]
    return f"{_number(statistics.median(middles))} / {_number(statistics.median(longs))}"


def _trust(results: Results) -> str:
    rows = []
    for bot in results.bots.values():
        row = [bot.title, _mode(bot)]
        faulty, talks = bot.faulty, bot.conversations
        row.append(_faulty(faulty) if faulty else "–")
        for kind in ("same update twice", "double tap", "old screen"):
            found = bot.doubled.get(kind)
            row.append(
                f"{found.twice}" + f" (+{found.other} astray)" * bool(found.other) if found else "–"
            )
        if talks:
            row += [
                _number(talks.memory[0] / 1e6),
                f"{talks.memory_each:.0f}",
                f"{talks.disk_each:.0f}",
                _number(talks.count),
                f"{talks.went_on} of {talks.asked}",
                f"{talks.cpu[0]:.3f} → {talks.cpu[1]:.3f}",
            ]
        else:
            row += ["–"] * 6
        rows.append(row)
    head = ["bot", "by", "taps lost under faults", "doubled: same update twice", "double tap",
            "tap on the old screen", "memory at rest MB", "memory B/open conversation",
            "disk B/open conversation", "open conversations", "go on after SIGKILL",
            "CPU ms/tap before → after them"]  # fmt: skip
    return _table(head, rows)


def _aims(results: Results) -> str:
    rows = [[aim.words, aim.wanted, aim.found, aim.verdict] for aim in targets(results)]
    return _table(["aim", "wanted", "measured", ""], rows)


def _parts(results: Results) -> str:
    """Where our own processor time goes, and with it the rest of the way to the floor."""
    ours = results.bots.get("passerelle-webhook")
    if ours is None or not ours.rounds:
        return ""
    cpu = statistics.median(one.cpu for one in ours.rounds)
    rows = [
        [part, f"{share:.0%}", f"{share * cpu:.3f}"]
        for part, share in sorted(results.parts.items(), key=lambda item: -item[1])
    ]
    return _table(["part of a tap of Passerelle on webhook", "share", "ms"], rows)


def tables(results: Results) -> str:
    """What was measured, as Markdown."""
    rounds = [one for bot in results.bots.values() for one in bot.rounds]
    text = f"{results.day}. {results.machine}. "
    text += ", ".join(f"{name} {version}" for name, version in results.versions.items()) + ".\n"
    if rounds:
        pace = sorted(one.yardstick for one in rounds)
        others = statistics.median(one.others for one in rounds)
        text += (
            f"Pace of the bot's core during the run: {statistics.median(pace):.0f} thousand small "
            f"JSON texts parsed a second ({pace[0]:.0f}–{pace[-1]:.0f}). Of both cores, other "
            f"programs used {max(0.0, others):.0%}"
            f"{': the machine was not quiet, trust ratios only' if others > 0.1 else ''}.\n"
        )
    text += f"\n## Aims\n\n{_aims(results)}"
    text += f"\n## Speed\n\n{_speed(results)}"
    text += f"\n## What is lost, doubled and kept\n\n{_trust(results)}"
    if results.parts:
        text += f"\n## Where the time goes\n\n{_parts(results)}"
    found = [
        f"- {bot.title} ({_mode(bot)}): {problem}, {count} times"
        for bot in results.bots.values()
        for problem, count in _problems(bot).items()
    ]
    if found:
        text += "\nWhat the stand-in refused while the bots were at full speed:\n\n"
        text += "\n".join(found) + "\n"
    if results.skipped:
        left = (f"- {name}: {reason}" for name, reason in results.skipped.items())
        text += "\nNot measured:\n\n" + "\n".join(left) + "\n"
    return text


def _problems(bot: Result) -> dict[str, int]:
    total: dict[str, int] = {}
    for one in bot.rounds:
        for problem, count in one.problems.items():
            total[problem] = total.get(problem, 0) + count
    return total


def page(results: Results) -> str:
    """The whole page."""
    return f"{_HEAD}\n{tables(results)}{_FOOT}"
