"""Commands and their options; each command is one function of `bot.cli.commands`."""

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.app import StartError
from bot.authoring.explain import AnswersError
from bot.cli import announce, centre, commands, link, registry, stats, status, subpoena
from bot.reading import SettingsError
from bot.store.keyfiles import KeyFileError
from bot.store.records import StoreError
from dialogs.conversation.session import LANGUAGES
from dialogs.errors import DialogError

__all__ = ["main", "parser"]


def parser() -> argparse.ArgumentParser:
    """All commands; the README is tested against them."""
    root = argparse.ArgumentParser(
        prog="run_bot.py",
        description="Passerelle. Without a command it starts the service: the demonstration, or "
        "live when BOT_TOKEN is set.",
    )
    root.set_defaults(run=commands.serve)
    subs = root.add_subparsers(title="commands", metavar="COMMAND")

    chat = subs.add_parser("chat", help="talk in the terminal (the demonstration)")
    chat.add_argument("--lang", choices=list(LANGUAGES), default="fr", help="first language")
    chat.add_argument(
        "--record", type=Path, metavar="FILE", help="write a transcript, a ready test"
    )
    chat.add_argument("--trial", metavar="NCT…", help="talk about this study only")
    chat.set_defaults(run=commands.chat)

    explain = subs.add_parser("explain", help="what a set of answers means for each criterion")
    explain.add_argument("trial", metavar="NCT…", help="number of the trial in the registry")
    given = explain.add_mutually_exclusive_group(required=True)
    given.add_argument("--answers", type=Path, metavar="FILE.json", help="the answers")
    given.add_argument("--template", action="store_true", help="print an answers file to fill in")
    explain.add_argument("--json", action="store_true", help="print JSON")
    explain.set_defaults(run=commands.explain)

    check = subs.add_parser("check", help="list all that stops a live start")
    check.set_defaults(run=commands.check)

    compile_ = subs.add_parser("compile", help="reads all files once, for a quick start with many")
    compile_.set_defaults(run=commands.compiled)

    review = subs.add_parser("review", help="record that a trial's texts and rules are approved")
    review.add_argument("trial", metavar="NCT…", help="number of the trial in the registry")
    review.add_argument("--role", required=True, help="role of the reviewer, never a name")
    review.add_argument("--version", required=True, help="version that the ethics committee saw")
    review.set_defaults(run=commands.review)
    for one in (announce, centre, link, registry, stats, status, subpoena):
        one.add(subs)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; gives the exit status: 0 well, 1 found something, 2 cannot run."""
    options = parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # French must not fail on a terminal that says it knows ASCII only.
            stream.reconfigure(encoding="utf-8")
    try:
        status: int = options.run(options)
    except KeyboardInterrupt:
        return 130
    except (
        AnswersError, DialogError, KeyFileError, OSError, SettingsError, StartError, StoreError,
    ) as error:  # fmt: skip
        sys.stderr.write(f"{error}\n")
        return 2
    return status
