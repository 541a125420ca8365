"""The reply handle as 31 bytes, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.conversation.session import LANGUAGES, TAG_BITS
from dialogs.errors import DeadToken
from dialogs.wire.handle import (
    ADDRESS_BITS,
    HANDLE_FIELDS,
    HANDLE_PAYLOAD,
    Deed,
    Handle,
    pack,
    unpack,
)
from dialogs.wire.pack import PAYLOAD

HANDLE = Handle(
    tag=0x0123456789,
    trial=1,
    centre=3,
    attempt=2,
    language="en",
    relative=True,
    web=False,
    address=4_503_599_627_370_495,
    sent=21,
)

#: Put together by hand once. Cards stay in groups and mails for days after a release: if one of
#: these no longer reads as it did, a number or a width was changed that can never change.
GOLDEN = {
    "a relative in a chat": (
        HANDLE,
        Deed.CLOSE,
        "012345678900041cc0000001fffffffffffff5400000000000000000000000",
    ),
    "a letter box": (
        Handle(
            tag=(1 << TAG_BITS) - 1,
            trial=16383,
            centre=127,
            attempt=3,
            language="fr",
            relative=False,
            web=True,
            address=1 << ADDRESS_BITS - 1,
            sent=31,
        ),
        Deed.TAKEN,
        "fffffffffffffffe300000000000000000001f200000000000000000000000",
    ),
    "nothing but zeros": (
        Handle(0, 0, 0, 0, "fr", relative=False, web=False, address=0, sent=0),
        Deed.OPEN,
        "00" * HANDLE_PAYLOAD,
    ),
}

HANDLES = st.builds(
    Handle,
    tag=st.integers(0, (1 << TAG_BITS) - 1),
    trial=st.integers(0, (1 << 14) - 1),
    centre=st.integers(0, 127),
    attempt=st.integers(0, 3),
    language=st.sampled_from(list(LANGUAGES)),
    relative=st.booleans(),
    web=st.booleans(),
    address=st.integers(0, (1 << ADDRESS_BITS) - 1),
    sent=st.integers(0, 31),
)


def patched(payload: bytes, name: str, value: int) -> bytes:
    """`payload` with one field set to `value`."""
    shift = 8 * HANDLE_PAYLOAD
    for field, width in HANDLE_FIELDS:
        shift -= width
        if field == name:
            number = int.from_bytes(payload, "big") & ~((1 << width) - 1 << shift)
            return (number | value << shift).to_bytes(HANDLE_PAYLOAD, "big")
    raise KeyError(name)


def test_a_handle_is_as_long_as_a_session_and_leaves_room() -> None:
    """155 bits of 248: the same 31 bytes, so the same 64 characters once sealed."""
    assert PAYLOAD == HANDLE_PAYLOAD == 31
    assert 168 == sum(width for _, width in HANDLE_FIELDS)


@given(handle=HANDLES, deed=st.sampled_from(Deed))
def test_any_handle_and_deed_come_back(handle: Handle, deed: Deed) -> None:
    """Whatever can be packed is unpacked as it was, of the same types."""
    payload = pack(handle, deed)
    found, done = unpack(payload)

    assert HANDLE_PAYLOAD == len(payload)
    assert (handle, deed) == (found, done)
    assert bool is type(found.relative) is type(found.web)


@pytest.mark.parametrize("name", GOLDEN)
def test_old_handles_say_what_they_said(name: str) -> None:
    """Handles packed by an earlier release are read as they were meant, to the bit."""
    handle, deed, golden = GOLDEN[name]

    assert (handle, deed) == unpack(bytes.fromhex(golden))
    assert golden == pack(handle, deed).hex()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("language", [n for n in range(4) if n not in LANGUAGES.values()]),
        ("deed", [n for n in range(8) if n not in set(Deed)]),
    ],
)
def test_an_impossible_value_is_dead(name: str, values: list[int]) -> None:
    """Languages and deeds that do not exist."""
    payload = pack(HANDLE, Deed.OPEN)

    assert values
    assert payload == patched(payload, "sent", HANDLE.sent)
    for value in values:
        with pytest.raises(DeadToken):
            unpack(patched(payload, name, value))


def test_every_bit_after_the_handle_is_zero() -> None:
    """A later release may use them; what this one does not know is dead."""
    number = int.from_bytes(pack(HANDLE, Deed.OPEN), "big")
    free = 8 * HANDLE_PAYLOAD - 168

    assert 80 == free
    for bit in range(free):
        with pytest.raises(DeadToken):
            unpack((number | 1 << bit).to_bytes(HANDLE_PAYLOAD, "big"))


@pytest.mark.parametrize("length", [0, 1, HANDLE_PAYLOAD - 1, HANDLE_PAYLOAD + 1])
def test_another_length_is_dead(length: int) -> None:
    """Even when all of it is zero."""
    with pytest.raises(DeadToken):
        unpack(bytes(length))


@given(payload=st.binary(min_size=HANDLE_PAYLOAD, max_size=HANDLE_PAYLOAD))
def test_any_31_bytes_are_dead_or_packed_the_same_again(payload: bytes) -> None:
    """Nothing but `DeadToken` comes of nonsense."""
    try:
        found = unpack(payload)
    except DeadToken:
        return

    assert payload == pack(*found)


@given(start=st.binary(min_size=19, max_size=19))
def test_one_handle_has_one_form(start: bytes) -> None:
    """What is read from bytes that may be a handle gives those bytes again."""
    payload = start + bytes(HANDLE_PAYLOAD - 19)
    try:
        found = unpack(payload)
    except DeadToken:
        return

    assert payload == pack(*found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tag", 1 << TAG_BITS),
        ("trial", 1 << 14),
        ("centre", 128),
        ("attempt", 4),
        ("address", 1 << ADDRESS_BITS),
        ("address", -1),
        ("sent", 32),
    ],
)
def test_a_number_that_does_not_fit_is_named_but_not_told(name: str, value: int) -> None:
    """The message has the field and its width; the number may lead to somebody."""
    values = {field: getattr(HANDLE, field) for field, _ in HANDLE_FIELDS if field != "deed"}
    with pytest.raises(ValueError, match=rf"^{name} does not fit \d+ bits$"):
        pack(Handle(**values | {name: value}), Deed.OPEN)


def test_a_handle_in_a_log_tells_nothing() -> None:
    """Neither the tag nor the address is in what is printed of it."""
    shown = f"{HANDLE} {HANDLE!r}"

    assert str(HANDLE.tag) not in shown
    assert str(HANDLE.address) not in shown
