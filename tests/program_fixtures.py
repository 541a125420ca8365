"""The program as an operator runs it, in a process of its own."""

import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.data import ROOT
from bot.store.keyfiles import KeyFiles
from bot.store.records import Kind, State
from bot.store.sqlite import open_store
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import Session
from dialogs.conversation.steps import Action
from dialogs.wire.pack import Tap

__all__ = ["NCT", "PLAIN", "Place", "Program", "free"]

NCT = "NCT03870919"
PLAIN = "import sys; from bot.cli.main import main; sys.exit(main([]))"


class Program:
    """The program in `folder`, as `script` starts it; what it says goes into `output.txt`."""

    def __init__(self, folder: Path, environment: dict[str, str], script: str = PLAIN) -> None:
        (folder / "tmp").mkdir(exist_ok=True)
        self.output = folder / "output.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", script],
                cwd=folder,
                env={
                    "PATH": "/usr/bin:/bin",
                    "TMPDIR": str(folder / "tmp"),
                    "PYTHONPATH": str(ROOT),
                    "PYTHONDONTWRITEBYTEcode": "1",
                    "KEYS_DIR": str(folder / "keys"),
                    "DB_FILE": str(folder / "passerelle.db"),
                    "STAFF_LANGUAGE": "en",
                    "TRIALS": NCT,
                    **environment,
                },
                stdout=output,
                stderr=output,
            )

    def ready(self, word: bytes) -> None:
        """Waits until it has said `word`."""
        limit = time.monotonic() + 30
        while word not in self.output.read_bytes():
            if time.monotonic() > limit or self.process.poll() is not None:
                raise TimeoutError(self.output.read_text(encoding="utf-8"))
            time.sleep(0.02)

    def died(self) -> bool:
        """Waits until it was killed."""
        return self.process.wait(30) == -signal.SIGKILL

    def end(self) -> None:
        """Tells it to stop."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(40)


@dataclass
class Place:
    """Folder, keys and store of one installation."""

    folder: Path
    catalogue: Catalogue

    def token(self, binding: bytes, session: Session, action: Action) -> str:
        """A button of a screen of hers."""
        layout = self.catalogue.layout
        payload = layout.with_tap(layout.pack(session), Tap(action))
        keyring = KeyFiles(self.folder / "keys").keyring(date.today())
        return keyring.seal(payload, binding)

    def bind(self, kind: Kind, address: str, centre: int = 1) -> None:
        """Makes a centre be reached there."""
        store = open_store(self.folder / "passerelle.db")
        store.bind(NCT, centre, kind, address)
        store.close()

    def state(self, code: str) -> State | None:
        """How the only request stands; None when there is none."""
        store = open_store(self.folder / "passerelle.db")
        rows = store.everything()["requests"]
        row = store.request(code)
        store.close()

        assert len(rows) == (row is not None)

        return None if row is None else row.state


def free() -> str:
    """A port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return str(listener.getsockname()[1])
