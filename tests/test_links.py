"""Links of groups as people follow them: the real program, on the page and on Telegram.

What a conversation has kept of its link is read from what the program has counted when it stops.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.cli.main import main
from bot.store.sqlite import open_store
from tests.fakes.telegram import FakeTelegram
from tests.program_fixtures import NCT, Program, free
from tests.web_fixtures import Served

#: Words of nobody's link, a link that was ended among them.
DEAD = ("iris", "never", "Élan", "a b", "x" * 65, "<b>")


@pytest.fixture
def linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the link `la-rose`, in English, and `iris`, which is ended."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DB_FILE", str(tmp_path / "passerelle.db"))
    for options in (["la-rose", "--trial", NCT, "--lang", "en"], ["iris"], ["iris", "--end"]):
        assert 0 == main(["link", *options])
    return tmp_path


@pytest.fixture
def program(linked: Path, telegram: FakeTelegram) -> Iterator[tuple[Program, Served]]:
    """The demonstration of all studies, with its bot and its page."""
    port = free()
    settings = {
        "TRIALS": "", "WEB_PORT": port, "BOT_TOKEN": telegram.token,
        "BOT_API_URL": telegram.url, "DEMO": "1", "DEMO_CHATS": "*",
    }  # fmt: skip
    running = Program(linked, settings)
    try:
        running.ready(b"polling")
        yield running, Served(int(port), [])
    finally:
        running.end()


def opened(folder: Path) -> Counter[tuple[int, str]]:
    """How many conversations were opened, by link and language."""
    with open_store(folder / "passerelle.db") as store:
        rows = store.everything()["counts"]
    found: Counter[tuple[int, str]] = Counter()
    for row in rows:
        if row["step"] == "opened":
            found[row["campaign"], row["language"]] += row["n"]
    return found


def test_a_link_is_followed_on_the_page(linked: Path, program: tuple[Program, Served]) -> None:
    """In its language, or in that of its flyer; a dead one begins as any conversation."""
    running, page = program
    known, french, plain = (
        page.ask(path=path) for path in ("/?c=la-rose", "/?c=La-Rose&lang=fr", "/")
    )

    assert (200, "en") == (known.status, known.language)
    assert (200, "fr") == (french.status, french.language)
    assert "PALATINE" in known.html
    for slug in DEAD:
        dead = page.ask(path=f"/?c={quote(slug)}")
        assert (200, plain.language) == (dead.status, dead.language)
        assert (plain.title, plain.step) == (dead.title, dead.step)
        assert [one.label for one in plain.buttons] == [one.label for one in dead.buttons]

    running.end()

    assert {(1, "en"): 1, (1, "fr"): 1, (0, "fr"): 1 + len(DEAD)} == opened(linked)


def test_a_link_is_followed_on_telegram(
    linked: Path, program: tuple[Program, Served], telegram: FakeTelegram
) -> None:
    """In its language, whatever that of the telephone is; a dead one begins as any conversation."""
    running, _ = program

    def said(words: str) -> str:
        person = telegram.person(language="fr")
        person.say(words)
        telegram.settle()
        return person.last.text

    known, plain = said("/start la-rose"), said("/start")

    assert "PALATINE" in known
    assert "Welcome to Passerelle" in known
    assert "Bienvenue sur Passerelle" in plain
    for slug in DEAD:
        assert plain == said(f"/start {slug}")

    running.end()

    assert {(1, "en"): 1, (0, "fr"): 1 + len(DEAD)} == opened(linked)
