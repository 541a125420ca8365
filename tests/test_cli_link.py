"""`run_bot.py link`: what a group gets, and what is said of what will not do."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.cli.main import main
from bot.store.sqlite import open_store
from dialogs.conversation.session import LANGUAGES
from tests.fakes.telegram import FakeTelegram
from tests.papers import codes, paper

NCT = "NCT03870919"
WEB = "https://passerelle.example.org"
LABEL = "Les Amies de la Rose (sample)"


@dataclass
class Console:
    """Where an operator types the command; what it said last."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    def __call__(self, *options: str) -> int:
        """The exit status of `run_bot.py link OPTIONS`."""
        status = main(["link", *options])
        self.out, self.err = self.capture.readouterr()
        return status

    def campaigns(self) -> list[dict[str, Any]]:
        """The rows of all links."""
        with open_store(self.folder / "passerelle.db") as store:
            return store.everything()["campaigns"]

    def refused(self, *options: str) -> str:
        """What a command that cannot do it says; nothing is made."""
        before, files = self.campaigns(), set(self.folder.rglob("*"))

        assert 2 == self(*options)
        assert "" == self.out
        assert before == self.campaigns()
        assert files == set(self.folder.rglob("*"))

        return self.err


@pytest.fixture
def link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Console:
    """A console in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DB_FILE", str(tmp_path / "passerelle.db"))
    monkeypatch.setenv("WEB_URL", WEB)
    open_store(tmp_path / "passerelle.db").close()
    return Console(tmp_path, capsys)


def test_a_group_gets_its_links_codes_and_flyers(link: Console) -> None:
    """Both links, the key to the figures, and files that lead to them."""
    assert 0 == link(
        "la-rose", "--trial", NCT, "--lang", "fr", "--label", LABEL, "--bot", "@rose_bot"
    )

    web, chat = f"{WEB}/?c=la-rose", "https://t.me/rose_bot?start=la-rose"
    folder = link.folder / "links" / "la-rose"

    assert f"Web:      {web}\n" in link.out
    assert f"Telegram: {chat}\n" in link.out
    assert [web] == codes(folder / "qr-web.png")
    assert [chat] == codes(folder / "qr-telegram.png")
    for form in ("a4", "square"):
        assert [web] == codes(folder / f"flyer-{form}.fr.png")
        assert [f"{web}&lang=en"] == codes(folder / f"flyer-{form}.en.png")
        for language in LANGUAGES:
            assert LABEL in paper(folder / f"flyer-{form}.{language}.pdf").words
    written = {str(path.relative_to(link.folder)) for path in folder.iterdir()}
    assert 12 == len(written)
    assert written == {line.strip() for line in link.out.splitlines() if line.startswith("  links")}
    (row,) = link.campaigns()
    assert ("la-rose", 1, NCT, "fr", LABEL) == tuple(row.values())[:5]


def test_no_link_tells_what_it_is_about(link: Console) -> None:
    """Neither of the two holds a word of illness, nor the study's number."""
    link("la-rose", "--trial", NCT, "--bot", "rose_bot")
    shown = "".join(line for line in link.out.splitlines() if line.startswith(("Web", "Telegram")))

    assert 2 == shown.count("la-rose")
    for word in ("cancer", "sein", "breast", "nct", "palatine", "trial", "essai"):
        assert word not in shown.casefold()


def test_the_key_is_shown_once_and_kept_as_a_hash(link: Console) -> None:
    """It is nowhere in the file, and writing the files again shows none."""
    link("la-rose", "--bot", "rose_bot")
    found = re.search(rf"{WEB}/stats#([A-Za-z0-9_-]{{32}})\n", link.out)

    assert found is not None

    (row,) = link.campaigns()

    assert sha256(found[1].encode()).hexdigest() == row["secret_hash"]
    assert found[1].encode() not in (link.folder / "passerelle.db").read_bytes()
    assert 0 == link("la-rose", "--bot", "rose_bot")
    assert "stats#" not in link.out
    assert 1 == len(link.campaigns())


def test_files_are_written_again_and_the_link_stays(link: Console) -> None:
    """Into another folder, with a logo, say; what people have cannot be changed."""
    link("la-rose", "--trial", NCT, "--label", LABEL, "--bot", "rose_bot")
    Image.new("RGB", (200, 100), "#d0103a").save(link.folder / "logo.png")

    assert 0 == link("la-rose", "--logo", "logo.png", "--out", "other", "--bot", "rose_bot")
    assert LABEL in paper(link.folder / "other" / "flyer-a4.fr.pdf").words
    said = link.refused("la-rose", "--trial", "NCT05894239", "--label", "Others")
    assert "--trial, --label cannot be changed" in said
    assert "end it with --end" in said


def test_a_link_is_ended(link: Console) -> None:
    """Once; it says what people see then."""
    link("la-rose", "--bot", "rose_bot")

    assert 0 == link("La-Rose", "--end")
    assert "begins a conversation as without a link" in " ".join(link.out.split())
    assert [] == link.campaigns()
    assert "there is no link 'la-rose'" in link.refused("la-rose", "--end")


def test_all_links_are_listed(link: Console) -> None:
    """With what they are about, never with a key."""
    assert 0 == link()
    assert "There is no link yet" in link.out

    link("la-rose", "--trial", NCT, "--lang", "fr", "--label", LABEL, "--bot", "rose_bot")
    link("iris", "--bot", "rose_bot")

    assert 0 == link()
    told = link.out
    assert f"la-rose (1): {LABEL}; {NCT}; fr" in told
    assert "iris (2): no name; all studies; any language" in told
    assert f"{WEB}/?c=iris" in told
    assert "no BOT_TOKEN and no --bot" in told
    assert "stats" not in told

    assert 0 == link("--list", "--bot", "rose_bot")
    assert "https://t.me/rose_bot?start=la-rose" in link.out
    assert "note" not in link.out


@pytest.mark.parametrize("options", [("--label", "x"), ("--end",), ("--trial", NCT)])
def test_a_link_without_its_word_is_asked_for_it(link: Console, options: tuple[str, ...]) -> None:
    """Rather than listing all, as if it had been done."""
    assert "which link? Give its word first" in link.refused(*options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("la rose",), "Take la-rose"),
        (("Élan",), "Take elan"),
        (("a" * 65,), "65 characters, and 32 are the most"),
        (("mon-cancer",), "tells whoever sees the link what it is about"),
        (("palatine",), "tells whoever sees the link what it is about"),
        (("t1",), "reads as the number of a study"),
        (("rose", "--trial", "NCT00000000"), "there is no trial 'NCT00000000'"),
        (("nct03870919",), "tells whoever sees the link what it is about"),
        (("rose", "--label", "x" * 81), "81 characters, and 80 fit a flyer"),
        (("rose", "--label", "a\u202eb"), "cannot be printed: type the name anew"),
        (("rose", "--logo", "none.png"), "none.png: No such file or directory"),
        (("rose", "--logo", "."), "name the file of the logo"),
        (("rose", "--bot", "not a bot"), "is no bot's name"),
    ],
)
def test_what_will_not_do_is_named_with_its_mend(
    link: Console, options: tuple[str, ...], said: str
) -> None:
    """And nothing is made of it."""
    assert said in link.refused(*options)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no picture", "it is no picture"), (b"\0" * 20_000_000, "20 MB are too many")],
)
def test_a_logo_that_is_none_is_named(link: Console, content: bytes, said: str) -> None:
    """Before anything is made."""
    (link.folder / "logo.png").write_bytes(content)

    assert said in link.refused("rose", "--logo", "logo.png")


def test_telegram_is_asked_for_the_bots_name(
    link: Console, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a token; the real server knows it best."""
    monkeypatch.setenv("BOT_TOKEN", telegram.token)
    monkeypatch.setenv("BOT_API_URL", telegram.url)
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("DEMO_CHATS", "*")

    assert 0 == link("la-rose")
    assert re.search(r"Telegram: https://t\.me/\w+\?start=la-rose\n", link.out)


@pytest.mark.parametrize("token", ["", "12345:" + "x" * 35])
def test_without_a_name_there_is_no_telegram_link(
    link: Console, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    """The rest is written all the same, and why is said."""
    monkeypatch.setattr("bot.cli.link._PATIENCE", 0.2)
    monkeypatch.setenv("BOT_TOKEN", token)
    monkeypatch.setenv("BOT_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("DEMO_CHATS", "*")

    assert 0 == link("la-rose")
    assert "Figures: " in link.out
    assert "note: " in link.out
    assert "--bot" in link.out
    assert "Telegram: " not in link.out
    assert not (link.folder / "links" / "la-rose" / "qr-telegram.png").exists()
    assert (link.folder / "links" / "la-rose" / "qr-web.png").exists()


def test_a_study_that_is_closed_is_said_to_be(
    link: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the operator, and on the flyers of a live service."""
    for name, value in {
        "BOT_TOKEN": "12345:" + "x" * 35, "OPERATOR_NAME": "Sample", "OPERATOR_CONTACT": "Sample",
        "DPO_CONTACT": "Sample", "OPERATOR_CHAT": "1", "TRUSTED_PROXY": "127.0.0.1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)

    assert 0 == link("la-rose", "--trial", NCT, "--bot", "rose_bot")
    assert f"note: {NCT} takes no new patients as far as is known" in link.out
    assert "demonstration" not in link.out
    words = paper(link.folder / "links" / "la-rose" / "flyer-a4.en.pdf").words
    assert "takes no new patients any more" in words
    assert "Demonstration" not in words

    assert 0 == link("iris", "--bot", "rose_bot")
    assert "note: no study takes new patients as far as is known" in link.out


def test_a_study_that_the_service_does_not_speak_of(
    link: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No new link is about it; an older one says what has become of it."""
    link("la-rose", "--trial", NCT, "--bot", "rose_bot")
    monkeypatch.setenv("TRIALS", "NCT05894239")

    assert f"there is no trial '{NCT}': known are NCT05894239" in link.refused(
        "b-c", "--trial", NCT
    )
    assert 0 == link("la-rose", "--bot", "rose_bot")
    assert f"note: this service does not speak of {NCT}" in link.out


def test_a_bot_that_telegram_does_not_know(
    link: Console, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong token: the link and its key are there all the same."""
    monkeypatch.setenv("BOT_TOKEN", "12345:" + "x" * 35)
    monkeypatch.setenv("BOT_API_URL", telegram.url)
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("DEMO_CHATS", "*")

    assert 0 == link("la-rose")
    assert "Figures: " in link.out
    assert "note: Telegram does not tell the bot's name" in link.out


def test_the_demonstration_is_named(link: Console) -> None:
    """Its flyers are not for anybody's wall."""
    assert 0 == link("la-rose", "--bot", "rose_bot")
    assert "note: this is the demonstration" in link.out
