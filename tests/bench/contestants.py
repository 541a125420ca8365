"""The bots that are set side by side, and how each is started."""

import json
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.data import ROOT
from tests.bench.load import Load
from tests.bench.process import BotProcess

__all__ = ["CONTESTANTS", "Contestant", "launch", "missing", "versions"]

#: The environment of the other libraries, apart from ours so that neither can move the other.
_PEERS = ROOT / ".venv-bench"
_NODE = _PEERS / "node"
_HOOK_WORD = "bench-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A bot in one way of delivery. `needs` is the module that its environment must have."""

    name: str
    title: str
    webhook: bool
    needs: str
    #: "ours", "floor" or "peer".
    role: str = "peer"

    @property
    def id(self) -> str:
        """Its name and its way of delivery."""
        return f"{self.name}-{'webhook' if self.webhook else 'polling'}"


CONTESTANTS = (
    Contestant("passerelle", "**Passerelle**", True, "", "ours"),
    Contestant("passerelle", "**Passerelle**", False, "", "ours"),
    Contestant("floor", "floor, written by hand", True, "", "floor"),
    Contestant("floor", "floor, written by hand", False, "", "floor"),
    Contestant("ptb", "python-telegram-bot as shipped", True, "tornado"),
    Contestant("ptb", "python-telegram-bot as shipped", False, "telegram"),
    Contestant("aiogram_bot", "aiogram", True, "aiogram"),
    Contestant("aiogram_bot", "aiogram", False, "aiogram"),
    Contestant("dialog_bot", "aiogram-dialog", False, "aiogram_dialog"),
    Contestant("telebot_bot", "pyTelegramBotAPI", False, "telebot"),
    Contestant("grammy", "grammY", True, "grammy"),
    Contestant("grammy", "grammY", False, "grammy"),
)


def missing(contestant: Contestant) -> str:
    """What is not installed for a contestant, in words; empty when all is there."""
    if contestant.role == "ours":
        there = (ROOT / "bot" / "channels" / "telegram" / "__init__.py").exists()
        return "" if there else "the Telegram channel is not there"
    if contestant.name == "grammy":
        return "" if (_NODE / "node_modules" / "grammy").exists() else "grammY is not installed"
    if not contestant.needs:
        return ""
    python = _python(contestant)
    if not python.exists():
        return f"there is no environment {_PEERS.name} for the other libraries"
    program = (
        "import importlib.util,sys;"
        f"sys.exit(importlib.util.find_spec({contestant.needs!r}) is None)"
    )
    found = subprocess.run([python, "-c", program], check=False, capture_output=True)
    return "" if found.returncode == 0 else f"{contestant.needs} is not installed"


def versions() -> dict[str, str]:
    """The versions of the libraries that are installed for the other bots."""
    found: dict[str, str] = {}
    python = _PEERS / "bin" / "python"
    if python.exists():
        program = (
            "from importlib.metadata import version\n"
            "for name in ('python-telegram-bot','aiogram','aiogram-dialog','pyTelegramBotAPI'):\n"
            " print(name,version(name))"
        )
        told = subprocess.run([python, "-c", program], check=False, capture_output=True, text=True)
        for line in told.stdout.splitlines():
            name, number = line.split()
            found[name] = number
    package = _NODE / "node_modules" / "grammy" / "package.json"
    if package.exists():
        found["grammY"] = json.loads(package.read_text(encoding="utf-8"))["version"]
        node = subprocess.run(["node", "--version"], check=False, capture_output=True, text=True)
        found["Node"] = node.stdout.strip().removeprefix("v")
    return found


def _python(contestant: Contestant) -> Path:
    return Path(sys.executable) if not contestant.needs else _PEERS / "bin" / "python"


def _command(contestant: Contestant, samples: Path | None) -> list[str]:
    if contestant.role == "ours":
        program = str(ROOT / "run_bot.py")
        if samples is None:
            return [sys.executable, program]
        return [sys.executable, "-m", "tests.bench.sampled", str(samples), program]
    if contestant.name == "grammy":
        return ["node", str(ROOT / "tests" / "bench" / "bots" / "grammy.mjs")]
    return [str(_python(contestant)), "-m", f"tests.bench.bots.{contestant.name}"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def launch(
    contestant: Contestant,
    load: Load,
    folder: Path,
    script: Path,
    core: int,
    samples: Path | None = None,
) -> BotProcess:
    """Start a contestant for a load; `folder` is its own, `script` the file with the script.

    With `samples` our own bot notes there where its time goes, between SIGUSR1 and SIGUSR2.
    """
    environment = {
        "BOT_TOKEN": load.token,
        "BOT_API_URL": load.url,
        "BENCH_SCRIPT": str(script),
        "BENCH_NODE": str(_NODE),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DEMO": "1",
        "DEMO_CHATS": "*",
        # Patients here press faster than any hand.
        "DOUBLE_TAP_SECONDS": "0",
        "KEYS_DIR": str(folder / "keys"),
        "WEB_PORT": str(_free_port()),
    }
    if contestant.webhook:
        port = _free_port()
        environment |= {
            "WEBHOOK_URL": f"http://127.0.0.1:{port}/hook",
            "WEBHOOK_LISTEN": f"127.0.0.1:{port}",
            "WEBHOOK_SECRET": _HOOK_WORD,
        }
    return BotProcess(_command(contestant, samples), folder, environment, core)
