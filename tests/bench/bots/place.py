"""Where a bot of the bench finds its script, its API and its webhook: in its environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.bench.script import Script, read_script

__all__ = ["Place", "place"]


@dataclass(frozen=True, slots=True)
class Place:
    """What a bot has to know; `webhook_url` is empty when it polls."""

    script: Script
    token: str
    api: str
    webhook_url: str
    host: str
    port: int
    secret: str


def place() -> Place:
    """The place that the bench has set."""
    host, _, port = os.environ.get("WEBHOOK_LISTEN", "127.0.0.1:0").rpartition(":")
    return Place(
        script=read_script(Path(os.environ["BENCH_SCRIPT"])),
        token=os.environ["BOT_TOKEN"],
        api=os.environ["BOT_API_URL"],
        webhook_url=os.environ.get("WEBHOOK_URL", ""),
        host=host,
        port=int(port),
        secret=os.environ.get("WEBHOOK_SECRET", ""),
    )
