"""Starts Passerelle: `python run_bot.py [COMMAND]`, see `--help`."""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.exit(main())
