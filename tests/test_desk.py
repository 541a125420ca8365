"""Where a token comes in and a page goes out."""

import random
import string
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.desk import Desk, Page
from bot.store.keyfiles import KeyFiles
from dialogs.catalogue import Catalogue
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.index import Index
from dialogs.errors import ClockBehind
from dialogs.wire.seal import TOKEN_LENGTH
from tests.builders import STRAIGHT, Clock

HERE = b"web:here"


def token(page: Page, action: Action, arg: int = 0) -> str:
    """The token of a button of a page."""
    return next(
        text for button, text in page.tokens.items() if (button.action, button.arg) == (action, arg)
    )


def pressed(desk: Desk, page: Page, *taps: tuple[Action, int]) -> Page:
    """The page after these taps."""
    for action, arg in taps:
        page = desk.press(HERE, token(page, action, arg))
    return page


def asking(desk: Desk) -> Page:
    """The first question, in English."""
    return pressed(desk, desk.welcome(HERE, "en"), (Action.START, 0), (Action.WHOM, 1))


def friendly(desk: Desk, page: Page, language: str = "en") -> bool:
    """Whether this is the one page that says to start again."""
    title = desk.catalogue.speeches[language].say("expired.title")
    return title == page.view.title


def test_a_whole_conversation_lives_in_its_tokens(desk: Desk) -> None:
    """From the welcome to the result, the desk remembers nothing in between."""
    page = asking(desk)
    for number in STRAIGHT.values():
        page = pressed(desk, page, (Action.ANSWER, number))
    page = pressed(desk, page, (Action.RESULT, 0))

    assert page.speech.say("result.worth.title") == page.view.title


def test_every_button_has_a_token_of_64_characters(desk: Desk) -> None:
    """And no two of a screen are the same."""
    page = asking(desk)

    assert set(page.view.buttons()) == set(page.tokens)
    assert {TOKEN_LENGTH} == {len(text) for text in page.tokens.values()}
    assert len(page.tokens) == len(set(page.tokens.values()))
    assert page.here not in page.tokens.values()


def test_the_same_button_gives_the_same_page(desk: Desk) -> None:
    """A double tap, a replay, an old button: the same view and the same tokens."""
    page = asking(desk)
    once = pressed(desk, page, (Action.ANSWER, 2))
    pressed(desk, once, (Action.ANSWER, 1))

    assert once == pressed(desk, page, (Action.ANSWER, 2))


def test_a_screen_can_be_drawn_again(desk: Desk) -> None:
    """By its own token, as after a reload."""
    page = asking(desk)

    assert page == desk.press(HERE, page.here)


def test_two_conversations_are_two(desk: Desk) -> None:
    """Each has a tag of its own, so its tokens are its own."""
    one, other = desk.welcome(HERE, "fr"), desk.welcome(HERE, "fr")

    assert one.view == other.view
    assert not set(one.tokens.values()) & set(other.tokens.values())


@pytest.mark.parametrize(
    "text",
    ["", "x", "A" * 64, "A" * 63, "é" * 64, "\0" * 64, "\ud800" * 64, "-" * 10_000, "null"],
)
def test_nonsense_leads_to_the_friendly_page(desk: Desk, text: str) -> None:
    """Whatever it is, in the language of the page it came from."""
    page = desk.press(HERE, text, "en")

    assert friendly(desk, page)
    assert Action.RESTART in {button.action for button in page.tokens}
    assert friendly(desk, desk.press(HERE, text, "fr"), "fr")
    assert friendly(desk, desk.press(HERE, text, "xx"), "fr")


def test_forged_and_cut_tokens_lead_to_the_friendly_page(desk: Desk) -> None:
    """A thousand changes to a real token."""
    real = token(asking(desk), Action.ANSWER, 2)
    dice = random.Random(7)
    alphabet = string.ascii_letters + string.digits + "-_"
    for _ in range(1000):
        place = dice.randrange(len(real))
        forged = real[:place] + dice.choice(alphabet) + real[place + 1 :]
        for text in (forged, real[:place]):
            if text != real:
                assert friendly(desk, desk.press(HERE, text, "en"))


def test_a_foreign_token_leads_to_the_friendly_page(
    desk: Desk, catalogue: Catalogue, tmp_path: Path, clock: Clock
) -> None:
    """From another page, another chat, or another service."""
    page = asking(desk)
    elsewhere = Desk(catalogue, KeyFiles(tmp_path / "other"), clock)

    assert friendly(desk, desk.press(b"web:there", page.here, "en"))
    assert friendly(desk, desk.press(b"", page.here, "en"))
    assert friendly(elsewhere, elsewhere.press(HERE, page.here, "en"))


def test_the_friendly_page_leads_on(desk: Desk) -> None:
    """*Start again* is a fresh welcome, and urgent help is there."""
    lost = desk.press(HERE, "lost", "en")
    page = pressed(desk, lost, (Action.RESTART, 0))

    assert Step.WELCOME is page.view.step
    assert not friendly(desk, page)
    assert Step.URGENT is pressed(desk, lost, (Action.URGENT, 0)).view.step


def test_a_pause_of_six_days_loses_nothing(desk: Desk, clock: Clock) -> None:
    """She goes on where she was."""
    page = pressed(desk, asking(desk), (Action.ANSWER, 2))
    clock.today += timedelta(days=6)
    later = pressed(desk, page, (Action.ANSWER, 1))

    assert (Step.QUESTION, "en") == (later.view.step, later.view.language)
    assert not friendly(desk, later)


def test_a_pause_of_seven_days_is_too_long(desk: Desk, clock: Clock) -> None:
    """The key is gone, and the page says so kindly."""
    page = asking(desk)
    clock.today += timedelta(days=7)

    assert friendly(desk, desk.press(HERE, page.here, "en"))


def test_going_on_now_and_then_keeps_a_conversation_alive(desk: Desk, clock: Clock) -> None:
    """Each tap seals anew, so seven days are counted from the last one."""
    page = asking(desk)
    for _ in range(5):
        clock.today += timedelta(days=5)
        page = desk.press(HERE, page.here, "en")

    assert Step.QUESTION is page.view.step
    assert not friendly(desk, page)


def test_keys_roll_at_midnight(desk: Desk, clock: Clock, tmp_path: Path) -> None:
    """A new key each day, the oldest destroyed on its day, without a restart."""
    page = asking(desk)
    clock.today += timedelta(days=1)
    after = desk.press(HERE, page.here, "en")

    assert page.view == after.view
    assert page.here != after.here
    assert 2 == len(list((tmp_path / "keys").iterdir()))

    clock.today += timedelta(days=6)
    desk.keyring()

    assert 2 == len(list((tmp_path / "keys").iterdir()))


def test_a_restart_loses_nothing(
    desk: Desk, catalogue: Catalogue, tmp_path: Path, clock: Clock
) -> None:
    """A crash neither: there was nothing to lose."""
    page = pressed(desk, asking(desk), (Action.ANSWER, 2))
    again = Desk(catalogue, KeyFiles(tmp_path / "keys"), clock)

    assert page == again.press(HERE, page.here)


def test_a_clock_that_goes_back_a_day_while_running_changes_nothing(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    """The newest day stays, and no key is made or destroyed."""
    page = asking(desk)
    before = sorted(path.name for path in (tmp_path / "keys").iterdir())
    clock.today -= timedelta(days=1)
    after = desk.press(HERE, page.here)

    assert page == after
    assert before == sorted(path.name for path in (tmp_path / "keys").iterdir())


def test_a_clock_that_goes_back_for_long_is_not_followed(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    """Keys would outlive their promise; both dates are named, and no key is touched."""
    page = asking(desk)
    before = sorted(path.name for path in (tmp_path / "keys").iterdir())
    clock.today -= timedelta(days=30)
    with pytest.raises(ClockBehind, match="today is 2026-02-08 but the newest key is of 2026-03"):
        desk.press(HERE, page.here)

    assert before == sorted(path.name for path in (tmp_path / "keys").iterdir())


def test_keys_in_memory_serve_on_when_their_files_cannot_be_used(
    desk: Desk, clock: Clock, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A full or lost disk stops no conversation; it is reported once, and tried again."""
    page = asking(desk)
    keys, away = tmp_path / "keys", tmp_path / "away"
    keys.rename(away)
    keys.write_text("")
    clock.today += timedelta(days=1)
    first = desk.press(HERE, page.here, "en")
    later = desk.press(HERE, first.here, "en")
    said = capfd.readouterr().err
    keys.unlink()
    away.rename(keys)
    desk.press(HERE, later.here, "en")

    assert page.view == first.view == later.view
    assert 1 == said.count("KeyFileError")
    assert 2 == len(list(keys.iterdir()))


def test_keys_in_memory_live_no_longer_than_their_files_would(
    desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    """Also when the files cannot be used: after seven days a token is dead."""
    page = asking(desk)
    (tmp_path / "keys").rename(tmp_path / "away")
    (tmp_path / "keys").write_text("")
    clock.today += timedelta(days=6)

    assert not friendly(desk, desk.press(HERE, page.here, "en"))

    clock.today += timedelta(days=1)
    try:
        dead = friendly(desk, desk.press(HERE, page.here, "en"))
    except ValueError:
        dead = True

    assert dead


def test_a_demonstration_lives_on_its_own_day(desk: Desk, clock: Clock) -> None:
    """Trials are shown as on their demonstration day, whatever day it is; keys follow the clock."""
    clock.today = date(2031, 1, 1)
    page = desk.welcome(HERE, "en")

    assert Action.START in {button.action for button in page.tokens}
    assert "7 October 2022" in (page.view.banner or "")
    assert date(2031, 1, 1) == desk.keyring().today


def test_a_live_desk_lives_today(live: Catalogue, tmp_path: Path) -> None:
    """A trial closed since is closed, and one open then is open."""
    closed = Desk(live, KeyFiles(tmp_path / "a"), Clock(date(2026, 11, 22))).welcome(HERE, "en")
    opened = Desk(live, KeyFiles(tmp_path / "b"), Clock(date(2022, 10, 20))).welcome(HERE, "en")

    assert Action.START not in {button.action for button in closed.tokens}
    assert Action.START in {button.action for button in opened.tokens}
    assert closed.view.banner is None


def test_a_live_trial_closes_at_midnight(live: Catalogue, tmp_path: Path) -> None:
    """A conversation that is on its way is told so at the next tap."""
    clock = Clock(date(2022, 10, 21))
    desk = Desk(live, KeyFiles(tmp_path / "keys"), clock)
    page = asking(desk)
    clock.today += timedelta(days=1)

    assert Step.WELCOME is desk.press(HERE, token(page, Action.ANSWER, 1)).view.step


def test_an_unknown_language_becomes_the_first(desk: Desk) -> None:
    """French, as the service is for France."""
    assert "fr" == desk.welcome(HERE, "xx").view.language
    assert "en" == desk.welcome(HERE, "en").view.language


def test_only_erasing_erases(desk: Desk) -> None:
    """The channel is told once she has confirmed."""
    page = pressed(desk, asking(desk), (Action.ANSWER, 2))
    asked = pressed(desk, page, (Action.ERASE, 0))
    done = pressed(desk, asked, (Action.ERASE_NOW, 0))

    assert [False, False, True] == [page.erased, asked.erased, done.erased]


def test_a_page_that_moved_opens_at_its_new_place_only(desk: Desk) -> None:
    """The same screen, and its buttons do there what they did before."""
    page = asking(desk)
    there = desk.moved(b"web:there", page)
    before = desk.press(HERE, token(page, Action.BACK))
    after = desk.press(b"web:there", token(there, Action.BACK))

    assert page.view == there.view
    assert before.view == after.view
    assert not set(page.sealed) & set(there.sealed)
    assert friendly(desk, desk.press(HERE, token(there, Action.BACK)), "fr")
    assert friendly(desk, desk.press(HERE, there.here), "fr")
    assert page.view == desk.press(b"web:there", there.here).view


def test_a_withdrawn_trial_still_shows_the_demonstration(
    desk: Desk, catalogue: Catalogue, tmp_path: Path, clock: Clock
) -> None:
    """A button for a trial that is gone opens the demonstration on its own day."""
    clock.today = date(2026, 3, 10)
    other = replace(catalogue.trials[1], number=9)
    both = replace(catalogue, trials={9: other}, index=Index(catalogue.bank, [other]))
    page = Desk(both, KeyFiles(tmp_path / "keys"), clock).welcome(HERE, "en")
    after = desk.press(HERE, page.here)

    assert "7 October 2022" in (after.view.banner or "")
    assert Action.START in {button.action for button in after.tokens}


@pytest.mark.parametrize("note", ["", "Que dire à mon médecin ? 🙂\n" * 30])
def test_a_conversation_is_carried_to_another_place(desk: Desk, note: str) -> None:
    """With her answers and her note; its own buttons work there and nowhere else."""
    page = asking(desk)
    key = desk.carry(page, note)
    carried = desk.carried(b"there", key)

    assert carried is not None
    assert (page.view, note) == (carried[0].view, carried[1])
    assert page.session == carried[0].session
    again = desk.press(b"there", carried[0].here)
    assert again.view == page.view
    assert friendly(desk, desk.press(HERE, carried[0].here, "en"))


@pytest.mark.parametrize("change", ["", "x", ".", "A" * 64, "A" * 64 + "." + "B" * 200])
def test_what_was_not_carried_opens_nothing(desk: Desk, change: str) -> None:
    """Nor a button, nor half of a key, nor one with another's note."""
    page = asking(desk)
    key = desk.carry(page, "a note")

    assert desk.carried(b"there", change) is None
    assert desk.carried(b"there", page.here) is None
    assert desk.carried(b"there", key[:-1]) is None
    assert desk.carried(b"there", key + "A") is None
    assert desk.carried(b"there", desk.carry(page) + key[TOKEN_LENGTH:]) is not None
    assert desk.carried(b"there", desk.carry(desk.welcome(HERE, "en")) + key[64:]) is None
