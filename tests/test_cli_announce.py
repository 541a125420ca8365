"""`run_bot.py announce`: news of studies in public channels and feeds, over a real Bot API."""

import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli import announce as command
from bot.cli.main import main
from bot.outreach.news import News
from bot.store.records import Announcement, Check
from bot.store.sqlite import open_store
from dialogs.catalogue import Catalogue
from dialogs.conversation.session import LANGUAGES
from tests.builders import Clock
from tests.contact_fixtures import NCT, WEB
from tests.fakes.telegram import Chat, FakeTelegram, Person

TODAY = Clock().today
REGISTRY = "https://clinicaltrials.gov/study/NCT03870919"
NAMES = {"fr": "passerelle_essais", "en": "passerelle_studies"}


@dataclass
class Console:
    """Where an operator types the command; what it said last."""

    file: Path
    capture: pytest.CaptureFixture[str]
    clock: Clock
    out: str = ""
    err: str = ""
    channels: dict[str, Chat] = field(default_factory=dict)

    def __call__(self, *options: str) -> int:
        """The exit status of `run_bot.py announce OPTIONS`."""
        status = main(["announce", *options])
        self.out, self.err = self.capture.readouterr()
        return status

    def seen(self, status: str, source: str = REGISTRY, trial: str = NCT) -> None:
        """Somebody looked today at how a trial stands."""
        with open_store(self.file) as store:
            store.check(Check(trial, status, source, "AB", self.clock.today))  # type: ignore[arg-type]

    @property
    def noted(self) -> list[tuple[str, str]]:
        """What was told, as event and language."""
        with open_store(self.file) as store:
            return [(one.event, one.language) for one in store.announced()]

    def posts(self, language: str) -> list[str]:
        """What stands in a channel."""
        return [message.text for message in self.channels[language].messages]


@pytest.fixture
def announce(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    live: Catalogue,
    clock: Clock,
) -> Console:
    """A console where PALATINE was seen to be open today; no channel, no bot."""
    monkeypatch.setattr(command, "trials", lambda _only: live)
    monkeypatch.setattr(command, "date", SimpleNamespace(today=clock))
    monkeypatch.setattr(command, "_PATIENCE", 1.0)
    file = tmp_path / "passerelle.db"
    monkeypatch.setenv("DB_FILE", str(file))
    monkeypatch.setenv("WEB_URL", WEB)
    console = Console(file, capsys, clock)
    console.seen("recruiting")
    return console


@pytest.fixture
def owner(telegram: FakeTelegram) -> Person:
    """Who has the channels."""
    return telegram.person()


@pytest.fixture
def channels(
    announce: Console, telegram: FakeTelegram, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> Console:
    """The same with a channel for each language, where the bot may post."""
    monkeypatch.setenv("BOT_TOKEN", telegram.token)
    monkeypatch.setenv("BOT_API_URL", telegram.url)
    for language, name in NAMES.items():
        monkeypatch.setenv(f"CHANNEL_{language.upper()}", f"@{name}")
        channel = telegram.channel(name)
        channel.add_bot(owner, administrator=True)
        announce.channels[language] = channel
    return announce


def test_a_study_is_told_in_each_channel_and_noted(channels: Console) -> None:
    """Its name and title, that it is open, the day of the look, the service and the record."""
    assert 0 == channels()

    for language, title in (("fr", "PALATINE accueille"), ("en", "PALATINE takes new patients")):
        (post,) = channels.posts(language)
        assert post.startswith(title)
        assert f"{language}: PALATINE added: posted in @{NAMES[language]}" in channels.out
    assert "10 March 2026" in channels.posts("en")[0]
    (message,) = channels.channels["en"].messages
    urls = {item["url"] for item in message.entities if item["type"] == "text_link"}
    assert {f"{WEB}/?t=1&lang=en", REGISTRY} == urls
    assert sorted([("added", "fr"), ("added", "en")]) == sorted(channels.noted)


def test_twice_is_once(channels: Console) -> None:
    """Nothing is new then, and the command says so."""
    channels()

    assert 0 == channels()
    assert "nothing new\n" == channels.out
    assert [1, 1] == [len(channels.posts(language)) for language in LANGUAGES]


def test_it_closes_and_opens_again(channels: Console) -> None:
    """A study on hold is told as closed for now; one that nobody looked at is not told at all."""
    channels()
    for days, seen, said in (
        (20, None, "PALATINE takes new patients"),
        (30, "suspended", "PALATINE takes no new patients for now"),
        (40, "recruiting", "PALATINE takes new patients"),
        (50, "closed", "PALATINE takes no new patients any more"),
    ):
        channels.clock.today = TODAY + timedelta(days=days)
        if seen is not None:
            channels.seen(seen)
        assert 0 == channels()
        assert said == channels.posts("en")[-1].splitlines()[0]

    assert 4 == len(channels.posts("en"))
    assert ["added", "closed", "opened", "closed"] == [
        event for event, language in channels.noted if language == "fr"
    ]


def test_a_dry_run_shows_both_texts_and_changes_nothing(
    channels: Console, telegram: FakeTelegram
) -> None:
    """Nothing is posted, and no byte of the file is another one."""
    before = channels.file.read_bytes()

    assert 0 == channels("--dry-run")
    assert "fr, for the feed and @passerelle_essais: 1 new" in channels.out
    assert "PALATINE accueille de nouvelles patientes\n" in channels.out
    assert "PALATINE takes new patients\n" in channels.out
    assert f"{WEB}/?t=1&lang=fr" in channels.out
    assert before == channels.file.read_bytes()
    assert [] == telegram.calls


def test_a_dry_run_makes_no_file(announce: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none, nothing was told; without a public address it warns."""
    announce.file.unlink()
    monkeypatch.delenv("WEB_URL")

    assert 0 == announce("--dry-run")
    assert "fr, for the feed alone: CHANNEL_FR is not set: 0 new" in announce.out
    assert "which nobody else can open" in announce.out
    assert not announce.file.exists()


def test_without_channels_the_feeds_have_it(announce: Console) -> None:
    """A line says so."""
    assert 0 == announce()
    assert "fr: PALATINE added: in the feed alone, as CHANNEL_FR is not set" in announce.out
    assert 2 == len(announce.noted)


def test_without_a_bot_the_feeds_have_it(
    channels: Console, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever channels are named."""
    monkeypatch.delenv("BOT_TOKEN")

    assert 0 == channels()
    assert "en: PALATINE added: in the feed alone, as BOT_TOKEN is missing" in channels.out
    assert 2 == len(channels.noted)
    assert [] == telegram.calls


def test_a_post_needs_a_public_page(channels: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its links would lead nowhere."""
    monkeypatch.delenv("WEB_URL")

    assert 2 == channels()
    assert "WEB_URL is missing" in channels.err
    assert [] == channels.noted


def test_only_studies_of_the_service_are_told(
    announce: Console, everything: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of TRIALS, where it is set."""
    monkeypatch.undo()
    monkeypatch.setattr(command, "date", SimpleNamespace(today=announce.clock))
    monkeypatch.setenv("DB_FILE", str(announce.file))
    monkeypatch.setenv("TRIALS", "NCT06065748")
    assert 0 == announce()
    assert "nothing new\n" == announce.out

    monkeypatch.setenv("TRIALS", f"NCT06065748,{NCT}")
    assert 0 == announce()
    assert "PALATINE added" in announce.out


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("unknown", "Telegram knows no public channel of this name: look at the setting"),
        ("outside", "the bot is not in the channel: add it as an administrator"),
        ("member", "the bot may not post there: make it an administrator of the channel"),
        ("silent", "the bot may not post there: make it an administrator of the channel"),
        ("kicked", "the bot is not in the channel: add it as an administrator"),
    ],
)
def test_a_refusal_names_its_mend_and_stops_one_language(
    channels: Console,
    telegram: FakeTelegram,
    owner: Person,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    says: str,
) -> None:
    """French was told; running it again, after the mend, tells the English one only."""
    channel = channels.channels["en"]
    if place == "unknown":
        monkeypatch.setenv("CHANNEL_EN", "@passerelle_nowhere")
    elif place == "outside":
        telegram.channel("passerelle_outside")
        monkeypatch.setenv("CHANNEL_EN", "@passerelle_outside")
    elif place == "kicked":
        channel.remove_bot(owner)
    else:
        channel.add_bot(owner, administrator=place == "silent", may_post=False)

    assert 2 == channels()
    assert "en: PALATINE added: not posted in @passerelle_" in channels.err
    assert says in channels.err
    assert 1 == channels.err.count("\n")
    assert [("added", "fr")] == channels.noted

    channel.add_bot(owner, administrator=True)
    monkeypatch.setenv("CHANNEL_EN", f"@{NAMES['en']}")

    assert 0 == channels()
    assert [1, 1] == [len(channels.posts(language)) for language in LANGUAGES]


def test_a_short_limit_is_waited_for(
    channels: Console, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to run it again."""
    monkeypatch.setattr(command, "_PATIENCE", 5.0)
    telegram.faults.answer("sendMessage", 429, retry_after=1)

    assert 0 == channels()
    assert [1, 1] == [len(channels.posts(language)) for language in LANGUAGES]


def test_a_long_limit_is_named(channels: Console, telegram: FakeTelegram) -> None:
    """In seconds; the other language goes on."""
    telegram.faults.answer("sendMessage", 429, retry_after=400)

    assert 2 == channels()
    assert (
        "fr: PALATINE added: not posted in @passerelle_essais: Telegram asks to wait: run this "
        "again in 400 seconds\n" == channels.err
    )
    assert [("added", "en")] == channels.noted

    assert 0 == channels()
    assert 1 == len(channels.posts("fr"))


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_is_looked_after_by_hand(
    channels: Console, telegram: FakeTelegram, arrived: bool
) -> None:
    """Whether or not it arrived: it is noted, printed, and never posted again by itself."""
    telegram.faults.drop("sendMessage", after_effect=arrived)

    assert 2 == channels()
    assert "the answer of Telegram was lost, so it may be in @passerelle_essais" in channels.err
    assert "Look there; if it is missing, post it by hand:" in channels.err
    assert "PALATINE accueille de nouvelles patientes\n" in channels.err
    assert f"{WEB}/?t=1&lang=fr" in channels.err
    assert 2 == len(channels.noted)

    assert 0 == channels()
    assert "nothing new\n" == channels.out
    assert int(arrived) == len(channels.posts("fr"))
    assert 1 == len(channels.posts("en"))


def test_without_telegram_nothing_is_noted(
    channels: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is not there certainly has posted nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("BOT_API_URL", f"http://127.0.0.1:{port}")

    assert 2 == channels()
    assert 2 == channels.err.count("Telegram cannot be reached: look at BOT_API_URL")
    assert [] == channels.noted


def test_a_refused_token_is_named(channels: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """And never shown."""
    wrong = "12345:sample-secret-of-thirty-characters"
    monkeypatch.setenv("BOT_TOKEN", wrong)

    assert 2 == channels()
    assert "Telegram refuses BOT_TOKEN" in channels.err
    assert wrong not in channels.err
    assert [] == channels.noted


def test_a_refusal_for_a_fault_of_ours_is_named(channels: Console, telegram: FakeTelegram) -> None:
    """By its number alone."""
    telegram.faults.answer("sendMessage", 400, "Bad Request: can't parse entities")

    assert 2 == channels()
    assert "Telegram refuses the post (400): this is a fault of ours" in channels.err


def test_what_waits_behind_a_failure_is_named(
    channels: Console,
    telegram: FakeTelegram,
    everything: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It comes with the next run."""
    monkeypatch.setattr(command, "trials", lambda _only: everything)
    channels.seen("recruiting", trial=everything.trials[2].id)
    telegram.faults.answer("sendMessage", 429, retry_after=400)

    assert 2 == channels()
    assert "fr: waits for the next run: pionERA\n" in channels.err
    assert [] == channels.posts("fr")
    assert 2 == len(channels.posts("en"))

    assert 0 == channels()
    assert 2 == len(channels.posts("fr"))


class Busy:
    """Notes as the command does, while another program holds the file the first `times`."""

    def __init__(self, file: Path, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[str] = []
        real = command._Teller._note

        def note(teller: command._Teller, language: str, one: News) -> None:
            self.calls.append(language)
            if len(self.calls) > times:
                real(teller, language, one)
                return
            with closing(sqlite3.connect(file, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                real(teller, language, one)

        monkeypatch.setattr(command._Teller, "_note", note)
        monkeypatch.setattr(command, "_PAUSES", (0.0, 0.0))


def test_a_post_that_cannot_be_noted_is_named(
    channels: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run would post it again: the operator is told to delete it first."""
    Busy(channels.file, 2, monkeypatch)

    assert 2 == channels()
    assert (
        "fr: PALATINE added: may be in @passerelle_essais, but is not noted, so the next run posts "
        "it again: delete it there first. DB_FILE=" in channels.err
    )
    assert [("added", "en")] == channels.noted


def test_a_file_that_is_busy_for_a_moment_is_waited_for(
    channels: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service holds it while it writes it anew."""
    busy = Busy(channels.file, 1, monkeypatch)

    assert 0 == channels()
    assert ["fr", "fr", "en"] == busy.calls
    assert [1, 1] == [len(channels.posts(language)) for language in LANGUAGES]


def test_what_is_noted_is_of_the_day(announce: Console) -> None:
    """The real one, whatever day a demonstration shows."""
    announce()
    with open_store(announce.file) as store:
        assert {TODAY} == {one.day for one in store.announced()}
        assert Announcement(NCT, "added", TODAY, "fr") in store.announced()


@pytest.mark.parametrize("wrong", ["passerelle", "@abc", "@" + "x" * 33, "@a-b-c-d", "@éééééé"])
def test_a_wrong_name_is_refused_at_once(
    announce: Console, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    """Before anything is told."""
    monkeypatch.setenv("CHANNEL_FR", wrong)

    assert 2 == announce()
    assert "is no public channel: write its name such as @passerelle_essais" in announce.err
    assert [] == announce.noted
