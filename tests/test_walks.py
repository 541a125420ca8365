"""Random walks: whatever is pressed, in any order, the conversation stays whole."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.plain import lines, numbered
from dialogs.catalogue import Catalogue
from dialogs.conversation.dialog import Turn, turn
from dialogs.conversation.session import LANGUAGES, Session, Whom
from dialogs.conversation.steps import Action, Step
from dialogs.eligibility.answers import Answers
from dialogs.wire.keyring import Keyring
from dialogs.wire.pack import Tap
from dialogs.wire.seal import KEY_BYTES, TOKEN_LENGTH

DEMONSTRATION_DAY = date(2022, 10, 7)

#: Telegram's limit for the text of one message; buttons are counted apart there.
MESSAGE = 4096
KEYRING = Keyring("state", {DEMONSTRATION_DAY: bytes(range(KEY_BYTES))}, DEMONSTRATION_DAY, 7)
WAYS_OUT = {Action.STOP, Action.BACK, Action.ERASE, Action.RESTART}
PICKS = st.lists(st.integers(0, 10_000), min_size=1, max_size=40)


def travelled(session: Session, tap: Tap, catalogue: Catalogue) -> tuple[Session, Tap]:
    """Session and tap after pack, seal, open and unpack, as in every channel."""
    payload = catalogue.layout.with_tap(catalogue.layout.pack(session), tap)
    token = KEYRING.seal(payload, b"walk")

    assert len(token) == TOKEN_LENGTH

    return catalogue.layout.unpack(KEYRING.open(token, b"walk"))


def press(done: Turn, pick: int, catalogue: Catalogue) -> Turn:
    """The turn after pressing one of the buttons shown."""
    buttons = done.view.buttons()
    button = buttons[pick % len(buttons)]
    before = done.session
    if button.trial is not None:
        before = replace(before, trial=button.trial)
    session, tap = travelled(before, Tap(button.action, button.arg), catalogue)
    return turn(session, tap, DEMONSTRATION_DAY, catalogue)


def begin(catalogue: Catalogue, language: str = "fr") -> Turn:
    """A fresh conversation."""
    session = Session(language=language, trial=catalogue.home, matching=catalogue.home == 0)
    return turn(session, Tap(Action.SHOW), DEMONSTRATION_DAY, catalogue)


def check(done: Turn) -> None:
    """What holds on every screen."""
    view = done.view
    actions = [button.action for button in view.buttons()]

    assert len("\n".join(lines(view))) <= MESSAGE
    assert all(numbered(view))
    assert set(actions) & WAYS_OUT
    assert [action for action in actions if action not in (Action.LANGUAGE, Action.ERASE)]
    assert Action.URGENT in actions or view.step is Step.URGENT
    assert view.banner


@pytest.fixture(scope="session", params=["catalogue", "many"])
def service(request: pytest.FixtureRequest) -> Catalogue:
    """A service of one study, and one of all."""
    found: Catalogue = request.getfixturevalue(request.param)
    return found


@settings(max_examples=200)
@given(picks=PICKS, language=st.sampled_from(list(LANGUAGES)))
def test_every_walk_stays_on_solid_ground(
    service: Catalogue, language: str, picks: list[int]
) -> None:
    """No press raises; every screen is short enough, with a way on, a way out and urgent help."""
    done = begin(service, language)
    check(done)
    for pick in picks:
        done = press(done, pick, service)
        check(done)


@settings(max_examples=150)
@given(picks=PICKS, again=st.integers(1, 3))
def test_a_double_tap_changes_nothing(service: Catalogue, picks: list[int], again: int) -> None:
    """Pressing the same button again gives the same session and the same screen."""
    done = begin(service)
    for pick in picks:
        after = press(done, pick, service)
        for _ in range(again):
            assert after == press(done, pick, service)
        done = after


@settings(max_examples=100)
@given(
    picks=PICKS,
    old=st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=20),
)
def test_old_buttons_give_what_their_own_state_gives(
    service: Catalogue, picks: list[int], old: list[tuple[int, int]]
) -> None:
    """Whatever was pressed in between, an old button gives what it gave at first."""
    screens = [begin(service)]
    for pick in picks:
        screens.append(press(screens[-1], pick, service))
    first = {(s % len(screens), b): press(screens[s % len(screens)], b, service) for s, b in old}
    for (screen, button), then in reversed(first.items()):
        assert then == press(screens[screen], button, service)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """Any session that a token can carry, sensible or not."""
    return Session(
        language=draw(st.sampled_from(list(LANGUAGES))),
        step=draw(st.sampled_from(Step)),
        origin=draw(st.sampled_from(Step)),
        focus=draw(st.integers(0, 127)),
        whom=draw(st.sampled_from(Whom)),
        trial=draw(st.sampled_from([0, 0, 1, 1, 2, 3, 16383])),
        campaign=draw(st.integers(0, 4095)),
        tag=draw(st.integers(0, 2**40 - 1)),
        go_on=draw(st.booleans()),
        matching=draw(st.booleans()),
        answers=Answers(bytes([0, *draw(st.binary(min_size=47, max_size=47)), *bytes(16)])),
    )


@settings(max_examples=300)
@given(session=sessions(), action=st.sampled_from(Action), arg=st.integers(0, 127))
def test_no_state_and_action_can_break_a_turn(
    service: Catalogue, session: Session, action: Action, arg: int
) -> None:
    """Any action on any state, also impossible ones, gives a whole screen, live or not."""
    codes = bytes(code % 8 for code in session.answers.codes)
    session = replace(session, answers=Answers(codes))
    travelling, tap = travelled(session, Tap(action, arg), service)

    check(turn(travelling, tap, DEMONSTRATION_DAY, service))
    turn(
        travelling,
        tap,
        DEMONSTRATION_DAY.replace(year=2026),
        replace(service, demonstration=False),
    )
