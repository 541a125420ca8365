"""The command line: `python run_bot.py [COMMAND]`."""

from bot.cli.main import main

__all__ = ["main"]
