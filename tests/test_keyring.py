"""The keys that are alive, and what they open."""

from datetime import date, timedelta

import pytest

from dialogs.errors import ClockBehind, DeadToken
from dialogs.wire.keyring import STATE_DAYS, Keyring
from dialogs.wire.pack import PAYLOAD
from dialogs.wire.seal import KEY_BYTES, key_byte

FIRST = date(2026, 12, 28)
SAID = b"x" * PAYLOAD
PLACE = b"here"


def key(day: date) -> bytes:
    """A key of its own for each day."""
    return (day.toordinal() % 251).to_bytes(1, "big") * (KEY_BYTES - 1) + b"k"


def ring(today: date, days: int = STATE_DAYS, purpose: str = "state", life: int = 7) -> Keyring:
    """The keyring of `today` with the keys of the last `days` days."""
    keys = {today - timedelta(days=n): key(today - timedelta(days=n)) for n in range(days)}
    return Keyring(purpose, keys, today, life)


def test_a_token_opens_for_seven_days_its_own_included() -> None:
    """On the seventh day it opens, on the eighth it is dead."""
    token = ring(FIRST).seal(SAID, PLACE)

    assert 7 == STATE_DAYS
    for age in range(7):
        assert SAID == ring(FIRST + timedelta(days=age)).open(token, PLACE)
    with pytest.raises(DeadToken):
        ring(FIRST + timedelta(days=7)).open(token, PLACE)


def test_a_key_that_is_too_old_does_not_open_even_if_it_is_there() -> None:
    """Life counts, not whether the file happens to exist."""
    token = ring(FIRST).seal(SAID, PLACE)
    with pytest.raises(DeadToken):
        ring(FIRST + timedelta(days=7), days=30).open(token, PLACE)


def test_new_tokens_are_sealed_with_todays_key() -> None:
    """Their first byte names it."""
    token = ring(FIRST).seal(SAID, PLACE)

    assert FIRST.toordinal() & 0xFF == key_byte(token)
    with pytest.raises(DeadToken):
        ring(FIRST + timedelta(days=1), days=1).open(token, PLACE)


def test_days_of_one_byte_are_never_mixed_up() -> None:
    """A key of 256 days ago has the same byte, and is not taken for today's."""
    old = FIRST - timedelta(days=256)
    token = Keyring("state", {old: key(old)}, old, 7).seal(SAID, PLACE)
    with pytest.raises(DeadToken):
        Keyring("state", {old: key(old), FIRST: key(FIRST)}, FIRST, 7).open(token, PLACE)


def test_a_token_of_another_purpose_is_dead() -> None:
    """Even when both purposes had the same keys."""
    token = ring(FIRST, purpose="reply").seal(SAID, PLACE)
    with pytest.raises(DeadToken):
        ring(FIRST).open(token, PLACE)


def test_purpose_and_place_cannot_be_shifted() -> None:
    """The letters of one never pass for letters of the other."""
    token = ring(FIRST, purpose="state").seal(SAID, b"x")
    with pytest.raises(DeadToken):
        ring(FIRST, purpose="statex").open(token, b"")


def test_a_token_of_another_place_is_dead() -> None:
    """A forwarded button or a copied page opens nowhere else."""
    token = ring(FIRST).seal(SAID, PLACE)
    with pytest.raises(DeadToken):
        ring(FIRST).open(token, b"there")


@pytest.mark.parametrize("token", ["", "nonsense", "A" * 64, "é" * 64])
def test_nonsense_is_dead(token: str) -> None:
    """Whatever it is."""
    with pytest.raises(DeadToken):
        ring(FIRST).open(token, PLACE)


def test_a_clock_behind_the_newest_key_is_refused() -> None:
    """Both dates are named, with the way to mend it."""
    tomorrow = FIRST + timedelta(days=1)
    with pytest.raises(ClockBehind) as caught:
        Keyring("state", {FIRST: key(FIRST), tomorrow: key(tomorrow)}, FIRST, 7)

    assert (FIRST, tomorrow) == (caught.value.today, caught.value.newest)
    assert "2026-12-28" in str(caught.value)
    assert "2026-12-29" in str(caught.value)
    assert "set the clock right" in str(caught.value)


@pytest.mark.parametrize("life", [1, 14])
def test_a_purpose_has_its_own_life(life: int) -> None:
    """Days are counted from the key's own day."""
    token = ring(FIRST, life=life).seal(SAID, PLACE)
    last = FIRST + timedelta(days=life - 1)

    assert SAID == ring(last, days=life, life=life).open(token, PLACE)
    with pytest.raises(DeadToken):
        ring(last + timedelta(days=1), days=30, life=life).open(token, PLACE)


def test_the_tokens_of_a_page_are_those_of_its_buttons() -> None:
    """Sealed at once or one by one, with today's key, for this place."""
    payloads = [bytes([n]) * PAYLOAD for n in range(3)]
    tokens = ring(FIRST).seal_all(payloads, PLACE)

    assert [ring(FIRST).seal(payload, PLACE) for payload in payloads] == tokens
    assert payloads == [ring(FIRST).open(token, PLACE) for token in tokens]
