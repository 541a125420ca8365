"""Golden conversations: plain text, run through every channel.

A file holds what a person sees and taps; lines that begin with ">" are her taps, "~ days N" lets N
days pass. `pytest tests/test_transcripts.py --update` writes the files anew, and reading their diff
is the review. Files named `.live.` are of a live service on 22 November 2026, the others are of the
demonstration. In every channel the session is packed, sealed, opened and unpacked between two taps.
"""

import http.client
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.channels.terminal import chat
from bot.channels.web import web_app
from bot.desk import Desk, Page
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Catalogue, Operator
from dialogs.conversation.view import View
from tests.web_fixtures import serving

FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))
NAMES = {path.name.split(".", 1)[1] for path in FILES}
LIVE_DAY = date(2026, 11, 22)
OPERATOR = Operator("Hôpital de Démonstration (sample)", "contact@example.org", "dpo@example.org")


class Clock:
    """A calendar that the transcript turns."""

    def __init__(self) -> None:
        self.today = LIVE_DAY

    def __call__(self) -> date:
        """Today."""
        return self.today


def desk_of(path: Path, catalogue: Catalogue, folder: Path, clock: Clock) -> Desk:
    """The desk that a transcript was made with."""
    live = ".live." in path.name
    operator = OPERATOR if live else None
    shown = replace(catalogue, demonstration=not live, operator=operator)
    return Desk(shown, KeyFiles(folder / "keys"), clock)


def taps(text: str, clock: Clock) -> Iterator[str]:
    """The labels tapped in a transcript; days pass on the way."""
    for line in text.splitlines():
        if passing := re.fullmatch(r"~ days (\d+)", line):
            clock.today += timedelta(days=int(passing[1]))
        elif line.startswith("> "):
            yield line.removeprefix("> ")


def _with_days(recorded: str, original: str) -> str:
    """The recorded text with the "~ days" lines of the original in front of the same taps."""
    pending: dict[int, str] = {}
    taps = 0
    for line in original.splitlines():
        if line.startswith("~ days"):
            pending[taps] = line
        taps += line.startswith("> ")
    out: list[str] = []
    taps = 0
    for line in recorded.splitlines():
        if line.startswith("> "):
            if taps in pending:
                out += [pending[taps], ""]
            taps += 1
        out.append(line)
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_terminal_shows_the_transcript(
    path: Path, catalogue: Catalogue, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The terminal shows word for word what the transcript says."""
    original = path.read_text(encoding="utf-8")
    clock = Clock()
    desk = desk_of(path, catalogue, tmp_path, clock)
    record = tmp_path / "record.txt"

    chat(desk, path.name[:2], taps(original, clock), io.StringIO(), record)

    recorded = _with_days(record.read_text(encoding="utf-8"), original)
    if request.config.getoption("--update"):
        path.write_text(recorded, encoding="utf-8")
        original = recorded

    assert original == recorded


class _Reading(HTMLParser):
    """The words of a page's main part, and the label and token of each button, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tokens: dict[str, str] = {}
        self.secret = ""
        self.target = ""
        self._token: str | None = None
        self._hidden = 0
        self._goes_on = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._goes_on = tag == "span"
        if tag == "button":
            self._token = given.get("value") or ""
        if tag == "form":
            self.target = given.get("action") or ""
        if tag == "input" and given.get("name") == "s":
            self.secret = given.get("value") or ""
        if tag in ("style", "script"):
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        self._goes_on = tag == "span"
        if tag == "button":
            self._token = None
        if tag in ("style", "script"):
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split(" "))
        if self._hidden or not text.strip():
            return
        if self._token:
            self.tokens[text.strip()] = self._token
        if self._goes_on and self.words:
            self.words[-1] += text
        else:
            self.words.append(text.lstrip())


def _expected(view: View) -> list[str]:
    """Every word a person must see on the page, besides the buttons."""
    words = [view.title]
    words += [part for part in (view.banner, view.progress, view.notice) if part]
    for block in view.blocks:
        words.append(block.text)
        if block.detail:
            words.append(block.detail)
    return words


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_web_page_shows_the_same(path: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    """The web page, over real HTTP, shows the same words and buttons at every step."""
    clock = Clock()
    desk = desk_of(path, catalogue, tmp_path, clock)
    twin = Desk(desk.catalogue, KeyFiles(tmp_path / "keys"), clock)
    binding = b"twin"
    page: Page = twin.welcome(binding, path.name[:2])

    errors: list[BaseException] = []
    with serving(web_app(desk, errors.append), errors) as service:
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
        connection.request("GET", f"/?lang={path.name[:2]}")
        html = connection.getresponse().read().decode()
        for label in chain(taps(path.read_text(encoding="utf-8"), clock), [None]):
            reading = _Reading()
            reading.feed(html)
            text = "\n".join(reading.words)
            missing = [words for words in _expected(page.view) if words not in text]

            assert [] == missing
            assert {button.label for button in page.view.buttons()} == set(reading.tokens)
            if label is None:
                break
            body = urlencode({"s": reading.secret, "t": reading.tokens[label]})
            connection.request(
                "POST",
                reading.target,
                body,
                {"Content-Type": "application/x-www-form-urlencoded"},
            )
            html = connection.getresponse().read().decode()
            button = next(b for b in page.view.buttons() if b.label == label)
            page = twin.press(binding, page.tokens[button], path.name[:2])
        connection.close()

    assert [] == errors


def test_both_languages_tell_the_same_stories() -> None:
    """Each conversation is there in French and in English."""
    assert {f"{language}.{name}" for name in NAMES for language in ("fr", "en")} == {
        path.name for path in FILES
    }
