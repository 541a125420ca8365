"""What the store holds as values, and how a row of a table becomes one."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from bot.store.records import Channel, Check, Kind, Row, State, StoreError
from bot.store.rows import AWAY, BOUND, box, channel_of, check_of, key, place, row_of

DAY = date(2026, 3, 1)
REQUEST = {
    "code": "K7", "trial": "palatine", "centre": 3, "language": "fr", "state": "sent",
    "until": "2026-03-01", "due_on": None, "card": None,
}  # fmt: skip


def test_an_error_does_not_pass_unless_it_is_said() -> None:
    """And its message is what was said, nothing more."""
    assert not StoreError("why").passing
    assert StoreError("why", passing=True).passing
    assert "why" == str(StoreError("why", passing=True))


def test_values_cannot_be_changed() -> None:
    """A channel that somebody holds is what the store said, for good."""
    channel = Channel("palatine", 3, Kind.GROUP, "-100")
    with pytest.raises(FrozenInstanceError):
        channel.address = "-200"  # type: ignore[misc]

    assert not channel.away


@pytest.mark.parametrize("centre", [0, 3, 12345])
def test_the_key_of_a_centre_can_be_read_back(centre: int) -> None:
    """Trial and number, with a stroke between them."""
    assert f"palatine/{centre}" == key("palatine", centre)
    assert ("palatine", centre) == place(key("palatine", centre))


@pytest.mark.parametrize("address", [0, 1, 2**79, 2**80 - 1])
def test_every_letter_box_has_a_key_of_one_length(address: int) -> None:
    """80 bits are 20 hexadecimal digits, so that keys sort as the numbers do."""
    assert 20 == len(box(address))
    assert address == int(box(address), 16)


@pytest.mark.parametrize(("state", "away"), [(BOUND, False), (AWAY, True)])
def test_a_row_of_centres_is_a_channel(state: str, away: bool) -> None:
    """With the word of the table for whether it works."""
    row = {"centre": "palatine/3", "kind": "email", "address": "a@example.org", "state": state}

    assert Channel("palatine", 3, Kind.EMAIL, "a@example.org", away) == channel_of(row)


@pytest.mark.parametrize("due", [None, DAY])
def test_a_row_of_requests_is_a_request(due: date | None) -> None:
    """Its days are days, and a day that is not there is None."""
    row = {**REQUEST, "due_on": None if due is None else due.isoformat()}

    assert Row("K7", "palatine", 3, "fr", State.SENT, DAY, due, None) == row_of(row)


def test_a_row_of_checks_is_a_check() -> None:
    """Column by column."""
    row = {
        "trial": "palatine", "status": "suspended", "source": "registry", "by": "AB",
        "day": "2026-03-01",
    }  # fmt: skip

    assert Check("palatine", "suspended", "registry", "AB", DAY) == check_of(row)
