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


def test_a_day_can_be_named_to_seal_with_its_key() -> None:
    """What belongs to that day dies with it: a handle that is written anew lives no longer."""
    later = FIRST + timedelta(days=3)
    token = ring(later).seal(SAID, PLACE, FIRST)
    note = ring(later).enclose(b"a text", PLACE, FIRST)

    assert ring(FIRST).seal(SAID, PLACE) == token
    assert ring(FIRST).enclose(b"a text", PLACE) == note
    last = ring(FIRST + timedelta(days=6))
    assert (SAID, b"a text") == (last.open(token, PLACE), last.disclose(note, PLACE))
    over = ring(FIRST + timedelta(days=7), days=30)
    with pytest.raises(DeadToken):
        over.open(token, PLACE)
    with pytest.raises(DeadToken):
        over.disclose(note, PLACE)


@pytest.mark.parametrize("ago", [7, 30, 256, -1, -256])
def test_a_day_whose_key_is_gone_seals_nothing(ago: int) -> None:
    """Too old or not yet come, and one of 256 days ago is not taken for today."""
    keyring = ring(FIRST, days=30)
    day = FIRST - timedelta(days=ago)
    with pytest.raises(DeadToken):
        keyring.seal(SAID, PLACE, day)
    with pytest.raises(DeadToken):
        keyring.enclose(b"a text", PLACE, day)


def test_a_day_between_that_never_had_a_key_seals_nothing() -> None:
    """The service was down on that day."""
    keyring = Keyring("state", {FIRST: key(FIRST)}, FIRST + timedelta(days=2), 7)
    with pytest.raises(DeadToken):
        keyring.seal(SAID, PLACE, FIRST + timedelta(days=1))
    assert keyring.seal(SAID, PLACE) == keyring.seal(SAID, PLACE, FIRST)


def test_what_is_enclosed_is_bound_like_a_token() -> None:
    """To its purpose and its place, which cannot be shifted."""
    note = ring(FIRST).enclose(b"a text", b"x")

    assert b"a text" == ring(FIRST).disclose(note, b"x")
    for other, place in ((ring(FIRST), b""), (ring(FIRST), b"y")):
        with pytest.raises(DeadToken):
            other.disclose(note, place)
    for purpose, place in (("handle", b"x"), ("statex", b"")):
        with pytest.raises(DeadToken):
            ring(FIRST, purpose=purpose).disclose(note, place)


def test_what_is_enclosed_tells_its_day_while_its_key_lives() -> None:
    """Also when it was damaged since; a text without the shape tells nothing."""
    note = ring(FIRST).enclose(b"a text", PLACE)
    last = FIRST + timedelta(days=STATE_DAYS - 1)
    damaged = note[:-1] + ("A" if note[-1] != "A" else "B")

    assert FIRST == ring(last).enclosed_on(note)
    assert FIRST == ring(last).enclosed_on(damaged)
    assert None is ring(last + timedelta(days=1)).enclosed_on(note)
    for wrong in ("", note[:-1], note + "A", "é" * 200):
        with pytest.raises(DeadToken):
            ring(FIRST).enclosed_on(wrong)


def test_tokens_and_what_is_enclosed_are_two_things() -> None:
    """Neither opens as the other."""
    keyring = ring(FIRST)
    with pytest.raises(DeadToken):
        keyring.disclose(keyring.seal(SAID, PLACE), PLACE)
    with pytest.raises(DeadToken):
        keyring.open(keyring.enclose(SAID, PLACE), PLACE)


@pytest.mark.parametrize("text", ["", "nonsense", "A" * 64, "A" * 151, "é" * 151])
def test_nonsense_discloses_nothing(text: str) -> None:
    """Whether it has the shape or not."""
    with pytest.raises(DeadToken):
        ring(FIRST).disclose(text, PLACE)


def test_keys_that_grow_older_lose_those_whose_days_are_over() -> None:
    """On a later day, without new files: older tokens die on their day all the same."""
    keyring = ring(FIRST)
    oldest = keyring.seal(SAID, PLACE, FIRST - timedelta(days=6))
    aged = keyring.aged(FIRST + timedelta(days=1))

    assert SAID == keyring.open(oldest, PLACE)
    assert SAID == aged.open(aged.seal(SAID, PLACE), PLACE)
    with pytest.raises(DeadToken):
        aged.open(oldest, PLACE)
