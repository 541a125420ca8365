"""What was counted, as it may be told: `run_bot.py stats`."""

import argparse
import json
from collections.abc import Mapping
from datetime import date

from bot.channels.stats import table
from bot.cli.places import CommandError, say, store, trials
from bot.outreach.books import closed, publish
from bot.outreach.sums import STEPS, Figures, Sum, figures
from bot.store.records import Campaign, Key

__all__ = ["add", "stats"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the command."""
    command = commands.add_parser("stats", help="print the figures of weeks that are over")
    command.add_argument("--campaign", metavar="SLUG", help="those of one link only")
    form = command.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="all published cells as CSV")
    form.add_argument("--json", action="store_true", help="the same as JSON")
    command.set_defaults(run=stats)


def stats(options: argparse.Namespace) -> int:
    """Publishes what is due, and prints what is published."""
    today = date.today()
    with store() as held:
        publish(held, today)
        cells, campaigns = held.published(), held.campaigns()
    if options.campaign is not None:
        chosen = _chosen(campaigns, options.campaign)
        cells = {key: number for key, number in cells.items() if key.campaign == chosen.number}
    slugs = {one.number: one.slug for one in campaigns}
    if options.json:
        say(json.dumps([_entry(key, number, slugs) for key, number in sorted(cells.items())]))
    elif options.csv:
        say(table(cells, slugs).rstrip("\r\n"))
    else:
        _print(figures(cells, closed(today), trials().bank.questions), cells, slugs, today)
    return 0


def _chosen(campaigns: list[Campaign], slug: str) -> Campaign:
    for one in campaigns:
        if one.slug == slug.lower():
            return one
    known = ", ".join(one.slug for one in campaigns) or "none"
    raise CommandError(f"there is no link {slug!r}: known are {known}")


def _entry(key: Key, number: int | None, slugs: Mapping[int, str]) -> dict[str, object]:
    return {
        "week": key.week,
        "campaign": slugs.get(key.campaign, key.campaign),
        "trial": key.trial or "all",
        "language": key.language,
        "step": key.step,
        "number": number,
    }


def _said(one: Sum) -> str:
    if one.few:
        return "hidden"
    return f"{one.number}+" if one.more else str(one.number)


def _print(
    found: Figures, cells: Mapping[Key, int | None], slugs: Mapping[int, str], today: date
) -> None:
    """A short report: steps by week, then in all, results, stops and reasons."""
    say(f"Weeks that are over, up to {closed(today)}. Numbers under 11 are hidden, and others with")
    say("them where they would give one away; all are rounded to 5; 120+ is that or more.")
    if not found.weeks:
        say("No week is published yet: it happens on the Tuesday after it.")
        return
    rows = [["week", *STEPS]]
    for place, week in enumerate(found.weeks):
        rows.append([week, *(_said(found.by_week[step][place]) for step in STEPS)])
    rows.append(["in all", *(_said(found.totals[step]) for step in STEPS)])
    _rows(rows)
    numbers = sorted({key.campaign for key in cells})
    if len(numbers) > 1:
        _rows([["link", *STEPS], *(_campaign(number, cells, slugs) for number in numbers)])
    if found.results:
        of_trials = [[trial, kind, _said(n)] for (trial, kind), n in found.results.items()]
        _rows([["trial", "result", "number"], *of_trials])
    if found.stops:
        stops = [[one.question, _said(one.asked), _said(one.stopped)] for one in found.stops]
        _rows([["question", "asked", "stopped"], *stops])
    if found.reasons:
        reasons = [[one.trial, one.criterion, _said(one.times)] for one in found.reasons]
        _rows([["trial", "criterion that ruled out", "number"], *reasons])


def _campaign(number: int, cells: Mapping[Key, int | None], slugs: Mapping[int, str]) -> list[str]:
    mine = {key: one for key, one in cells.items() if key.campaign == number}
    totals = figures(mine, "", ()).totals
    name = slugs.get(number, f"{number} (ended)") if number else "no link"
    return [name, *(_said(totals[step]) for step in STEPS)]


def _rows(rows: list[list[str]]) -> None:
    """Rows in columns, the first line as their heads."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    say("")
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        say("  ".join(cells).rstrip())
